/* SPDX-License-Identifier: MIT */
/* Tests of ngram_rows_open(), ngram_rows_next() and ngram_rows_close(). */
#include <pthread.h>
#include <unistd.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/any_count.h"
#include "unit/bytes.h"
#include "unit/count_check.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/forms.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/indexed.h"
#include "unit/naive_count.h"
#include "unit/pipes.h"
#include "unit/rows_check.h"
#include "unit/rows_make.h"
#include "unit/shapes.h"
#include "unit/stops.h"
#include "unit/test.h"

static struct ngram_rows_options any_rows_options(void)
{
  struct ngram_count_options any = any_count_options();
  struct ngram_rows_options options = rows_options(any.threads, NULL);

  options.year_from = any.year_from;
  options.year_to = any.year_to;
  options.tags = any.tags;
  options.on_error = any.on_error;
  options.words = any.words;
  options.word_count = any.word_count;
  options.word_from = any.word_from;
  options.word_to = any.word_to;
  if (random_once_in(2))
    options.columns = (unsigned)random_below(16);
  return options;
}

/* ------------------------------------------------------------------- any -- */

/* Read twice with one index: the second time by seek points, if there are any.
 */
static void check_any_rows(struct bytes *text)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct naive_input input = {.text = (char *)text->data, .size = text->size};
  struct ngram_rows_options options = any_rows_options();
  struct ngram_index *index = ngram_index_create();
  struct ngram_scan_stats stats;

  if (input.size > 0 && random_once_in(3))
    input.size--; /* without the last newline */
  input.path = random_once_in(2)
                   ? make_gzip(&file, input.text, input.size, &input)
                   : file_make("random", input.text, input.size);
  if (random_once_in(2))
    options.index = index;
  for (int i = 0; i < 2; i++) {
    override_any_way();
    NOTE("%s, %zu bytes, %u threads, skip %d, time %d, %s, %s",
         input.ends ? "gzip" : "plain", input.size, options.threads,
         options.on_error, i, getenv("NGRAM_DECODER"), getenv("NGRAM_STRETCH"));
    check_rows(&input, &options, &stats);
  }
  unsetenv("NGRAM_DECODER");
  unsetenv("NGRAM_KERNEL");
  unset_overrides();
  ngram_index_free(index);
  gzip_file_free(&file);
}

static void rows_are_those_of_a_naive_reader(void)
{
  struct bytes text = {.data = NULL};

  for (unsigned round = 0; round < test_rounds(150) && !test_state.failed;
       round++) {
    struct rows_taste taste = {.layout = (enum ng_layout)random_below(3),
                               .new_word = 1 + random_below(20),
                               .crlf = random_below(3),
                               .mutated = random_once_in(3) ? 1000 : 0,
                               .odd_number = random_below(3) * 100,
                               .long_word = random_once_in(4) ? 200 : 0,
                               .junk = random_once_in(3) ? 3000 : 0};

    text.size = 0;
    rows_add(&text, random_below(random_once_in(8) ? 2500000 : 50000), &taste);
    check_any_rows(&text);
  }
  bytes_free(&text);
}

/* ------------------------------------------------------------- strategies --
 */

static void check_strategy(const struct forms *forms, const char *path,
                           const struct ngram_rows_options *options,
                           const char *strategy)
{
  struct naive_input input = {
      .path = path, .text = (char *)forms->text.data, .size = forms->text.size};
  struct ngram_scan_stats stats;

  NOTE("%u threads, %s", options->threads, strategy);
  check_rows(&input, options, &stats);
  CHECK_STR(stats.strategy, strategy);
  CHECK_EQ(stats.threads, options->threads);
}

