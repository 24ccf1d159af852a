/* SPDX-License-Identifier: MIT */
/*
 * Tests of kept results that have spilled and cannot be read back: they fail
 * once, and the next count makes them anew.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "ngram.h"
#include "tally/result.h"
#include "tally/view.h"
#include "unit/answer.h"
#include "unit/cached.h"
#include "unit/failing_calls.h"
#include "unit/index_make.h"
#include "unit/limits.h"
#include "unit/test.h"

/* ---------------------------------------------------------------- damage -- */

/* What a broken disk, or another program, may do to a file. */
enum damage {
  DAMAGE_CUT,
  DAMAGE_OVERWRITTEN,
  DAMAGE_BIT,
  DAMAGE_ZEROS,
  DAMAGE_EXCHANGED,
  DAMAGES,
};

#define PAGE ((size_t)4096)
#define KEPT_WORDS 150000

static void read_at(int fd, void *bytes, size_t size, uint64_t at)
{
  CHECK_EQ(pread(fd, bytes, size, (off_t)at), (ssize_t)size);
}

static void write_at(int fd, const void *bytes, size_t size, uint64_t at)
{
  CHECK_EQ(pwrite(fd, bytes, size, (off_t)at), (ssize_t)size);
}

static void exchange_pages(int fd, uint64_t a, uint64_t b)
{
  char pages[2][PAGE];

  read_at(fd, pages[0], PAGE, a);
  read_at(fd, pages[1], PAGE, b);
  write_at(fd, pages[0], PAGE, b);
  write_at(fd, pages[1], PAGE, a);
}

static void damage_file(const struct ng_temp_file *file, enum damage how)
{
  uint64_t pages = file->size / PAGE;
  uint64_t at = random_below((size_t)(file->size - PAGE));
  char bytes[PAGE];

  memset(bytes, how == DAMAGE_OVERWRITTEN ? 0xff : 0, sizeof bytes);
  switch (how) {
  case DAMAGE_CUT:
    CHECK_EQ(ftruncate(file->fd, (off_t)at), 0);
    break;
  case DAMAGE_OVERWRITTEN:
    for (uint64_t page = 0; page < pages; page++)
      write_at(file->fd, bytes, PAGE, page * PAGE);
    break;
  case DAMAGE_BIT:
    read_at(file->fd, bytes, 1, at);
    bytes[0] ^= (char)(1 << random_below(8));
    write_at(file->fd, bytes, 1, at);
    break;
  case DAMAGE_ZEROS:
    write_at(file->fd, bytes, 100 + random_below(PAGE - 100), at);
    break;
  case DAMAGE_EXCHANGED:
    exchange_pages(file->fd, 0, (1 + random_below((size_t)pages - 1)) * PAGE);
    break;
  case DAMAGES:
    break;
  }
}

/* Damage one of the files that a result has spilled to. */
static void damage(const struct ng_spilled *spilled, enum damage how)
{
  unsigned i = 0;

  while (i < spilled->worker_count && spilled->files[i].size < 4 * PAGE)
    i++;
  CHECK(i < spilled->worker_count);
  if (i < spilled->worker_count)
    damage_file(&spilled->files[i], how);
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

/* Words have the positions that they had before the damage, or give an error.
 */
static void check_positions(struct ngram_counts *counts)
{
  uint64_t count = ngram_counts_size(counts);

  for (unsigned i = 0; i < 300; i++) {
    uint64_t position = random_below((size_t)count);
    struct ngram_row row;
    uint64_t found;
    char word[64];

    if (ngram_counts_row(counts, position, &row, NULL) != NGRAM_OK)
      continue;
    snprintf(word, sizeof word, "%.*s", (int)row.length, row.word);
    CHECK(strncmp(word, "word", 4) == 0);
    if (ngram_counts_find(counts, word, strlen(word), &found, NULL) == NGRAM_OK)
      CHECK_EQ(found, position);
  }
}

/* A cursor gives the rows that it gave before the damage, and then an error. */
static void check_cursor(struct ngram_counts *counts, int64_t total)
{
  enum ngram_status status;
  struct ngram_cursor_options options;
  struct ngram_cursor *cursor;
  struct ngram_row row;
  int64_t sum = 0;
  int more = 1;

  ngram_cursor_options_init(&options);
  options.order = NGRAM_BY_WORD;
  status = ngram_cursor_create(counts, &options, &cursor, NULL);
  while (status == NGRAM_OK && more) {
    status = ngram_cursor_next(cursor, &row, &more, NULL);
    sum += status == NGRAM_OK && more ? row.total : 0;
  }
  CHECK_EQ(status, NGRAM_IO_ERROR);
  CHECK(sum <= total);
  ngram_cursor_free(cursor);
}

static void check_damaged(const char *path,
                          const struct ngram_count_options *options,
                          enum damage how, uint64_t wanted)
{
  struct ngram_error error = {.message = ""};
  struct ngram_counts *counts = count_kept(path, options, 1);
  uint64_t rows;

  NOTE("damage %d", (int)how);
  damage(counts->result->spilled, how);
  check_positions(counts);
  check_cursor(counts, (int64_t)KEPT_WORDS * (KEPT_WORDS + 1) / 2);
  CHECK_EQ(answer_hash_rows(counts, &rows, &error), NGRAM_IO_ERROR);
  CHECK_HAS(error.message, "temporary file: ");
  ngram_counts_free(counts);
  check_rows(count_kept(path, options, 0), wanted);
  check_rows(count_kept(path, options, 1), wanted);
}

static void what_was_damaged_is_counted_anew(void)
{
  struct ngram_count_options options =
      limited_options(2, 0, (uint64_t)NGRAM_MEMORY_LIMIT_MIN);
  const char *path = make_words("spilled", KEPT_WORDS, false);
  struct answer wanted;

  settle();
  answer_of(path, &options, &wanted);
  options.cache = ngram_cache_create((uint64_t)1 << 30);
  check_rows(count_kept(path, &options, 0), wanted.rows);
  for (unsigned i = 0; i < 4 * DAMAGES && !test_state.failed; i++)
    check_damaged(path, &options, (enum damage)(i % DAMAGES), wanted.rows);
  ngram_cache_free(options.cache);
}

/* ------------------------------------------------------ reads that fail -- */

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
    NOTE("read %d", i);
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
