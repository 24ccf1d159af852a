/* SPDX-License-Identifier: MIT */
/*
 * The words that a scan is asked for: WHERE word = ..., word IN (...).
 *
 * Threads: once made, any number may ask.
 */
#ifndef NG_COUNT_WORD_SET_H
#define NG_COUNT_WORD_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/stop.h"

struct ng_word_set_slot {
  const char *bytes;
  size_t length;
};

struct ng_word_set {
  struct ng_word_set_slot *slots; /* bytes NULL: empty */
  uint32_t mask;
  struct ng_budget *budget; /* borrowed */
};

/* Words are borrowed and must outlive the set; bytes are never NULL. Slots are
   taken from the budget. False: no memory; free it all the same. */
bool ng_word_set_init(struct ng_word_set *set, struct ng_budget *budget,
                      size_t word_count);
/* Have the system make the memory of an empty set ready: it clears it when it
   is first used, hundreds of MiB within the first few thousand words. False:
   told to stop. */
bool ng_word_set_ready(struct ng_word_set *set, const struct ng_stop *stop);
void ng_word_set_add(struct ng_word_set *set, const char *word, size_t length);
bool ng_word_set_has(const struct ng_word_set *set, const char *word,
                     size_t length);
/* One that is zero is allowed. */
void ng_word_set_free(struct ng_word_set *set);

#endif
