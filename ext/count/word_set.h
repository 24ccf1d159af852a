/* SPDX-License-Identifier: MIT */
/*
 * The words that a scan is asked for: WHERE word = ..., word IN (...).
 * scan/request.c makes the set; workers ask it through scan/word_filter.h.
 *
 * Life: ng_word_set_init(), ng_word_set_ready(), ng_word_set_add() for each
 * word, any number of ng_word_set_has(), ng_word_set_free().
 *
 * Threads: one makes it; after that any number may ask.
 */
#ifndef NG_COUNT_WORD_SET_H
#define NG_COUNT_WORD_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/stop.h"

struct ng_word_set_slot {
  const char *bytes; /* borrowed; NULL if the slot is empty */
  size_t length;
};

struct ng_word_set {
  struct ng_word_set_slot *slots; /* owned, from the budget */
  uint32_t mask;                  /* number of slots, less one */
  struct ng_budget *budget;       /* borrowed */
};

/* An empty set with room for `word_count` words. Returns false if there is no
   memory. */
bool ng_word_set_init(struct ng_word_set *set, struct ng_budget *budget,
                      size_t word_count);
/* Touch the memory of an empty set, so that the system clears it now, where a
   stop is possible, and not while words are added: it may be hundreds of MiB.
   Returns false if told to stop. */
bool ng_word_set_ready(struct ng_word_set *set, const struct ng_stop *stop);
/* The word's bytes are borrowed, not NULL, and must outlive the set. */
void ng_word_set_add(struct ng_word_set *set, const char *word, size_t length);
bool ng_word_set_has(const struct ng_word_set *set, const char *word,
                     size_t length);
/* A zeroed set is allowed. */
void ng_word_set_free(struct ng_word_set *set);

#endif