static void check_strategies(const struct forms *forms, unsigned threads)
{
  struct ngram_index *index = ngram_index_create();
  struct ngram_rows_options plain = rows_options(threads, NULL);
  struct ngram_rows_options indexed = rows_options(threads, index);
  bool many = threads > 1;

  check_strategy(forms, forms->plain_path, &plain, "extents");
  check_strategy(forms, forms->bgzf_path, &plain, "members");
  setenv("NGRAM_AHEAD", "off", 1);
  check_strategy(forms, forms->gzip_path, &plain, "serial");
  setenv("NGRAM_AHEAD", "on", 1);
  check_strategy(forms, forms->gzip_path, &indexed, many ? "ahead" : "serial");
  for (int i = 0; i < 2; i++)
    check_strategy(forms, forms->gzip_path, &indexed,
                   many ? "points" : "serial");
  setenv("NGRAM_AHEAD", "refuse", 1);
  check_strategy(forms, forms->gzip_path, &plain, many ? "ahead" : "serial");
  unset_overrides();
  ngram_index_free(index);
}

static void rows_come_in_order_by_every_strategy(void)
{
  unsigned least = test_is_thin() ? 3 : 1;
  unsigned most = test_is_thin() ? 3 : 8;
  struct forms forms;

  forms_make(&forms, 5000000); /* large enough for a seek point */
  for (unsigned threads = least; threads <= most;
       threads += 1 + threads / 4 * 3) {
    check_strategies(&forms, threads);
    setenv("NGRAM_STRETCH", "20000", 1);
    check_strategies(&forms, threads);
  }
  forms_free(&forms);
}

static void rows_come_through_pipes(void)
{
  struct forms forms;
  struct pipe_writer writer;

  forms_make(&forms, 1500000);
  writer.path = file_make_fifo("fifo");
  for (unsigned i = 0; i < 8; i++) {
    const struct bytes *bytes = i % 2 ? &forms.gzip : &forms.text;
    struct ngram_rows_options options = rows_options(1 + i / 2, NULL);
    struct naive_input input = {.path = writer.path,
                                .text = (char *)forms.text.data,
                                .size = forms.text.size};
    struct ngram_scan_stats stats;
    pthread_t thread;

    NOTE("%u threads", options.threads);
    writer.bytes = bytes->data;
    writer.size = bytes->size;
    pthread_create(&thread, NULL, write_pipe, &writer);
    compare_rows(&input, &options, &stats);
    pthread_join(thread, NULL);
  }
  forms_free(&forms);
}

/* A filter leaves most blocks without rows: the commit gives them back. */
static void few_rows_of_many_blocks_come_in_order(void)
{
  static const struct ngram_word words[] = {{"needle", 6}};
  struct forms forms;

  forms_make(&forms, 3000000);
  for (size_t at = 700000; at < 3000000; at += 611000) {
    char *newline = memchr(forms.text.data + at, '\n', 100000);

    memcpy(newline + 1, "needle\t1\t2\t3\n",
           13); /* and cuts the line after it */
  }
  file_make("rows.tsv", forms.text.data, forms.text.size);
  make_shape(&forms.gzip, &forms.text,
             &(struct ahead_shape){1, 0, Z_NO_FLUSH, 1, 3});
  file_make("rows.gz", forms.gzip.data, forms.gzip.size);
  make_bgzf_of(&forms.text, 60000);
  for (unsigned i = 0; i < 12; i++) {
    struct ngram_rows_options options = rows_options(1 + i / 3, NULL);
    struct naive_input input = {.path = i % 3 ? i % 3 == 1 ? forms.gzip_path
                                                           : forms.bgzf_path
                                              : forms.plain_path,
                                .text = (char *)forms.text.data,
                                .size = forms.text.size};
    struct ngram_scan_stats stats;

    options.words = words;
    options.word_count = 1;
    options.on_error = NGRAM_ON_ERROR_SKIP;
    NOTE("%.199s, %u threads", input.path, options.threads);
    check_rows(&input, &options, &stats);
  }
  forms_free(&forms);
}

/* ----------------------------------------------------------------- close -- */

/* Take `batches` batches and close: nothing is left. */
static void close_early(const char *path, unsigned threads,
                        struct ngram_index *index, unsigned batches)
{
  struct ngram_rows_options options = rows_options(threads, index);
  unsigned files = test_open_files();
  unsigned before = test_threads();
  struct ngram_scan_stats stats = {.strategy = "none"};
  struct ngram_row_batch batch;
  struct ngram_rows *rows;
  uint64_t taken = 0;

