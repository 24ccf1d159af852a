/* SPDX-License-Identifier: MIT */
/*
 * The tables that count, ngram_counts and word_counts. They share the plan
 * (counts_plan.c) and the rows (counts_table.c). Each has a struct
 * ng_counts_kind, in ngram_counts.c and word_counts.c, that says how it
 * differs.
 */
#ifndef NG_SQLITE_COUNTS_KIND_H
#define NG_SQLITE_COUNTS_KIND_H

#include "sqlite/file_table.h"

enum ng_counts_column {
  NG_COUNTS_COLUMN_WORD,
  NG_COUNTS_COLUMN_TOTAL,
  NG_COUNTS_COLUMN_PATH, /* the first argument; the others follow in their
                            order, and after them the results */
};

/* The arguments that both kinds begin with. */
enum ng_counts_argument {
  NG_COUNTS_PATH,
  NG_COUNTS_CHUNK_SIZE,
  NG_COUNTS_THREADS,
  NG_COUNTS_COMMON, /* their number */
};

/* clang-format off */
#define NG_COUNTS_COMMON_ARGUMENTS                                             \
  NG_PATH_ARGUMENT,                                                            \
  {.name = "chunk_size", .kind = NG_ARGUMENT_INTEGER, .high = INT64_MAX},      \
  NG_THREADS_ARGUMENT
/* clang-format on */

/* The results after the arguments, in the order of their columns. */
enum ng_counts_result {
  NG_COUNTS_RESULT_VOLUMES,
  NG_COUNTS_RESULT_FIRST_YEAR,
  NG_COUNTS_RESULT_LAST_YEAR,
  NG_COUNTS_RESULT_ROW_COUNT,
  NG_COUNTS_RESULTS /* their number */
};

struct ng_counts_kind {
  struct ng_file_kind file; /* the first member: a table's `kind` is cast */
  size_t on_error;          /* index of this argument */
  size_t memory_limit;      /* index of this argument */
  int results;              /* 0 or NG_COUNTS_RESULTS */
  /* Set the options that arguments of this kind alone give; values[i] is the
     value of argument i that is in force. */
  void (*set_options)(struct ngram_count_options *options,
                      const struct ng_argument_value *const *values);
  /* Make the value of an argument of this kind alone the result. */
  void (*result_argument)(sqlite3_context *context,
                          const struct ngram_count_options *options,
                          int argument);
  double gz_growth;      /* estimated ratio of a text to its gz */
  double bytes_per_word; /* estimated bytes of text per distinct word */
};

/* The module of both. */
extern const sqlite3_module ng_counts_module;

extern const struct ng_counts_kind ng_counts_kind_ngrams;
extern const struct ng_counts_kind ng_counts_kind_words;

#endif
