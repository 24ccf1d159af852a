/* SPDX-License-Identifier: MIT */
/*
 * The rows of a file once more, sorted by year, in a temporary file. It serves
 * statements that ask for the rows of one year after the other (a LEFT JOIN or
 * a correlated subquery by year). Postings are of no use to them, because every
 * part of a file has rows of every year.
 *
 * The temporary file is a sequence of segments, each made of some hundred
 * thousand consecutive rows of the source file. Within a segment, the rows of a
 * year are a run, in the order of the source file. To read a year is to read
 * its run of each segment. A row takes its word and some 5 bytes.
 *
 * Life: ng_by_year_new(), ng_by_year_add() for all rows in order,
 * ng_by_year_end(), any number of readers, ng_by_year_release().
 *
 * Threads: one at a time uses the struct and all of its readers.
 */
#ifndef NG_ROWS_BY_YEAR_H
#define NG_ROWS_BY_YEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "ngram.h"
#include "text/line.h"
#include "text/row_columns.h"

/* ----------------------------------------------------------------- make -- */

struct ng_by_year;

/* Begin to make it, in segments of `segment_bytes`. Until ng_by_year_end() it
   holds two segments from `budget`; the list of runs, which stays in memory,
   may take `limit_bytes`. All such files together, of which the others take
   `used_bytes`, may take half of the room that the file system has for them.
   The caller has one reference, each open reader another. Returns NULL if there
   is no memory or no temporary file. */
struct ng_by_year *ng_by_year_new(struct ng_budget *budget,
                                  size_t segment_bytes, uint64_t limit_bytes,
                                  uint64_t used_bytes);

/* Whether the file may grow to `bytes`. */
bool ng_by_year_has_room(const struct ng_by_year *by_year, uint64_t bytes);

/* Add the next rows, which have all columns. Returns false if a row cannot be
   kept, for lack of room or because it is odd; release the struct then. */
bool ng_by_year_add(struct ng_by_year *by_year,
                    const struct ngram_row_batch *batch);

/* Whether a row was odd: it had a year outside 0 to 9999, or a word of more
   than 60,000 bytes. The file can never be sorted by year then. */
bool ng_by_year_is_odd(const struct ng_by_year *by_year);

/* All rows were added; their file has this layout. Gives all memory back to the
   budget, which is not used after this. Returns false for lack of room; release
   the struct then. */
bool ng_by_year_end(struct ng_by_year *by_year, enum ng_layout layout);

/* Drop a reference; the last one frees the struct and its file. NULL is
   allowed. */
void ng_by_year_release(struct ng_by_year *by_year);

/* The bytes that it takes in memory, and in its file. */
uint64_t ng_by_year_bytes(const struct ng_by_year *by_year);
uint64_t ng_by_year_file_bytes(const struct ng_by_year *by_year);
/* The number of rows and the layout of the source file. */
uint64_t ng_by_year_rows(const struct ng_by_year *by_year);
enum ng_layout ng_by_year_layout(const struct ng_by_year *by_year);

/* ----------------------------------------------------------------- read -- */

/* Reads the runs of some years, one after the other. Closed if zeroed. */
struct ng_by_year_reader {
  struct ng_by_year *by_year; /* a reference; NULL if closed */
  struct ng_budget *budget;   /* borrowed */
  int64_t year_from;          /* both included */
  int64_t year_to;
  size_t next; /* index of the next run to consider */
  size_t runs; /* number of runs that were read */
  char *bytes; /* owned, from the budget: the run that was read last */
  size_t capacity;
};

/* Open a reader of the rows of the years from `year_from` to `year_to`, none if
   `year_from` is greater. The caller closes it. */
void ng_by_year_reader_open(struct ng_by_year_reader *reader,
                            struct ng_by_year *by_year,
                            struct ng_budget *budget, int64_t year_from,
                            int64_t year_to);
void ng_by_year_reader_close(struct ng_by_year_reader *reader);

/* Read the rows of the next run into the columns that `rows` names. Row numbers
   in `rows` count from *first, a number in the source file; words are borrowed
   until the next call. rows->count is 0 when there are no more.
   Returns NGRAM_OK, NGRAM_NO_MEMORY, or NGRAM_BAD_INPUT if the temporary file
   is not as it was written. Makes no message. */
enum ngram_status ng_by_year_read(struct ng_by_year_reader *reader,
                                  struct ng_row_columns *rows, uint64_t *first);

#endif
