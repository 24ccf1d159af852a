/* SPDX-License-Identifier: MIT */
/*
 * What the unit tests need of a framework.
 *
 * A test is a function named after the behaviour that it guards. A check that
 * fails prints where it stands, what was checked, the values, and the note
 * (what a loop was at), and gives false, so that a test may give up:
 *
 *     NOTE("size %zu", size);
 *     if (!CHECK_EQ(got, wanted))
 *       return;
 *
 * Random tests draw from random_next(), which begins anew for every test from
 * the seed that is printed at the start, as does the key of hashes; NGRAM_SEED
 * repeats it. An argument runs only the tests whose names contain it. Tests
 * whose names end with _in_100_ms want a quiet machine: --only-in-100-ms runs
 * these,
 * --but-in-100-ms all others. What is printed is TAP, the Test Anything
 * Protocol.
 */
#ifndef NG_TESTS_UNIT_TEST_H
#define NG_TESTS_UNIT_TEST_H

#include <dirent.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"

/* A machine may be busy: what has to be quick is tried some times, and one of
   them has to be. */
#define TEST_TRIES 5
#define TEST_QUICK_SECONDS (TEST_SANITIZED ? 1.0 : 0.1)

/* A program that failed so often has said enough. */
#define TEST_FAILURES_SHOWN 30

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TEST_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TEST_SANITIZED 1
#endif
#ifndef TEST_SANITIZED
#define TEST_SANITIZED 0
#endif

struct test {
  const char *name;
  void (*run)(void);
};

static struct {
  uint64_t seed;
  uint64_t random;
  unsigned failures;   /* checks of all tests */
  bool failed;         /* the test that runs */
  const char *skipped; /* why; NULL: it is not */
  char note[256];
} test_state;

#define COUNT(array) (sizeof(array) / sizeof *(array))
/* clang-format off */
#define TEST(function) {#function, function}
/* clang-format on */

/* --------------------------------------------------------------- checks -- */

#define CHECK(condition) test_check((condition), __FILE__, __LINE__, #condition)

