/* SPDX-License-Identifier: MIT */
/*
 * The filter that a query over ngram_rows puts on words and years, read from
 * xFilter's argv and given to the C API. It may let more rows pass than the
 * query, never fewer.
 */
#ifndef NG_SQLITE_ROWS_FILTER_H
#define NG_SQLITE_ROWS_FILTER_H

#include "sqlite/word_constraint.h"

/* All zero before it is read, but for words.watch. */
struct ng_rows_filter {
  struct ng_word_constraint words;
  int64_t year_from; /* both included */
  int64_t year_to;
};

/* Read what the plan says from `values`, which is argv after the arguments.
   Returns as ng_word_constraint_read(). Free the filter whatever is
   returned. */
int ng_rows_filter_read(struct ng_rows_filter *filter, int plan,
                        sqlite3_value **values);

/* Narrow the filter to these years, both included. */
void ng_rows_filter_bound_years(struct ng_rows_filter *filter,
                                int64_t year_from, int64_t year_to);

/* Set the options that select rows. They borrow from the filter. */
void ng_rows_filter_apply(struct ng_rows_filter *filter,
                          struct ngram_rows_options *options);

void ng_rows_filter_free(struct ng_rows_filter *filter);

#endif
