/* SPDX-License-Identifier: MIT */
/*
 * Tests of rows that are asked for by one word after the other: by every
 * strategy they are those of a naive reader.
 */
#include <pthread.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/cached.h"
#include "unit/count_check.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/forms.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/indexed.h"
#include "unit/lookups.h"
#include "unit/naive_count.h"
#include "unit/rows_check.h"
#include "unit/rows_make.h"
#include "unit/shapes.h"
#include "unit/stops.h"
#include "unit/test.h"

/* Returns a word that is in the text, or one that is not. */
static struct ngram_word any_word_of(const struct naive_input *input)
{
  size_t at = input->size ? random_below(input->size) : 0;
  size_t end;

  if (input->size == 0 || random_once_in(5))
    return (struct ngram_word){"nowhere", 7};
  while (at > 0 && input->text[at - 1] != '\n')
    at--;
  for (end = at; end < input->size && input->text[end] != '\t';)
    end++;
  return (struct ngram_word){input->text + at, end - at};
}

static void ask_for_any_words(const struct naive_input *input,
                              struct ngram_rows_options *options,
                              struct ngram_scan_stats *stats)
{
  struct ngram_word words[3];

  options->words = words;
  options->word_count = random_below(COUNT(words) + 1);
  for (size_t i = 0; i < options->word_count; i++)
    words[i] = any_word_of(input);
  options->columns = (unsigned)random_below(16);
  options->tags = (enum ngram_tags)(random_once_in(2) ? 0 : random_below(4));
  check_rows(input, options, stats);
  options->words = NULL;
}

/* Ask for some words of a file that has settled, a few times. Returns how often
   they were looked up. */
static unsigned check_lookups(const struct naive_input *input,
                              struct ngram_rows_options *options)
{
  return ask_again(input, options, LOOKUPS, ask_for_any_words);
}

static unsigned check_any_lookups(const struct bytes *text)
{
  struct ngram_rows_options options =
      rows_options(1 + (unsigned)random_below(4), NULL);

  if (random_once_in(3)) {
    options.year_from = (int64_t)(1500 + random_below(300));
    options.year_to = options.year_from + (int64_t)random_below(300);
  }
  return ask_in_any_way(text, &options, check_lookups);
}

static void words_are_looked_up_as_by_a_naive_reader(void)
{
  ask_of_any_text(2500000, check_any_lookups);
}

/* ------------------------------------------------------------- few parts -- */

/* Overwrite the lines after `at` with a row of the word, and with another row
   that extends to the end of some line. */
static void put_needle(unsigned char *at, const struct ngram_word *needle)
{
  unsigned char *end;
  int size;

  at = (unsigned char *)memchr(at, '\n', 100000) + 1;
  size = snprintf((char *)at, 100, "%.*s\t1\t2\t3", (int)needle->length,
                  needle->bytes);
  at[size] = '\n';
  at += size + 1;
  end = memchr(at + 10, '\n', 100000);
  memset(at, 'y', (size_t)(end - at));
  memcpy(end - 6, "\t1\t1\t1", 6);
}

/* Make a file of many parts in which each of some words has one row. */
static void make_needles(struct forms *forms, const struct ngram_word *needles,
                         size_t count)
{
  forms_make(forms, 6000000);
  for (size_t i = 0; i < count; i++)
    put_needle(forms->text.data + (i + 1) * (6000000 / (count + 2)),
               &needles[i]);
  file_make("rows.tsv", forms->text.data, forms->text.size);
  make_shape(&forms->gzip, &forms->text,
             &(struct ahead_shape){1, 0, Z_NO_FLUSH, 1, 3});
  file_make("rows.gz", forms->gzip.data, forms->gzip.size);
  make_bgzf_of(&forms->text, 60000);
}

