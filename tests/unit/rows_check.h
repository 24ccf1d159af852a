/* SPDX-License-Identifier: MIT */
/* Rows of the public functions, compared with those of a naive reader. */
#ifndef NG_TESTS_UNIT_ROWS_CHECK_H
#define NG_TESTS_UNIT_ROWS_CHECK_H

#include <string.h>

#include "ngram.h"
#include "unit/naive_count.h"
#include "unit/test.h"

/* The same question, as a count asks it. */
static inline struct ngram_count_options
as_count_options(const struct ngram_rows_options *options)
{
  struct ngram_count_options same;

  ngram_count_options_init(&same);
  same.year_from = options->year_from;
  same.year_to = options->year_to;
  same.tags = options->tags;
  same.on_error = options->on_error;
  same.words = options->words;
  same.word_count = options->word_count;
  same.word_from = options->word_from;
  same.word_to = options->word_to;
  return same;
}

static inline uint64_t batch_position(const struct ngram_row_batch *batch,
                                      size_t i)
{
  return batch->first + (batch->number ? batch->number[i] : i);
}

static inline void check_row(const struct ngram_row_batch *batch, size_t i,
                             unsigned columns, const struct naive_row *wanted)
{
  if (columns & NGRAM_ROWS_WORD)
    CHECK_BYTES(batch->text + batch->word_at[i], batch->word_length[i],
                wanted->row.word, wanted->row.word_length);
  if (columns & NGRAM_ROWS_YEAR)
    CHECK_EQ(batch->year[i], wanted->row.year);
  if (columns & NGRAM_ROWS_MATCH_COUNT)
    CHECK_EQ(batch->match_count[i], wanted->row.match_count);
  if (columns & NGRAM_ROWS_VOLUME_COUNT)
    CHECK_EQ(batch->volume_count[i], wanted->row.volume_count);
  CHECK_EQ(batch_position(batch, i), wanted->number);
}

/* The rows of a batch are those of the list from *at on. */
static inline void check_batch_rows(const struct ngram_row_batch *batch,
                                    unsigned columns,
                                    const struct naive_rows *list, size_t *at)
{
  for (size_t i = 0; i < batch->count && !test_state.failed; i++, ++*at)
    if (CHECK(*at < naive_rows_count(list)))
      check_row(batch, i, columns, naive_rows_at(list, *at));
}

/* Take all rows; returns how it ended. */
static inline enum ngram_status take_rows(struct ngram_rows *rows,
                                          unsigned columns,
                                          const struct naive_rows *list,
                                          struct ngram_error *error)
{
  struct ngram_row_batch batch;
  enum ngram_status status;
  size_t at = 0;

  do {
    status = ngram_rows_next(rows, &batch, error);
    CHECK(status == NGRAM_OK || batch.count == 0);
    check_batch_rows(&batch, columns, list, &at);
  } while (status == NGRAM_OK && batch.count > 0 && !test_state.failed);
  CHECK_EQ(at, naive_rows_count(list));
  return status;
}

/* The file's rows and how they end, and what is said of them. */
static inline void compare_rows(const struct naive_input *input,
                                const struct ngram_rows_options *options,
                                struct ngram_scan_stats *stats)
{
  struct ngram_count_options same = as_count_options(options);
  struct naive_rows list = {.list = {.data = NULL}};
  struct ngram_error error = {.status = NGRAM_OK};
  struct naive_count wanted;
  struct ngram_rows *rows;
  enum ngram_status status;

  naive_count_or_list(input, &same, &wanted, &list);
  if (CHECK_EQ(ngram_rows_open(input->path, options, &rows, &error),
               NGRAM_OK)) {
    status = take_rows(rows, options->columns, &list, &error);
    CHECK_EQ(status, wanted.status);
    if (status != NGRAM_OK)
      CHECK_STR(error.message, wanted.error.message);
  }
  ngram_rows_close(rows, stats);
  if (wanted.status == NGRAM_OK && strcmp(stats->strategy, "lookup") == 0) {
    CHECK(stats->rows >= naive_rows_count(&list));
    CHECK(stats->text_bytes <= input->size);
  } else if (wanted.status == NGRAM_OK) {
    CHECK_EQ(stats->rows, wanted.rows);
    CHECK_EQ(stats->skipped, wanted.skipped);
    CHECK_EQ(stats->text_bytes, input->size);
  }
  naive_count_free(&wanted);
  naive_rows_free(&list);
}

/* The same, and nothing is left behind. */
static inline void check_rows(const struct naive_input *input,
                              const struct ngram_rows_options *options,
                              struct ngram_scan_stats *stats)
{
  unsigned threads = test_threads();
  unsigned files = test_open_files();

  compare_rows(input, options, stats);
  CHECK_EQ(test_open_files(), files);
  CHECK(test_threads_are(threads));
}

#endif
