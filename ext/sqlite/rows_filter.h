/* SPDX-License-Identifier: MIT */
/*
 * What a query over ngram_rows says of words and years, as the library wants
 * it. A filter may let more rows pass than the query, never fewer.
 */
#ifndef NG_SQLITE_ROWS_FILTER_H
#define NG_SQLITE_ROWS_FILTER_H

#include "sqlite/word_constraint.h"

/* Zero before it is read. */
struct ng_rows_filter {
  struct ng_word_constraint words;
  int64_t year_from;
  int64_t year_to;
};

/* Read what the plan hands over, behind the arguments. SQLITE_OK, or a code of
   SQLite. To be freed, whatever is returned. */
int ng_rows_filter_read(struct ng_rows_filter *filter, int plan,
                        sqlite3_value **values);

/* Leave rows of other years out, too; both are included. */
void ng_rows_filter_bound_years(struct ng_rows_filter *filter,
                                int64_t year_from, int64_t year_to);

/* Ask for these rows only. Words are lent to `options`. */
void ng_rows_filter_apply(struct ng_rows_filter *filter,
                          struct ngram_rows_options *options);

void ng_rows_filter_free(struct ng_rows_filter *filter);

#endif