static void looking_up_reads_few_parts(void)
{
  static const struct ngram_word needles[] = {
      {"needle", 6}, {"pin", 3}, {"straw", 5}, {"thread", 6}};
  struct forms forms;

  make_needles(&forms, needles, COUNT(needles));
  settle();
  setenv("NGRAM_STRETCH", "20000", 1);
  for (unsigned i = 0; i < 6 && !test_state.failed; i++) {
    const char *path = i % 3 == 0   ? forms.plain_path
                       : i % 3 == 1 ? forms.gzip_path
                                    : forms.bgzf_path;
    struct ngram_rows_options options =
        rows_options(1 + i / 3, ngram_index_create());
    struct naive_input input = {
        .path = path, .text = (char *)forms.text.data, .size = forms.text.size};
    struct ngram_scan_stats stats;

    options.cache = ngram_cache_create(CACHE_BYTES);
    options.word_count = 1;
    for (unsigned k = 0; k < COUNT(needles); k++) {
      options.words = &needles[(k + i) % COUNT(needles)];
      check_rows(&input, &options, &stats);
      NOTE("%.150s, %u threads, time %u: %s, %" PRIu64 " bytes", path,
           options.threads, k, stats.strategy, stats.text_bytes);
      CHECK((k > 0) == (strcmp(stats.strategy, "lookup") == 0));
      CHECK(k == 0 || stats.text_bytes < (1 << 20) + 100000);
    }
    ngram_cache_free(options.cache);
    ngram_index_free(options.index);
  }
  unset_overrides();
  forms_free(&forms);
}

/* A block with the most members ends early and may hold a single line: each
   such part has the word. */
static void parts_of_a_single_line_are_found(void)
{
  struct ngram_rows_options options = rows_options(1, NULL);
  struct gzip_file file = {.text = {.data = NULL}};
  char rows[400] = "";
  const char *path;

  for (unsigned year = 1900; year < 1930; year++)
    snprintf(rows + strlen(rows), 20, "w\t%u\t1\t1\n", year);
  for (size_t at = 0; at < strlen(rows); at += 7) {
    size_t left = strlen(rows) - at;

    gzip_file_add(&file, (const unsigned char *)rows + at, left < 7 ? left : 7);
    for (unsigned i = 0; i < NG_MEMBER_ENDS_MAX; i++)
      gzip_file_add(&file, NULL, 0);
  }
  path = file_make("members", file.bytes.data, file.bytes.size);
  settle();
  options.cache = ngram_cache_create(CACHE_BYTES);
  for (unsigned k = 0; k < LOOKUPS; k++)
    look_up(path, &options, "w", 30);
  ngram_cache_free(options.cache);
  gzip_file_free(&file);
}

/* Wrong seek points are detected by lookups, even if no pass uses them. */
static void wrong_points_do_not_mislead_lookups(void)
{
  static const struct ngram_word needles[] = {
      {"needle", 6}, {"pin", 3}, {"straw", 5}, {"thread", 6}};
  const char *folder = folder_make("index");
  struct ng_seek_points points;
  struct forms forms;

  make_needles(&forms, needles, COUNT(needles));
  settle();
  setenv("NGRAM_STRETCH", "100000", 1);
  points_make(forms.gzip_path, 100000, &points);
  CHECK(points.count > 5);
  for (size_t i = 0; i < points.count; i++)
    memset(points.points[i].window, 'z', points.points[i].window_size);
  for (unsigned threads = 1; threads < 3; threads++) {
    struct ngram_rows_options options =
        rows_options(threads, index_make(folder));
    struct naive_input input = {.path = forms.gzip_path,
                                .text = (char *)forms.text.data,
                                .size = forms.text.size};
    struct ngram_scan_stats stats;

    points_store(folder, forms.gzip_path, &points);
    options.cache = ngram_cache_create(CACHE_BYTES);
    options.word_count = 1;
    for (unsigned k = 0; k < 3 * COUNT(needles); k++) {
      options.words = &needles[k % COUNT(needles)];
      NOTE("%u threads, time %u", threads, k);
      check_rows(&input, &options, &stats);
    }
    CHECK_STR(stats.strategy, "lookup"); /* the wrong points are gone */
    ngram_cache_free(options.cache);
    ngram_index_free(options.index);
  }
  unset_overrides();
  ng_seek_points_free(&points);
  folder_remove(folder);
  forms_free(&forms);
}

