/* SPDX-License-Identifier: MIT */
/*
 * Tests of counts that end early, for test_engine.c: stopped by the host,
 * short of memory or threads, over a file that changes. Whatever happens, no
 * thread and no open file is left.
 */
#ifndef NG_TESTS_UNIT_STOP_TESTS_H
#define NG_TESTS_UNIT_STOP_TESTS_H

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/time.h>

#include "ngram.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/test.h"

/* ------------------------------------------------------------------ input --
 */

/* One member, written many times. Its rows: word w0 to w999, a count of 1. */
#define MEMBER_WORDS 1000
#define MEMBER_ROWS 60000
/* So many that zlib decodes them for some 100 ms. */
#define MEMBERS (TEST_SANITIZED ? 24 : 60)

static const char *make_gzip_of(const char *name, unsigned members)
{
  struct bytes text = {.data = NULL};
  struct bytes file = {.data = NULL};
  const char *path;
  size_t member;

  for (int i = 0; i < MEMBER_ROWS; i++)
    bytes_print(&text, "w%d\t%d\t1\t%d\n", i % MEMBER_WORDS, 1900 + i % 100,
                i * 7919 % 10000);
  add_gzip_header(&file, 0);
  add_deflate(&file, text.data, text.size, 1, 0);
  bytes_add_number(&file, crc32(0, text.data, (uInt)text.size), 4);
  bytes_add_number(&file, text.size, 4);
  member = file.size;
  for (unsigned i = 1; i < members; i++) {
    bytes_reserve(&file, member);
    bytes_add(&file, file.data, member);
  }
  path = file_make(name, file.data, file.size);
  bytes_free(&text);
  bytes_free(&file);
  return path;
}

static const char *make_long_gzip(void)
{
  static char path[1500];

  if (!path[0])
    snprintf(path, sizeof path, "%s", make_gzip_of("long.gz", MEMBERS));
  return path;
}

/* Every word's total, of a whole count. */
static void check_counts_of(struct ngram_counts *counts, unsigned members)
{
  struct ngram_row row;

  CHECK_EQ(ngram_counts_size(counts), MEMBER_WORDS);
  for (uint64_t i = 0; i < ngram_counts_size(counts); i++) {
    ngram_counts_row(counts, i, &row, NULL);
    CHECK_EQ(row.total, members * (MEMBER_ROWS / MEMBER_WORDS));
  }
}

static void check_long_counts(struct ngram_counts *counts)
{
  check_counts_of(counts, MEMBERS);
}

/* A FIFO that a thread feeds rows to, with pauses, until it is told to end or
   nobody reads. */
struct feeder {
  const char *path;
  int fd;
  pthread_t thread;
  atomic_bool ended;
  bool silent;
};

static void *feed_rows(void *memory)
{
  static const char rows[] = "a\t1\t1\t1\nb\t1\t1\t1\nc\t1\t1\t1\n";
  struct feeder *feeder = memory;

  while (!atomic_load(&feeder->ended)) {
    test_sleep_ms(1);
    if (!feeder->silent && write(feeder->fd, rows, sizeof rows - 1) < 0)
      test_sleep_ms(1); /* the pipe is full */
  }
  return NULL;
}

static void feeder_start(struct feeder *feeder, bool silent)
{
  feeder->path = file_make_fifo("fifo");
  /* Both ends: opening does not wait for a reader, nor writing for space. */
  feeder->fd = open(feeder->path, O_RDWR | O_NONBLOCK);
  feeder->silent = silent;
  atomic_init(&feeder->ended, false);
  pthread_create(&feeder->thread, NULL, feed_rows, feeder);
}

static void feeder_end(struct feeder *feeder)
{
  atomic_store(&feeder->ended, true);
  pthread_join(feeder->thread, NULL);
  close(feeder->fd);
}

/* ------------------------------------------------------------------- poll --
 */

struct poller {
  unsigned stop_at; /* the call that asks to stop, 0: none */
  unsigned calls;
  double asked_at; /* when it asked to stop */
  double last;
  double longest; /* between two calls */
  pthread_t thread;
};

static int poll_host(void *context)
{
  struct poller *poller = context;
  double now = test_seconds();

  CHECK(pthread_equal(pthread_self(), poller->thread));
  if (now - poller->last > poller->longest)
    poller->longest = now - poller->last;
  poller->last = now;
  CHECK(poller->stop_at == 0 || poller->calls < poller->stop_at);
  if (++poller->calls == poller->stop_at) {
    poller->asked_at = now;
    return 1;
  }
  return 0;
}

static struct ngram_count_options
options_with(struct poller *poller, unsigned threads, unsigned stop_at)
{
  struct ngram_count_options options;

  *poller = (struct poller){
      .stop_at = stop_at, .last = test_seconds(), .thread = pthread_self()};
  ngram_count_options_init(&options);
  options.threads = threads;
  options.poll = poll_host;
  options.poll_context = poller;
  return options;
}

