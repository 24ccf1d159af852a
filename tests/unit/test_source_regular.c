/* SPDX-License-Identifier: MIT */
/*
 * Tests of opening regular files below a folder: nothing else is opened, as
 * a writer that waits at a FIFO would see. By the system's calls, and by the
 * walk.
 */
#include <errno.h>
#include <fcntl.h>

#include "source/beneath.h"
#include "source/source.h"
#include "unit/files.h"
#include "unit/test.h"
#include "unit/tree.h"

typedef int open_regular(int root, const char *path, int flags, int *fd);

static open_regular *const ways[] = {ng_beneath_open_regular,
                                     ng_beneath_walk_regular};

static int open_root(void)
{
  int root;

  tree_make();
  if (mkfifo(tree_path("root/fifo"), 0600) != 0 ||
      mkfifo(tree_path("outside/fifo"), 0600) != 0)
    exit(1);
  tree_link("root/to_fifo", "a/../fifo");
  root = open(tree_path("root"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  CHECK(root >= 0);
  return root;
}

static void end_root(int root)
{
  close(root);
  tree_remove();
}

static void regular_files_are_opened_and_nothing_else(void)
{
  static const struct {
    const char *path;
    int error;
  } cases[] = {
      {"f", 0},
      {"a/b/../../a/f", 0},
      {"a/b/chain", 0},
      {"to_folder/f", 0},
      {"", ENOENT},
      {"none", ENOENT},
      {"dangling", ENOENT},
      {"a", EISDIR},
      {"a/", EISDIR},
      {".", EISDIR},
      {"self", EISDIR},
      {"f/", ENOTDIR},
      {"loop", ELOOP},
      {"fifo", NG_OUTSIDE},
      {"to_fifo", NG_OUTSIDE},
      {"out", NG_OUTSIDE},
      {"absolute_in", NG_OUTSIDE},
      {"../f", NG_OUTSIDE},
      {"/etc/passwd", NG_OUTSIDE},
  };
  unsigned files = test_open_files();
  int root = open_root();

  for (size_t way = 0; way < COUNT(ways); way++)
    for (size_t i = 0; i < COUNT(cases); i++) {
      char content = '?';
      int fd;

      NOTE("way %zu, \"%s\"", way, cases[i].path);
      CHECK_EQ(ways[way](root, cases[i].path, O_RDONLY, &fd), cases[i].error);
      CHECK_EQ(fd >= 0, cases[i].error == 0);
      if (fd < 0)
        continue;
      CHECK_EQ(read(fd, &content, 1), 1);
      CHECK_EQ(content, 'i');
      CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
      close(fd);
    }
  end_root(root);
  CHECK_EQ(test_open_files(), files);
}

static void a_file_that_may_not_be_read_is_told(void)
{
  int root = open_root();

  if (geteuid() == 0)
    test_skip("root may read anything");
  chmod(tree_path("root/f"), 0);
  for (size_t way = 0; way < COUNT(ways) && geteuid() != 0; way++) {
    int fd;

    CHECK_EQ(ways[way](root, "f", O_RDONLY, &fd), EACCES);
    CHECK_EQ(fd, -1);
  }
  end_root(root);
}

/* ----------------------------------------------------------------- FIFO -- */

static atomic_bool released;

/* Wait until the FIFO is opened for reading. */
static void *wait_at(void *path)
{
  int fd = open(path, O_WRONLY | O_CLOEXEC);

  atomic_store(&released, true);
  close(fd);
  return NULL;
}

/* `open_it` opens nothing: a writer goes on waiting until the test reads. */
static void check_writer_waits(const char *fifo, void (*open_it)(int root),
                               int root)
{
  char path[1500];
  pthread_t thread;
  int fd;

  snprintf(path, sizeof path, "%s", fifo);
  atomic_store(&released, false);
  if (!CHECK_EQ(pthread_create(&thread, NULL, wait_at, path), 0))
    return;
  test_sleep_ms(30); /* so that he is there */
  open_it(root);
  test_sleep_ms(30);
  CHECK(!atomic_load(&released));
  fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  pthread_join(thread, NULL);
  CHECK(atomic_load(&released));
  close(fd);
}

static void open_in_all_ways(int root)
{
  int fd;

  for (size_t way = 0; way < COUNT(ways); way++) {
    CHECK_EQ(ways[way](root, "fifo", O_RDONLY | O_NONBLOCK, &fd), NG_OUTSIDE);
    CHECK_EQ(ways[way](root, "to_fifo", O_RDONLY | O_NONBLOCK, &fd),
             NG_OUTSIDE);
  }
}

static void open_as_source(int root)
{
  struct ng_source *source;

  CHECK_EQ(ng_source_open_beneath(root, "fifo", &source), NG_OUTSIDE);
  CHECK(!source);
}

static void the_writer_of_a_fifo_is_not_released(void)
{
  int root = open_root();

  check_writer_waits(tree_path("root/fifo"), open_in_all_ways, root);
  check_writer_waits(tree_path("root/fifo"), open_as_source, root);
  end_root(root);
}

/* ----------------------------------------------------------------- race -- */

static atomic_bool over;

static void *swap_fifo(void *memory)
{
  while (!atomic_load(&over)) {
    rename(tree_path("root/f"), tree_path("root/f.kept"));
    rename(tree_path("root/fifo"), tree_path("root/f"));
    rename(tree_path("root/f"), tree_path("root/fifo"));
    rename(tree_path("root/f.kept"), tree_path("root/f"));
  }
  return memory;
}

static void swapped_names_give_no_fifo(void)
{
  int root = open_root();
  unsigned opened = 0;
  unsigned refused = 0;
  time_t end = time(NULL) + 20;
  pthread_t thread;

  atomic_store(&over, false);
  if (!CHECK_EQ(pthread_create(&thread, NULL, swap_fifo, NULL), 0))
    return;
  for (unsigned i = 0;
       i < 5000 || ((opened == 0 || refused == 0) && time(NULL) < end); i++) {
    struct stat status;
    int fd;
    int error = ways[i % COUNT(ways)](root, "f", O_RDONLY | O_NONBLOCK, &fd);

    refused += error == NG_OUTSIDE;
    if (error)
      continue;
    opened++;
    if (!CHECK(fstat(fd, &status) == 0 && S_ISREG(status.st_mode)))
      break;
    close(fd);
  }
  atomic_store(&over, true);
  pthread_join(thread, NULL);
  NOTE("%u opened, %u refused", opened, refused);
  CHECK(opened > 0 && refused > 0);
  end_root(root);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(regular_files_are_opened_and_nothing_else),
      TEST(a_file_that_may_not_be_read_is_told),
      TEST(the_writer_of_a_fifo_is_not_released),
      TEST(swapped_names_give_no_fifo),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
