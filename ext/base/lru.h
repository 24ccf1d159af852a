/* SPDX-License-Identifier: MIT */
/*
 * A list of entries in the order of their last use, the latest first. An entry
 * is a struct that begins with a struct ng_lru. The list is a struct ng_lru,
 * too, whose `next` is the first entry; zeroed, it is empty. The caller owns
 * the entries: it allocates them, and frees those that it takes out.
 *
 * Threads: one at a time.
 */
#ifndef NG_BASE_LRU_H
#define NG_BASE_LRU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ng_lru {
  struct ng_lru *next;
};

/* Whether an entry is the one that is wanted. */
typedef bool ng_lru_is_fn(const void *entry, const void *wanted);

/* Put an entry, which is in no list, to the front. */
void ng_lru_put(struct ng_lru *list, void *entry);

/* Find the first entry for which is(entry, wanted) holds, or the very first if
   `is` is NULL; ng_lru_use() moves it to the front, ng_lru_take() takes it out
   of the list. Returns it, or NULL if there is none. */
void *ng_lru_use(struct ng_lru *list, ng_lru_is_fn *is, const void *wanted);
void *ng_lru_take(struct ng_lru *list, ng_lru_is_fn *is, const void *wanted);

/* From the front on, keep an entry if its size() fits what the entries kept so
   far leave of `limit`, and if fewer than `most` have been kept; take out and
   drop() the others. An entry of size 0 is kept and does not count. Returns
   what is left of the limit. */
uint64_t ng_lru_trim(struct ng_lru *list, uint64_t limit, size_t most,
                     uint64_t (*size)(const void *entry),
                     void (*drop)(void *entry));

#endif
