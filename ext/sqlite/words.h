/* SPDX-License-Identifier: MIT */
/*
 * The words that a query asks for, `word = X` or `word IN (...)`, as the
 * library wants them.
 */
#ifndef NG_SQLITE_WORDS_H
#define NG_SQLITE_WORDS_H

#include "sqlite/host.h"

/* Zero before the first word is added, but for `watch`. */
struct ng_words {
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
int ng_words_add(struct ng_words *words, sqlite3_value *value);
int ng_words_add_list(struct ng_words *words, sqlite3_value *values);

/* Take over a bound if it is text, for as long as xFilter has the value; else
   it bounds nothing, and is left to SQLite. SQLITE_OK or SQLITE_NOMEM. */
int ng_bound_set(struct ngram_word *bound, sqlite3_value *value);

/* Bound the words by those that a pattern of LIKE may match, which has to be
   that of ng_host_likes_ascii(). SQLITE_OK or SQLITE_NOMEM. */
int ng_words_bound_like(struct ng_words *words, sqlite3_value *pattern);

/* Make the scan count these words only. They are lent to `options`. */
void ng_words_apply(struct ng_words *words,
                    struct ngram_count_options *options);

/* The row of the only word that was added; as many as there are rows: none. */
enum ngram_status ng_words_find(const struct ng_words *words,
                                struct ngram_counts *counts, uint64_t *index,
                                struct ngram_error *error);

void ng_words_free(struct ng_words *words);

#endif
