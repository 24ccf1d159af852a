/* SPDX-License-Identifier: MIT */
/*
 * Tests of the identity of files: which file a name means, and whether a file
 * is recognized later. Names found on disk, files that are swapped, and folders
 * that the process leaves.
 */
#include <fcntl.h>
#include <unistd.h>

#include "ngram.h"
#include "tally/count_files.h"
#include "unit/answer.h"
#include "unit/cached.h"
#include "unit/files.h"
#include "unit/test.h"
#include "unit/tree.h"

static char came_from[1000];

/* Make a folder and change to it. */
static void enter(const char *name)
{
  if (!getcwd(came_from, sizeof came_from) ||
      (mkdir(file_path(name), 0700) != 0 &&
       access(file_path(name), F_OK) != 0) ||
      chdir(file_path(name)) != 0)
    exit(1);
}

static void leave(const char *name)
{
  if (chdir(came_from) != 0 || rmdir(file_path(name)) != 0)
    exit(1);
}

static void write_here(const char *name, const char *text)
{
  FILE *file = fopen(name, "wb");

  if (!file || fputs(text, file) < 0 || fclose(file) != 0)
    exit(1);
}

/* Returns the total of `a`, the only word, or -1. */
static int64_t total_of(const char *path,
                        const struct ngram_count_options *options)
{
  struct ngram_error error = {.message = ""};
  struct ngram_counts *counts;
  struct ngram_row row = {.total = -1};

  if (!CHECK_EQ(ngram_count(path, options, &counts, &error), NGRAM_OK)) {
    CHECK_STR(error.message, "");
    return -1;
  }
  if (CHECK_EQ(ngram_counts_size(counts), 1))
    ngram_counts_row(counts, 0, &row, NULL);
  ngram_counts_free(counts);
  return row.total;
}

/* Returns the sum of match_count over the rows of all files, or -1 on an error.
   `between` is called after the first batch. */
static int64_t rows_of(const char *path, unsigned threads,
                       void (*between)(void))
{
  struct ngram_rows_options options;
  struct ngram_row_batch batch;
  struct ngram_rows *rows;
  int64_t sum = 0;

  ngram_rows_options_init(&options);
  options.threads = threads;
  if (!CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK))
    return -1;
  for (;;) {
    if (!CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK)) {
      sum = -1;
      break;
    }
    if (batch.count == 0)
      break;
    for (size_t i = 0; i < batch.count; i++)
      sum += (int64_t)batch.match_count[i];
    if (between)
      between();
    between = NULL;
  }
  ngram_rows_close(rows, NULL);
  return sum;
}

/* ----------------------------------------------------------- found names -- */

/* The file named "-" and standard input have different rows. */
static void a_file_called_minus_is_a_file(void)
{
  int stdin_was = dup(STDIN_FILENO);
  int other = open(file_make("stdin", "a\t1\t100\t1\n", 10), O_RDONLY);
  struct ngram_count_options options = answer_options(1, NULL);

  enter("minus");
  write_here("-", "a\t1\t1\t1\n");
  write_here("b", "a\t1\t2\t1\n");
  for (options.threads = 1; options.threads < 4; options.threads++) {
    dup2(other, STDIN_FILENO);
    NOTE("%u threads", options.threads);
    CHECK_EQ(total_of("*", &options), 3);
    CHECK_EQ(total_of("?", &options), 3);
    CHECK_EQ(total_of("[-]", &options), 1);
    CHECK_EQ(total_of("./-*", &options), 1);
    CHECK_EQ(rows_of("*", options.threads, NULL), 3);
    CHECK_EQ(lseek(STDIN_FILENO, 0, SEEK_CUR), 0); /* nothing was read */
  }
  dup2(stdin_was, STDIN_FILENO);
  close(stdin_was);
  close(other);
  unlink("-");
  unlink("b");
  leave("minus");
}

static void a_file_called_minus_lies_below_a_root(void)
{
  struct ngram_count_options options = answer_options(1, NULL);
  struct ngram_counts *counts;
  struct ngram_root *root;

  enter("minus");
  write_here("-", "a\t1\t1\t1\n");
  write_here("b", "a\t1\t2\t1\n");
  CHECK_EQ(ngram_root_create(".", NULL, &root, NULL), NGRAM_OK);
  options.root = root;
  CHECK_EQ(total_of("*", &options), 3);
  CHECK_EQ(ngram_count("-", &options, &counts, NULL), NGRAM_FORBIDDEN);
  ngram_root_free(root);
  unlink("-");
  unlink("b");
  leave("minus");
}

/* A name that was found and looks like a pattern is not matched again. */
static void found_names_are_no_patterns(void)
{
  struct ngram_count_options options = answer_options(2, NULL);

  enter("looks");
  write_here("a1", "a\t1\t1\t1\n");
  write_here("a[1]", "a\t1\t10\t1\n");
  write_here("a*", "a\t1\t100\t1\n");
  CHECK_EQ(total_of("a*", &options), 100); /* only that file */
  CHECK_EQ(total_of("a?*", &options), 11 + 100);
  CHECK_EQ(total_of("*", &options), 111);
  CHECK_EQ(rows_of("?*", 2, NULL), 111);
  unlink("a1");
  unlink("a[1]");
  unlink("a*");
  leave("looks");
}

/* --------------------------------------------------------------- folders -- */

static void leave_for_other(void)
{
  if (chdir("../other") != 0)
    exit(1);
}

