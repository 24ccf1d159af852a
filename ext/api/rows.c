/* SPDX-License-Identifier: MIT */
/* ngram_rows_open() and the other calls for rows: a reading (rows/reading.h)
   that remembers files in the cache of its options. */
#include "api/cache.h"
#include "rows/reading.h"

enum ngram_status ngram_rows_open(const char *path,
                                  const struct ngram_rows_options *options,
                                  struct ngram_rows **rows,
                                  struct ngram_error *error)
{
  /* A struct of another version may end before its cache. */
  bool is_whole = options->size == sizeof *options;
  struct ng_rows_memory memory =
      ng_cache_rows_memory(is_whole ? options->cache : NULL);

  return ng_reading_open(path, options, &memory, rows, error);
}

enum ngram_status ngram_rows_next(struct ngram_rows *rows,
                                  struct ngram_row_batch *batch,
                                  struct ngram_error *error)
{
  return ng_reading_next(rows, batch, error);
}

void ngram_rows_close(struct ngram_rows *rows, struct ngram_scan_stats *stats)
{
  ng_reading_close(rows, stats);
}
