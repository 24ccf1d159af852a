/* SPDX-License-Identifier: MIT */
/*
 * Tests of counts that do not fit into memory: they give the same as a count
 * without a limit, in every order, or one clear error.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/cached.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/limits.h"
#include "unit/rows_make.h"
#include "unit/stops.h"
#include "unit/test.h"

#define SPILL_LIMIT ((uint64_t)NGRAM_MEMORY_LIMIT_MIN)

static struct ngram_count_options spill_options(unsigned threads)
{
  return limited_options(threads, 0, SPILL_LIMIT);
}

/* The result is the same with a memory limit, which is obeyed, and without. */
static void check_spilled(const char *path, struct ngram_count_options *options)
{
  struct ngram_count_options free_of = *options;
  struct answer wanted;
  struct answer got;

  free_of.memory_limit = 0;
  answer_of(path, &free_of, &wanted);
  answer_of(path, options, &got);
  NOTE("%.150s, %u threads, limit %" PRIu64 ", spilled %" PRIu64, path,
       options->threads, options->memory_limit, got.stats.spilled_bytes);
  check_same(&got, &wanted);
  CHECK(got.stats.spilled_bytes > 0);
  CHECK(got.stats.peak_bytes <= options->memory_limit);
  CHECK_EQ(wanted.stats.spilled_bytes, 0);
  CHECK_EQ(got.stats.words, wanted.stats.words);
}

static void spilled_counts_are_those_in_memory(void)
{
  for (unsigned i = 0; i < 12; i++) {
    struct ngram_count_options options = spill_options(1 + i / 2 % 3);

    options.memory_limit = SPILL_LIMIT << i / 6;
    options.columns = i % 3 ? ANSWER_COLUMNS : 0;
    check_spilled(make_words("spilled", 150000, i % 2 == 1), &options);
  }
}

/* The same words are in every run, and their sums are added up. */
static void runs_are_added_up(void)
{
  struct bytes text = {.data = NULL};
  const char *path;

  for (unsigned round = 0; round < 4; round++)
    for (unsigned i = 0; i < 30000; i++)
      bytes_print(&text, "w%u\t%u\t%u\t%u\n", i * 77773 % 30000,
                  1900 + (i + round) % 100, i % 1000 + round, i % 7);
  path = file_make("again", text.data, text.size);
  for (unsigned threads = 1; threads < 5; threads++) {
    struct ngram_count_options options = spill_options(threads);

    options.columns = ANSWER_COLUMNS;
    check_spilled(path, &options);
  }
  bytes_free(&text);
}

/* There are more runs than are merged at once. */
static void many_runs_are_merged_in_between(void)
{
  struct ngram_count_options options = spill_options(1);

  check_spilled(make_words("many", 900000, false), &options);
}

static void words_of_texts_spill(void)
{
  static const enum ngram_tokenizer tokenizers[] = {NGRAM_TOKENIZER_SPACE,
                                                    NGRAM_TOKENIZER_UNICODE};
  struct bytes text = {.data = NULL};
  const char *path;

  for (unsigned i = 0; i < 400000; i++)
    bytes_print(&text, "%s word%u%c", i % 3 ? "the" : "of", i * 7919u % 100000u,
                i % 20 ? ' ' : '\n');
  path = file_make("text", text.data, text.size);
  for (unsigned i = 0; i < 6; i++) {
    struct ngram_count_options options;

    ngram_count_options_init(&options);
    options.tokenizer = tokenizers[i % 2];
    options.threads = 1 + i / 2;
    options.memory_limit = SPILL_LIMIT;
    check_spilled(path, &options);
  }
  bytes_free(&text);
}

static void files_of_a_pattern_spill_together(void)
{
  char pattern[1500];

  make_words("spill-1.tsv", 90000, false);
  make_words("spill-2.tsv", 50000, true);
  make_words("spill-3.tsv", 20000, false);
  make_words("spill-4.tsv", 3, false);
  snprintf(pattern, sizeof pattern, "%s", file_path("spill-?.tsv"));
  for (unsigned threads = 1; threads < 5; threads++) {
    struct ngram_count_options options = spill_options(threads);

    options.columns = threads % 2 ? ANSWER_COLUMNS : 0;
    options.memory_limit = SPILL_LIMIT * threads;
    check_spilled(pattern, &options);
  }
}

