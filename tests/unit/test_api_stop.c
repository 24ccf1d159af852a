/* SPDX-License-Identifier: MIT */
/*
 * Tests of counts that end early: stopped by the host, short of memory or
 * threads, or of a file that changes. In each case no thread and no open file
 * is left.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/time.h>

#include "ngram.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/stops.h"
#include "unit/test.h"

/* ------------------------------------------------------------------ input --
 */

static const char *make_long_gzip(void)
{
  static char path[1500];

  if (!path[0])
    snprintf(path, sizeof path, "%s", make_gzip_of("long.gz", MEMBERS));
  return path;
}

static void check_long_counts(struct ngram_counts *counts)
{
  check_counts_of(counts, MEMBERS);
}

/* ------------------------------------------------------------------- poll --
 */

/* Stop at the first question, at the second, and so on, until the count ends
   before that question. */
static void count_stops_at_any_question(void)
{
  static const unsigned threads[] = {1, 2, 8};
  const char *path = make_long_gzip();

  setenv("NGRAM_DECODER", "zlib", 1);
  for (size_t t = 0; t < COUNT(threads); t++) {
    enum ngram_status status = NGRAM_INTERRUPTED;
    unsigned stop_at;

    for (stop_at = 1; status == NGRAM_INTERRUPTED && stop_at < 1000;
         stop_at += 1 + stop_at / 3) {
      struct poller poller;
      struct ngram_count_options options =
          options_with(&poller, threads[t], stop_at);
      struct ngram_counts *counts;

      NOTE("%u threads, question %u", threads[t], stop_at);
      status = count_cleanly(path, &options, &counts);
      if (status == NGRAM_OK)
        check_long_counts(counts);
      else
        CHECK_EQ(status, NGRAM_INTERRUPTED);
      CHECK_EQ(poller.calls >= stop_at, status == NGRAM_INTERRUPTED);
      ngram_counts_free(counts);
    }
    CHECK_EQ(status, NGRAM_OK);
    CHECK(stop_at > 1); /* the host was asked */
  }
  unsetenv("NGRAM_DECODER");
}

static void check_fifo_stops(bool silent, unsigned threads)
{
  double quickest = 1000;
  double longest = 1000;

  for (int i = 0; i < TEST_TRIES && (quickest >= TEST_QUICK_SECONDS ||
                                     longest >= TEST_QUICK_SECONDS);
       i++) {
    struct poller poller;
    struct ngram_count_options options = options_with(&poller, threads, 2);
    struct ngram_counts *counts;
    struct feeder feeder;
    double seconds;

    feeder_start(&feeder, silent);
    poller.last = test_seconds();
    CHECK_EQ(count_cleanly(feeder.path, &options, &counts), NGRAM_INTERRUPTED);
    seconds = test_seconds() - poller.asked_at;
    if (seconds < quickest)
      quickest = seconds;
    if (poller.longest < longest)
      longest = poller.longest;
    feeder_end(&feeder);
  }
  NOTE("%u threads, %s: %.0f ms, asked every %.0f ms", threads,
       silent ? "silent" : "feeding", 1000 * quickest, 1000 * longest);
  CHECK(quickest < TEST_QUICK_SECONDS);
  CHECK(longest < TEST_QUICK_SECONDS);
}

static void endless_fifo_is_given_up_in_100_ms(void)
{
  static const unsigned threads[] = {1, 2, 8};

  for (size_t t = 0; t < COUNT(threads); t++) {
    check_fifo_stops(false, threads[t]);
    check_fifo_stops(true, threads[t]);
  }
}

/* ----------------------------------------------------------------- change --
 */

static void file_that_grows_is_told(void)
{
  const char *path = make_long_gzip();
  size_t size = 0;
  FILE *file = fopen(path, "rb");

  fseek(file, 0, SEEK_END);
  size = (size_t)ftell(file);
  fclose(file);
  setenv("NGRAM_DECODER", "zlib", 1);
  for (unsigned threads = 1; threads <= 4; threads *= 2) {
    const char *to_change = path;
    struct ngram_count_options options;
    struct ngram_counts *counts;

    NOTE("%u threads", threads);
    ngram_count_options_init(&options);
    options.threads = threads;
    options.poll = append_once;
    options.poll_context = &to_change;
    CHECK_EQ(count_cleanly(path, &options, &counts), NGRAM_CHANGED);
    CHECK(to_change == NULL);
    ngram_counts_free(counts);
    CHECK_EQ(truncate(path, (off_t)size), 0);
  }
  unsetenv("NGRAM_DECODER");
}

