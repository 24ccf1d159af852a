/* SPDX-License-Identifier: MIT */
/*
 * Tests of rows that are asked for by one year after the other: by every
 * strategy they are those of a naive reader.
 */
#include <errno.h>
#include <pthread.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/cached.h"
#include "unit/count_check.h"
#include "unit/failing_calls.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/forms.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/lookups.h"
#include "unit/naive_count.h"
#include "unit/rows_check.h"
#include "unit/rows_make.h"
#include "unit/stops.h"
#include "unit/test.h"

/* Passes over a file before it is sorted by year, and questions in a test. */
#define YEAR_SCANS 5
#define YEAR_ASKS 9

/* Ask for a year that is in the text, or one that is not. */
static void ask_for_any_year(const struct naive_input *input,
                             struct ngram_rows_options *options,
                             struct ngram_scan_stats *stats)
{
  const char *end = input->text + input->size;
  const char *at = input->text + (input->size ? random_below(input->size) : 0);

  while (at < end && *at != '\n')
    at++;
  while (at < end && *at != '\t')
    at++;
  options->year_from =
      at < end && !random_once_in(5) ? strtoll(at, NULL, 10) : 1234;
  options->year_to = options->year_from;
  options->columns = (unsigned)random_below(16);
  options->tags = (enum ngram_tags)(random_once_in(2) ? 0 : random_below(4));
  compare_rows(input, options, stats);
}

/* Ask for some years of a file that has settled. Returns how often the rows
   were looked up. */
static unsigned check_years(const struct naive_input *input,
                            struct ngram_rows_options *options)
{
  return ask_again(input, options, YEAR_ASKS, ask_for_any_year);
}

static unsigned check_any_years(const struct bytes *text)
{
  struct ngram_rows_options options =
      rows_options(1 + (unsigned)random_below(4), NULL);

  if (random_once_in(2))
    options.memory_limit = (uint64_t)NGRAM_MEMORY_LIMIT_MIN << random_below(6);
  return ask_in_any_way(text, &options, check_years);
}

static void years_are_those_of_a_naive_reader(void)
{
  ask_of_any_text(4000000, check_any_years);
}

/* ------------------------------------------------------------------ what -- */

/* Ask for a year: it has `wanted` rows, read by `strategy`, or by any if that
   is NULL. */
static void ask_year(const char *path, struct ngram_rows_options *options,
                     int64_t year, uint64_t wanted, const char *strategy)
{
  struct ngram_row_batch batch = {.count = 1};
  struct ngram_scan_stats stats;
  struct ngram_rows *rows;
  uint64_t count = 0;

  options->year_from = options->year_to = year;
  if (!CHECK_EQ(ngram_rows_open(path, options, &rows, NULL), NGRAM_OK))
    return;
  while (batch.count > 0) {
    CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
    for (size_t i = 0; i < batch.count; i++)
      CHECK_EQ(batch.year[i], year);
    count += batch.count;
  }
  ngram_rows_close(rows, &stats);
  NOTE("%.150s, year %d", path, (int)year);
  CHECK_EQ(count, wanted);
  if (strategy)
    CHECK_STR(stats.strategy, strategy);
}

/* Ask as often as the file is read by `strategy`, and then twice by `then`. */
static void ask_years(const char *path, struct ngram_rows_options *options,
                      uint64_t wanted, const char *strategy, const char *then)
{
  for (int64_t i = 0; i < YEAR_SCANS; i++)
    ask_year(path, options, 1900 + i, wanted, strategy);
  ask_year(path, options, 1901, wanted, then);
  ask_year(path, options, 1900, wanted, then);
}

static struct ngram_rows_options year_options(void)
{
  struct ngram_rows_options options = rows_options(2, NULL);

  options.cache = ngram_cache_create(CACHE_BYTES);
  return options;
}