/* A long word is an entry longer than any buffer. */
static void long_words_spill(void)
{
  struct bytes text = {.data = NULL};
  struct ngram_count_options options = spill_options(1);

  for (unsigned i = 0; i < 300; i++) {
    bytes_fill(&text, 'a' + (int)(i % 26), 1 + i * 997 % 100000);
    bytes_print(&text, "%u\t1900\t1\t1\n", i % 100);
  }
  options.memory_limit = 16 << 20;
  check_spilled(file_make("long", text.data, text.size), &options);
  bytes_free(&text);
}

/* ----------------------------------------------------------------- order -- */

static uint64_t hash_rows(struct ngram_counts *counts, unsigned order, int few,
                          uint64_t most)
{
  uint64_t hash = 0;
  struct ngram_cursor_options options;
  struct ngram_cursor *cursor;
  struct ngram_row row;
  int more = 1;

  ngram_cursor_options_init(&options);
  options.order = (enum ngram_order)order;
  options.few = few;
  options.threads = 2;
  CHECK_EQ(ngram_cursor_create(counts, &options, &cursor, NULL), NGRAM_OK);
  for (uint64_t i = 0; i < most && more && !test_state.failed; i++) {
    CHECK_EQ(ngram_cursor_next(cursor, &row, &more, NULL), NGRAM_OK);
    if (more) {
      hash = answer_hash(hash, row.word, row.length);
      hash = answer_hash(hash, &row.total, sizeof row.total);
      hash = answer_hash(hash, &row.last_year, sizeof row.last_year);
    }
  }
  ngram_cursor_free(cursor);
  return hash;
}

static void spilled_counts_are_read_in_every_order(void)
{
  static const uint64_t most[] = {1, 10, 1000, 1001, UINT64_MAX};
  const char *path = make_words("walked", 200000, false);
  struct ngram_count_options options = spill_options(2);
  struct ngram_counts *spilled;
  struct ngram_counts *wanted;
  unsigned files = test_open_files();

  options.columns = ANSWER_COLUMNS;
  CHECK_EQ(ngram_count(path, &options, &spilled, NULL), NGRAM_OK);
  CHECK(ngram_counts_stats(spilled)->spilled_bytes > 0);
  options.memory_limit = 0;
  CHECK_EQ(ngram_count(path, &options, &wanted, NULL), NGRAM_OK);
  for (unsigned i = 0; i < 8 * COUNT(most) && !test_state.failed; i++) {
    unsigned order = i % 4;
    int few = i / 4 % 2;

    NOTE("order %u, few %d, %" PRIu64 " rows", order, few, most[i / 8]);
    CHECK_EQ(hash_rows(spilled, order, few, most[i / 8]),
             hash_rows(wanted, order, few, most[i / 8]));
  }
  ngram_counts_free(spilled);
  ngram_counts_free(wanted);
  CHECK_EQ(test_open_files(), files);
}

static void spilled_words_are_found(void)
{
  const char *path = make_words("found", 100000, true);
  struct ngram_count_options options = spill_options(2);
  struct ngram_counts *counts;
  uint64_t count;

  CHECK_EQ(ngram_count(path, &options, &counts, NULL), NGRAM_OK);
  count = ngram_counts_size(counts);
  CHECK_EQ(count, 100000);
  for (unsigned i = 0; i < 5000 && !test_state.failed; i++) {
    uint64_t index = random_below((size_t)count);
    struct ngram_row row;
    char word[64];

    CHECK_EQ(ngram_counts_row(counts, index, &row, NULL), NGRAM_OK);
    snprintf(word, sizeof word, "%.*s", (int)row.length, row.word);
    CHECK_EQ(place_of(counts, word, strlen(word)), index);
    snprintf(word, sizeof word, "none%u", i);
    CHECK_EQ(place_of(counts, word, strlen(word)), count);
  }
  ngram_counts_free(counts);
}

/* --------------------------------------------------------------- failure -- */

static void sums_past_the_range_are_told_of_runs(void)
{
  struct bytes text = {.data = NULL};

  for (unsigned round = 0; round < 3; round++) {
    bytes_add_text(&text, "big\t1900\t4611686018427387904\t1\n");
    for (unsigned i = 0; i < 40000; i++)
      bytes_print(&text, "w%u\t1900\t1\t1\n", i);
  }
  file_make("overflow", text.data, text.size);
  for (unsigned threads = 1; threads < 4; threads++) {
    struct ngram_count_options options = spill_options(threads);
    struct answer got;

    answer_of(file_path("overflow"), &options, &got);
    CHECK_EQ(got.status, NGRAM_OVERFLOW);
    CHECK_STR(got.message, "integer overflow");
  }
  bytes_free(&text);
}

