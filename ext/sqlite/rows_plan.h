/* SPDX-License-Identifier: MIT */
/*
 * The plan of a query over ngram_rows: its columns, its arguments, and what
 * xBestIndex (rows_plan.c) tells xFilter (rows_table.c, rows_filter.c).
 */
#ifndef NG_SQLITE_ROWS_PLAN_H
#define NG_SQLITE_ROWS_PLAN_H

#include "sqlite/file_table.h"
#include "sqlite/word_constraint.h"

enum ng_rows_column {
  NG_ROWS_COLUMN_WORD,
  NG_ROWS_COLUMN_YEAR,
  NG_ROWS_COLUMN_MATCH_COUNT,
  NG_ROWS_COLUMN_VOLUME_COUNT,
  NG_ROWS_COLUMN_PATH, /* the first argument; the others follow in their
                          order */
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
  NG_ROWS_ARGUMENTS, /* their number */
};

/*
 * Bits of idxNum. Bit i, from 0 on: argument i is in argv. After the arguments
 * comes what enum ng_word_constraint_plan says, and then, in this order, what
 * the first four of these say:
 */
enum ng_rows_plan_bits {
  NG_ROWS_PLAN_YEAR = 1 << 12,      /* the value of an =, or: */
  NG_ROWS_PLAN_YEAR_LIST = 1 << 13, /* all values of an IN at once */
  NG_ROWS_PLAN_YEAR_FROM = 1 << 14, /* bounds, alone or with either */
  NG_ROWS_PLAN_YEAR_TO = 1 << 15,
  /* 4 bits: a set of enum ngram_rows_columns that the statement names */
  NG_ROWS_PLAN_COLUMNS_SHIFT = 21,
};

/* xBestIndex: fills in `info` and returns SQLite's code. */
int ng_rows_plan(sqlite3_vtab *vtab, sqlite3_index_info *info);

#endif
