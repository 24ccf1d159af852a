/* SPDX-License-Identifier: MIT */
/*
 * A reorder buffer: items are put in any order and taken in the order of their
 * sequence numbers. It holds pointers; the items are the caller's.
 *
 * Threads: one at a time; the caller locks.
 */
#ifndef NG_SCHED_REORDER_H
#define NG_SCHED_REORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ng_reorder {
  void **items; /* a ring: item n is at index n % capacity, NULL if not there */
  size_t capacity;
  uint64_t next;  /* the number of the item to be taken next */
  size_t drained; /* items[0] to items[drained - 1] are drained */
};

void ng_reorder_init(struct ng_reorder *buffer);

/* Frees no item: the caller takes or drains them first. */
void ng_reorder_free(struct ng_reorder *buffer);

/* Put the item of a number, which must be `next` or more and not in the buffer.
   Returns false if there is no memory; the item is then not put. */
bool ng_reorder_put(struct ng_reorder *buffer, uint64_t number, void *item);

/* Remove and return the next item. Returns NULL if it was not put yet. */
void *ng_reorder_take(struct ng_reorder *buffer);

/* Take `number` next: no item of a lower number is in the buffer or will be
   put. */
void ng_reorder_skip(struct ng_reorder *buffer, uint64_t number);

/* Remove and return any item that is left, or NULL if there is none. After the
   first call no item may be put. All calls together take one pass. */
void *ng_reorder_drain(struct ng_reorder *buffer);

#endif