static void a_full_disk_is_told(void)
{
  const char *path = make_words("full", 200000, false);
  void (*before)(int) = signal(SIGXFSZ, SIG_DFL);
  struct answer wanted;
  struct answer got;
  unsigned failures = 0;

  answer_of_one(path, &wanted);
  for (unsigned i = 0; i < 32; i++) {
    struct ngram_count_options options = spill_options(1 + i % 3);

    NOTE("%u threads, files of %u bytes", options.threads, 1000u << i / 2);
    limit_file_size((rlim_t)1000 << i / 2);
    answer_of(path, &options, &got);
    limit_file_size(RLIM_INFINITY);
    if (got.status == NGRAM_OK) {
      check_same(&got, &wanted);
      continue;
    }
    CHECK_EQ(got.status, NGRAM_DISK_FULL);
    CHECK_HAS(got.message, "temporary file: ");
    failures++;
  }
  CHECK_EQ(got.status, NGRAM_OK);
  CHECK(failures > 10);
  signal(SIGXFSZ, before);
}

static void folders_that_do_not_exist_are_left_out(void)
{
  struct ngram_count_options options = spill_options(2);
  const char *folder = folder_make("temporary");

  setenv("SQLITE_TMPDIR", "/nowhere/at/all", 1);
  setenv("TMPDIR", folder, 1);
  check_spilled(make_words("folders", 100000, false), &options);
  CHECK_EQ(rmdir(folder), 0); /* nothing is left in it */
  check_spilled(file_path("folders"), &options);
  unsetenv("SQLITE_TMPDIR");
  unsetenv("TMPDIR");
}

static void spilling_can_be_stopped(void)
{
  const char *path = make_words("stopped", 400000, false);
  unsigned stopped = 0;

  for (unsigned i = 0; i < 8; i++) {
    unsigned threads = 1 + i % 2;
    unsigned before = test_threads();
    unsigned files = test_open_files();
    struct poller poller;
    struct ngram_count_options options =
        options_with(&poller, threads, 1 + i / 2);
    struct ngram_counts *counts;
    enum ngram_status status;

    options.memory_limit = SPILL_LIMIT;
    status = ngram_count(path, &options, &counts, NULL);
    CHECK(test_threads_are(before));
    CHECK(status == NGRAM_OK || status == NGRAM_INTERRUPTED);
    CHECK_EQ(poller.calls >= poller.stop_at, status == NGRAM_INTERRUPTED);
    stopped += status == NGRAM_INTERRUPTED;
    ngram_counts_free(counts);
    CHECK_EQ(test_open_files(), files);
  }
  CHECK(stopped > 0);
}

/* Count with memory request number `request` failing. Returns whether it was
   made. */
static bool check_failing_spill(const char *path, const struct answer *wanted,
                                unsigned threads, long request, bool and_on)
{
  struct ngram_count_options options = spill_options(threads);
  struct answer got;
  bool failed;

  NOTE("%u threads, request %ld%s", threads, request, and_on ? " and on" : "");
  memory_fail_after(request, and_on);
  answer_of(path, &options, &got);
  failed = memory_fail_no_more();
  if (got.status == NGRAM_OK)
    check_same(&got, wanted);
  else
    CHECK(failed && got.status == NGRAM_NO_MEMORY);
  return failed;
}

static void lack_of_memory_is_told_while_spilling(void)
{
  const char *path = make_words("failing", 60000, false);
  struct answer wanted;

  if (!MEMORY_CAN_FAIL) {
    test_skip("memory cannot be made to fail here");
    return;
  }
  answer_of_one(path, &wanted);
  for (unsigned i = 0; i < 4; i++) {
    long request = 0;

    while (check_failing_spill(path, &wanted, 1 + i % 2, request, i / 2) &&
           request < 60000)
      request = test_next(request, 20);
    CHECK(request > 20);
    CHECK(request < 60000);
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(spilled_counts_are_those_in_memory),
      TEST(runs_are_added_up),
      TEST(many_runs_are_merged_in_between),
      TEST(words_of_texts_spill),
      TEST(files_of_a_pattern_spill_together),
      TEST(long_words_spill),
      TEST(spilled_counts_are_read_in_every_order),
      TEST(spilled_words_are_found),
      TEST(sums_past_the_range_are_told_of_runs),
      TEST(a_full_disk_is_told),
      TEST(folders_that_do_not_exist_are_left_out),
      TEST(spilling_can_be_stopped),
      TEST(lack_of_memory_is_told_while_spilling),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
