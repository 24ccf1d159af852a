/* SPDX-License-Identifier: MIT */
/* Tests of the folder of index files: whose they are, and what is left there.
 */
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

struct place {
  const char *folder;
  struct bytes file;
  char path[1500];
  struct ng_seek_points points;
};

static void place_begin(struct place *place)
{
  *place = (struct place){.folder = folder_make("indexes")};
  snprintf(place->path, sizeof place->path, "%s",
           blocks_make("indexed.gz", &place->file, 1, 40, 30));
  points_make(place->path, 1, &place->points);
}

static void place_end(struct place *place)
{
  ng_seek_points_free(&place->points);
  bytes_free(&place->file);
  folder_remove(place->folder);
}

static const char *inside(const struct place *place, const char *name)
{
  static char paths[4][3000];
  static unsigned next;
  char *path = paths[next++ % COUNT(paths)];

  snprintf(path, sizeof paths[0], "%s/%s", place->folder, name);
  return path;
}

static void make_old(const char *path, time_t age)
{
  struct timespec times[2] = {{time(NULL) - age, 0}, {time(NULL) - age, 0}};

  if (utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) != 0)
    exit(1);
}

static void leave_behind(const struct place *place, const char *name,
                         time_t age)
{
  int fd = open(inside(place, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0 || close(fd) != 0)
    exit(1);
  make_old(inside(place, name), age);
}

static bool is_there(const struct place *place, const char *name)
{
  struct stat status;

  return lstat(inside(place, name), &status) == 0;
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

static void make_leftovers(const struct place *place)
{
  for (size_t i = 0; i < COUNT(left); i++)
    leave_behind(place, left[i].name, left[i].age);
  mkdir(inside(place, ".ngram-index.folder"), 0700);
  make_old(inside(place, ".ngram-index.folder"), 4000);
  if (symlink(place->path, inside(place, ".ngram-index.linked")) != 0)
    exit(1);
  make_old(inside(place, ".ngram-index.linked"), 4000);
}

static void remove_leftovers(const struct place *place)
{
  for (size_t i = 0; i < COUNT(left); i++)
    unlink(inside(place, left[i].name));
  rmdir(inside(place, ".ngram-index.folder"));
  unlink(inside(place, ".ngram-index.linked"));
}

/* They go when something is written to the folder, and nothing else does. */
static void leftovers_of_the_dead_are_cleared(void)
{
  struct ng_source *source;
  struct ngram_index *index;
  struct place place;

  place_begin(&place);
  make_leftovers(&place);
  index = index_make(place.folder);
  for (size_t i = 0; i < COUNT(left); i++)
    CHECK(is_there(&place, left[i].name)); /* nothing was written yet */
  CHECK_EQ(ng_source_open(place.path, &source), 0);
  ng_index_keep(index, source, place.path, &place.points);
  ng_source_close(source);
  for (size_t i = 0; i < COUNT(left); i++) {
    NOTE("%s", left[i].name);
    CHECK_EQ(is_there(&place, left[i].name), left[i].stays);
  }
  CHECK(is_there(&place, ".ngram-index.folder"));
  CHECK(is_there(&place, ".ngram-index.linked"));
  ngram_index_free(index);
  remove_leftovers(&place);
  place_end(&place);
}

static void count_name(char *name, size_t size, unsigned number)
{
  snprintf(name, size, ".ngram-index.%06u", number);
}

/* A scan that makes an index does not wait for all of them to go. */
static void many_leftovers_go_by_and_by(void)
{
  static const unsigned stay[] = {1500, 500, 0};
  struct place place;
  char name[32];

  place_begin(&place);
  for (unsigned i = 0; i < stay[0]; i++) {
    count_name(name, sizeof name, i);
    leave_behind(&place, name, 7200);
  }
  for (size_t time = 0; time < COUNT(stay); time++) {
    unsigned there = 0;

    for (unsigned i = 0; i < stay[0]; i++) {
      count_name(name, sizeof name, i);
      there += is_there(&place, name);
    }
    CHECK_EQ(there, stay[time]);
    CHECK_EQ(utimensat(AT_FDCWD, place.folder, NULL, 0), 0);
    ng_index_file_clear(place.folder);
  }
  place_end(&place);
}

static void folders_that_cannot_be_cleared_are_let_be(void)
{
  unsigned files = test_open_files();
  struct place place;

  place_begin(&place);
  leave_behind(&place, left[0].name, left[0].age);
  chmod(place.folder, 0500);
  ng_index_file_clear(place.folder);
  if (geteuid() != 0)
    CHECK(is_there(&place, left[0].name));
  chmod(place.folder, 0);
  ng_index_file_clear(place.folder);
  chmod(place.folder, 0700);
  ng_index_file_clear(file_path("nothing"));
  ng_index_file_clear(place.path);
  CHECK_EQ(test_open_files(), files);
  unlink(inside(&place, left[0].name));
  place_end(&place);
}

/* Whatever the host says of the files it makes. */
static void index_files_have_a_mode_of_their_own(void)
{
  static const mode_t masks[] = {0, 022, 0777};
  struct place place;
  char name[3000];

  place_begin(&place);
  for (size_t i = 0; i < COUNT(masks); i++) {
    mode_t before = umask(masks[i]);
    struct stat status;

    points_store(place.folder, place.path, &place.points);
    umask(before);
    folder_file(place.folder, name, sizeof name);
    CHECK_EQ(stat(name, &status), 0);
    CHECK_EQ(status.st_mode & 07777, 0600);
    unlink(name);
  }
  place_end(&place);
}

/* The path has another file by the time that points are kept. */
static void a_swapped_file_does_not_take_the_index_of_another(void)
{
  struct ng_seek_points none = {.count = 0};
  struct ng_source *source;
  struct place place;
  char name[3000];
  char other[1500];

  place_begin(&place);
  snprintf(other, sizeof other, "%s",
           file_make("other.gz", place.file.data, place.file.size));
  points_store(place.folder, place.path, &place.points);
  folder_file(place.folder, name, sizeof name);
  unlink(name);
  CHECK_EQ(ng_source_open(other, &source), 0);
  ng_index_file_write(place.folder, source, place.path, &place.points);
  CHECK(access(name, F_OK) != 0);
  CHECK(!ng_index_file_read(place.folder, source, place.path, &none));
  ng_source_close(source);
  place_end(&place);
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
