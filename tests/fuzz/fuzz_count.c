/* SPDX-License-Identifier: MIT */
/*
 * fuzz_count.c - any bytes as a file: no crash, no leak, and one answer.
 *
 * The first byte of the input says how to scan, the rest is the file. The file
 * is counted twice, in the calling thread and by three workers with a chunk
 * size of 1 to 64 rows: the status, the message and the rows must be the same,
 * as ngram.h promises. (libFuzzer, `cmake --preset fuzz`.)
 */
#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "fuzz/fuzz_file.h"
#include "ngram.h"

static void compare(struct ngram_counts *one, struct ngram_counts *other)
{
  struct ngram_row a, b;

  must(ngram_counts_size(one) == ngram_counts_size(other), "number of rows");
  for (uint64_t i = 0; i < ngram_counts_size(one); i++) {
    ngram_counts_row(one, i, &a, NULL);
    ngram_counts_row(other, i, &b, NULL);
    must(a.length == b.length && memcmp(a.word, b.word, a.length) == 0, "word");
    must(a.total == b.total && a.volumes == b.volumes, "sums");
    must(a.row_count == b.row_count && a.first_year == b.first_year &&
             a.last_year == b.last_year,
         "rows or years");
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct ngram_count_options options;
  struct ngram_error error[2] = {{.status = NGRAM_OK}, {.status = NGRAM_OK}};
  struct ngram_counts *counts[2];
  enum ngram_status status[2];

  if (size == 0)
    return 0;
  ng_hash_set_key(size); /* an input is counted alike each time */
  write_file(data + 1, size - 1);
  ngram_count_options_init(&options);
  options.on_error = data[0] & 1 ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL;
  options.columns =
      data[0] & 2 ? NGRAM_VOLUMES | NGRAM_YEARS | NGRAM_ROW_COUNT : 0;
  options.threads = 1;
  status[0] = ngram_count(path, &options, &counts[0], &error[0]);
  options.threads = 3;
  options.chunk_size = 1 + (data[0] >> 2);
  status[1] = ngram_count(path, &options, &counts[1], &error[1]);

  must(status[0] == status[1], "status");
  must(strcmp(error[0].message, error[1].message) == 0, "message");
  if (status[0] == NGRAM_OK)
    compare(counts[0], counts[1]);
  ngram_counts_free(counts[0]);
  ngram_counts_free(counts[1]);
  return 0;
}
