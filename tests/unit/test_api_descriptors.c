/* SPDX-License-Identifier: MIT */
/*
 * If a host has closed descriptors 0 to 2, the library opens no file as one of
 * them. Each test runs in a child, whose exit status says which check failed.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/memory.h"
#include "base/temp_file.h"
#include "ngram.h"
#include "store/root.h"
#include "unit/answer.h"
#include "unit/cached.h"
#include "unit/index_make.h"
#include "unit/limits.h"
#include "unit/test.h"

static bool is_low_open(void)
{
  for (int fd = 0; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) != -1)
      return true;
  return false;
}

static void close_low(void)
{
  for (int fd = 0; fd <= STDERR_FILENO; fd++)
    close(fd);
}

/* Returns what `function` returns in a child without standard streams, or 99 if
   a signal ended the child. */
static int in_child(int (*function)(const char *path), const char *path)
{
  pid_t child = fork();
  int status = 0;

  if (child == 0) {
    close_low();
    _exit(function(path));
  }
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

/* ---------------------------------------------------------------- pieces -- */

static int raise_each(const char *path)
{
  for (int i = 0; i < 5; i++) {
    int fd = ng_descriptor_lift(open(path, O_RDONLY));

    if (fd <= STDERR_FILENO || is_low_open())
      return 1;
    if (i > 0 && fcntl(fd, F_GETFD) == -1)
      return 2;
  }
  return ng_descriptor_lift(open("/none/at/all", O_RDONLY)) != -1 ? 3 : 0;
}

static int open_pieces(const char *path)
{
  struct ng_temp_file file;
  struct ng_source *source;
  struct ngram_root *root;
  char folder[2000];
  int fd;

  snprintf(folder, sizeof folder, "%s", path);
  *strrchr(folder, '/') = '\0';
  if (ng_temp_file_open(&file) != 0 || is_low_open())
    return 1;
  if (ng_source_open(path, &source) != 0 || is_low_open())
    return 2;
  ng_source_close(source);
  if (ngram_root_create(folder, NULL, &root, NULL) != NGRAM_OK || is_low_open())
    return 3;
  if (ng_root_open_source(root, path, &source) != 0 || is_low_open())
    return 4;
  ng_source_close(source);
  if (ng_root_open_folder(root, ".", &fd) != 0 || is_low_open())
    return 5;
  close(fd);
  if (ng_root_open_folder(NULL, folder, &fd) != 0 || is_low_open())
    return 6;
  close(fd);
  if (ng_root_look(root, path, &fd) != 0 || is_low_open())
    return 7;
  close(fd);
  ngram_root_free(root);
  ng_temp_file_close(&file);
  return ng_memory_allowed() == 0 || is_low_open() ? 8 : 0;
}

static void all_that_open_leave_them_closed(void)
{
  const char *path = file_make("plain", "a\t2000\t1\t1\n", 11);

  CHECK_EQ((uint64_t)in_child(raise_each, path), 0);
  CHECK_EQ((uint64_t)in_child(open_pieces, path), 0);
}

/* A file that the library has open does not become standard input. */
static int read_stdin(const char *path)
{
  struct ngram_count_options options;
  struct ngram_counts *counts;
  struct ng_source *source;

  if (ng_source_open(path, &source) != 0)
    return 1;
  ngram_count_options_init(&options);
  return ngram_count("-", &options, &counts, NULL) == NGRAM_CANNOT_OPEN ? 0 : 2;
}

static void standard_input_stays_closed(void)
{
  const char *path = file_make("plain", "a\t2000\t1\t1\n", 11);

  CHECK_EQ((uint64_t)in_child(read_stdin, path), 0);
}

/* ----------------------------------------------------------------- scans -- */

static int look(void *context)
{
  *(bool *)context |= is_low_open();
  return 0;
}

/* Counts that spill, of one file and of many, with a root and without, with an
   index in a folder and a cache. */
static int count_spilled(const char *path)
{
  struct ngram_count_options options =
      limited_options(2, 0, NGRAM_MEMORY_LIMIT_MIN);
  struct ngram_root *root;
  struct ngram_counts *counts;
  bool seen = false;

  options.index = ngram_index_create();
  options.cache = ngram_cache_create(CACHE_BYTES);
  options.poll = look;
  options.poll_context = &seen;
  if (ngram_index_set_folder(options.index, files_folder, NULL) != NGRAM_OK ||
      ngram_root_create(files_folder, NULL, &root, NULL) != NGRAM_OK)
    return 1;
  for (int i = 0; i < 4; i++) {
    options.root = i % 2 ? root : NULL;
    if (ngram_count(i < 2 ? path : file_path("spilled-?"), &options, &counts,
                    NULL) != NGRAM_OK)
      return 2;
    if (ngram_counts_stats(counts)->spilled_bytes == 0)
      return 3;
    if (seen || is_low_open())
      return 4;
    ngram_counts_free(counts);
  }
  return 0;
}

static void spills_leave_them_closed(void)
{
  make_words("spilled-1", 100000, true);
  make_words("spilled-2", 50000, false);
  CHECK_EQ((uint64_t)in_child(count_spilled, file_path("spilled-1")), 0);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(all_that_open_leave_them_closed),
      TEST(standard_input_stays_closed),
      TEST(spills_leave_them_closed),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
