/* SPDX-License-Identifier: MIT */
/*
 * Rows of a text one by one: what a scanner fills in place of putting word
 * groups.
 *
 * They are stored by columns, so that a reader of one column reads 4 or 8 bytes
 * a row. A word is stored as its offset in the text, which has to outlive the
 * rows.
 *
 * Threads: one at a time.
 */
#ifndef NG_TEXT_ROW_COLUMNS_H
#define NG_TEXT_ROW_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"

/* The columns that are kept, as a set. */
enum ng_row_columns_kept {
  NG_ROW_COLUMNS_WORD = 1,
  NG_ROW_COLUMNS_YEAR = 2,
  NG_ROW_COLUMNS_MATCH_COUNT = 4,
  NG_ROW_COLUMNS_VOLUME_COUNT = 8,
  NG_ROW_COLUMNS_NUMBER = 16, /* else the numbers are 0, 1, 2, ... */
};

/* The rows that are wanted. */
struct ng_row_filter {
  /* NULL: all words are wanted; gets `context` */
  bool (*wants_word)(void *context, const char *word, size_t length);
  void *context;
  int32_t year_from; /* first and last year; the years have to be kept if not
                        all are wanted */
  int32_t year_to;
};

/* A pointer to a column that is not kept is NULL. */
struct ng_row_columns {
  struct ng_budget *budget; /* borrowed */
  unsigned columns;         /* a set of enum ng_row_columns_kept */
  const char *text; /* borrowed, set by the caller; word_at counts from it */
  size_t count;     /* of rows */
  size_t capacity;
  void *memory; /* owned, and cut into columns */
  int64_t *match_count;
  int64_t *volume_count;
  uint32_t *word_at;
  uint32_t *word_length; /* in bytes */
  int32_t *year;
  uint32_t *number; /* of the row among all good rows of the scan, wanted or
                       not, from 0 */
};

/* Begin without rows and memory. */
void ng_row_columns_init(struct ng_row_columns *rows, struct ng_budget *budget,
                         unsigned columns);
/* Free the memory; the rows are then as after ng_row_columns_init(). */
void ng_row_columns_free(struct ng_row_columns *rows);

/* Make room for `more` rows after those that are there. Returns false, and
   changes nothing, if the budget or memory runs out. */
bool ng_row_columns_reserve(struct ng_row_columns *rows, size_t more);

/* Drop the rows whose word the filter does not want; its years are not applied.
   If it has a wants_word, the words have to be among the columns that are
   kept. A scanner filters while it fills: this is for rows that were filled
   without one. */
void ng_row_columns_filter(struct ng_row_columns *rows,
                           const struct ng_row_filter *filter);

#endif
