/* SPDX-License-Identifier: MIT */
/* What a process that was killed leaves in a folder of indexes is removed. */
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/index_file.h"
#include "unit/files.h"
#include "unit/test.h"

static void age(const char *path, time_t seconds)
{
  const time_t then = time(NULL) - seconds;
  const struct timespec times[2] = {{then, 1}, {then, 1}};

  CHECK_EQ(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

static void make_aged(const char *folder, const char *name, time_t seconds)
{
  char path[2000];
  FILE *file;

  snprintf(path, sizeof path, "%s/%s", folder, name);
  file = fopen(path, "w");
  CHECK(file != NULL);
  if (file)
    fclose(file);
  age(path, seconds);
}

static bool is_there(const char *folder, const char *name)
{
  struct stat status;
  char path[2000];

  snprintf(path, sizeof path, "%s/%s", folder, name);
  return lstat(path, &status) == 0;
}

static void touch_folder(const char *folder)
{
  make_aged(folder, "touch", 0);
  CHECK_EQ(utimensat(AT_FDCWD, folder, NULL, 0), 0);
}

/* Only names that are wholly those of a file being written, and old ones. */
static void old_leftovers_go_and_nothing_else(void)
{
  static const struct {
    const char *name;
    time_t seconds;
    bool stays;
  } cases[] = {
      {".ngram-index.aB3xyZ", 7200, false},
      {".ngram-index.000000", 3700, false},
      {".ngram-index.young1", 3000, true},
      {".ngram-index.short", 7200, true},
      {".ngram-index.longer1", 7200, true},
      {".ngram-index.a_b-c.", 7200, true},
      {".ngram-index.", 7200, true},
      {"ngram-index.aB3xyZ", 7200, true},
      {"0123456789abcdef.ngram-index", 7200, true},
      {"other", 7200, true},
  };
  char folder[1500];
  char path[2000];

  snprintf(folder, sizeof folder, "%s", file_path("indexes"));
  CHECK_EQ(mkdir(folder, 0700), 0);
  for (size_t i = 0; i < COUNT(cases); i++)
    make_aged(folder, cases[i].name, cases[i].seconds);
  snprintf(path, sizeof path, "%s/.ngram-index.folder", folder);
  CHECK_EQ(mkdir(path, 0700), 0);
  age(path, 7200);
  snprintf(path, sizeof path, "%s/.ngram-index.linked", folder);
  CHECK_EQ(symlink("other", path), 0);
  age(path, 7200);
  touch_folder(folder);
  ng_index_file_clear(folder);
  for (size_t i = 0; i < COUNT(cases); i++) {
    NOTE("%s", cases[i].name);
    CHECK_EQ(is_there(folder, cases[i].name), cases[i].stays);
    snprintf(path, sizeof path, "%s/%s", folder, cases[i].name);
    unlink(path);
  }
  CHECK(is_there(folder, ".ngram-index.folder"));
  CHECK(is_there(folder, ".ngram-index.linked"));
  snprintf(path, sizeof path, "%s/.ngram-index.folder", folder);
  rmdir(path);
  snprintf(path, sizeof path, "%s/.ngram-index.linked", folder);
  unlink(path);
  snprintf(path, sizeof path, "%s/touch", folder);
  unlink(path);
  CHECK_EQ(rmdir(folder), 0);
}

static unsigned count_leftovers(const char *folder, unsigned made)
{
  unsigned count = 0;

  for (unsigned i = 0; i < made; i++) {
    char name[32];

    snprintf(name, sizeof name, ".ngram-index.%06u", i);
    count += is_there(folder, name);
  }
  return count;
}

/* A scan that makes an index does not wait for all of them to go. */
static void many_leftovers_go_by_and_by(void)
{
  enum {
    MADE = 1500
  };
  char folder[1500];
  char path[2000];
  unsigned before = MADE;

  snprintf(folder, sizeof folder, "%s", file_path("indexes"));
  CHECK_EQ(mkdir(folder, 0700), 0);
  for (unsigned i = 0; i < MADE; i++) {
    char name[32];

    snprintf(name, sizeof name, ".ngram-index.%06u", i);
    make_aged(folder, name, 7200);
  }
  for (unsigned calls = 0; calls < 2; calls++) {
    unsigned left;

    touch_folder(folder);
    ng_index_file_clear(folder);
    left = count_leftovers(folder, MADE);
    CHECK_EQ(left, before > 1000 ? before - 1000 : 0);
    before = left;
  }
  snprintf(path, sizeof path, "%s/touch", folder);
  unlink(path);
  CHECK_EQ(rmdir(folder), 0);
}

static void a_folder_that_is_not_there_is_no_matter(void)
{
  unsigned files = test_open_files();

  ng_index_file_clear(file_path("none"));
  ng_index_file_clear(file_make("plain", "x", 1));
  CHECK_EQ(test_open_files(), files);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(old_leftovers_go_and_nothing_else),
      TEST(many_leftovers_go_by_and_by),
      TEST(a_folder_that_is_not_there_is_no_matter),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
