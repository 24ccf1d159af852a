/* SPDX-License-Identifier: MIT */
/*
 * What rows are asked for, as options of a count, and kept: the caller's own
 * words may be gone by the time that they are read.
 */
#ifndef NG_ROWS_ROWS_QUESTION_H
#define NG_ROWS_ROWS_QUESTION_H

#include "base/budget.h"
#include "ngram.h"

struct ng_rows_question {
  struct ngram_count_options options;
  unsigned columns;       /* a set of enum ng_row_columns_kept: to be kept */
  struct ngram_word from; /* the bounds, where there are any */
  struct ngram_word to;
  struct ngram_word
      *words; /* owned; the bytes of all words stand behind them */
  size_t words_bytes;
  struct ng_budget *budget; /* borrowed: what they are taken from */
};

/* Check and copy the options; the host is asked while words are copied. To be
   freed, whatever is returned; zero is allowed. */
enum ngram_status
ng_rows_question_init(struct ng_rows_question *question,
                      const struct ngram_rows_options *options,
                      struct ng_budget *budget, struct ngram_error *error);
void ng_rows_question_free(struct ng_rows_question *question);

#endif
