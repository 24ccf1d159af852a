/* SPDX-License-Identifier: MIT */
/* Compares a whole count, errors and statistics included, with a naive one. */
#ifndef NG_TESTS_UNIT_COUNT_CHECK_H
#define NG_TESTS_UNIT_COUNT_CHECK_H

#include "base/hash.h"
#include "ngram.h"
#include "unit/files.h"
#include "unit/naive_count.h"
#include "unit/test.h"

static inline void check_counted_row(const struct ngram_row *row,
                                     unsigned columns, struct naive_map *map)
{
  const struct ng_sums *wanted = naive_find(map, row->word, row->length);

  CHECK(wanted != NULL);
  if (!wanted)
    return;
  CHECK_EQ(row->total, wanted->total);
  CHECK_EQ(row->volumes, columns & NGRAM_VOLUMES ? wanted->volumes : 0);
  CHECK_EQ(row->row_count, columns & NGRAM_ROW_COUNT ? wanted->row_count : 0);
  CHECK_EQ(row->first_year, columns & NGRAM_YEARS ? wanted->first_year : 0);
  CHECK_EQ(row->last_year, columns & NGRAM_YEARS ? wanted->last_year : 0);
}

/* Each word once, in the one order that a set of words has. */
static inline void check_counts(struct ngram_counts *counts, unsigned columns,
                                struct naive_count *wanted)
{
  uint64_t size = ngram_counts_size(counts);
  struct ngram_row last = {.word = NULL};

  if (!CHECK_EQ(size, naive_words(&wanted->map)))
    return;
  for (uint64_t i = 0; i < size && !test_state.failed; i++) {
    struct ngram_row row;
    uint32_t tag;

    ngram_counts_row(counts, i, &row, NULL);
    check_counted_row(&row, columns, &wanted->map);
    tag = ng_hash_word(row.word, row.length);
    if (last.word && ng_hash_word(last.word, last.length) == tag)
      CHECK(naive_compare(last.word, last.length, row.word, row.length) < 0);
    else if (last.word)
      CHECK(ng_hash_word(last.word, last.length) < tag);
    last = row;
  }
}

static inline void check_stats(const struct ngram_scan_stats *stats,
                               const struct ngram_count_options *options,
                               const struct naive_input *input,
                               struct naive_count *wanted)
{
  uint64_t chunk_size = options->chunk_size;

  CHECK_EQ(stats->rows, wanted->rows);
  CHECK_EQ(stats->skipped, wanted->skipped);
  CHECK_EQ(stats->words, naive_words(&wanted->map));
  CHECK_EQ(stats->text_bytes, input->size);
  CHECK(stats->threads >= 1);
  CHECK(options->threads == 0 || stats->threads <= options->threads);
  if (chunk_size)
    CHECK_EQ(stats->chunks,
             wanted->lines / chunk_size + (wanted->lines % chunk_size > 0));
  CHECK_EQ(stats->spilled_bytes, 0);
  CHECK(stats->seconds >= 0);
}

/* Count the file, and compare all with what the naive count gives. */
static inline void compare_count(const struct naive_input *input,
                                 const struct ngram_count_options *options,
                                 struct naive_count *wanted)
{
  struct ngram_counts *counts = (struct ngram_counts *)(void *)wanted;
  struct ngram_error error = {.status = NGRAM_OK};
  enum ngram_status status = ngram_count(input->path, options, &counts, &error);

  CHECK_EQ(error.status, status);
  if (!CHECK_EQ(status, wanted->status) || status != NGRAM_OK) {
    CHECK_STR(error.message, wanted->error.message);
    CHECK(status == NGRAM_OK || counts == NULL);
  } else {
    check_counts(counts, options->columns, wanted);
    check_stats(ngram_counts_stats(counts), options, input, wanted);
  }
  ngram_counts_free(counts);
}

/* The same, and nothing is left behind. */
static inline void check_count(const struct naive_input *input,
                               const struct ngram_count_options *options,
                               struct naive_count *wanted)
{
  unsigned threads = test_threads();
  unsigned files = test_open_files();

  compare_count(input, options, wanted);
  CHECK_EQ(test_open_files(), files);
  CHECK(test_threads_are(threads));
}

/* Count a text as a plain file and as a stream, with one and two threads. */
static inline void check_text(const char *text, size_t size,
                              const struct ngram_count_options *asked)
{
  struct naive_input input = {.text = text, .size = size};
  struct ngram_count_options options = *asked;
  struct naive_count wanted;

  input.path = file_make("text", text, size);
  naive_count(&input, &options, &wanted);
  for (options.threads = 1; options.threads <= 2; options.threads++)
    for (options.chunk_size = 0; options.chunk_size < 4;
         options.chunk_size += 2)
      check_count(&input, &options, &wanted);
  naive_count_free(&wanted);
}

#endif
