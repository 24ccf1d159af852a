/* SPDX-License-Identifier: MIT */
/*
 * A kept result that has spilled and cannot be read again fails once, and is
 * counted anew by the next who asks.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/result.h"
#include "engine/view.h"
#include "ngram.h"
#include "unit/answer.h"
#include "unit/cached.h"
#include "unit/failing_calls.h"
#include "unit/index_make.h"
#include "unit/limits.h"
#include "unit/test.h"

/* ---------------------------------------------------------------- damage -- */

/* Make what a result has spilled unreadable, as a broken disk would: cut it
   short, or overwrite it by what is no number. */
static void damage(const struct ng_spilled *spilled, bool cut)
{
  char bytes[4096];

  memset(bytes, 0xff, sizeof bytes);
  for (unsigned i = 0; i < spilled->worker_count; i++) {
    const struct ng_temp_file *file = &spilled->files[i];

    if (!file->is_open)
      continue;
    if (cut)
      CHECK_EQ((uint64_t)ftruncate(file->fd, 0), 0);
    for (uint64_t at = 0; !cut && at < file->size; at += sizeof bytes)
      CHECK(pwrite(file->fd, bytes, sizeof bytes, (off_t)at) > 0);
  }
}

/* Count with a cache; the counts are the caller's to free. */
static struct ngram_counts *
count_kept(const char *path, const struct ngram_count_options *options,
           int from_cache)
{
  struct ngram_error error = {.message = ""};
  struct ngram_counts *counts;

  CHECK_EQ(ngram_count(path, options, &counts, &error), NGRAM_OK);
  CHECK_STR(error.message, "");
  if (!counts)
    exit(1);
  CHECK_EQ((uint64_t)ngram_counts_stats(counts)->from_cache,
           (uint64_t)from_cache);
  CHECK(counts->result->spilled != NULL);
  return counts;
}

static void check_rows(struct ngram_counts *counts, uint64_t wanted)
{
  struct ngram_error error = {.message = ""};
  uint64_t rows = 0;

  CHECK_EQ(answer_hash_rows(counts, &rows, &error), NGRAM_OK);
  CHECK_EQ(rows, wanted);
  ngram_counts_free(counts);
}

static void check_damaged(const char *path,
                          const struct ngram_count_options *options, bool cut,
                          uint64_t wanted)
{
  struct ngram_error error = {.message = ""};
  struct ngram_counts *counts = count_kept(path, options, 1);
  uint64_t rows;

  NOTE("%s", cut ? "cut" : "overwritten");
  damage(counts->result->spilled, cut);
  CHECK(answer_hash_rows(counts, &rows, &error) != NGRAM_OK);
  ngram_counts_free(counts);
  check_rows(count_kept(path, options, 0), wanted);
  check_rows(count_kept(path, options, 1), wanted);
}

static void what_was_damaged_is_counted_anew(void)
{
  struct ngram_count_options options =
      limited_options(2, 0, (uint64_t)NGRAM_MEMORY_LIMIT_MIN);
  const char *path = make_words("spilled", 150000, false);
  struct answer wanted;

  settle();
  answer_of(path, &options, &wanted);
  options.cache = ngram_cache_create((uint64_t)1 << 30);
  check_rows(count_kept(path, &options, 0), wanted.rows);
  check_damaged(path, &options, true, wanted.rows);
  check_damaged(path, &options, false, wanted.rows);
  ngram_cache_free(options.cache);
}

/* ------------------------------------------------------ reads that fail -- */

/* What cannot be read back fails once, and is counted anew by the next. */
static void what_cannot_be_read_is_counted_anew(void)
{
#ifdef NG_TEST_FAULTS
  const char *path = make_words("spilled", 150000, false);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options =
      limited_options(1, 0, NGRAM_MEMORY_LIMIT_MIN);
  struct ngram_counts *counts;
  struct ngram_error error;
  struct ngram_row row;
  struct answer wanted;
  uint64_t index;

  settle();
  answer_of(path, &options, &wanted);
  CHECK(wanted.stats.spilled_bytes > 0);
  options.cache = cache;
  for (int i = 0; i < 3; i++) {
    NOTE("way %d", i);
    CHECK_EQ(ngram_count(path, &options, &counts, NULL), NGRAM_OK);
    CHECK_EQ(ngram_counts_stats(counts)->from_cache, i > 0);
    ngram_counts_free(counts);
    CHECK_EQ(ngram_count(path, &options, &counts, NULL), NGRAM_OK);
    CHECK_EQ(ngram_counts_stats(counts)->from_cache, 1);
    call_fail_after(CALL_READ, 0, EIO, true);
    CHECK_EQ(i == 0   ? ngram_counts_row(counts, 1000, &row, &error)
             : i == 1 ? ngram_counts_find(counts, "w1", 2, &index, &error)
                      : answer_hash_rows(counts, &index, &error),
             NGRAM_IO_ERROR);
    CHECK(call_fail_no_more(CALL_READ));
    ngram_counts_free(counts);
    CHECK_EQ(ngram_count(path, &options, &counts, NULL), NGRAM_OK);
    CHECK_EQ(ngram_counts_stats(counts)->from_cache, 0);
    CHECK_EQ(answer_hash_rows(counts, &index, &error), NGRAM_OK);
    CHECK_EQ(index, wanted.rows);
    ngram_counts_free(counts);
  }
  ngram_cache_free(cache);
#else
  test_skip("no system call can be made to fail here");
#endif
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(what_was_damaged_is_counted_anew),
      TEST(what_cannot_be_read_is_counted_anew),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
