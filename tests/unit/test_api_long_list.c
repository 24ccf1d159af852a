/* SPDX-License-Identifier: MIT */
/*
 * Tests of the calling thread's own loops, as long as a list of words or a file
 * makes them: all of them ask the host whether to stop.
 */
#include <stdlib.h>

#include "api/cache.h"
#include "ngram.h"
#include "rows/lookup.h"
#include "scan/scan.h"
#include "unit/cached.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/questions.h"
#include "unit/stops.h"
#include "unit/test.h"

/* Words of 9 bytes, "w00000000" and so on. */
struct list {
  struct ngram_word *words;
  char *bytes;
  size_t count;
};

static void list_make(struct list *list, size_t count)
{
  *list = (struct list){malloc(count * sizeof *list->words), malloc(count * 9),
                        count};
  for (size_t i = 0; i < count; i++) {
    char *word = list->bytes + 9 * i;
    char number[24];

    snprintf(number, sizeof number, "w%08zu", i);
    memcpy(word, number, 9);
    list->words[i] = (struct ngram_word){word, 9};
  }
}

static void list_free(struct list *list)
{
  free(list->words);
  free(list->bytes);
}

/* ----------------------------------------------------------------- cache -- */

#define LIST_WORDS 50000
/* The most words between two questions. */
#define ASK_WORDS 5000

static const struct ng_source_identity any_file = {.inode = 7, .size = 8};
static const struct ng_cache_key any_key = {&any_file, 1, false};

static struct ngram_count_options options_of(const struct list *list)
{
  struct ngram_count_options options;

  ngram_count_options_init(&options);
  options.words = list->words;
  options.word_count = list->count;
  return options;
}

/* Keep a result for these words; before that, stop at the first question, at
   the second, and so on. */
static void check_keeping(struct ngram_cache *cache, const struct list *list)
{
  const struct ngram_count_options options = options_of(list);
  struct ng_result *result = ng_result_new();
  struct questions questions = {0, 0};
  const struct ng_stop stop = {says_stop, &questions};
  bool kept;

  do {
    questions = (struct questions){0, questions.stop_at + 1};
    kept = ng_cache_keep(cache, &any_key, &options, &stop, result);
    CHECK_EQ(ng_cache_has(cache, &any_key), kept);
  } while (!kept && questions.asked == questions.stop_at);
  CHECK(kept);
  /* They are measured, and they are copied. */
  CHECK(questions.asked >= 2 * (LIST_WORDS / ASK_WORDS));
  ng_result_release(result);
}

/* Look for it; stop at each question in turn first. */
static void check_finding(struct ngram_cache *cache, const struct list *list,
                          bool is_there)
{
  const struct ngram_count_options options = options_of(list);
  struct questions questions = {0, 0};
  const struct ng_stop stop = {says_stop, &questions};
  struct ng_result *result;
  bool has_more;
  bool ended;

  do {
    questions = (struct questions){0, questions.stop_at + 1};
    ended = ng_cache_find(cache, &any_key, &options, &stop, &result, &has_more);
    CHECK_EQ(result != NULL, ended && is_there);
    ng_result_release(result);
  } while (!ended && questions.asked == questions.stop_at);
  CHECK(ended);
  /* They are measured, and they are compared. */
  CHECK(questions.asked >= 2 * (LIST_WORDS / ASK_WORDS));
}

static void kept_words_are_gone_through_until_a_stop(void)
{
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct list list;

  list_make(&list, LIST_WORDS);
  check_keeping(cache, &list);
  check_finding(cache, &list, true);
  list.bytes[9 * (LIST_WORDS - 1)] = 'x';
  check_finding(cache, &list, false);
  list_free(&list);
  ngram_cache_free(cache);
}

/* ----------------------------------------------------------------- parts -- */

/* Parts that hold the word: too many for a lookup to be worth while. */
#define PARTS 5000

static struct ng_postings *postings_of(const char *word)
{
  struct ng_postings *postings = ng_postings_new(UINT64_MAX);
  struct ng_fingerprints fingerprints = {.array = NULL};

  ng_fingerprints_add(&fingerprints, ng_hash_word(word, strlen(word)));
  for (uint64_t i = 0; i < PARTS; i++) {
    if (i > 0)
      ng_postings_begin_part(postings, i, i);
    ng_postings_add(postings, &fingerprints, 0, 1);
  }
  CHECK(ng_postings_end(postings, (uint64_t)16 << 20, PARTS, NG_LAYOUT_2012));
  postings->text_bytes = 1;
  ng_fingerprints_free(&fingerprints);
  return postings;
}

