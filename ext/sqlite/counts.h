/* SPDX-License-Identifier: MIT */
/*
 * ngram_counts, between its plan (counts_plan.c) and its rows
 * (counts_table.c): the columns, the arguments, and what a plan says.
 */
#ifndef NG_SQLITE_COUNTS_H
#define NG_SQLITE_COUNTS_H

#include "sqlite/arguments.h"

enum ng_counts_column {
  NG_COLUMN_WORD,
  NG_COLUMN_TOTAL,
  NG_COLUMN_PATH, /* the first argument; the others follow in their order */
  NG_COLUMN_CHUNK_SIZE,
  NG_COLUMN_THREADS,
  NG_COLUMN_YEAR_FROM,
  NG_COLUMN_YEAR_TO,
  NG_COLUMN_TAGS,
  NG_COLUMN_ON_ERROR,
  NG_COLUMN_VOLUMES,
  NG_COLUMN_FIRST_YEAR,
  NG_COLUMN_LAST_YEAR,
  NG_COLUMN_ROW_COUNT,
};

enum ng_counts_argument {
  NG_COUNTS_PATH,
  NG_COUNTS_CHUNK_SIZE,
  NG_COUNTS_THREADS,
  NG_COUNTS_YEAR_FROM,
  NG_COUNTS_YEAR_TO,
  NG_COUNTS_TAGS,
  NG_COUNTS_ON_ERROR,
  NG_COUNTS_ARGUMENTS, /* how many */
};

extern const struct ng_arguments ng_counts_arguments;

/*
 * idxNum, by which xBestIndex tells xFilter what it found. Bit i, from 0 on:
 * argument i is in argv, all in their order. After them comes a word or a list
 * of words, if a bit says so. Above are the results that the statement names,
 * and their order.
 */
#define NG_PLAN_WORD (1 << 8)      /* the same one in every xFilter */
#define NG_PLAN_WORD_LIST (1 << 9) /* all at once */
#define NG_PLAN_ANY_WORD (1 << 10) /* it may be another one each time */
#define NG_PLAN_FEW (1 << 11)      /* of the rows in an order may be enough */
#define NG_PLAN_COLUMNS_SHIFT 12   /* a set of enum ngram_columns */
#define NG_PLAN_ORDER_SHIFT 15 /* an enum ngram_order and 1, or 0: any order */
#define NG_PLAN_ORDER_MASK 7
#define NG_PLAN_FROM (1 << 18) /* a lower bound of the words, then: */
#define NG_PLAN_TO (1 << 19)   /* an upper one, in place of words */

/* xBestIndex for a table with these defaults: fills in `info` and returns
   SQLite's code. */
int ng_counts_plan(sqlite3 *db, const struct ng_value *defaults,
                   sqlite3_index_info *info);

/* Bytes that the result for all words of a file may take, by the file's name
   and size. `path` NULL: it is not known. */
double ng_counts_guess_bytes(const char *path);

#endif