  NOTE("%.199s, %u threads, %u batches", path, threads, batches);
  if (!CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK))
    return;
  for (unsigned i = 0; i < batches; i++) {
    CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
    taken += batch.count;
  }
  if (random_once_in(3))
    test_sleep_ms((long)random_below(5));
  ngram_rows_close(rows, random_once_in(2) ? &stats : NULL);
  CHECK_EQ(test_open_files(), files);
  CHECK(test_threads_are(before));
  if (strcmp(stats.strategy, "none") != 0)
    CHECK(stats.rows >= taken);
}

static void rows_may_be_closed_at_any_place(void)
{
  unsigned least = test_is_thin() ? 4 : 1;
  unsigned most = test_is_thin() ? 4 : 8;
  unsigned step = test_is_thin() ? 5 : 1;
  struct ngram_index *index = ngram_index_create();
  struct forms forms;

  forms_make(&forms, 4000000);
  setenv("NGRAM_STRETCH", "20000", 1);
  for (unsigned threads = least; threads <= most; threads *= 2)
    for (unsigned batches = 0; batches < 24; batches += step + batches / 4) {
      close_early(forms.plain_path, threads, NULL, batches);
      close_early(forms.bgzf_path, threads, NULL, batches);
      close_early(forms.gzip_path, threads, NULL, batches);
      close_early(forms.gzip_path, threads, index, batches);
    }
  close_early(forms.gzip_path, 2, index, 1000); /* leaves seek points */
  for (unsigned batches = 0; batches < 24; batches += step)
    close_early(forms.gzip_path, 2 + batches % 7, index, batches);
  check_strategy(
      &forms, forms.gzip_path,
      &(struct ngram_rows_options){.size = sizeof(struct ngram_rows_options),
                                   .threads = 3,
                                   .columns = NGRAM_ROWS_ALL,
                                   .year_from = INT64_MIN,
                                   .year_to = INT64_MAX,
                                   .index = index},
      "points"); /* they were put back */
  unset_overrides();
  ngram_index_free(index);
  forms_free(&forms);
}

/* The workers are joined when there are no more rows, before the close. */
static void workers_go_with_the_last_row(void)
{
  struct forms forms;

  forms_make(&forms, 10000000); /* more than workers may hold */
  for (unsigned i = 0; i < 6; i++) {
    struct ngram_rows_options options = rows_options(2 + i / 3, NULL);
    unsigned before = test_threads();
    struct ngram_row_batch batch = {.count = 1};
    struct ngram_rows *rows;

    CHECK_EQ(ngram_rows_open(i % 3 == 0   ? forms.plain_path
                             : i % 3 == 1 ? forms.gzip_path
                                          : forms.bgzf_path,
                             &options, &rows, NULL),
             NGRAM_OK);
    CHECK(test_threads() > before);
    while (batch.count > 0)
      CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
    CHECK(test_threads_are(before));
    ngram_rows_close(rows, NULL);
  }
  forms_free(&forms);
}

/* Workers wait for a slow caller, and hold little memory meanwhile. */
static void slow_caller_is_waited_for(void)
{
  struct forms forms;

  forms_make(&forms, 20000000);
  setenv("NGRAM_AHEAD", "off", 1);
  for (unsigned i = 0; i < 9; i++) {
    const char *path = i % 3 == 0   ? forms.plain_path
                       : i % 3 == 1 ? forms.gzip_path
                                    : forms.bgzf_path;
    struct ngram_rows_options options = rows_options(1 + i / 3, NULL);
    unsigned blocks = options.threads == 1 ? 1 : 2 * options.threads + 2;
    struct ngram_scan_stats stats;
    struct ngram_row_batch batch;
    struct ngram_rows *rows;

    CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK);
    CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
    test_sleep_ms(60);
    ngram_rows_close(rows, &stats);
    NOTE("%.99s, %u threads, read %" PRIu64 ", held %" PRIu64, path,
         options.threads, stats.text_bytes, stats.peak_bytes);
    CHECK(stats.text_bytes > 0);
    CHECK(stats.text_bytes <= blocks * BLOCK_TEXT_BYTES);
    CHECK(stats.peak_bytes <= (blocks * 4 + options.threads + 1) << 20);
  }
  unset_overrides();
  forms_free(&forms);
}

