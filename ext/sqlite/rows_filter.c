/* SPDX-License-Identifier: MIT */
/*
 * How values of SQL become bounds of years. SQLite compares them as it does
 * with an INTEGER column: a number as it is, a text perhaps as a number,
 * depending on where the text comes from. So an integer bounds, a real is
 * widened to the integers around it, and all else bounds nothing. A list bounds
 * by its least and its greatest year.
 */
#include "sqlite/rows_filter.h"

#include "sqlite/rows_plan.h"

/* From here on a double stands for more than one integer. */
#define REAL_LIMIT 9007199254740992.0 /* 2^53 */

/* The years that a value may be equal to. Returns false if it may be any. */
static bool year_range(sqlite3_value *value, int64_t *from, int64_t *to)
{
  double real;

  switch (sqlite3_value_type(value)) {
  case SQLITE_INTEGER:
    *from = *to = sqlite3_value_int64(value);
    return true;
  case SQLITE_FLOAT:
    real = sqlite3_value_double(value);
    if (!(real > -REAL_LIMIT && real < REAL_LIMIT))
      return false;
    *from = (int64_t)real - (real < (double)(int64_t)real);
    *to = *from + ((double)*from < real);
    return true;
  }
  return false;
}

void ng_rows_filter_bound_years(struct ng_rows_filter *filter,
                                int64_t year_from, int64_t year_to)
{
  if (year_from > filter->year_from)
    filter->year_from = year_from;
  if (year_to < filter->year_to)
    filter->year_to = year_to;
}

/* Bound from below, from above, or both, by one value. */
static void bound_by(struct ng_rows_filter *filter, sqlite3_value *value,
                     bool below, bool above)
{
  int64_t from;
  int64_t to;

  if (sqlite3_value_type(value) == SQLITE_NULL) /* equal to no year */
    ng_rows_filter_bound_years(filter, INT64_MAX, INT64_MIN);
  else if (year_range(value, &from, &to))
    ng_rows_filter_bound_years(filter, below ? from : INT64_MIN,
                               above ? to : INT64_MAX);
}

/* A host before 3.38 has no such plan. */
static int bound_by_list(struct ng_rows_filter *filter, sqlite3_value *values)
{
#if SQLITE_VERSION_NUMBER >= 3038000
  int64_t least = INT64_MAX;
  int64_t greatest = INT64_MIN;
  sqlite3_value *value = NULL;
  int code = sqlite3_vtab_in_first(values, &value);

  for (size_t i = 0; code == SQLITE_OK;
       code = sqlite3_vtab_in_next(values, &value)) {
    int64_t from;
    int64_t to;

    if (ng_watch_list(filter->words.watch, i++) != SQLITE_OK)
      return filter->words.watch->code;
    if (sqlite3_value_type(value) == SQLITE_NULL)
      continue;
    if (!year_range(value, &from, &to))
      return SQLITE_OK;
    least = from < least ? from : least;
    greatest = to > greatest ? to : greatest;
  }
  if (code != SQLITE_DONE)
    return code;
  ng_rows_filter_bound_years(filter, least, greatest);
  return SQLITE_OK;
#else
  (void)filter;
  (void)values;
  return SQLITE_OK;
#endif
}

int ng_rows_filter_read(struct ng_rows_filter *filter, int plan,
                        sqlite3_value **values)
{
  int code = ng_word_constraint_read(&filter->words, plan, &values);

  filter->year_from = INT64_MIN;
  filter->year_to = INT64_MAX;
  if (code == SQLITE_OK && plan & NG_ROWS_PLAN_YEAR)
    bound_by(filter, *values++, true, true);
  if (code == SQLITE_OK && plan & NG_ROWS_PLAN_YEAR_LIST)
    code = bound_by_list(filter, *values++);
  if (code == SQLITE_OK && plan & NG_ROWS_PLAN_YEAR_FROM)
    bound_by(filter, *values++, true, false);
  if (code == SQLITE_OK && plan & NG_ROWS_PLAN_YEAR_TO)
    bound_by(filter, *values, false, true);
  return code;
}

void ng_rows_filter_apply(struct ng_rows_filter *filter,
                          struct ngram_rows_options *options)
{
  struct ngram_count_options words;

  ngram_count_options_init(&words);
  ng_word_constraint_apply(&filter->words, &words);
  options->words = words.words;
  options->word_count = words.word_count;
  options->word_from = words.word_from;
  options->word_to = words.word_to;
  options->year_from = filter->year_from;
  options->year_to = filter->year_to;
}

void ng_rows_filter_free(struct ng_rows_filter *filter)
{
  ng_word_constraint_free(&filter->words);
}