/* Each file is opened after the ones before it have been read. */
static void many_files_are_those_of_the_folder_they_were_found_in(void)
{
  enter("other");
  write_here("1", "a\t1\t100\t1\n");
  write_here("2", "a\t1\t200\t1\n");
  leave_for_other();
  if (chdir(came_from) != 0)
    exit(1);
  enter("here");
  write_here("1", "a\t1\t1\t1\n");
  write_here("2", "a\t1\t2\t1\n");
  write_here("3", "a\t1\t4\t1\n");
  for (unsigned threads = 1; threads < 4; threads++) {
    NOTE("%u threads", threads);
    CHECK_EQ(rows_of("?", threads, leave_for_other), 7);
    if (chdir("../here") != 0)
      exit(1);
  }
  for (int i = '1'; i <= '3'; i++)
    unlink((char[]){(char)i, '\0'});
  unlink("../other/1");
  unlink("../other/2");
  leave("here");
  rmdir(file_path("other"));
}

/* The same relative path means different files in different folders. */
static void kept_results_are_those_of_files_not_of_paths(void)
{
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(1, NULL);

  options.cache = cache;
  enter("one");
  write_here("a", "a\t1\t1\t1\n");
  if (mkdir("../two", 0700) != 0 || chdir("../two") != 0)
    exit(1);
  write_here("a", "a\t1\t2\t1\n");
  settle();
  for (int i = 0; i < 4; i++) {
    if (chdir(i % 2 ? "../one" : "../two") != 0)
      exit(1);
    CHECK_EQ(total_of("a", &options), i % 2 ? 1 : 2);
    CHECK_EQ(total_of("[a]", &options), i % 2 ? 1 : 2);
  }
  ngram_cache_free(cache);
  unlink("../one/a");
  unlink("../two/a");
  leave("one");
  rmdir(file_path("two"));
}

/* -------------------------------------------------------------- identity -- */

/* The identity of each opened file is compared with the one from before. */
static void swapped_files_leave_nothing_to_be_kept(void)
{
  const char *path = file_make("swapped", "a\t1\t1\t1\n", 8);
  const char *other = file_make("swapped2", "a\t1\t2\t1\n", 8);
  char *paths[2] = {strdup(path), strdup(other)};
  struct ng_files files = {paths, 2};

  for (unsigned threads = 1; threads < 4; threads++)
    for (int swapped = 0; swapped < 2; swapped++) {
      struct ngram_count_options options = answer_options(threads, NULL);
      struct ng_result *result = ng_result_new();
      struct ng_source_identity looked_at[2];
      struct ng_request request;
      bool has_moved;

      ng_source_identify_path(path, &looked_at[0]);
      ng_source_identify_path(swapped ? path : other, &looked_at[1]);
      CHECK_EQ(ng_request_init(&request, &options, &result->budget, NULL),
               NGRAM_OK);
      CHECK_EQ(
          ng_count_files(&files, looked_at, &has_moved, &request, result, NULL),
          NGRAM_OK);
      NOTE("%u threads, swapped %d", threads, swapped);
      CHECK_EQ(has_moved, swapped);
      ng_request_free(&request);
      ng_result_release(result);
    }
  free(paths[0]);
  free(paths[1]);
}

/* A link is changed to another file and back, each of which has settled. */
static void a_link_is_what_it_leads_to(void)
{
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(2, NULL);
  char pattern[1500];

  file_make("to-1", "a\t1\t1\t1\n", 8);
  file_make("to-2", "a\t1\t2\t1\n", 8);
  settle();
  options.cache = cache;
  snprintf(pattern, sizeof pattern, "%s", file_path("lin[k]"));
  for (int i = 0; i < 6; i++) {
    unlink(file_path("link"));
    if (symlink(i % 2 ? "to-2" : "to-1", file_path("link")) != 0)
      exit(1);
    CHECK_EQ(total_of(file_path("link"), &options), 1 + i % 2);
    CHECK_EQ(total_of(pattern, &options), 1 + i % 2);
  }
  ngram_cache_free(cache);
}

/* ----------------------------------------------------------------- young -- */

/* A file is rewritten at once, with the same size. File systems with coarse
   times are tested by python.coarse. */
static void young_files_are_counted_anew(void)
{
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(1, NULL);
  char row[] = "a\t1\t0\t1\n";

  options.cache = cache;
  unsettle();
  for (int i = 0; i < 10; i++) {
    row[4] = (char)('0' + i);
    CHECK_EQ(total_of(file_make("young", row, sizeof row - 1), &options), i);
  }
  test_sleep_ms(200);
  CHECK_EQ(total_of(file_path("young"), &options), 9);
  row[4] = '1';
  CHECK_EQ(total_of(file_make("young", row, sizeof row - 1), &options), 1);
  ngram_cache_free(cache);
}

/* A write may go on long after the modification time that it set. */
static void files_that_may_be_written_to_are_not_kept(void)
{
  const char *path = file_make("written", "a\t1\t1\t1\n", 8);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(1, NULL);
  struct answer wanted;

  answer_of(path, &options, &wanted);
  options.cache = cache;
  unsettle();
  test_sleep_ms(200);
  for (int i = 0; i < 2; i++)
    check_from_cache(path, &options, &wanted, 0);
  settle();
  for (int i = 0; i < 2; i++)
    check_from_cache(path, &options, &wanted, i);
  ngram_cache_free(cache);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(a_file_called_minus_is_a_file),
      TEST(a_file_called_minus_lies_below_a_root),
      TEST(found_names_are_no_patterns),
      TEST(many_files_are_those_of_the_folder_they_were_found_in),
      TEST(kept_results_are_those_of_files_not_of_paths),
      TEST(swapped_files_leave_nothing_to_be_kept),
      TEST(a_link_is_what_it_leads_to),
      TEST(young_files_are_counted_anew),
      TEST(files_that_may_be_written_to_are_not_kept),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