static const char *make_years(const char *name, unsigned words,
                              const char *first)
{
  struct bytes text = {.data = NULL};
  const char *path;

  bytes_add_text(&text, first);
  for (unsigned i = 0; i < words * 10; i++) {
    char row[80];

    snprintf(row, sizeof row, "word%u\t%u\t%u\t1\n", i / 10, 1900 + i % 10,
             i * 7919);
    bytes_add_text(&text, row);
  }
  path = file_make(name, text.data, text.size);
  bytes_free(&text);
  settle();
  return path;
}

static void odd_years_and_words_are_read_each_time(void)
{
  struct bytes first = {.data = NULL};

  bytes_add_text(&first, "odd\t10000\t1\t1\n");
  for (unsigned i = 0; i < 2; i++) {
    struct ngram_rows_options options = year_options();
    const char *path;

    bytes_add(&first, "", 1);
    path = make_years(i ? "long" : "odd", 1000, (char *)first.data);
    ask_years(path, &options, 1000, "extents", "extents");
    ngram_cache_free(options.cache);
    first.size = 0;
    while (first.size < 70000)
      bytes_add_text(&first, "long");
    bytes_add_text(&first, "\t9999\t1\t1\n");
  }
  bytes_free(&first);
}

static void years_are_not_sorted_without_room(void)
{
  struct ngram_rows_options options = year_options();
  const char *path = make_years("rows", 1000, "");

  ngram_cache_set_limit(options.cache, 1000);
  ask_years(path, &options, 1000, "extents", "extents");
  ngram_cache_set_limit(options.cache, CACHE_BYTES);
  ask_years(path, &options, 1000, NULL, "lookup");
  ngram_cache_free(options.cache);
  options = year_options();
  options.memory_limit = NGRAM_MEMORY_LIMIT_MIN;
  ask_years(path, &options, 1000, "extents", "extents");
  options.memory_limit = 2 * NGRAM_MEMORY_LIMIT_MIN;
  ask_years(path, &options, 1000, NULL, "lookup");
  ngram_cache_free(options.cache);
}

/* Readings that end early do not count for sorting. */
static void rows_that_are_left_early_sort_nothing(void)
{
  struct ngram_rows_options options = year_options();
  const char *path = make_years("rows", 200000, "");
  struct ngram_row_batch batch;
  struct ngram_scan_stats stats;
  struct ngram_rows *rows;

  options.year_from = options.year_to = 1900;
  for (unsigned i = 0; i < 3 * YEAR_ASKS; i++) {
    CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK);
    CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
    CHECK(batch.count > 0);
    ngram_rows_close(rows, &stats);
    CHECK_STR(stats.strategy, "extents");
    CHECK_EQ(stats.spilled_bytes, 0);
  }
  ngram_cache_free(options.cache);
}

static void years_that_exclude_each_other_read_once_for_errors(void)
{
  struct ngram_rows_options options = year_options();
  const char *path = make_years("rows", 100000, "");
  struct ngram_row_batch batch;
  struct ngram_scan_stats stats;
  struct ngram_rows *rows;

  for (unsigned i = 0; i < 2 * YEAR_ASKS; i++) {
    options.year_from = i % 2 ? INT64_MAX : 1901;
    options.year_to = i % 2 ? INT64_MIN : 1900;
    options.memory_limit = i % 3 ? 0 : NGRAM_MEMORY_LIMIT_MIN;
    CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK);
    CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
    CHECK_EQ(batch.count, 0);
    ngram_rows_close(rows, &stats);
    CHECK_STR(stats.strategy, i == 0 ? "extents" : "lookup");
    CHECK_EQ(stats.text_bytes == 0, i > 0);
  }
  path = make_years("bad", 100, "bad\n");
  for (unsigned i = 0; i < 3; i++) {
    enum ngram_status status = ngram_rows_open(path, &options, &rows, NULL);

    if (status == NGRAM_OK)
      status = ngram_rows_next(rows, &batch, NULL);
    CHECK_EQ(status, NGRAM_BAD_INPUT);
    ngram_rows_close(rows, NULL);
  }
  ngram_cache_free(options.cache);
}