static void rows_hold_to_a_memory_limit(void)
{
  static const uint64_t limits[] = {NGRAM_MEMORY_LIMIT_MIN, 8 << 20, 64 << 20};
  struct forms forms;

  forms_make(&forms, 4000000);
  for (unsigned i = 0; i < 9; i++) {
    struct ngram_rows_options options = rows_options(4, NULL);
    struct naive_input input = {.path = i % 3 == 0   ? forms.plain_path
                                        : i % 3 == 1 ? forms.gzip_path
                                                     : forms.bgzf_path,
                                .text = (char *)forms.text.data,
                                .size = forms.text.size};
    struct ngram_scan_stats stats;

    options.memory_limit = limits[i / 3];
    check_rows(&input, &options, &stats);
    NOTE("%.150s, limit %" PRIu64 ", held %" PRIu64, input.path, limits[i / 3],
         stats.peak_bytes);
    CHECK(stats.peak_bytes <= limits[i / 3]);
    CHECK(i < 6 || stats.threads > 1);
  }
  forms_free(&forms);
}

/* ------------------------------------------------------------------ stop -- */

/* The host is asked even if no rows come and each file takes little time. */
static void rows_of_small_files_stop_in_100_ms(void)
{
  const struct ngram_word none = {"", 0};

  small_files_make();
  for (unsigned threads = 1; threads <= 2; threads++) {
    struct ngram_rows_options options = rows_options(threads, NULL);
    struct poller poller = {
        .stop_at = 1, .last = test_seconds(), .thread = pthread_self()};
    struct ngram_row_batch batch;
    struct ngram_rows *rows;
    enum ngram_status status;

    options.words = &none; /* and word_count is 0 */
    options.poll = poll_host;
    options.poll_context = &poller;
    status = ngram_rows_open(file_path("small-*"), &options, &rows, NULL);
    if (status == NGRAM_OK)
      status = ngram_rows_next(rows, &batch, NULL);
    CHECK(status == NGRAM_INTERRUPTED ||
          test_seconds() - poller.last < ASKED_SECONDS);
    ngram_rows_close(rows, NULL);
  }
  small_files_remove();
}

/* Some rows come and then no more: the host is asked and says stop. */
static void check_rows_stop(bool silent, unsigned threads)
{
  double quickest = 1000;

  for (int i = 0; i < TEST_TRIES && quickest >= TEST_QUICK_SECONDS; i++) {
    unsigned before = test_threads();
    struct ngram_rows_options options = rows_options(threads, NULL);
    struct ngram_row_batch batch;
    struct ngram_rows *rows;
    struct ngram_error error = {.status = NGRAM_OK};
    enum ngram_status status;
    struct poller poller = {
        .stop_at = 3, .last = test_seconds(), .thread = pthread_self()};
    struct feeder feeder;
    double seconds;

    feeder_start(&feeder, silent);
    options.poll = poll_host;
    options.poll_context = &poller;
    status = ngram_rows_open(feeder.path, &options, &rows, &error);
    while (status == NGRAM_OK)
      status = ngram_rows_next(rows, &batch, &error);
    seconds = test_seconds() - poller.asked_at;
    CHECK_EQ(status, NGRAM_INTERRUPTED);
    CHECK_STR(error.message, "interrupted");
    feeder_end(&feeder);
    CHECK(test_threads_are(before)); /* the workers are joined */
    if (rows)
      CHECK_EQ(ngram_rows_next(rows, &batch, &error), NGRAM_INTERRUPTED);
    ngram_rows_close(rows, NULL);
    quickest = seconds < quickest ? seconds : quickest;
  }
  NOTE("%u threads, silent %d: %.0f ms", threads, silent, 1000 * quickest);
  CHECK(quickest < TEST_QUICK_SECONDS);
}

