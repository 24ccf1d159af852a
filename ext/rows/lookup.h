/* SPDX-License-Identifier: MIT */
/*
 * Read only those parts of a file that may hold some words, as its postings
 * say; or the rows of a year, which were sorted. The file was read whole and
 * found good when these were made, and is in the same state.
 *
 * All is done in the calling thread: a part takes some milliseconds.
 */
#ifndef NG_ROWS_LOOKUP_H
#define NG_ROWS_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rows/by_year.h"
#include "rows/postings.h"
#include "rows/row_queue.h"
#include "scan/scan.h"

/* Zeroed, it is closed. */
struct ng_lookup {
  struct ng_pass *pass;           /* borrowed; NULL: closed */
  struct ng_reader *reader;       /* owned */
  struct ng_part *parts;          /* owned */
  struct ng_by_year_reader years; /* open: there are no parts */
  size_t part_count;
  size_t next; /* the part to be read */
  char *memory;
  size_t capacity;     /* bytes of text */
  uint64_t at;         /* where the reader stands in the text */
  bool is_at;          /* it does */
  uint64_t text_bytes; /* that were read */
  uint64_t rows;
  uint64_t file_rows; /* all of the file */
  enum ngram_status status;
  struct ng_batch batch; /* of the part read last */
  struct ng_word_filter filter;
  struct ng_scanner scanner; /* in the layout of the file, by the filter */
};

/*
 * Ready an open pass, which is not set up yet, to look up its words. *far: to
 * get to the parts would take longer than to read the file, or more memory;
 * nothing was done.
 * To be closed, whatever is returned.
 */
enum ngram_status ng_lookup_open(struct ng_lookup *lookup, struct ng_pass *pass,
                                 const struct ng_postings *postings,
                                 unsigned columns, bool *far,
                                 struct ngram_error *error);

/* The same for the rows of its years, which are those of `by_year`. */
enum ngram_status ng_lookup_open_year(struct ng_lookup *lookup,
                                      struct ng_pass *pass,
                                      struct ng_by_year *by_year,
                                      unsigned columns,
                                      struct ngram_error *error);

/*
 * Rows of the next part that has any, borrowed until the next call. NULL: there
 * are no more, or an error, in lookup->status. The text of each part is proven
 * by its CRC-32. NGRAM_BAD_INPUT is for nobody to see: the text is not the one
 * that was read before, perhaps because a seek point is wrong.
 */
struct ng_batch *ng_lookup_next(struct ng_lookup *lookup,
                                struct ngram_error *error);

/* What was read. */
void ng_lookup_fill_stats(const struct ng_lookup *lookup,
                          struct ngram_scan_stats *stats);

void ng_lookup_close(struct ng_lookup *lookup);

#endif
