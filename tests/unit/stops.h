/* SPDX-License-Identifier: MIT */
/*
 * Hosts that tell a count to stop, and files that last long enough for it:
 * whatever happens, no thread and no open file is left.
 */
#ifndef NG_TESTS_UNIT_STOPS_H
#define NG_TESTS_UNIT_STOPS_H

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "ngram.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/test.h"

/* One member, written many times. Its rows: word w0 to w999, a count of 1. */
#define MEMBER_WORDS 1000

#define MEMBER_ROWS 60000

/* So many that zlib decodes them for some 100 ms. */
#define MEMBERS (TEST_SANITIZED ? 24 : 60)

static inline const char *make_gzip_of(const char *name, unsigned members)
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

/* Every word's total, of a whole count. */
static inline void check_counts_of(struct ngram_counts *counts,
                                   unsigned members)
{
  struct ngram_row row;

  CHECK_EQ(ngram_counts_size(counts), MEMBER_WORDS);
  for (uint64_t i = 0; i < ngram_counts_size(counts); i++) {
    ngram_counts_row(counts, i, &row, NULL);
    CHECK_EQ(row.total, members * (MEMBER_ROWS / MEMBER_WORDS));
  }
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

static inline void *feed_rows(void *memory)
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

static inline void feeder_start(struct feeder *feeder, bool silent)
{
  feeder->path = file_make_fifo("fifo");
  /* Both ends: opening does not wait for a reader, nor writing for space. */
  feeder->fd = open(feeder->path, O_RDWR | O_NONBLOCK);
  feeder->silent = silent;
  atomic_init(&feeder->ended, false);
  pthread_create(&feeder->thread, NULL, feed_rows, feeder);
}

static inline void feeder_end(struct feeder *feeder)
{
  atomic_store(&feeder->ended, true);
  pthread_join(feeder->thread, NULL);
  close(feeder->fd);
}

struct poller {
  unsigned stop_at; /* the call that asks to stop, 0: none */
  unsigned calls;
  double asked_at; /* when it asked to stop */
  double last;
  double longest; /* between two calls */
  pthread_t thread;
};

static inline int poll_host(void *context)
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

static inline struct ngram_count_options
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

static inline const char *small_file_name(unsigned i)
{
  static char name[16];

  snprintf(name, sizeof name, "small-%05u", i);
  return name;
}

/* The files "small-00000" and so on, of one row each. */
static inline void small_files_make(void)
{
  for (unsigned i = 0; i < SMALL_FILES; i++)
    file_make(small_file_name(i), "a\t2000\t1\t1\n", 11);
}

static inline void small_files_remove(void)
{
  for (unsigned i = 0; i < SMALL_FILES; i++)
    unlink(file_path(small_file_name(i)));
}

/* Count, and see that nothing is left behind. */
static inline enum ngram_status
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

/* Stop counts of ever longer files by stop_some(), which says how many it
   stopped, until there is one: a short count is never asked. */
static inline void check_some_stop(unsigned stop_some(const char *path,
                                                      unsigned members))
{
  unsigned stopped = 0;

  for (unsigned members = MEMBERS; stopped == 0 && members < 100 * MEMBERS;
       members *= 2)
    stopped = stop_some(make_gzip_of("longer.gz", members), members);
  CHECK(stopped > 0);
}

/* Appends to the file when it is asked for the first time. */
static inline int append_once(void *context)
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

/* Enough different words for the table to grow and a second chunk of its
   arena. */
#define MANY_WORDS 20000

static inline void make_many_words(struct bytes *text)
{
  for (int i = 0; i < MANY_WORDS; i++)
    bytes_print(text, "a_rather_long_word_%d\t1900\t1\t1\n", i);
}

/* Count with the request number `request` failing. Returns whether one did. */
static inline bool check_failing_count(const char *path, unsigned threads,
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

#endif
