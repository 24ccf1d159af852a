/* SPDX-License-Identifier: MIT */
/*
 * What a cache remembers of files, so that rows can be looked up. A statement
 * may ask for the rows of one word after the other (a LEFT JOIN, a correlated
 * subquery), each time with a reading of its own (rows/reading.h).
 *
 * The first question for words of a file is answered by a pass over the file.
 * The second question makes a pass that builds postings, because more questions
 * are likely to follow. It and later ones read only the parts that the postings
 * give. If postings are impossible, for lack of room or because the file has an
 * error, each question is answered by a pass.
 *
 * Questions for one year are answered likewise, from rows that are sorted by
 * year (rows/by_year.h). Sorting takes the time of YEAR_SCANS passes
 * (lookups.c), so it waits until YEAR_SCANS passes for a year have read the
 * file to its end.
 *
 * A file is known by its identity and by on_error. An entry whose file has
 * changed is dropped when the file is asked for again.
 *
 * Threads: one at a time.
 */
#ifndef NG_ROWS_LOOKUPS_H
#define NG_ROWS_LOOKUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/lru.h"
#include "ngram.h"
#include "rows/by_year.h"
#include "rows/postings.h"
#include "source/source.h"

enum ng_lookups_answer {
  NG_LOOKUPS_SCAN, /* run a pass over the file */
  NG_LOOKUPS_MAKE, /* make postings, or sort by year, and hand that in */
  NG_LOOKUPS_READ, /* use the postings, or the rows by year, that are given */
};

/* Empty if zeroed. */
struct ng_lookups {
  struct ng_lru files; /* owns its entries; the file used last is the first */
};

/* Words of a file are asked for. Returns what to do; there is room for postings
   of `room_bytes`. For NG_LOOKUPS_READ *postings is set, borrowed until the
   next call of any function here. */
enum ng_lookups_answer ng_lookups_ask(struct ng_lookups *lookups,
                                      const struct ng_source_identity *file,
                                      enum ngram_on_error on_error,
                                      uint64_t room_bytes,
                                      const struct ng_postings **postings);

/* Hand in postings; takes ownership. NULL says that `room_bytes` were not
   enough for any, or, with UINT64_MAX, that there can never be any. */
void ng_lookups_keep(struct ng_lookups *lookups,
                     const struct ng_source_identity *file,
                     enum ngram_on_error on_error, uint64_t room_bytes,
                     struct ng_postings *postings);

/* A year of a file is asked for. As ng_lookups_ask(), with *by_year borrowed.
   NG_LOOKUPS_MAKE drops the rows by year of one file, if there are too many. */
enum ng_lookups_answer
ng_lookups_ask_year(struct ng_lookups *lookups,
                    const struct ng_source_identity *file,
                    enum ngram_on_error on_error, struct ng_by_year **by_year);

/* Note that a pass has read the file to its end without an error; `for_a_year`
   if the question was for a year. */
void ng_lookups_note_scan(struct ng_lookups *lookups,
                          const struct ng_source_identity *file,
                          enum ngram_on_error on_error, bool for_a_year);

/* Whether that was noted. A question that no row can answer needs no pass then,
   which could only find an error. */
bool ng_lookups_know_good(struct ng_lookups *lookups,
                          const struct ng_source_identity *file,
                          enum ngram_on_error on_error);

/* Returns the bytes that rows by year take in all temporary files. */
uint64_t ng_lookups_by_year_bytes(const struct ng_lookups *lookups);

/* Hand in rows by year; takes ownership of the caller's reference. NULL says
   that there are none: until YEAR_SCANS more passes are noted, or for
   good if `never`. */
void ng_lookups_keep_years(struct ng_lookups *lookups,
                           const struct ng_source_identity *file,
                           enum ngram_on_error on_error,
                           struct ng_by_year *by_year, bool never);

/* The bytes that an entry takes besides what it points to. */
#define NG_LOOKUPS_ENTRY_BYTES 256

/* Keep the entries used last as far as they fit `limit_bytes` of memory, and
   drop the others. Returns what is left of the limit. */
uint64_t ng_lookups_trim(struct ng_lookups *lookups, uint64_t limit_bytes);

/* Drop all entries. */
void ng_lookups_free(struct ng_lookups *lookups);

#endif
