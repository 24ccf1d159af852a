/* SPDX-License-Identifier: MIT */
/*
 * The constraint that a query puts on the column `word`, read from xFilter's
 * argv and given to the C API: a list of words (`word = X`, `word IN (...)`),
 * or bounds (`word >= X`, `word LIKE 'x%'`). A constraint may let more words
 * pass than the query, never fewer: SQLite checks each row again.
 */
#ifndef NG_SQLITE_WORD_CONSTRAINT_H
#define NG_SQLITE_WORD_CONSTRAINT_H

#include "sqlite/watch.h"

/*
 * Bits of idxNum, by which xBestIndex says what argv holds after the arguments,
 * in this order. A plan has one of the first two, or any of the bounds, or
 * LIKE, or none.
 */
enum ng_word_constraint_plan {
  NG_WORD_CONSTRAINT_ONE = 1 << 8,  /* the value of an = */
  NG_WORD_CONSTRAINT_LIST = 1 << 9, /* all values of an IN at once */
  NG_WORD_CONSTRAINT_FROM = 1 << 18,
  NG_WORD_CONSTRAINT_TO = 1 << 19,
  NG_WORD_CONSTRAINT_LIKE = 1 << 20,
};

/* All zero before it is read, but for `watch`. */
struct ng_word_constraint {
  struct ng_watch *watch;  /* polled while a list is read; borrowed */
  bool any;                /* no list: bounds at most */
  struct ngram_word *list; /* owned; bytes are set by _apply() */
  size_t count;
  size_t capacity;
  char *bytes; /* owned: of all words of the list, one after the other */
  size_t used;
  size_t room;
  struct ngram_word from; /* bounds, both included; bytes are NULL if there is
                             none, else borrowed from argv or from `like` */
  struct ngram_word to;
  char *like; /* owned: the bounds of a LIKE */
};

/*
 * Read what the plan says from *values, and advance *values past it. Returns
 * SQLITE_OK, SQLITE_NOMEM, the code of a watch that said stop, or the code of a
 * list that cannot be read. The constraint is valid during xFilter only; free
 * it whatever is returned.
 */
int ng_word_constraint_read(struct ng_word_constraint *constraint, int plan,
                            sqlite3_value ***values);

/* Set the options that select words. They borrow from the constraint. */
void ng_word_constraint_apply(struct ng_word_constraint *constraint,
                              struct ngram_count_options *options);

/* Look the one word of the list up in a result: *index becomes its row, or
   ngram_counts_size() if there is none. Returns as ngram_counts_find(). */
enum ngram_status
ng_word_constraint_find(const struct ng_word_constraint *constraint,
                        struct ngram_counts *counts, uint64_t *index,
                        struct ngram_error *error);

void ng_word_constraint_free(struct ng_word_constraint *constraint);

#endif
