/* SPDX-License-Identifier: MIT */
/* Tests of the folder of index files: which file each belongs to, and what
   killed processes leave there. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ngram.h"
#include "store/index.h"
#include "store/index_file.h"
#include "unit/bytes.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/indexed.h"
#include "unit/test.h"

struct indexed_file {
  const char *folder;
  struct bytes file;
  char path[1500];
  struct ng_seek_points points;
};

static void indexed_begin(struct indexed_file *made)
{
  *made = (struct indexed_file){.folder = folder_make("indexes")};
  snprintf(made->path, sizeof made->path, "%s",
           blocks_make("indexed.gz", &made->file, 1, 40, 30));
  points_make(made->path, 1, &made->points);
}

static void indexed_end(struct indexed_file *made)
{
  ng_seek_points_free(&made->points);
  bytes_free(&made->file);
  folder_remove(made->folder);
}

static const char *inside(const struct indexed_file *made, const char *name)
{
  static char paths[4][3000];
  static unsigned next;
  char *path = paths[next++ % COUNT(paths)];

  snprintf(path, sizeof paths[0], "%s/%s", made->folder, name);
  return path;
}

static void make_old(const char *path, time_t age)
{
  struct timespec times[2] = {{time(NULL) - age, 0}, {time(NULL) - age, 0}};

  if (utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) != 0)
    exit(1);
}

static void leave_behind(const struct indexed_file *made, const char *name,
                         time_t age)
{
  int fd = open(inside(made, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0 || close(fd) != 0)
    exit(1);
  make_old(inside(made, name), age);
}

static bool is_there(const struct indexed_file *made, const char *name)
{
  struct stat status;

  return lstat(inside(made, name), &status) == 0;
}

static const struct left {
  const char *name;
  time_t age; /* in seconds */
  bool stays;
} left[] = {
    {".ngram-index.aB3xYz", 4000, false},
    {".ngram-index.000000", 1000000, false},
    {".ngram-index.young0", 0, true},
    {".ngram-index.young1", 3000, true},
    {".ngram-index.short", 4000, true},
    {".ngram-index.longer7", 4000, true},
    {".ngram-index.a-b_c.", 4000, true},
    {".ngram-index.", 4000, true},
    {"ngram-index.aB3xYz", 4000, true},
    {"x.ngram-index.aB3xYz", 4000, true},
    {"0123456789abcdef.ngram-index", 4000, true},
    {"something of the user's", 4000, true},
};

static void make_leftovers(const struct indexed_file *made)
{
  for (size_t i = 0; i < COUNT(left); i++)
    leave_behind(made, left[i].name, left[i].age);
  mkdir(inside(made, ".ngram-index.folder"), 0700);
  make_old(inside(made, ".ngram-index.folder"), 4000);
  if (symlink(made->path, inside(made, ".ngram-index.linked")) != 0)
    exit(1);
  make_old(inside(made, ".ngram-index.linked"), 4000);
}

static void remove_leftovers(const struct indexed_file *made)
{
  for (size_t i = 0; i < COUNT(left); i++)
    unlink(inside(made, left[i].name));
  rmdir(inside(made, ".ngram-index.folder"));
  unlink(inside(made, ".ngram-index.linked"));
}

/* They are removed when an index file is written, and nothing else is. */
static void leftovers_of_the_dead_are_cleared(void)
{
  struct ng_source *source;
  struct ngram_index *index;
  struct indexed_file made;

  indexed_begin(&made);
  make_leftovers(&made);
  index = index_make(made.folder);
  for (size_t i = 0; i < COUNT(left); i++)
    CHECK(is_there(&made, left[i].name)); /* nothing was written yet */
  CHECK_EQ(ng_source_open(made.path, &source), 0);
  ng_index_keep(index, source, made.path, &made.points);
  ng_source_close(source);
  for (size_t i = 0; i < COUNT(left); i++) {
    NOTE("%s", left[i].name);
    CHECK_EQ(is_there(&made, left[i].name), left[i].stays);
  }
  CHECK(is_there(&made, ".ngram-index.folder"));
  CHECK(is_there(&made, ".ngram-index.linked"));
  ngram_index_free(index);
  remove_leftovers(&made);
  indexed_end(&made);
}

