/* SPDX-License-Identifier: MIT */
/*
 * Items that come in any order, taken in the order of their numbers.
 *
 * Threads: the caller locks.
 */
#ifndef NG_SCHED_REORDER_H
#define NG_SCHED_REORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ng_reorder {
  void **items; /* a ring: item n stands at n % capacity */
  size_t capacity;
  uint64_t next; /* the number to be taken next */
  size_t
      drained; /* places of the ring, from 0 on, that are known to be empty */
};

void ng_reorder_init(struct ng_reorder *buffer);

/* Frees no item: take them all first. */
void ng_reorder_free(struct ng_reorder *buffer);

/* Put item number `number`, each number once, from 0 on. False: no memory,
   and the item stays the caller's. */
bool ng_reorder_put(struct ng_reorder *buffer, uint64_t number, void *item);

/* The next item, which becomes the caller's; NULL if it has not come. */
void *ng_reorder_take(struct ng_reorder *buffer);

/* No item between the last one taken and this number will come. */
void ng_reorder_skip(struct ng_reorder *buffer, uint64_t number);

/* Any item that is left, in no order, NULL when there is none. From the first
   call on nothing more is put. All calls together take one pass. */
void *ng_reorder_drain(struct ng_reorder *buffer);

#endif