/* Without room for postings the file is read each time. */
static void words_are_not_looked_up_without_room(void)
{
  static const uint64_t limits[] = {0, 1000, 30000};
  struct bytes text = {.data = NULL};
  struct rows_taste taste = {.new_word = 2, .long_word = 0};
  struct naive_input input = {.path = NULL};

  rows_add(&text, 2000000, &taste);
  input.text = (char *)text.data;
  input.size = text.size;
  input.path = file_make("large", text.data, text.size);
  settle();
  for (size_t i = 0; i < COUNT(limits); i++) {
    struct ngram_rows_options options = rows_options(2, NULL);
    struct ngram_scan_stats stats;

    options.cache = ngram_cache_create(limits[i]);
    for (unsigned k = 0; k < LOOKUPS; k++) {
      ask_for_any_words(&input, &options, &stats);
      CHECK_STR(stats.strategy, "extents");
    }
    ngram_cache_set_limit(options.cache, CACHE_BYTES);
    options.words = &(struct ngram_word){"nowhere", 7};
    options.word_count = 1;
    for (unsigned k = 0; k < 2; k++) /* now there is room */
      check_rows(&input, &options, &stats);
    CHECK_STR(stats.strategy, "lookup");
    ngram_cache_free(options.cache);
  }
  bytes_free(&text);
}

/* ---------------------------------------------------------------- change -- */

/* The rows of a file that was replaced are those of the new one. */
static void looking_up_sees_a_file_change(void)
{
  struct ngram_rows_options options = rows_options(2, NULL);

  options.cache = ngram_cache_create(CACHE_BYTES);
  for (unsigned round = 0; round < 6; round++) {
    const char *text =
        round % 2 ? "a\t1\t1\t1\nb\t1\t1\t1\n" : "b\t1\t1\t1\nb\t2\t1\t1\n";
    const char *path = file_make("changing", text, strlen(text));

    settle();
    for (unsigned k = 0; k < LOOKUPS; k++) {
      look_up(path, &options, "a", round % 2);
      look_up(path, &options, "b", 2 - round % 2);
    }
  }
  ngram_cache_free(options.cache);
}

static void a_file_that_grows_while_it_is_looked_up_is_told(void)
{
  struct ngram_rows_options options = rows_options(1, NULL);
  struct ngram_error error = {.status = NGRAM_OK};
  struct ngram_word word = {"aaa", 3};
  struct ngram_row_batch batch;
  struct ngram_rows *rows;
  struct bytes text = {.data = NULL};
  const char *path;

  for (size_t i = 0; i < 200000; i++)
    bytes_add_text(&text, i % 60000 == 3 ? "aaa\t1\t1\t1\n" : "b\t1\t1\t1\n");
  path = file_make("growing", text.data, text.size);
  settle();
  options.cache = ngram_cache_create(CACHE_BYTES);
  look_up(path, &options, "aaa", 4);
  look_up(path, &options, "aaa", 4);
  options.words = &word;
  CHECK_EQ(ngram_rows_open(path, &options, &rows, &error), NGRAM_OK);
  CHECK_EQ(ngram_rows_next(rows, &batch, &error), NGRAM_OK);
  append_once(&path);
  CHECK_EQ(ngram_rows_next(rows, &batch, &error), NGRAM_CHANGED);
  CHECK_HAS(error.message, "growing: the file changed while it was read");
  ngram_rows_close(rows, NULL);
  ngram_cache_free(options.cache);
  bytes_free(&text);
}

/* ----------------------------------------------------------------- files -- */

static void words_are_looked_up_in_the_files_of_a_pattern(void)
{
  struct ngram_rows_options options = rows_options(2, NULL);
  char pattern[1500];

  file_make("look-1", "a\t1\t1\t1\nb\t1\t1\t1\n", 16);
  file_make("look-2", "c\t1\t1\t1\n", 8);
  file_make("look-3", "a\t2\t1\t1\nc\t1\t1\t1\na\t3\t1\t1\n", 24);
  settle();
  snprintf(pattern, sizeof pattern, "%s", file_path("look-*"));
  options.cache = ngram_cache_create(CACHE_BYTES);
  for (unsigned k = 0; k < LOOKUPS; k++) {
    look_up(pattern, &options, "a", 3);
    look_up(pattern, &options, "c", 2);
    look_up(pattern, &options, "d", 0);
  }
  ngram_cache_free(options.cache);
}

