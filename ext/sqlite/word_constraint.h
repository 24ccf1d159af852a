/* SPDX-License-Identifier: MIT */
/*
 * The words that a query asks for, `word = X` or `word IN (...)`, as the
 * library wants them.
 */
#ifndef NG_SQLITE_WORD_CONSTRAINT_H
#define NG_SQLITE_WORD_CONSTRAINT_H

#include "sqlite/host.h"

/* Zero before the first word is added, but for `watch`. */
struct ng_word_constraint {
  struct ng_watch *watch; /* asked now and then while a list is read; NULL:
                             nobody is */
  bool any;               /* no list bounds the words */
  struct ngram_word *list;
  size_t count;
  size_t capacity;
  char *bytes; /* of all words, one after the other */
  size_t used;
  size_t room;
  struct ngram_word from; /* bounds, lent by SQLite; bytes NULL: none */
  struct ngram_word to;
  char *like; /* owned: where the bounds of a LIKE stand */
};

/* Add the value of an `=`, or those of an IN that comes all at once. SQLITE_OK,
   SQLITE_NOMEM, or the code by which the watch says stop. */
int ng_word_constraint_add(struct ng_word_constraint *words,
                           sqlite3_value *value);
int ng_word_constraint_add_list(struct ng_word_constraint *words,
                                sqlite3_value *values);

/* Take over a bound if it is text, for as long as xFilter has the value; else
   it bounds nothing, and is left to SQLite. SQLITE_OK or SQLITE_NOMEM. */
int ng_word_constraint_set_bound(struct ngram_word *bound,
                                 sqlite3_value *value);

/* Bound the words by those that a pattern of LIKE may match, which has to be
   that of ng_host_likes_ascii(). SQLITE_OK or SQLITE_NOMEM. */
int ng_word_constraint_bound_like(struct ng_word_constraint *words,
                                  sqlite3_value *pattern);

/* Make the scan count these words only. They are lent to `options`. */
void ng_word_constraint_apply(struct ng_word_constraint *words,
                              struct ngram_count_options *options);

/* The row of the only word that was added; as many as there are rows: none. */
enum ngram_status
ng_word_constraint_find(const struct ng_word_constraint *words,
                        struct ngram_counts *counts, uint64_t *index,
                        struct ngram_error *error);

void ng_word_constraint_free(struct ng_word_constraint *words);

#endif
