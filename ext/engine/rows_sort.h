/* SPDX-License-Identifier: MIT */
/* All rows of a file by year, whatever of them is asked for. */
#ifndef NG_ENGINE_ROWS_SORT_H
#define NG_ENGINE_ROWS_SORT_H

#include "engine/rows_file.h"

/* Read the file that is open and has not been read yet, and sort its rows, so
   that `room_bytes` of memory are kept; *by_year is the caller's, or NULL: it
   cannot be, and why is met by who reads the file. False: told to stop. */
bool ng_rows_sort(struct ngram_rows *rows, uint64_t room_bytes,
                  struct ng_by_year **by_year);

#endif