#define SMALL_FILES 12000
/* So long nobody may go without asking the host. */
#define ASKED_SECONDS 0.05

static const char *small_file_name(unsigned i)
{
  static char name[16];

  snprintf(name, sizeof name, "small-%05u", i);
  return name;
}

/* The files "small-00000" and so on, of one row each. */
static void small_files_make(void)
{
  for (unsigned i = 0; i < SMALL_FILES; i++)
    file_make(small_file_name(i), "a\t2000\t1\t1\n", 11);
}

static void small_files_remove(void)
{
  for (unsigned i = 0; i < SMALL_FILES; i++)
    unlink(file_path(small_file_name(i)));
}

/* Count, and see that nothing is left behind. */
static enum ngram_status
count_cleanly(const char *path, const struct ngram_count_options *options,
              struct ngram_counts **counts)
{
  struct ngram_error error = {.status = NGRAM_OK};
  unsigned threads = test_threads();
  unsigned files = test_open_files();
  enum ngram_status status = ngram_count(path, options, counts, &error);

  CHECK_EQ(error.status, status);
  CHECK_EQ(status == NGRAM_OK, *counts != NULL);
  CHECK_EQ(test_open_files(), files);
  CHECK(test_threads_are(threads));
  if (status == NGRAM_INTERRUPTED)
    CHECK_STR(error.message, "interrupted");
  return status;
}

/* Stop at the first, second, third ... question, until there are fewer. */
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
    CHECK(stop_at > 1); /* was asked at all */
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

/* Stop counts of ever longer files by stop_some(), which says how many it
   stopped, until there is one: a short count is never asked. */
static void check_some_stop(unsigned stop_some(const char *path,
                                               unsigned members))
{
  unsigned stopped = 0;

  for (unsigned members = MEMBERS; stopped == 0 && members < 100 * MEMBERS;
       members *= 2)
    stopped = stop_some(make_gzip_of("longer.gz", members), members);
  CHECK(stopped > 0);
}

/* ----------------------------------------------------------------- change --
 */

/* Appends to the file when it is asked for the first time. */
static int append_once(void *context)
{
  const char **path = context;

  if (*path) {
    int fd = open(*path, O_WRONLY | O_APPEND);

    CHECK_EQ(write(fd, "x", 1), 1);
    close(fd);
    *path = NULL;
  }
  return 0;
}

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

/* A plain file, read in stretches, that is written to all the time: the right
   result or a word of the change, and that at least once. */
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

/* Enough different words for the table to grow and a second chunk of its
   arena. */
#define MANY_WORDS 20000

static void make_many_words(struct bytes *text)
{
  for (int i = 0; i < MANY_WORDS; i++)
    bytes_print(text, "a_rather_long_word_%d\t1900\t1\t1\n", i);
}

/* Count with the request number `request` failing. Returns whether one did. */
static bool check_failing_count(const char *path, unsigned threads,
                                long request, bool and_on)
{
  unsigned files = test_open_files();
  unsigned before = test_threads();
  struct ngram_count_options options;
  struct ngram_counts *counts;
  enum ngram_status status;
  bool failed;

  NOTE("%s, %u threads, request %ld%s", path, threads, request,
       and_on ? " and on" : "");
  ngram_count_options_init(&options);
  options.threads = threads;
  options.columns = (unsigned)request % 8;
  memory_fail_after(request, and_on);
  status = ngram_count(path, &options, &counts, NULL);
  failed = memory_fail_no_more();
  CHECK(status == NGRAM_OK || (failed && status == NGRAM_NO_MEMORY));
  CHECK_EQ(status == NGRAM_OK, counts != NULL);
  if (counts)
    CHECK_EQ(ngram_counts_size(counts), MANY_WORDS);
  ngram_counts_free(counts);
  CHECK_EQ(test_open_files(), files);
  CHECK(test_threads_are(before));
  return failed;
}

/* The first request for memory fails, then the second, and so on: no memory,
   or the right result by fewer threads. */
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
  for (unsigned i = 0; i < 18; i++) {
    const char *path = paths[i % 3];
    unsigned threads = 1 + i / 6;

    /* What is made only once is made by now. */
    check_failing_count(path, threads, -1, false);
    for (request = 0; check_failing_count(path, threads, request, i / 3 % 2) &&
                      request < 1000;)
      request++;
    NOTE("%s, %u threads", path, threads);
    CHECK(request > 20);
    CHECK(request < 1000);
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

#define STOP_TESTS                                                             \
  TEST(count_stops_at_any_question), TEST(endless_fifo_is_given_up_in_100_ms), \
      TEST(file_that_grows_is_told), TEST(plain_file_that_is_touched_is_told), \
      TEST(lack_of_memory_is_told_wherever_it_comes),                          \
      TEST(many_threads_may_count_at_once)

#endif