/* ------------------------------------------------------------------ stop -- */

/* The host says stop while the postings are made: there are none, and the next
   question makes them. */
static void postings_are_not_made_when_told_to_stop(void)
{
  const char *path = make_cached_file("stopped", 30000000);
  struct ngram_rows_options options = rows_options(2, NULL);
  struct ngram_word word = {"abc", 3};
  struct poller poller = {
      .stop_at = 1, .last = test_seconds(), .thread = pthread_self()};
  struct ngram_row_batch batch;
  struct ngram_rows *rows;
  enum ngram_status status;

  setenv("NGRAM_KERNEL", "scalar",
         1); /* slow enough for the host to be asked */
  options.cache = ngram_cache_create(CACHE_BYTES);
  options.words = &word;
  options.word_count = 1;
  CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK);
  ngram_rows_close(rows, NULL);
  options.poll = poll_host;
  options.poll_context = &poller;
  status = ngram_rows_open(path, &options, &rows, NULL);
  while (status == NGRAM_OK) {
    status = ngram_rows_next(rows, &batch, NULL);
    if (batch.count == 0)
      break;
  }
  if (poller.asked_at > 0)
    CHECK_EQ(status, NGRAM_INTERRUPTED);
  ngram_rows_close(rows, NULL);
  unsetenv("NGRAM_KERNEL");
  options.poll = NULL;
  for (unsigned k = 0; k < 2; k++) {
    struct ngram_scan_stats stats;

    CHECK_EQ(ngram_rows_open(path, &options, &rows, NULL), NGRAM_OK);
    do
      CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
    while (batch.count > 0);
    ngram_rows_close(rows, &stats);
  }
  ngram_cache_free(options.cache);
}

/* ---------------------------------------------------------------- memory -- */

/* Ask three times with memory request number `request` failing. Returns whether
   it was made. */
static bool check_failing_lookups(const char *path, long request, bool and_on)
{
  struct ngram_rows_options options = rows_options(2, ngram_index_create());
  static const struct ngram_word word = {"needle", 6};
  unsigned files = test_open_files();
  bool failed;

  options.cache = ngram_cache_create(CACHE_BYTES);
  options.words = &word;
  options.word_count = 1;
  NOTE("%.180s, request %ld%s", path, request, and_on ? " and on" : "");
  memory_fail_after(request, and_on);
  for (unsigned i = 0; i < 3; i++) {
    uint64_t taken;
    enum ngram_status status = count_rows(path, &options, &taken);

    CHECK(status == NGRAM_OK ? taken == 2 : status == NGRAM_NO_MEMORY);
    CHECK_EQ(test_open_files(), files);
  }
  failed = memory_fail_no_more();
  ngram_cache_free(options.cache);
  ngram_index_free(options.index);
  return failed;
}

static void lack_of_memory_is_told_by_lookups(void)
{
  static const struct ngram_word needles[] = {{"needle", 6}, {"needle", 6}};
  struct forms forms;

  if (!MEMORY_CAN_FAIL) {
    test_skip("memory cannot be made to fail here");
    return;
  }
  make_needles(&forms, needles, COUNT(needles));
  settle();
  for (unsigned i = 0; i < 4; i++) {
    const char *path = i % 2 ? forms.gzip_path : forms.plain_path;
    long request = 0;

    while (check_failing_lookups(path, request, i / 2) && request < 10000)
      request = test_next(request, 40);
    CHECK(request > 20);
    CHECK(request < 10000);
  }
  forms_free(&forms);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(words_are_looked_up_as_by_a_naive_reader),
      TEST(looking_up_reads_few_parts),
      TEST(parts_of_a_single_line_are_found),
      TEST(wrong_points_do_not_mislead_lookups),
      TEST(words_are_not_looked_up_without_room),
      TEST(looking_up_sees_a_file_change),
      TEST(a_file_that_grows_while_it_is_looked_up_is_told),
      TEST(words_are_looked_up_in_the_files_of_a_pattern),
      TEST(postings_are_not_made_when_told_to_stop),
      TEST(lack_of_memory_is_told_by_lookups),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