static void rows_that_do_not_come_are_given_up_in_100_ms(void)
{
  for (unsigned threads = 1; threads <= 8; threads *= 2) {
    check_rows_stop(false, threads);
    check_rows_stop(true, threads);
  }
}

static void rows_of_a_file_that_grows_are_told_at_the_end(void)
{
  struct forms forms;

  forms_make(&forms, 1500000);
  for (unsigned i = 0; i < 8; i++) {
    struct ngram_rows_options options = rows_options(1 + i / 2, NULL);
    const char *path = i % 2 ? forms.gzip_path : forms.plain_path;
    size_t size = i % 2 ? forms.gzip.size : forms.text.size;
    struct ngram_error error = {.status = NGRAM_OK};
    enum ngram_status status = NGRAM_OK;
    struct ngram_row_batch batch = {.count = 1};
    const char *to_change = path;
    struct ngram_rows *rows;

    NOTE("%.199s, %u threads", path, options.threads);
    CHECK_EQ(ngram_rows_open(path, &options, &rows, &error), NGRAM_OK);
    append_once(&to_change);
    while (status == NGRAM_OK && batch.count > 0)
      status = ngram_rows_next(rows, &batch, &error);
    CHECK_EQ(status, NGRAM_CHANGED);
    CHECK_HAS(error.message, ": the file changed while it was read");
    ngram_rows_close(rows, NULL);
    CHECK_EQ(truncate(path, (off_t)size), 0);
  }
  forms_free(&forms);
}

/* ---------------------------------------------------------------- points -- */

/* Rows that are read by wrong seek points are those that one worker reads, each
   once. */
static void check_lying_points(const char *path,
                               const struct ng_seek_points *points,
                               const char *folder, unsigned threads)
{
  struct ngram_index *index = index_make(folder);
  struct ngram_rows_options options = rows_options(threads, index);
  struct ngram_rows_options one = rows_options(1, NULL);
  struct ngram_row_batch batch;
  struct ngram_rows *wanted;
  struct ngram_rows *rows;
  uint64_t position = 0;
  size_t at = 0;

  points_store(folder, path, points);
  CHECK_EQ(ngram_rows_open(path, &one, &wanted, NULL), NGRAM_OK);
  CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK);
  CHECK_EQ(ngram_rows_next(wanted, &batch, NULL), NGRAM_OK);
  for (;;) {
    struct ngram_row_batch got;

    CHECK_EQ(ngram_rows_next(rows, &got, NULL), NGRAM_OK);
    for (size_t i = 0; i < got.count && !test_state.failed; i++, position++) {
      while (at == batch.count && batch.count > 0) {
        CHECK_EQ(ngram_rows_next(wanted, &batch, NULL), NGRAM_OK);
        at = 0;
      }
      if (!CHECK(at < batch.count))
        break;
      CHECK_EQ(batch_position(&got, i), position);
      CHECK_EQ(got.match_count[i], batch.match_count[at]);
      at++;
    }
    if (got.count == 0 || test_state.failed)
      break;
  }
  CHECK_EQ(at, batch.count);
  ngram_rows_close(rows, NULL);
  ngram_rows_close(wanted, NULL);
  ngram_index_free(index);
}

static void wrong_points_serve_each_row_once(void)
{
  const char *folder = folder_make("index");
  struct bytes file = {.data = NULL};
  const char *path = blocks_make("other.gz", &file, 3, 30, 400);
  struct ng_seek_points points;

  points_make(path, 20000, &points);
  CHECK(points.count > 5);
  setenv("NGRAM_STRETCH", "20000", 1);
  for (size_t i = 0; i < points.count && !test_state.failed;
       i += test_is_thin() ? 5 : 1) {
    NOTE("point %zu of %zu", i, points.count);
    points.points[i].window[7] ^= 1;
    check_lying_points(path, &points, folder, 2 + (unsigned)i % 3);
    points.points[i].window[7] ^= 1;
    points.points[i].text++;
    check_lying_points(path, &points, folder, 2 + (unsigned)i % 3);
    points.points[i].text--;
  }
  unset_overrides();
  ng_seek_points_free(&points);
  folder_remove(folder);
  bytes_free(&file);
}

