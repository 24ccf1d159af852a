/* SPDX-License-Identifier: MIT */
/* The plan of a query over a table that counts: what xBestIndex tells
   xFilter. */
#ifndef NG_SQLITE_COUNTS_PLAN_H
#define NG_SQLITE_COUNTS_PLAN_H

#include "sqlite/counts_kind.h"
#include "sqlite/word_constraint.h"

/*
 * Bits of idxNum. Bit i, from 0 on: argument i is in argv. After the arguments
 * comes what enum ng_word_constraint_plan says. The others are:
 */
enum ng_counts_plan_bits {
  /* with NG_WORD_CONSTRAINT_ONE: each xFilter may have another word */
  NG_COUNTS_PLAN_CHANGING = 1 << 10,
  /* with an order: the first rows may be enough */
  NG_COUNTS_PLAN_FEW = 1 << 11,
  /* 3 bits: a set of enum ngram_columns */
  NG_COUNTS_PLAN_COLUMNS_SHIFT = 12,
  /* 3 bits: 1 + an enum ngram_order, or 0 for any order */
  NG_COUNTS_PLAN_ORDER_SHIFT = 15,
  NG_COUNTS_PLAN_ORDER_MASK = 7,
};

/* xBestIndex: fills in `info` and returns SQLite's code. */
int ng_counts_plan(sqlite3_vtab *vtab, sqlite3_index_info *info);

/* Estimate the bytes that the result for all words of a file takes, by the
   file's name and size. `path` may be NULL. */
double ng_counts_plan_guess_bytes(const struct ng_counts_kind *kind,
                                  const char *path,
                                  const struct ngram_root *root);

#endif