/* The statistics include the bytes that sorting took. */
static void sorting_is_told_of(void)
{
  struct ngram_rows_options options = year_options();
  const char *path = make_years("rows", 100000, "");
  struct ngram_row_batch batch = {.count = 1};
  struct ngram_scan_stats stats;
  struct ngram_rows *rows;

  options.memory_limit = 8 * NGRAM_MEMORY_LIMIT_MIN;
  for (int64_t i = 0; i < YEAR_SCANS; i++)
    ask_year(path, &options, 1900 + i, 100000, "extents");
  CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK);
  while (batch.count > 0)
    CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
  ngram_rows_close(rows, &stats);
  CHECK_STR(stats.strategy, "lookup");
  CHECK(stats.spilled_bytes > 10000000);
  CHECK_EQ(stats.rows, 1000000 + 100000);
  CHECK(stats.peak_bytes > 2 << 20);
  CHECK(stats.peak_bytes <= options.memory_limit);
  ngram_cache_free(options.cache);
}

static void words_and_years_do_without_each_other(void)
{
  struct ngram_rows_options options = year_options();
  const char *path = make_years("rows", 1000, "");

  ask_years(path, &options, 1000, "extents", "lookup");
  options.year_from = INT64_MIN;
  options.year_to = INT64_MAX;
  for (unsigned i = 0; i < LOOKUPS; i++)
    look_up(path, &options, "word7", 10);
  options.words = NULL;
  ask_year(path, &options, 1900, 1000, "lookup");
  options.word_from = &(struct ngram_word){"word999", 7};
  ask_year(path, &options, 1900, 1, "extents");
  ngram_cache_free(options.cache);
}

/* A reading goes on when the cache drops the rows by year that it reads. */
static void readers_hold_what_they_read(void)
{
  struct ngram_rows_options options = year_options();
  const char *path = make_years("rows", 300000, "");
  struct ngram_row_batch batch;
  struct ngram_rows *rows;
  uint64_t count = 0;

  options.memory_limit = 2 * NGRAM_MEMORY_LIMIT_MIN; /* small segments */
  ask_years(path, &options, 300000, "extents", "lookup");
  CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK);
  CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
  ngram_cache_set_limit(options.cache, 0);
  for (; batch.count > 0; count += batch.count - (batch.count > 0)) {
    for (size_t i = 0; i < batch.count; i++)
      CHECK_EQ(batch_position(&batch, i) % 10, 0);
    count++;
    CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
  }
  CHECK(count > 1);
  ngram_rows_close(rows, NULL);
  ngram_cache_free(options.cache);
}

static void a_changed_file_is_sorted_anew(void)
{
  struct ngram_rows_options options = year_options();

  for (unsigned round = 1; round < 4; round++) {
    const char *path = make_years("rows", 100 * round, "");

    ask_years(path, &options, 100 * round, "extents", "lookup");
  }
  ngram_cache_free(options.cache);
}

/* Each has a descriptor; the files asked for last are kept. */
static void not_all_of_many_files_are_kept_by_year(void)
{
  struct ngram_rows_options options = year_options();
  unsigned files = test_open_files();
  char pattern[1500];
  char name[20];

  for (unsigned i = 0; i < 40; i++) {
    snprintf(name, sizeof name, "many-%u", i);
    file_make(name, "a\t1900\t1\t1\nb\t1901\t1\t1\n", 22);
  }
  settle();
  snprintf(pattern, sizeof pattern, "%s", file_path("many-*"));
  for (int64_t i = 0; i < 3 * YEAR_ASKS; i++)
    ask_year(pattern, &options, 1900 + i % 2, 40, "files");
  for (int64_t i = 0; i < YEAR_ASKS; i++)
    ask_year(file_path("many-9"), &options, 1900 + i % 2, 1,
             i < YEAR_SCANS ? NULL : "lookup");
  CHECK(test_open_files() > files);
  CHECK(test_open_files() <= files + 8);
  ngram_cache_free(options.cache);
  CHECK_EQ(test_open_files(), files);
}

/* ------------------------------------------------------------------ stop -- */

