/* SPDX-License-Identifier: MIT */
/*
 * The rows of a file once more, sorted by year, for whoever asks for the rows
 * of one year after the other (a LEFT JOIN or a correlated subquery by year):
 * every part of a file has rows of every year, so there are no parts to be left
 * out.
 *
 * They stand in a temporary file as segments, some hundred thousand rows that
 * follow each other in the file, and within a segment as runs: the rows of a
 * year, in their order. To read a year is to read its run of each segment. A
 * row takes its word and some 5 bytes.
 *
 * Threads: one at a time.
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

/* Make it of rows that are to come in segments of so many bytes, twice as many
   of which are held meanwhile; what stays in memory may be `limit_bytes`. Of
   the file system's room, half may be taken, and `used_bytes` are already. It
   belongs to its maker and to all who hold it. NULL: no memory, or no file. */
struct ng_by_year *ng_by_year_new(struct ng_budget *budget,
                                  size_t segment_bytes, uint64_t limit_bytes,
                                  uint64_t used_bytes);

/* Whether so many bytes of file may be taken. */
bool ng_by_year_has_room(const struct ng_by_year *by_year, uint64_t bytes);

/* The next rows, with all of their columns. False: they cannot be kept, for
   want of room or because they are odd. */
bool ng_by_year_add(struct ng_by_year *by_year,
                    const struct ngram_row_batch *batch);

/* A row had a year of more than four digits, or a word of more than 60,000
   bytes. */
bool ng_by_year_is_odd(const struct ng_by_year *by_year);

/* There are no more, all in this layout, and the budget may go. False as
   above. */
bool ng_by_year_end(struct ng_by_year *by_year, enum ng_layout layout);

/* NULL is allowed. */
void ng_by_year_release(struct ng_by_year *by_year);

/* What it takes in memory, and of file. */
uint64_t ng_by_year_bytes(const struct ng_by_year *by_year);
uint64_t ng_by_year_file_bytes(const struct ng_by_year *by_year);
/* Of the file that it was made of. */
uint64_t ng_by_year_rows(const struct ng_by_year *by_year);
enum ng_layout ng_by_year_layout(const struct ng_by_year *by_year);

/* ----------------------------------------------------------------- read -- */

/* Zeroed, it is closed. */
struct ng_by_year_reader {
  struct ng_by_year *by_year; /* held; NULL: closed */
  struct ng_budget *budget;   /* borrowed */
  int64_t year_from;          /* both included */
  int64_t year_to;
  size_t next; /* the run to be looked at */
  size_t runs; /* that were read */
  char *bytes; /* of a run */
  size_t capacity;
};

/* For the rows of these years: of one, or, the other way round, of none. To be
   closed. */
void ng_by_year_reader_open(struct ng_by_year_reader *reader,
                            struct ng_by_year *by_year,
                            struct ng_budget *budget, int64_t year_from,
                            int64_t year_to);
void ng_by_year_reader_close(struct ng_by_year_reader *reader);

/* The next rows into `rows`, which names the columns; *first is the number that
   theirs count from. No rows: there are no more. NGRAM_BAD_INPUT: the temporary
   file is not what was written. Makes no message. */
enum ngram_status ng_by_year_read(struct ng_by_year_reader *reader,
                                  struct ng_row_columns *rows, uint64_t *first);

#endif
