/* SPDX-License-Identifier: MIT */
/*
 * Below a root nothing but regular files is opened: a FIFO's writer, who waits
 * for a reader, goes on waiting.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ngram.h"
#include "source/beneath.h"
#include "unit/files.h"
#include "unit/test.h"

typedef int regular_open(int root, const char *path, int flags, int *fd);

static regular_open *const regular_ways[] = {ng_beneath_open_regular,
                                             ng_beneath_walk_regular};

static int open_folder(void)
{
  int root;

  file_make("plain", "i", 1);
  root = open(files_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  CHECK(root >= 0);
  return root;
}

/* A process that waits for a reader of the FIFO, and ends once it has one. */
static pid_t start_writer(const char *fifo)
{
  pid_t writer = fork();

  if (writer == 0) {
    int fd = open(fifo, O_WRONLY);

    _exit(fd < 0);
  }
  test_sleep_ms(100);
  return writer;
}

static void check_waits(pid_t writer)
{
  int status;

  test_sleep_ms(100);
  CHECK_EQ((uint64_t)waitpid(writer, &status, WNOHANG), 0);
  kill(writer, SIGKILL);
  waitpid(writer, &status, 0);
}

static void regular_files_are_opened(void)
{
  unsigned files = test_open_files();
  int root = open_folder();

  for (size_t way = 0; way < COUNT(regular_ways); way++) {
    char byte = '?';
    int fd;

    NOTE("way %zu", way);
    CHECK_EQ(regular_ways[way](root, "plain", O_RDONLY, &fd), 0);
    CHECK_EQ(read(fd, &byte, 1), 1);
    CHECK_EQ((uint64_t)byte, 'i');
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    close(fd);
    CHECK_EQ(regular_ways[way](root, "none", O_RDONLY, &fd), ENOENT);
    CHECK_EQ(regular_ways[way](root, ".", O_RDONLY, &fd), EISDIR);
    CHECK_EQ(regular_ways[way](root, "..", O_RDONLY, &fd), NG_OUTSIDE);
    CHECK(fd < 0);
  }
  close(root);
  CHECK_EQ(test_open_files(), files);
}

/* Root reads what it may not; others get the errno of open(2). */
static void permission_is_asked_for(void)
{
  int root = open_folder();

  if (geteuid() == 0) {
    close(root);
    test_skip("root may read everything");
    return;
  }
  chmod(file_path("plain"), 0);
  for (size_t way = 0; way < COUNT(regular_ways); way++) {
    int fd;

    CHECK_EQ(regular_ways[way](root, "plain", O_RDONLY, &fd), EACCES);
  }
  chmod(file_path("plain"), 0600);
  close(root);
}

static void a_writer_of_a_fifo_goes_on_waiting(void)
{
  const char *fifo = file_make_fifo("fifo");
  int root = open_folder();

  CHECK_EQ(symlink("fifo", file_path("link")), 0);
  for (size_t way = 0; way < COUNT(regular_ways); way++) {
    pid_t writer = start_writer(fifo);
    int fd;

    NOTE("way %zu", way);
    CHECK_EQ(regular_ways[way](root, "fifo", O_RDONLY | O_NONBLOCK, &fd),
             NG_OUTSIDE);
    CHECK_EQ(regular_ways[way](root, "link", O_RDONLY | O_NONBLOCK, &fd),
             NG_OUTSIDE);
    CHECK(fd < 0);
    check_waits(writer);
  }
  unlink(file_path("link"));
  close(root);
}

static void all_that_read_leave_it_alone(void)
{
  const char *fifo = file_make_fifo("fifo");
  struct ngram_count_options options;
  struct ngram_root *root = NULL;
  struct ngram_counts *counts;
  uint64_t bytes;
  pid_t writer;

  CHECK_EQ(ngram_root_create(files_folder, NULL, &root, NULL), NGRAM_OK);
  ngram_count_options_init(&options);
  options.root = root;
  writer = start_writer(fifo);
  CHECK_EQ(ngram_count("fifo", &options, &counts, NULL), NGRAM_FORBIDDEN);
  CHECK_EQ(ngram_count("f[i]fo", &options, &counts, NULL), NGRAM_FORBIDDEN);
  CHECK_EQ((uint64_t)ngram_file_bytes("fifo", root, &bytes), 0);
  check_waits(writer);
  ngram_root_free(root);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(regular_files_are_opened),
      TEST(permission_is_asked_for),
      TEST(a_writer_of_a_fifo_goes_on_waiting),
      TEST(all_that_read_leave_it_alone),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
