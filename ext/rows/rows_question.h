/* SPDX-License-Identifier: MIT */
/*
 * The question of a reading: its options, as options of a count, which a pass
 * takes. They are copied with all words, because the caller may free its own
 * before the rows are read.
 *
 * Threads: one, that of the reading; workers of its passes only read it.
 */
#ifndef NG_ROWS_ROWS_QUESTION_H
#define NG_ROWS_ROWS_QUESTION_H

#include "base/budget.h"
#include "ngram.h"

struct ng_rows_question {
  struct ngram_count_options options; /* point to the members below */
  unsigned columns;                   /* that have to be kept: a set of enum
                                         ng_row_columns_kept */
  struct ngram_word from;   /* options.word_from and options.word_to point to */
  struct ngram_word to;     /* these, if they are set */
  struct ngram_word *words; /* owned, with the bytes of all words after it */
  size_t words_bytes;       /* of `words`, with the bytes after it */
  struct ng_budget *budget; /* borrowed; `words` are taken from it */
};

/* Check and copy the options; the host is asked while words are copied. The
   question is zeroed before. Returns NGRAM_OK, NGRAM_BAD_ARGUMENT,
   NGRAM_NO_MEMORY or NGRAM_INTERRUPTED; free it all the same. */
enum ngram_status
ng_rows_question_init(struct ng_rows_question *question,
                      const struct ngram_rows_options *options,
                      struct ng_budget *budget, struct ngram_error *error);
/* A zeroed one is allowed. */
void ng_rows_question_free(struct ng_rows_question *question);

#endif