/* Integers of any type. */
#define CHECK_EQ(got, wanted)                                                  \
  test_equal((uint64_t)(got), (uint64_t)(wanted), __FILE__, __LINE__,          \
             #got " == " #wanted)

#define CHECK_STR(got, wanted)                                                 \
  test_strings((got), (wanted), __FILE__, __LINE__, #got " == " #wanted)

/* Whether `text` contains `part`. */
#define CHECK_HAS(text, part)                                                  \
  test_has((text), (part), __FILE__, __LINE__, #text " has " #part)

#define CHECK_BYTES(got, got_size, wanted, wanted_size)                        \
  test_bytes((got), (got_size), (wanted), (wanted_size), __FILE__, __LINE__,   \
             #got " == " #wanted)

/* What the checks that follow are about. */
#define NOTE(...) snprintf(test_state.note, sizeof test_state.note, __VA_ARGS__)

__attribute__((format(printf, 4, 5))) static inline bool
test_fail(const char *file, int line, const char *expression,
          const char *format, ...)
{
  va_list arguments;

  test_state.failed = true;
  if (test_state.failures++ >= TEST_FAILURES_SHOWN)
    return false;
  printf("# %s:%d: %s: ", file, line, expression);
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  if (test_state.note[0])
    printf(" [%s]", test_state.note);
  printf("\n");
  fflush(stdout);
  return false;
}

static inline bool test_check(bool condition, const char *file, int line,
                              const char *expression)
{
  return condition || test_fail(file, line, expression, "is false");
}

static inline bool test_equal(uint64_t got, uint64_t wanted, const char *file,
                              int line, const char *expression)
{
  return got == wanted || test_fail(file, line, expression,
                                    "%" PRIi64 " (%#" PRIx64
                                    "), wanted %" PRIi64 " (%#" PRIx64 ")",
                                    (int64_t)got, got, (int64_t)wanted, wanted);
}

static inline bool test_strings(const char *got, const char *wanted,
                                const char *file, int line,
                                const char *expression)
{
  return strcmp(got, wanted) == 0 ||
         test_fail(file, line, expression, "\"%s\", wanted \"%s\"", got,
                   wanted);
}

static inline bool test_has(const char *text, const char *part,
                            const char *file, int line, const char *expression)
{
  return strstr(text, part) != NULL ||
         test_fail(file, line, expression, "\"%s\" has no \"%s\"", text, part);
}

static inline bool test_bytes(const void *got, size_t got_size,
                              const void *wanted, size_t wanted_size,
                              const char *file, int line,
                              const char *expression)
{
  const unsigned char *a = got;
  const unsigned char *b = wanted;
  size_t common = got_size < wanted_size ? got_size : wanted_size;
  size_t at = 0;

  if (got_size == wanted_size && (common == 0 || memcmp(a, b, common) == 0))
    return true;
  while (at < common && a[at] == b[at])
    at++;
  return test_fail(file, line, expression,
                   "%zu bytes, wanted %zu, the first difference at %zu",
                   got_size, wanted_size, at);
}

/* The test cannot run here. */
static inline void test_skip(const char *reason)
{
  test_state.skipped = reason;
}

/* --------------------------------------------------------------- random -- */

/* splitmix64 (Steele, Lea, Flood, 2014). */
static inline uint64_t random_next(void)
{
  uint64_t x = test_state.random += UINT64_C(0x9e3779b97f4a7c15);

  x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
  return x ^ x >> 31;
}

/* A number below `limit`; 0 below 0. */
static inline size_t random_below(size_t limit)
{
  return limit > 0 ? (size_t)(random_next() % limit) : 0;
}

/* True once in `times`. */
static inline bool random_once_in(size_t times)
{
  return random_below(times) == 0;
}

static inline void random_fill(void *memory, size_t size)
{
  unsigned char *p = memory;

  for (size_t i = 0; i < size; i++)
    p[i] = (unsigned char)random_next();
}

/* What is to be taken one in how many of: all, fewer under a sanitizer, which
   is slow, and where NGRAM_SHORT asks for it. */
static inline unsigned test_thinning(void)
{
  return TEST_SANITIZED ? 8 : getenv("NGRAM_SHORT") ? 2 : 1;
}

/* Whether one way that shows races stands for many: under a sanitizer, where
   NGRAM_SHORT asks for it. */
static inline bool test_is_thin(void)
{
  return TEST_SANITIZED && getenv("NGRAM_SHORT");
}

static inline unsigned test_rounds(unsigned rounds)
{
  unsigned thinning = test_thinning();

  return (rounds + thinning - 1) / thinning;
}

/* The next number of threads, of 1 to 8. */
static inline unsigned test_more_threads(unsigned threads)
{
  return threads + (test_is_thin() ? 3 : 1);
}

/* The next of a row of requests, to fail in turn: each of the first `dense`,
   then ever fewer, by chance. */
static inline long test_next(long number, long dense)
{
  long thinning = (long)test_thinning() * (test_is_thin() ? 4 : 1);
  long step = 1 + number * thinning / dense;

  return number + 1 + (long)random_below((size_t)(2 * step - 1));
}

/* --------------------------------------------------------------- process -- */

static inline double test_seconds(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline void test_sleep_ms(long ms)
{
  struct timespec time = {ms / 1000, ms % 1000 * 1000000};

  nanosleep(&time, NULL);
}

/* Memory, or the end of the program. */
static inline void *test_memory(size_t size)
{
  void *memory = malloc(size ? size : 1);

  if (!memory) {
    printf("out of memory\n");
    exit(1);
  }
  return memory;
}

/* How many entries a folder has, 0 where there is no such folder. */
static inline unsigned test_entries(const char *path)
{
  DIR *folder = opendir(path);
  unsigned count = 0;

  if (!folder)
    return 0;
  while (readdir(folder))
    count++;
  closedir(folder);
  return count;
}

/* Threads and open files of this process; 0 where nobody tells. */
static inline unsigned test_threads(void)
{
  return test_entries("/proc/self/task");
}

static inline unsigned test_open_files(void)
{
  return test_entries("/proc/self/fd");
}

/* Whether there are so many threads, after a moment at most: one that has been
   joined may still be listed. */
static inline bool test_threads_are(unsigned wanted)
{
  for (int i = 0; i < 500 && test_threads() != wanted; i++)
    test_sleep_ms(1);
  return test_threads() == wanted;
}

/* ------------------------------------------------------------------ main -- */

static inline void test_seed(void)
{
  const char *wish = getenv("NGRAM_SEED");
  struct timespec now;

  clock_gettime(CLOCK_REALTIME, &now);
  test_state.seed = wish ? strtoull(wish, NULL, 0)
                         : (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 20;
  printf("# NGRAM_SEED=%" PRIu64 "\n", test_state.seed);
  fflush(stdout);
}

static inline void *test_do_nothing(void *memory)
{
  return memory;
}

/* ThreadSanitizer makes a thread of its own beside the first one that is
   made. */
static inline void test_make_first_thread(void)
{
  pthread_t thread;

  if (pthread_create(&thread, NULL, test_do_nothing, NULL) == 0)
    pthread_join(thread, NULL);
}

/* No wish of the caller's environment changes what a test sees. */
static inline void test_clean_environment(void)
{
  unsetenv("NGRAM_DECODER");
  unsetenv("NGRAM_KERNEL");
  unsetenv("NGRAM_AHEAD");
  unsetenv("NGRAM_STRETCH");
  signal(SIGPIPE, SIG_IGN);
}

/* Whether the argument, if there is one, asks for the test. */
static inline bool test_is_wanted(const char *name, const char *wish)
{
  if (!wish)
    return true;
  if (strcmp(wish, "--only-in-100-ms") == 0)
    return strstr(name, "_in_100_ms") != NULL;
  if (strcmp(wish, "--but-in-100-ms") == 0)
    return strstr(name, "_in_100_ms") == NULL;
  return strstr(name, wish) != NULL;
}

static inline void test_run(const struct test *test, unsigned number)
{
  double began = test_seconds();

  test_state.random = test_state.seed;
  ng_hash_set_key(test_state.seed);
  test_state.failed = false;
  test_state.skipped = NULL;
  test_state.note[0] = '\0';
  test->run();
  printf("%s %u - %s # ", test_state.failed ? "not ok" : "ok", number,
         test->name);
  if (test_state.skipped && !test_state.failed)
    printf("SKIP %s\n", test_state.skipped);
  else
    printf("%.0f ms\n", 1000 * (test_seconds() - began));
  fflush(stdout);
}

/* Run the tests that the arguments ask for: the exit status of the program. */
static inline int test_main(const struct test *tests, size_t count, int argc,
                            char **argv)
{
  unsigned failed = 0;
  unsigned ran = 0;

  test_seed();
  test_clean_environment();
  test_make_first_thread();
  for (const struct test *test = tests; test < tests + count; test++) {
    if (!test_is_wanted(test->name, argc > 1 ? argv[1] : NULL))
      continue;
    test_run(test, ++ran);
    failed += test_state.failed;
  }
  printf("1..%u\n", ran);
  return failed > 0;
}

#endif