/* After a stop the lookup does not say whether it is worth while. */
static void parts_are_gone_through_until_a_stop(void)
{
  static const struct ngram_word word = {"a", 1};
  const char *path = file_make("parts", "a\t1\t1\t1\n", 8);
  struct ng_postings *postings = postings_of("a");
  struct ngram_count_options options;
  struct ngram_error error;
  struct ng_budget budget;

  ngram_count_options_init(&options);
  options.words = &word;
  options.word_count = 1;
  options.threads = 1;
  for (int stops = 0; stops < 2; stops++) {
    struct ng_lookup lookup;
    struct ng_request request;
    struct ng_row_queue queue;
    struct ng_pass pass;
    bool far;

    NOTE("stops %d", stops);
    ng_budget_init(&budget);
    CHECK_EQ(ng_request_init(&request, &options, &budget, &error), NGRAM_OK);
    CHECK(ng_row_queue_init(&queue, &budget, NG_ROW_COLUMNS_WORD));
    CHECK_EQ(ng_scan_open(&pass, path, &request, &queue.sink, &options, &error),
             NGRAM_OK);
    atomic_store(&pass.control.stop, stops == 1);
    CHECK_EQ(ng_lookup_open(&lookup, &pass, postings, NG_ROW_COLUMNS_WORD, &far,
                            &error),
             stops ? NGRAM_INTERRUPTED : NGRAM_OK);
    CHECK_EQ(far, !stops);
    ng_lookup_close(&lookup);
    ng_row_queue_free(&queue);
    ng_scan_close(&pass);
    ng_request_free(&request);
  }
  ng_postings_free(postings);
}

/* ------------------------------------------------------------------ time -- */

/* A call asks the host often. The best of some tries counts, because the
   machine may be busy. */
static void check_asked_often(bool (*ask)(const void *context,
                                          struct poller *poller),
                              const void *context)
{
  double longest = 1000;

  for (int i = 0; i < TEST_TRIES && longest >= TEST_QUICK_SECONDS; i++) {
    struct poller poller = {.last = test_seconds(), .thread = pthread_self()};

    CHECK(ask(context, &poller));
    if (test_seconds() - poller.last > poller.longest)
      poller.longest = test_seconds() - poller.last;
    if (poller.longest < longest)
      longest = poller.longest;
  }
  NOTE("asked every %.0f ms", 1000 * longest);
  CHECK(longest < TEST_QUICK_SECONDS);
}

static bool count_words_of(const void *context, struct poller *poller)
{
  struct ngram_count_options options = options_of(context);
  struct ngram_counts *counts;
  enum ngram_status status;

  options.poll = poll_host;
  options.poll_context = poller;
  status = ngram_count(file_path("listed"), &options, &counts, NULL);
  ngram_counts_free(counts);
  return status == NGRAM_OK;
}

static bool open_rows_of(const void *context, struct poller *poller)
{
  const struct list *list = context;
  struct ngram_rows_options options;
  struct ngram_rows *rows;
  enum ngram_status status;

  ngram_rows_options_init(&options);
  options.words = list->words;
  options.word_count = list->count;
  options.poll = poll_host;
  options.poll_context = poller;
  status = ngram_rows_open(file_path("listed"), &options, &rows, NULL);
  ngram_rows_close(rows, NULL);
  return status == NGRAM_OK;
}

static void long_lists_are_taken_in_100_ms(void)
{
  struct list list;

  file_make("listed", "a\t1\t1\t1\n", 8);
  list_make(&list, TEST_SANITIZED ? 500000 : 5000000);
  check_asked_often(count_words_of, &list);
  check_asked_often(open_rows_of, &list);
  list_free(&list);
}

/* Some KiB of a gzip file give many MiB of empty lines, none of which tells a
   layout. */
static void lines_without_a_layout_are_given_up_in_100_ms(void)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct bytes text = {.data = NULL};
  double quickest = 1000;

  bytes_fill(&text, '\n', TEST_SANITIZED ? 10000000 : 60000000);
  gzip_file_add(&file, text.data, text.size);
  file_make("lines.gz", file.bytes.data, file.bytes.size);
  for (int i = 0; i < TEST_TRIES && quickest >= TEST_QUICK_SECONDS; i++) {
    struct poller poller;
    struct ngram_count_options options = options_with(&poller, 1, 3);
    struct ngram_counts *counts;
    double began = test_seconds();

    options.on_error = NGRAM_ON_ERROR_SKIP;
    CHECK_EQ(count_cleanly(file_path("lines.gz"), &options, &counts),
             NGRAM_INTERRUPTED);
    if (test_seconds() - began < quickest)
      quickest = test_seconds() - began;
  }
  NOTE("%.0f ms", 1000 * quickest);
  CHECK(quickest < TEST_QUICK_SECONDS);
  bytes_free(&text);
  gzip_file_free(&file);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(kept_words_are_gone_through_until_a_stop),
      TEST(parts_are_gone_through_until_a_stop),
      TEST(long_lists_are_taken_in_100_ms),
      TEST(lines_without_a_layout_are_given_up_in_100_ms),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
