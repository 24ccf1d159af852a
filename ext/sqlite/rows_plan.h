/* SPDX-License-Identifier: MIT */
/*
 * ngram_rows, between its plan (rows_plan.c) and its rows (rows_table.c): the
 * columns, the arguments, and what a plan says.
 */
#ifndef NG_SQLITE_ROWS_PLAN_H
#define NG_SQLITE_ROWS_PLAN_H

#include "sqlite/arguments.h"
#include "sqlite/connection.h"

enum ng_rows_column {
  NG_ROWS_COLUMN_WORD,
  NG_ROWS_COLUMN_YEAR,
  NG_ROWS_COLUMN_MATCH_COUNT,
  NG_ROWS_COLUMN_VOLUME_COUNT,
  NG_ROWS_COLUMN_PATH, /* the first argument; the others follow in their order
                        */
  NG_ROWS_COLUMN_THREADS,
  NG_ROWS_COLUMN_ON_ERROR,
  NG_ROWS_COLUMN_MEMORY_LIMIT,
  NG_ROWS_COLUMN_TAGS,
  NG_ROWS_COLUMN_YEAR_FROM,
  NG_ROWS_COLUMN_YEAR_TO,
  NG_ROWS_COLUMN_POSITION,
};

enum ng_rows_argument {
  NG_ROWS_PATH,
  NG_ROWS_THREADS,
  NG_ROWS_ON_ERROR,
  NG_ROWS_MEMORY_LIMIT,
  NG_ROWS_TAGS,
  NG_ROWS_YEAR_FROM,
  NG_ROWS_YEAR_TO,
  NG_ROWS_ARGUMENTS, /* how many */
};

/*
 * idxNum, by which xBestIndex tells xFilter what is in argv. Bit i, from 0 on:
 * argument i, all in their order. After them, each if its bit says so, in this
 * order:
 */
#define NG_ROWS_PLAN_WORD (1 << 8)       /* or: */
#define NG_ROWS_PLAN_WORD_LIST (1 << 9)  /* all at once */
#define NG_ROWS_PLAN_WORD_FROM (1 << 10) /* bounds, in place of words */
#define NG_ROWS_PLAN_WORD_TO (1 << 11)
#define NG_ROWS_PLAN_WORD_LIKE (1 << 20) /* a pattern, in place of both */
#define NG_ROWS_PLAN_YEAR (1 << 12)      /* or: */
#define NG_ROWS_PLAN_YEAR_LIST (1 << 13) /* all at once */
#define NG_ROWS_PLAN_YEAR_FROM (1 << 14) /* bounds, and a year beside them */
#define NG_ROWS_PLAN_YEAR_TO (1 << 15)
/* A set of enum ngram_rows_columns: those that the statement names. */
#define NG_ROWS_PLAN_COLUMNS_SHIFT 16 /* 4 of them */

/* xBestIndex for a table with these defaults: fills in `info` and returns
   SQLite's code. */
int ng_rows_plan(sqlite3 *db, const struct ng_connection *connection,
                 const struct ng_arguments *arguments,
                 const struct ng_argument_value *defaults,
                 sqlite3_index_info *info);

#endif