/* ----------------------------------------------------------------- files -- */

/* Files of a pattern, the last of which is bad, are read in the order of names,
   and row numbers continue from one to the next. */
static void files_of_a_pattern_come_one_after_the_other(void)
{
  static const char *const names[] = {"seq-b.tsv", "seq-a.tsv", "seq-c.tsv"};
  static const char *const texts[] = {"b\t1\t2\t1\nb\t2\t3\t1\n",
                                      "a\t1\t1\t1\n", "c\t1\t4\t1\nbad\n"};
  char pattern[1500];
  struct ngram_rows_options options = rows_options(2, NULL);
  struct ngram_error error = {.status = NGRAM_OK};
  struct ngram_scan_stats stats;
  struct ngram_row_batch batch;
  struct ngram_rows *rows;
  int64_t seen = 0;

  for (size_t i = 0; i < COUNT(names); i++)
    file_make(names[i], texts[i], strlen(texts[i]));
  snprintf(pattern, sizeof pattern, "%s", file_path("seq-*"));
  CHECK_EQ(ngram_rows_open(pattern, &options, &rows, &error), NGRAM_OK);
  while (ngram_rows_next(rows, &batch, &error) == NGRAM_OK && batch.count > 0)
    for (size_t i = 0; i < batch.count; i++) {
      CHECK_EQ(batch_position(&batch, i), seen);
      CHECK_EQ(batch.match_count[i], ++seen);
    }
  CHECK_EQ(seen, 4);
  CHECK_EQ(error.status, NGRAM_BAD_INPUT);
  CHECK_HAS(error.message, "seq-c.tsv: line 2: expected 4 columns, found 1");
  ngram_rows_close(rows, &stats);
  CHECK_STR(stats.strategy, "files");
  for (size_t i = 0; i < COUNT(names); i++)
    unlink(file_path(names[i]));
  CHECK_EQ(ngram_rows_open(pattern, &options, &rows, &error),
           NGRAM_CANNOT_OPEN);
}

/* ---------------------------------------------------------------- memory -- */

/* Read with memory request number `request` failing. Returns whether it was
   made. */
static bool check_failing_rows(const char *path, unsigned threads, long request,
                               bool and_on, uint64_t rows_wanted)
{
  unsigned files = test_open_files();
  unsigned before = test_threads();
  struct ngram_rows_options options = rows_options(threads, NULL);
  struct ngram_row_batch batch = {.count = 1};
  struct ngram_rows *rows;
  enum ngram_status status;
  uint64_t taken = 0;
  bool failed;

  NOTE("%.180s, %u threads, request %ld%s", path, threads, request,
       and_on ? " and on" : "");
  options.columns = (unsigned)request % 16;
  memory_fail_after(request, and_on);
  status = ngram_rows_open(path, &options, &rows, NULL);
  while (status == NGRAM_OK && batch.count > 0) {
    status = ngram_rows_next(rows, &batch, NULL);
    taken += batch.count;
  }
  failed = memory_fail_no_more();
  CHECK(status == NGRAM_OK || (failed && status == NGRAM_NO_MEMORY));
  CHECK(taken <= rows_wanted);
  if (status == NGRAM_OK)
    CHECK_EQ(taken, rows_wanted);
  ngram_rows_close(rows, NULL);
  CHECK_EQ(test_open_files(), files);
  CHECK(test_threads_are(before));
  return failed;
}