/* The host says stop while rows are sorted. */
static void years_are_not_sorted_when_told_to_stop(void)
{
  struct ngram_rows_options options = year_options();
  const char *path = make_years("rows", 300000, "");
  struct poller poller = {
      .stop_at = 1, .last = test_seconds(), .thread = pthread_self()};
  struct ngram_rows *rows;
  unsigned files;

  for (int64_t i = 0; i < YEAR_SCANS; i++)
    ask_year(path, &options, 1900 + i, 300000, "extents");
  files = test_open_files();
  options.poll = poll_host;
  options.poll_context = &poller;
  CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_INTERRUPTED);
  CHECK(rows == NULL);
  CHECK_EQ(test_open_files(), files);
  options.poll = NULL;
  ask_year(path, &options, 1905, 300000, "extents"); /* not tried again */
  ngram_cache_free(options.cache);
}

/* -------------------------------------------------------------- failures -- */

/* Ask for years while a memory request or a system call fails. Returns whether
   each question was answered; no other error than the allowed one comes. */
static bool ask_while_failing(const char *path,
                              struct ngram_rows_options *options,
                              uint64_t wanted, enum ngram_status allowed)
{
  bool right = true;

  for (int64_t i = 0; i < YEAR_SCANS + 3; i++) {
    enum ngram_status status;
    uint64_t count;

    options->year_from = options->year_to = 1900 + i % 10;
    status = count_rows(path, options, &count);
    CHECK(status == NGRAM_OK ? count == wanted : status == allowed);
    right &= status == NGRAM_OK;
  }
  return right;
}

static void lack_of_memory_is_told_by_years(void)
{
  const char *path = make_years("rows", 3000, "");
  long request = 0;
  bool failed = true;

  if (!MEMORY_CAN_FAIL) {
    test_skip("memory cannot be made to fail here");
    return;
  }
  while (failed && request < 10000 && !test_state.failed) {
    struct ngram_rows_options options = year_options();
    unsigned files = test_open_files();

    NOTE("request %ld", request);
    memory_fail_after(request, request % 2);
    ask_while_failing(path, &options, 3000, NGRAM_NO_MEMORY);
    failed = memory_fail_no_more();
    ngram_cache_free(options.cache);
    CHECK_EQ(test_open_files(), files);
    request = test_next(request, 40);
  }
  CHECK(request > 20);
  CHECK(request < 10000);
}

/* Without a temporary file that can be made, written and read, the file is read
   by a pass. */
static void temporary_files_that_fail_are_done_without(void)
{
  const char *path = make_years("rows", 10000, "");

  if (!CALLS_CAN_FAIL) {
    test_skip("system calls cannot be made to fail here");
    return;
  }
  for (unsigned i = 0; i < 3 && !test_state.failed; i++) {
    bool failed = true;

    for (long count = 0; failed && !test_state.failed;
         count = test_next(count, 10)) {
      static const enum call which[] = {CALL_WRITE, CALL_WRITE, CALL_READ};
      struct ngram_rows_options options = year_options();
      bool right;

      options.memory_limit = 2 * NGRAM_MEMORY_LIMIT_MIN;
      NOTE("case %u, call %ld", i, count);
      call_fail_after(which[i], count, i == 0 ? ENOSPC : EIO, false);
      right = ask_while_failing(path, &options, 10000, NGRAM_IO_ERROR);
      failed = call_fail_no_more(which[i]);
      CHECK(right || which[i] == CALL_READ);
      ngram_cache_free(options.cache);
    }
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(years_are_those_of_a_naive_reader),
      TEST(odd_years_and_words_are_read_each_time),
      TEST(years_are_not_sorted_without_room),
      TEST(rows_that_are_left_early_sort_nothing),
      TEST(years_that_exclude_each_other_read_once_for_errors),
      TEST(sorting_is_told_of),
      TEST(words_and_years_do_without_each_other),
      TEST(not_all_of_many_files_are_kept_by_year),
      TEST(readers_hold_what_they_read),
      TEST(a_changed_file_is_sorted_anew),
      TEST(years_are_not_sorted_when_told_to_stop),
      TEST(lack_of_memory_is_told_by_years),
      TEST(temporary_files_that_fail_are_done_without),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
