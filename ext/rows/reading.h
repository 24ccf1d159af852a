/* SPDX-License-Identifier: MIT */
/*
 * A reading gives the rows of a file, or of the files of a pattern, in order.
 *
 * Threads: one at a time uses a reading. Several readings may share a memory of
 * one connection, if one thread at a time uses them.
 */
#ifndef NG_ROWS_READING_H
#define NG_ROWS_READING_H

#include "ngram.h"
#include "rows/rows_state.h"

/* As ngram_rows_open(), ngram_rows_next() and ngram_rows_close() of ngram.h.
 *memory is copied; what it points to outlives the reading. */
enum ngram_status ng_reading_open(const char *path,
                                  const struct ngram_rows_options *options,
                                  const struct ng_rows_memory *memory,
                                  struct ngram_rows **rows,
                                  struct ngram_error *error);
enum ngram_status ng_reading_next(struct ngram_rows *rows,
                                  struct ngram_row_batch *batch,
                                  struct ngram_error *error);
void ng_reading_close(struct ngram_rows *rows, struct ngram_scan_stats *stats);

#endif
