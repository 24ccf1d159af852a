/* SPDX-License-Identifier: MIT */
/*
 * fuzz_rows.c - any bytes as a file: its rows are the same by one worker and by
 * three, and end as a count of it does.
 *
 * The first byte of the input says how to read, the rest is the file. Rows,
 * their positions, and the error behind them must be the same for every number
 * of threads; ngram_count() must give the same error, or totals whose sum is
 * that of the rows. (libFuzzer, `cmake --preset fuzz`.)
 */
#include <stdint.h>
#include <string.h>

#include "fuzz/fuzz_file.h"
#include "ngram.h"

/* What was read: all rows in their order, as one number, and how it ended. */
struct answer {
  enum ngram_status status;
  struct ngram_error error;
  uint64_t rows;
  uint64_t hash;
  uint64_t sum; /* modulo 2^64 */
};

static void mix(struct answer *answer, const void *bytes, size_t size)
{
  const unsigned char *p = bytes;

  for (size_t i = 0; i < size; i++)
    answer->hash = (answer->hash ^ p[i]) * 0x100000001b3u;
}

static void take(struct answer *answer, const struct ngram_row_batch *batch)
{
  for (size_t i = 0; i < batch->count; i++) {
    uint64_t position = batch->first + (batch->number ? batch->number[i] : i);

    mix(answer, batch->text + batch->word_at[i], batch->word_length[i]);
    mix(answer, &batch->year[i], sizeof batch->year[i]);
    mix(answer, &batch->match_count[i], sizeof batch->match_count[i]);
    mix(answer, &batch->volume_count[i], sizeof batch->volume_count[i]);
    mix(answer, &position, sizeof position);
    answer->sum += (uint64_t)batch->match_count[i];
  }
  answer->rows += batch->count;
}

static void read_rows(const struct ngram_rows_options *options,
                      struct answer *answer)
{
  struct ngram_row_batch batch = {.count = 1};
  struct ngram_rows *rows;

  *answer = (struct answer){.status = NGRAM_OK};
  answer->status = ngram_rows_open(path, options, &rows, &answer->error);
  while (answer->status == NGRAM_OK && batch.count > 0) {
    answer->status = ngram_rows_next(rows, &batch, &answer->error);
    take(answer, &batch);
  }
  ngram_rows_close(rows, NULL);
}

/* A sum that overflows is a count's own error. */
static void compare_count(const struct answer *answer,
                          const struct ngram_rows_options *rows)
{
  struct ngram_count_options options;
  struct ngram_error error = {.status = NGRAM_OK};
  struct ngram_counts *counts;
  enum ngram_status status;
  uint64_t sum = 0;

  ngram_count_options_init(&options);
  options.on_error = rows->on_error;
  options.tags = rows->tags;
  options.threads = 1;
  status = ngram_count(path, &options, &counts, &error);
  if (status == NGRAM_OVERFLOW)
    return;
  must(status == answer->status, "status of a count");
  must(strcmp(error.message, answer->error.message) == 0, "message of a count");
  for (uint64_t i = 0; counts && i < ngram_counts_size(counts); i++) {
    struct ngram_row row;

    ngram_counts_row(counts, i, &row, NULL);
    sum += (uint64_t)row.total;
  }
  must(!counts || sum == answer->sum, "sum");
  ngram_counts_free(counts);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
  (void)argc;
  (void)argv;
  setenv("NGRAM_STRETCH", "1024", 1); /* small files are worth all workers */
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct ngram_rows_options options;
  struct answer one;
  struct answer many;

  if (size == 0)
    return 0;
  write_file(data + 1, size - 1);
  ngram_rows_options_init(&options);
  options.on_error = data[0] & 1 ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL;
  if (data[0] & 2)
    options.year_from = 1900;
  options.tags = (enum ngram_tags)(data[0] >> 2 & 3);
  options.threads = 1;
  read_rows(&options, &one);
  options.threads = 3;
  read_rows(&options, &many);
  must(one.status == many.status, "status");
  must(strcmp(one.error.message, many.error.message) == 0, "message");
  must(one.rows == many.rows && one.hash == many.hash, "rows");
  if (options.year_from < 1900)
    compare_count(&one, &options);
  return 0;
}
