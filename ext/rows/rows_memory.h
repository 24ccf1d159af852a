/* SPDX-License-Identifier: MIT */
/*
 * What a reading asks of, and hands in to, the memory of its connection.
 *
 * Threads: the caller's, while no worker runs. The file of the reading is open.
 */
#ifndef NG_ROWS_ROWS_MEMORY_H
#define NG_ROWS_ROWS_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "rows/by_year.h"
#include "rows/lookups.h"
#include "rows/postings.h"
#include "rows/rows_state.h"

/* What a lookup reads by: one of the two, borrowed. */
struct ng_rows_memory_known {
  const struct ng_postings *postings;
  struct ng_by_year *by_year;
};

/* Choose how to read the open file. *known is set for NG_LOOKUPS_READ. */
enum ng_lookups_answer ng_rows_memory_ask(struct ngram_rows *rows,
                                          struct ng_rows_memory_known *known);

/* Whether the question is for few words, which postings may answer. */
bool ng_rows_memory_asks_for_words(const struct ngram_rows *rows);

/* Bytes that may be kept of what is made of the file: half of what may be
   remembered in all, and a quarter of the memory limit at most. */
uint64_t ng_rows_memory_room(const struct ngram_rows *rows);

/* Hand in the postings of the file; takes ownership. NULL says that there can
   be none until there is more room than `room` bytes, or never if `room` is
   UINT64_MAX. */
void ng_rows_memory_keep_postings(struct ngram_rows *rows,
                                  struct ng_postings *postings, uint64_t room);

/* Hand in the rows of the file by year; takes ownership of the caller's
   reference. NULL says that there are none: until YEAR_SCANS more passes
   (lookups.c), or for good if `never`. */
void ng_rows_memory_keep_years(struct ngram_rows *rows,
                               struct ng_by_year *by_year, bool never);

/* Note that a pass has read the file to its end without an error. */
void ng_rows_memory_note_scan(const struct ngram_rows *rows);

#endif