static void lack_of_memory_is_told_between_rows(void)
{
  struct forms forms;
  uint64_t rows = 0;

  if (!MEMORY_CAN_FAIL) {
    test_skip("memory cannot be made to fail here");
    return;
  }
  forms_make(&forms, 1200000);
  for (size_t i = 0; i < forms.text.size; i++)
    rows += forms.text.data[i] == '\n';
  for (unsigned i = 0; i < 12; i += test_is_thin() ? 5 : 1) {
    unsigned threads = 1 + i / 4;
    const char *path = i % 2 ? forms.gzip_path : forms.plain_path;
    long request;

    check_failing_rows(path, threads, -1, false, rows);
    for (request = 0;
         check_failing_rows(path, threads, request, i / 2 % 2, rows) &&
         request < 2000;)
      request = test_next(request, 1000);
    CHECK(request > 20);
    CHECK(request < 2000);
  }
  forms_free(&forms);
}

/* --------------------------------------------------------------- refusal -- */

static void rows_that_cannot_be_read_are_refused(void)
{
  struct ngram_rows_options options = rows_options(0, NULL);
  struct ngram_rows *rows = (struct ngram_rows *)(void *)&options;
  struct ngram_error error;

  options.size--;
  CHECK_EQ(ngram_rows_open("a", &options, &rows, &error), NGRAM_BAD_ARGUMENT);
  CHECK(rows == NULL);
  CHECK_HAS(error.message, "call ngram_rows_options_init() first");
  options = rows_options(NGRAM_THREADS_MAX + 1, NULL);
  CHECK_EQ(ngram_rows_open("a", &options, &rows, &error), NGRAM_BAD_ARGUMENT);
  CHECK_HAS(error.message, "threads is 1025");
  options = rows_options(1, NULL);
  options.on_error = (enum ngram_on_error)(NGRAM_ON_ERROR_SALVAGE + 1);
  CHECK_EQ(ngram_rows_open("a", &options, &rows, NULL), NGRAM_BAD_ARGUMENT);
  options = rows_options(1, NULL);
  options.tags = (enum ngram_tags)4;
  CHECK_EQ(ngram_rows_open("a", &options, &rows, &error), NGRAM_BAD_ARGUMENT);
  CHECK_HAS(error.message, "tags is 4");
  options = rows_options(1, NULL);
  options.memory_limit = NGRAM_MEMORY_LIMIT_MIN - 1;
  CHECK_EQ(ngram_rows_open("a", &options, &rows, &error), NGRAM_BAD_ARGUMENT);
  CHECK_HAS(error.message, "memory_limit is 2097151");
  options = rows_options(1, NULL);
  options.columns = 16;
  CHECK_EQ(ngram_rows_open("a", &options, &rows, &error), NGRAM_BAD_ARGUMENT);
  CHECK_HAS(error.message, "columns is 16");
  options = rows_options(1, NULL);
  CHECK_EQ(ngram_rows_open("/nowhere/a.gz", &options, &rows, &error),
           NGRAM_CANNOT_OPEN);
  CHECK_HAS(error.message, "cannot open /nowhere/a.gz: No such file");
  CHECK_EQ(ngram_rows_open("/", &options, &rows, &error), NGRAM_CANNOT_OPEN);
  CHECK(rows == NULL);
  ngram_rows_close(NULL, NULL);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(rows_of_small_files_stop_in_100_ms),
      TEST(rows_are_those_of_a_naive_reader),
      TEST(rows_come_in_order_by_every_strategy),
      TEST(rows_come_through_pipes),
      TEST(few_rows_of_many_blocks_come_in_order),
      TEST(rows_may_be_closed_at_any_place),
      TEST(workers_go_with_the_last_row),
      TEST(slow_caller_is_waited_for),
      TEST(rows_hold_to_a_memory_limit),
      TEST(rows_that_do_not_come_are_given_up_in_100_ms),
      TEST(rows_of_a_file_that_grows_are_told_at_the_end),
      TEST(wrong_points_serve_each_row_once),
      TEST(files_of_a_pattern_come_one_after_the_other),
      TEST(lack_of_memory_is_told_between_rows),
      TEST(rows_that_cannot_be_read_are_refused),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
