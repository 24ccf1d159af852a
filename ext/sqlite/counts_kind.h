/* SPDX-License-Identifier: MIT */
/*
 * The tables that count, ngram_counts and word_counts. They are one table,
 * whose plan is made in counts_plan.c and whose rows are served in
 * counts_table.c; what sets one off from the other is said in a struct
 * ng_counts_kind, in a file of its own.
 */
#ifndef NG_SQLITE_COUNTS_KIND_H
#define NG_SQLITE_COUNTS_KIND_H

#include "sqlite/arguments.h"

enum ng_counts_column {
  NG_COUNTS_COLUMN_WORD,
  NG_COUNTS_COLUMN_TOTAL,
  NG_COUNTS_COLUMN_PATH, /* the first argument; the others follow in their
                     order, and then the further results */
};

/* The arguments that all kinds have; others follow. */
enum ng_counts_argument {
  NG_COUNTS_PATH,
  NG_COUNTS_CHUNK_SIZE,
  NG_COUNTS_THREADS,
  NG_COUNTS_COMMON,       /* how many */
  NG_COUNTS_ARGUMENTS = 8 /* at most, of any kind */
};

/* Their descriptions, for the beginning of a kind's list. */
/* clang-format off */
#define NG_COUNTS_COMMON_ARGUMENTS                                             \
  {.name = "path", .kind = NG_ARGUMENT_PATH, .required = true},                \
  {.name = "chunk_size", .kind = NG_ARGUMENT_INTEGER, .high = INT64_MAX},      \
  {.name = "threads", .kind = NG_ARGUMENT_INTEGER, .low = 1,                   \
   .high = NGRAM_THREADS_MAX}
/* clang-format on */

/* The results behind the arguments, in the order of their columns. */
enum ng_counts_result {
  NG_COUNTS_RESULT_VOLUMES,
  NG_COUNTS_RESULT_FIRST_YEAR,
  NG_COUNTS_RESULT_LAST_YEAR,
  NG_COUNTS_RESULT_ROW_COUNT,
  NG_COUNTS_RESULTS /* how many */
};

struct ng_counts_kind {
  struct ng_arguments arguments;
  const char *schema;
  int results; /* 0 or NG_COUNTS_RESULTS */
  /* Set what the arguments of this kind alone say; values[i] is argument i as
     it is in force. */
  void (*set_options)(struct ngram_count_options *options,
                      const struct ng_argument_value *const *values);
  /* The value of an argument of this kind alone. */
  void (*result_argument)(sqlite3_context *context,
                          const struct ngram_count_options *options,
                          int argument);
  double gz_growth;      /* text is so many times as long as its gz; */
  double bytes_per_word; /* and has so many bytes for each distinct word */
};

extern const struct ng_counts_kind ng_ngram_counts;
extern const struct ng_counts_kind ng_word_counts;

/*
 * idxNum, by which xBestIndex tells xFilter what it found. Bit i, from 0 on:
 * argument i is in argv, all in their order. After them comes a word or a list
 * of words, if a bit says so. Above are the results that the statement names,
 * and their order.
 */
#define NG_COUNTS_PLAN_WORD (1 << 8)      /* the same one in every xFilter */
#define NG_COUNTS_PLAN_WORD_LIST (1 << 9) /* all at once */
#define NG_COUNTS_PLAN_ANY_WORD (1 << 10) /* it may be another one each time   \
                                           */
#define NG_COUNTS_PLAN_FEW (1 << 11) /* of the rows in an order may be enough  \
                                      */
#define NG_COUNTS_PLAN_COLUMNS_SHIFT 12 /* a set of enum ngram_columns */
#define NG_COUNTS_PLAN_ORDER_SHIFT                                             \
  15 /* an enum ngram_order and 1, or 0: any order                             \
      */
#define NG_COUNTS_PLAN_ORDER_MASK 7
#define NG_COUNTS_PLAN_FROM (1 << 18) /* a lower bound of the words, then: */
#define NG_COUNTS_PLAN_TO (1 << 19)   /* an upper one, in place of words */
#define NG_COUNTS_PLAN_LIKE (1 << 20) /* a pattern, in place of both */

/* xBestIndex for a table with these defaults: fills in `info` and returns
   SQLite's code. */
int ng_counts_plan(sqlite3 *db, const struct ng_counts_kind *kind,
                   const struct ngram_root *root,
                   const struct ng_argument_value *defaults,
                   sqlite3_index_info *info);

/* Bytes that the result for all words of a file may take, by the file's name
   and size. `path` NULL: it is not known. */
double ng_counts_plan_guess_bytes(const struct ng_counts_kind *kind,
                                  const char *path,
                                  const struct ngram_root *root);

#endif
