/* SPDX-License-Identifier: MIT */
/* What a count gives, to be compared with what another way gives. */
#ifndef NG_TESTS_UNIT_ANSWER_H
#define NG_TESTS_UNIT_ANSWER_H

#include "ngram.h"
#include "unit/test.h"

struct answer {
  enum ngram_status status;
  char message[4608]; /* empty: no error */
  uint64_t rows;      /* all of them, in their order, as one number */
  struct ngram_scan_stats stats;
};

#define ANSWER_COLUMNS (NGRAM_VOLUMES | NGRAM_YEARS | NGRAM_ROW_COUNT)

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo). */
static inline uint64_t answer_hash(uint64_t hash, const void *bytes,
                                   size_t size)
{
  const unsigned char *p = bytes;

  for (size_t i = 0; i < size; i++)
    hash = (hash ^ p[i]) * 0x100000001b3u;
  return hash;
}

static inline uint64_t answer_hash_number(uint64_t hash, int64_t number)
{
  for (unsigned shift = 0; shift < 64; shift += 8)
    hash = (hash ^ ((uint64_t)number >> shift & 0xff)) * 0x100000001b3u;
  return hash;
}

/* Returns how it ended; *result: all rows as one number. */
static inline enum ngram_status answer_hash_rows(struct ngram_counts *counts,
                                                 uint64_t *result,
                                                 struct ngram_error *error)
{
  uint64_t hash = 0xcbf29ce484222325u;

  for (uint64_t i = 0; i < ngram_counts_size(counts); i++) {
    struct ngram_row row;

    if (ngram_counts_row(counts, i, &row, error) != NGRAM_OK)
      return error->status;
    hash = answer_hash(hash, row.word, row.length);
    hash = answer_hash_number(hash, (int64_t)row.length);
    hash = answer_hash_number(hash, row.total);
    hash = answer_hash_number(hash, row.volumes);
    hash = answer_hash_number(hash, row.row_count);
    hash = answer_hash_number(hash, row.first_year);
    hash = answer_hash_number(hash, row.last_year);
  }
  *result = hash;
  return NGRAM_OK;
}

/* Count; no file is left open. */
static inline void answer_of(const char *path,
                             const struct ngram_count_options *options,
                             struct answer *answer)
{
  struct ngram_error error = {.status = NGRAM_OK};
  unsigned files = test_open_files();
  struct ngram_counts *counts;

  *answer = (struct answer){.rows = 0};
  answer->status = ngram_count(path, options, &counts, &error);
  CHECK_EQ(error.status, answer->status);
  CHECK_EQ(answer->status == NGRAM_OK, counts != NULL);
  if (counts) {
    answer->status = answer_hash_rows(counts, &answer->rows, &error);
    answer->stats = *ngram_counts_stats(counts);
    ngram_counts_free(counts);
  } else {
    answer->stats.strategy = "none";
  }
  if (answer->status != NGRAM_OK)
    snprintf(answer->message, sizeof answer->message, "%s", error.message);
  CHECK_EQ(test_open_files(), files);
}

static inline struct ngram_count_options
answer_options(unsigned threads, struct ngram_index *index)
{
  struct ngram_count_options options;

  ngram_count_options_init(&options);
  options.threads = threads;
  options.columns = ANSWER_COLUMNS;
  options.index = index;
  return options;
}

/* What one worker gives, who decodes in order and knows no seek points. */
static inline void answer_of_one(const char *path, struct answer *answer)
{
  struct ngram_count_options options = answer_options(1, NULL);

  answer_of(path, &options, answer);
}

/* How the work was shared is not compared. */
static inline bool check_same(const struct answer *got,
                              const struct answer *wanted)
{
  bool ok = CHECK_EQ(got->status, wanted->status);

  ok &= CHECK_STR(got->message, wanted->message);
  ok &= CHECK_EQ(got->rows, wanted->rows);
  ok &= CHECK_EQ(got->stats.rows, wanted->stats.rows);
  ok &= CHECK_EQ(got->stats.skipped, wanted->stats.skipped);
  ok &= CHECK_EQ(got->stats.words, wanted->stats.words);
  ok &= CHECK_EQ(got->stats.text_bytes, wanted->stats.text_bytes);
  return ok &
         CHECK_EQ(got->stats.compressed_bytes, wanted->stats.compressed_bytes);
}

#endif