static void count_name(char *name, size_t size, unsigned number)
{
  snprintf(name, size, ".ngram-index.%06u", number);
}

/* One clearing removes a thousand, so a scan that makes an index waits for no
   more. */
static void many_leftovers_go_by_and_by(void)
{
  static const unsigned stay[] = {1500, 500, 0};
  struct indexed_file made;
  char name[32];

  indexed_begin(&made);
  for (unsigned i = 0; i < stay[0]; i++) {
    count_name(name, sizeof name, i);
    leave_behind(&made, name, 7200);
  }
  for (size_t time = 0; time < COUNT(stay); time++) {
    unsigned there = 0;

    for (unsigned i = 0; i < stay[0]; i++) {
      count_name(name, sizeof name, i);
      there += is_there(&made, name);
    }
    CHECK_EQ(there, stay[time]);
    CHECK_EQ(utimensat(AT_FDCWD, made.folder, NULL, 0), 0);
    ng_index_file_clear(made.folder);
  }
  indexed_end(&made);
}

static void folders_that_cannot_be_cleared_are_let_be(void)
{
  unsigned files = test_open_files();
  struct indexed_file made;

  indexed_begin(&made);
  leave_behind(&made, left[0].name, left[0].age);
  chmod(made.folder, 0500);
  ng_index_file_clear(made.folder);
  if (geteuid() != 0)
    CHECK(is_there(&made, left[0].name));
  chmod(made.folder, 0);
  ng_index_file_clear(made.folder);
  chmod(made.folder, 0700);
  ng_index_file_clear(file_path("nothing"));
  ng_index_file_clear(made.path);
  CHECK_EQ(test_open_files(), files);
  unlink(inside(&made, left[0].name));
  indexed_end(&made);
}

/* The umask of the host does not matter. */
static void index_files_have_a_mode_of_their_own(void)
{
  static const mode_t masks[] = {0, 022, 0777};
  struct indexed_file made;
  char name[3000];

  indexed_begin(&made);
  for (size_t i = 0; i < COUNT(masks); i++) {
    mode_t before = umask(masks[i]);
    struct stat status;

    points_store(made.folder, made.path, &made.points);
    umask(before);
    folder_file(made.folder, name, sizeof name);
    CHECK_EQ(stat(name, &status), 0);
    CHECK_EQ(status.st_mode & 07777, 0600);
    unlink(name);
  }
  indexed_end(&made);
}

/* The path leads to another file when the points are kept. */
static void a_swapped_file_does_not_take_the_index_of_another(void)
{
  struct ng_seek_points none = {.count = 0};
  struct ng_source *source;
  struct indexed_file made;
  char name[3000];
  char other[1500];

  indexed_begin(&made);
  snprintf(other, sizeof other, "%s",
           file_make("other.gz", made.file.data, made.file.size));
  points_store(made.folder, made.path, &made.points);
  folder_file(made.folder, name, sizeof name);
  unlink(name);
  CHECK_EQ(ng_source_open(other, &source), 0);
  ng_index_file_write(made.folder, source, made.path, &made.points);
  CHECK(access(name, F_OK) != 0);
  CHECK(!ng_index_file_read(made.folder, source, made.path, &none));
  ng_source_close(source);
  indexed_end(&made);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(leftovers_of_the_dead_are_cleared),
      TEST(many_leftovers_go_by_and_by),
      TEST(folders_that_cannot_be_cleared_are_let_be),
      TEST(index_files_have_a_mode_of_their_own),
      TEST(a_swapped_file_does_not_take_the_index_of_another),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
