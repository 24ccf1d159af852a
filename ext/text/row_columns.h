/* SPDX-License-Identifier: MIT */
/*
 * Rows of a text one by one, as they stand: what a scanner fills that is not
 * to add them up.
 *
 * They are kept by columns. Whoever reads one column meets 4 or 8 bytes a row,
 * and a word is named by its place in the text, which has to outlive the rows.
 *
 * Threads: one at a time.
 */
#ifndef NG_TEXT_ROW_COLUMNS_H
#define NG_TEXT_ROW_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"

/* The columns that are kept, a set; pointers to others are NULL. */
enum ng_row_columns_kept {
  NG_ROW_COLUMNS_WORD = 1,
  NG_ROW_COLUMNS_YEAR = 2,
  NG_ROW_COLUMNS_MATCH_COUNT = 4,
  NG_ROW_COLUMNS_VOLUME_COUNT = 8,
  NG_ROW_COLUMNS_NUMBER = 16, /* else the numbers are 0, 1, 2, ... */
};

/* Which rows are wanted. */
struct ng_row_filter {
  bool (*wants_word)(void *context, const char *word, size_t length);
  /* NULL: any word is */
  void *context;
  int32_t
      year_from; /* both included; where years are not kept, all are wanted */
  int32_t year_to;
};

struct ng_row_columns {
  struct ng_budget *budget; /* borrowed */
  unsigned columns;
  const char *text; /* borrowed; places count from here */
  size_t count;
  size_t capacity;
  void *memory; /* owned, and cut into columns */
  int64_t *match_count;
  int64_t *volume_count;
  uint32_t *word_at;
  uint32_t *word_length;
  int32_t *year;
  uint32_t *number; /* of the row among those that the scan read, from 0 on,
                       wanted or not */
};

/* No rows, and no memory yet. */
void ng_row_columns_init(struct ng_row_columns *rows, struct ng_budget *budget,
                         unsigned columns);
void ng_row_columns_free(struct ng_row_columns *rows);

/* Make room for `more` rows behind those that are there. False: no memory. */
bool ng_row_columns_reserve(struct ng_row_columns *rows, size_t more);

/* Leave only rows of words that the filter wants, in their order, if it asks
   for words. Those are kept then. */
void ng_row_columns_filter(struct ng_row_columns *rows,
                           const struct ng_row_filter *filter);

#endif
