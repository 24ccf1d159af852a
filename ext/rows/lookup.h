/* SPDX-License-Identifier: MIT */
/*
 * A lookup reads the rows of a question without a pass over the whole file:
 * those parts that may hold the wanted words, as the postings say, or the rows
 * of a year, as they were sorted (rows/by_year.h). When these were made, the
 * file was read whole without an error, and its identity is still the same.
 *
 * Life: ng_lookup_open() or ng_lookup_open_year(), ng_lookup_next() until it
 * returns NULL, ng_lookup_close().
 *
 * Threads: one at a time. The caller does all of the work, because a part takes
 * only some milliseconds.
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

/* Closed if zeroed. */
struct ng_lookup {
  struct ng_pass *pass;           /* borrowed; NULL if closed */
  struct ng_reader *reader;       /* owned; NULL if there are no parts */
  struct ng_part *parts;          /* owned array; may hold the wanted words */
  struct ng_by_year_reader years; /* open if a year is read instead of parts */
  size_t part_count;
  size_t next;              /* index of the next part to read */
  char *memory;             /* owned, from the pass's budget: pad, text, pad */
  size_t capacity;          /* bytes of text in `memory` */
  uint64_t at;              /* the reader's offset in the text, if is_at */
  bool is_at;               /* the reader was positioned */
  uint64_t text_bytes;      /* of the parts that were read */
  uint64_t rows;            /* that were found */
  uint64_t file_rows;       /* of the whole file */
  enum ngram_status status; /* NGRAM_OK, or of the error; no row follows it */
  struct ng_batch batch;    /* the rows that ng_lookup_next() lends */
  struct ng_word_filter filter;
  struct ng_scanner scanner; /* for the file's layout, with `filter` */
};

/*
 * Look up the words of the question of an open pass, which is not planned yet;
 * this plans it. `columns` is a set of enum ng_row_columns_kept. `postings` are
 * borrowed for the call. If *far is set to true, decoding up to the parts would
 * take longer than a pass, or a part more memory than the limit allows. The
 * caller then closes the lookup and the pass, and runs another pass.
 *
 * The caller closes the lookup, whatever is returned, before the pass.
 */
enum ngram_status ng_lookup_open(struct ng_lookup *lookup, struct ng_pass *pass,
                                 const struct ng_postings *postings,
                                 unsigned columns, bool *far,
                                 struct ngram_error *error);

/* The same for the rows of the years of the question, out of `by_year`, of
   which the lookup holds a reference. */
enum ngram_status ng_lookup_open_year(struct ng_lookup *lookup,
                                      struct ng_pass *pass,
                                      struct ng_by_year *by_year,
                                      unsigned columns,
                                      struct ngram_error *error);

/*
 * Returns the rows of the next part that has any, borrowed until the next call;
 * or NULL if there are no more, or after an error, which is in lookup->status.
 * The text of each part is verified by its CRC-32 before its rows are returned.
 *
 * NGRAM_BAD_INPUT means that the text is not the one that was read before,
 * perhaps because a seek point is wrong. rows_file.c then reads the file by a
 * pass, and does not report it.
 */
struct ng_batch *ng_lookup_next(struct ng_lookup *lookup,
                                struct ngram_error *error);

/* Fill the statistics with what the lookup has read. */
void ng_lookup_fill_stats(const struct ng_lookup *lookup,
                          struct ngram_scan_stats *stats);

/* Free all that the lookup owns. A closed one is allowed. */
void ng_lookup_close(struct ng_lookup *lookup);

#endif
