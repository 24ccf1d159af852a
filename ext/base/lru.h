/* SPDX-License-Identifier: MIT */
/*
 * A list of entries, the one used last first. An entry is a struct that begins
 * with a struct ng_lru; the list is one, too, whose `next` is the first
 * entry: zeroed, it is empty. The list owns no memory: its user makes entries,
 * and frees what comes out.
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

/* Whether an entry is one that is wanted. */
typedef bool ng_lru_is_fn(const void *entry, const void *wanted);

/* Put an entry, which is in no list, in front. */
void ng_lru_put(struct ng_lru *list, void *entry);

/* The first entry that is wanted, any where `is` is NULL: put it in front, or
   take it out of the list. NULL: there is none. */
void *ng_lru_use(struct ng_lru *list, ng_lru_is_fn *is, const void *wanted);
void *ng_lru_take(struct ng_lru *list, ng_lru_is_fn *is, const void *wanted);

/* Take out and drop() each entry whose size() is more than what those before it
   leave of the limit, and those that come after so many. An entry of size 0
   stays, and is not counted. What is left of the limit at the end. */
uint64_t ng_lru_trim(struct ng_lru *list, uint64_t limit, size_t most,
                     uint64_t (*size)(const void *entry),
                     void (*drop)(void *entry));

#endif
