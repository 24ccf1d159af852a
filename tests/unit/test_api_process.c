/* SPDX-License-Identifier: MIT */
/*
 * Tests of index files in any state of the process: its umask and its working
 * folder change nothing about them. In their folder only regular files are
 * opened.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/index_file.h"
#include "unit/answer.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/test.h"

/* A file, and a folder with its index file. */
struct indexed_file {
  const char *folder;
  char path[1500];
  char index[3000];
};

static void store_index(struct indexed_file *made)
{
  struct ng_seek_points points;

  points_make(made->path, 1, &points);
  CHECK(points.count > 0);
  points_store(made->folder, made->path, &points);
  ng_seek_points_free(&points);
  folder_file(made->folder, made->index, sizeof made->index);
}

static void make_indexed(struct indexed_file *made)
{
  struct bytes file = {.data = NULL};

  made->folder = folder_make("indexes");
  snprintf(made->path, sizeof made->path, "%s",
           blocks_make("made.gz", &file, 2, 3, 40));
  bytes_free(&file);
  store_index(made);
}

static bool can_read(const struct indexed_file *made, const char *path)
{
  struct ng_seek_points points = {.count = 0};
  struct ng_source *source = NULL;
  bool ok;

  CHECK_EQ(ng_source_open(path, &source), 0);
  if (!source)
    return false;
  ok = ng_index_file_read(made->folder, source, path, &points);
  ng_seek_points_free(&points);
  ng_source_close(source);
  return ok;
}

/* The owner, and no other user, can always read an index file. */
static void the_umask_changes_no_index(void)
{
  static const mode_t masks[] = {0, 022, 0277};

  for (size_t i = 0; i < COUNT(masks); i++) {
    struct stat status = {.st_mode = 0};
    struct indexed_file made;
    mode_t before;

    NOTE("umask %o", (unsigned)masks[i]);
    make_indexed(&made);
    unlink(made.index);
    before = umask(masks[i]);
    store_index(&made);
    umask(before);
    CHECK_EQ((uint64_t)stat(made.index, &status), 0);
    CHECK_EQ(status.st_mode & 07777, 0600);
    CHECK(can_read(&made, made.path));
    folder_remove(made.folder);
  }
}

/* A path means the same file from any folder. */
static void the_folder_changes_no_index(void)
{
  int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct indexed_file made;
  char folder[1500];

  make_indexed(&made);
  snprintf(folder, sizeof folder, "%s", made.path);
  *strrchr(folder, '/') = '\0';
  CHECK_EQ((uint64_t)chdir(folder), 0);
  CHECK(can_read(&made, "made.gz"));
  CHECK(can_read(&made, "./made.gz"));
  CHECK_EQ((uint64_t)fchdir(before), 0);
  close(before);
  CHECK(can_read(&made, made.path));
  folder_remove(made.folder);
}

static void a_fifo_among_indexes_is_left_alone(void)
{
  struct indexed_file made;
  pid_t writer;
  int status;

  make_indexed(&made);
  CHECK(can_read(&made, made.path));
  unlink(made.index);
  CHECK_EQ((uint64_t)mkfifo(made.index, 0600), 0);
  writer = fork();
  if (writer == 0)
    _exit(open(made.index, O_WRONLY) < 0);
  test_sleep_ms(100);
  CHECK(!can_read(&made, made.path));
  test_sleep_ms(100);
  CHECK_EQ((uint64_t)waitpid(writer, &status, WNOHANG), 0);
  kill(writer, SIGKILL);
  waitpid(writer, &status, 0);
  folder_remove(made.folder);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(the_umask_changes_no_index),
      TEST(the_folder_changes_no_index),
      TEST(a_fifo_among_indexes_is_left_alone),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
