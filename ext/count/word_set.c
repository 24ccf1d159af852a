/* SPDX-License-Identifier: MIT */
/* A hash table with linear probing, at most half full: nearly every miss takes
   one look. */
#include "count/word_set.h"

#include <string.h>

#include "base/hash.h"

/* A huge page: where there are such, the system clears a whole one at once. */
#define PAGE_BYTES ((size_t)2 << 20)

static size_t bytes_of(const struct ng_word_set *set)
{
  return ((size_t)set->mask + 1) * sizeof *set->slots;
}

bool ng_word_set_init(struct ng_word_set *set, struct ng_budget *budget,
                      size_t word_count)
{
  uint32_t size = 8;

  while (size / 2 < word_count && size < UINT32_C(1) << 31)
    size *= 2;
  set->mask = size - 1;
  set->budget = budget;
  set->slots = ng_budget_take(budget, bytes_of(set));
  return set->slots != NULL;
}

bool ng_word_set_ready(struct ng_word_set *set, const struct ng_stop *stop)
{
  volatile char *bytes = (volatile char *)set->slots;

  for (size_t i = 0; i < bytes_of(set); i += PAGE_BYTES) {
    if (ng_stop_asked(stop))
      return false;
    bytes[i] = 0;
  }
  return true;
}

void ng_word_set_free(struct ng_word_set *set)
{
  ng_budget_give(set->budget, set->slots, bytes_of(set));
  set->slots = NULL;
}

/* The slot of the word, or the empty one where it would be. */
static struct ng_word_set_slot *find(const struct ng_word_set *set,
                                     const char *word, size_t length)
{
  uint32_t at = ng_hash_word(word, length) & set->mask;

  while (set->slots[at].bytes &&
         (set->slots[at].length != length ||
          memcmp(set->slots[at].bytes, word, length) != 0))
    at = (at + 1) & set->mask;
  return &set->slots[at];
}

void ng_word_set_add(struct ng_word_set *set, const char *word, size_t length)
{
  *find(set, word, length) = (struct ng_word_set_slot){word, length};
}

bool ng_word_set_has(const struct ng_word_set *set, const char *word,
                     size_t length)
{
  return find(set, word, length)->bytes != NULL;
}
