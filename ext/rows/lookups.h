/* SPDX-License-Identifier: MIT */
/*
 * What a cache knows of files in which words are looked up: a statement may ask
 * for the rows of one word after the other (a LEFT JOIN, a correlated
 * subquery), each time by a reading of its own.
 *
 * The first time a file is only read. Who asks for words of it again is likely
 * to go on, so then it is read once more for its postings, and from there on
 * only where they say. Where there can be none, because there is no room for
 * them or the file is bad, it is read each time.
 *
 * Single years are asked for in the same way, but to sort rows by year takes
 * some readings' time, so that waits until the file has been read as often, to
 * its end.
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
  NG_LOOKUPS_SCAN, /* read the file as any other: it is too early for more, or
                     there cannot be more */
  NG_LOOKUPS_MAKE, /* make postings, or sort it by year, and hand that in */
  NG_LOOKUPS_READ, /* that is there */
};

/* Zeroed, it is empty and ready. */
struct ng_lookups {
  struct ng_lru files;
};

/* Words of a file are asked for, which is read with `on_error`, and there is
   room for postings of so many bytes. *postings are borrowed until the next
   call. */
enum ng_lookups_answer ng_lookups_ask(struct ng_lookups *lookups,
                                      const struct ng_source_identity *file,
                                      enum ngram_on_error on_error,
                                      uint64_t room_bytes,
                                      const struct ng_postings **postings);

/* Hand in the postings, which are taken over; NULL: there can be none until
   there is more room than `room_bytes`; UINT64_MAX: never. */
void ng_lookups_keep(struct ng_lookups *lookups,
                     const struct ng_source_identity *file,
                     enum ngram_on_error on_error, uint64_t room_bytes,
                     struct ng_postings *postings);

/* The same for the rows of a year. If they are to be sorted, room is made for
   one more file of them. */
enum ng_lookups_answer
ng_lookups_ask_year(struct ng_lookups *lookups,
                    const struct ng_source_identity *file,
                    enum ngram_on_error on_error, struct ng_by_year **by_year);

/* The file has been read to its end and is good; perhaps for a year. */
void ng_lookups_note_scan(struct ng_lookups *lookups,
                          const struct ng_source_identity *file,
                          enum ngram_on_error on_error, bool for_a_year);

/* Whether that was noted: who asks for nothing need not read it for an error.
 */
bool ng_lookups_know_good(struct ng_lookups *lookups,
                          const struct ng_source_identity *file,
                          enum ngram_on_error on_error);

/* What the rows by year of all files take of file. */
uint64_t ng_lookups_by_year_bytes(const struct ng_lookups *lookups);

/* A holder is taken over. NULL: there can be none, for as many readings more,
   or never. */
void ng_lookups_keep_years(struct ng_lookups *lookups,
                           const struct ng_source_identity *file,
                           enum ngram_on_error on_error,
                           struct ng_by_year *by_year, bool never);

/* What an entry takes beside what it points to. */
#define NG_LOOKUPS_ENTRY_BYTES 256

/* Drop what was not asked for lately and does not fit the limit; how many bytes
   are left of it. */
uint64_t ng_lookups_trim(struct ng_lookups *lookups, uint64_t limit_bytes);

void ng_lookups_free(struct ng_lookups *lookups);

#endif
