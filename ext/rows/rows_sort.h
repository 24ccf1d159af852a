/* SPDX-License-Identifier: MIT */
/* All rows of a file by year, whatever of them is asked for. */
#ifndef NG_ROWS_ROWS_SORT_H
#define NG_ROWS_ROWS_SORT_H

#include "rows/by_year.h"
#include "rows/rows_state.h"

/* Whether the memory limit leaves room for that. */
bool ng_rows_sort_fits(const struct ngram_rows *rows);

/* Opens the rows of one file, whatever pattern its path looks like. */
typedef enum ngram_status
ng_rows_sort_open_fn(const char *path, const struct ngram_rows_options *options,
                     struct ngram_rows **rows, struct ngram_error *error);

/* Read the file that is open and has not been read yet, and sort its rows, so
   that `room_bytes` of memory are kept, beside those of other such
   files. *by_year is the caller's, or NULL: it cannot be, now or *never, and
   what is wrong with the file is met by the caller that reads it. NGRAM_OK or
   NGRAM_INTERRUPTED. */
enum ngram_status ng_rows_sort(struct ngram_rows *rows,
                               ng_rows_sort_open_fn *open, uint64_t room_bytes,
                               struct ng_by_year **by_year, bool *never);

#endif