struct toucher {
  const char *path;
  atomic_bool ended;
};

static void *touch_again_and_again(void *memory)
{
  struct toucher *toucher = memory;

  while (!atomic_load(&toucher->ended)) {
    utimes(toucher->path, NULL);
    test_sleep_ms(1);
  }
  return NULL;
}

/* The times of a plain file are changed all the time: a count gives the right
   result or NGRAM_CHANGED, and at least one count gives that. */
static void plain_file_that_is_touched_is_told(void)
{
  struct bytes text = {.data = NULL};
  struct toucher toucher;
  unsigned changed = 0;
  pthread_t thread;

  for (int i = 0; i < 400000; i++)
    bytes_print(&text, "w%d\t1900\t1\t1\n", i % MEMBER_WORDS);
  toucher.path = file_make("touched", text.data, text.size);
  atomic_init(&toucher.ended, false);
  pthread_create(&thread, NULL, touch_again_and_again, &toucher);
  for (unsigned i = 0; i < 200 && (i < 6 || changed == 0); i++) {
    struct ngram_count_options options;
    struct ngram_counts *counts;
    enum ngram_status status;

    ngram_count_options_init(&options);
    options.threads = 1 + i % 3;
    status = ngram_count(toucher.path, &options, &counts, NULL);
    CHECK(status == NGRAM_OK || status == NGRAM_CHANGED);
    changed += status == NGRAM_CHANGED;
    if (status == NGRAM_OK)
      CHECK_EQ(ngram_counts_size(counts), MEMBER_WORDS);
    ngram_counts_free(counts);
  }
  atomic_store(&toucher.ended, true);
  pthread_join(thread, NULL);
  CHECK(changed > 0);
  bytes_free(&text);
}

/* ----------------------------------------------------------------- memory --
 */

/* The first request for memory fails, then the second, and so on: the count
   gives NGRAM_NO_MEMORY, or the right result by fewer threads. */
static void lack_of_memory_is_told_wherever_it_comes(void)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct bytes text = {.data = NULL};
  const char *paths[3];
  long request;

  if (!MEMORY_CAN_FAIL) {
    test_skip("memory cannot be made to fail here");
    return;
  }
  make_many_words(&text);
  gzip_file_add(&file, text.data, text.size);
  paths[0] = file_make("lack", text.data, text.size);
  paths[1] = file_make("lack.gz", file.bytes.data, file.bytes.size);
  paths[2] = file_path("lack*"); /* both */
  for (unsigned i = 0; i < 18; i += test_is_thin() ? 5 : 1) {
    const char *path = paths[i % 3];
    unsigned threads = 1 + i / 6;

    /* Make first what a process makes only once. */
    check_failing_count(path, threads, -1, false);
    for (request = 0; check_failing_count(path, threads, request, i / 3 % 2) &&
                      request < 2000;)
      request = test_next(request, 1000);
    NOTE("%s, %u threads", path, threads);
    CHECK(request > 20);
    CHECK(request < 2000);
  }
  bytes_free(&text);
  gzip_file_free(&file);
}

/* ------------------------------------------------------------------ many -- */

static void *count_long_gzip(void *memory)
{
  struct ngram_count_options options;
  struct ngram_counts *counts;

  ngram_count_options_init(&options);
  options.threads = 2;
  if (ngram_count(memory, &options, &counts, NULL) == NGRAM_OK)
    check_long_counts(counts);
  else
    CHECK(false);
  ngram_counts_free(counts);
  return NULL;
}

static void many_threads_may_count_at_once(void)
{
  char *path = (char *)(uintptr_t)make_long_gzip();
  unsigned before = test_threads();
  pthread_t threads[3];

  for (size_t i = 0; i < COUNT(threads); i++)
    pthread_create(&threads[i], NULL, count_long_gzip, path);
  for (size_t i = 0; i < COUNT(threads); i++)
    pthread_join(threads[i], NULL);
  CHECK(test_threads_are(before));
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(count_stops_at_any_question),
      TEST(endless_fifo_is_given_up_in_100_ms),
      TEST(file_that_grows_is_told),
      TEST(plain_file_that_is_touched_is_told),
      TEST(lack_of_memory_is_told_wherever_it_comes),
      TEST(many_threads_may_count_at_once),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
