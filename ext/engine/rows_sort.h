/* SPDX-License-Identifier: MIT */
/* All rows of a file by year, whatever of them is asked for. */
#ifndef NG_ENGINE_ROWS_SORT_H
#define NG_ENGINE_ROWS_SORT_H

#include "engine/rows_file.h"

/* Whether the memory limit leaves room for that. */
bool ng_rows_can_sort(const struct ngram_rows *rows);

/* Read the file that is open and has not been read yet, and sort its rows, so
   that `room_bytes` of memory are kept, beside `used_bytes` of other such
   files. *by_year is the caller's, or NULL: it cannot be, now or *never, and
   what is wrong with the file is met by who reads it. NGRAM_OK or
   NGRAM_INTERRUPTED. */
enum ngram_status ng_rows_sort(struct ngram_rows *rows, uint64_t room_bytes,
                               uint64_t used_bytes, struct ng_by_year **by_year,
                               bool *never);

#endif
