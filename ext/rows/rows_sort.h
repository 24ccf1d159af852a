/* SPDX-License-Identifier: MIT */
/*
 * Sorts all rows of the current file of a reading by year.
 *
 * Threads: one, that of the reading.
 */
#ifndef NG_ROWS_ROWS_SORT_H
#define NG_ROWS_ROWS_SORT_H

#include "rows/by_year.h"
#include "rows/rows_state.h"

/* Whether the memory limit leaves room for sorting. */
bool ng_rows_sort_fits(const struct ngram_rows *rows);

/* The functions of a reading (reading.h) of one file, even if its path looks
   like a pattern. Given as an argument, because reading.c includes this header.
 */
struct ng_rows_sort_reader {
  enum ngram_status (*open)(const char *path,
                            const struct ngram_rows_options *options,
                            struct ngram_rows **rows,
                            struct ngram_error *error);
  enum ngram_status (*next)(struct ngram_rows *rows,
                            struct ngram_row_batch *batch,
                            struct ngram_error *error);
  void (*close)(struct ngram_rows *rows, struct ngram_scan_stats *stats);
};

/* Sort the rows of the file, which is open and not read yet, by a second
   reading of it. What stays in memory takes at most `room_bytes`. *by_year is a
   reference that the caller owns, or NULL if the rows cannot be sorted: for
   now, or never, as *never tells. An error of the file is not reported here;
   the pass that reads the file instead meets it. Returns NGRAM_OK or
   NGRAM_INTERRUPTED. */
enum ngram_status ng_rows_sort(struct ngram_rows *rows,
                               const struct ng_rows_sort_reader *reader,
                               uint64_t room_bytes, struct ng_by_year **by_year,
                               bool *never);

#endif
