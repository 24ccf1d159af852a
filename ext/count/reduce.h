/* SPDX-License-Identifier: MIT */
/*
 * Reduce: the tables of all map workers become one list of words.
 *
 * All fingerprints are cut into partitions of equal width. One thread merges a
 * partition, and any thread may. At the end the partitions are joined in order.
 * If some table has spilled, the words go to files (count/spilled.h) instead.
 *
 * Life: ng_reduce_init() by one thread; ng_reduce_step() by all threads until
 * no partition is left; then, again by one thread, ng_reduce_finish() or, if
 * `spilled` is not NULL, ng_reduce_take_spilled(); ng_reduce_free().
 */
#ifndef NG_COUNT_REDUCE_H
#define NG_COUNT_REDUCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "count/spilled.h"
#include "count/table.h"

/* One partition: entries in order, still owned by the tables. Written by the
   thread that took its number. */
struct ng_reduce_partition {
  struct ng_entry **entries; /* the array is owned, from the budget */
  size_t entry_count;
  size_t capacity;
};

struct ng_reduce {
  struct ng_budget *budget; /* borrowed */
  struct ng_table **tables; /* borrowed; all as wide as the first */
  size_t table_count;
  struct ng_reduce_partition *partitions; /* owned; NULL if `spilled` is not */
  unsigned partition_bits;    /* there are 1 << partition_bits of them */
  struct ng_spilled *spilled; /* owned; NULL if no table has spilled */
  atomic_size_t next;         /* number of the next partition to merge */
  atomic_bool overflowed;     /* a sum went past 2^63-1 in a merge in memory;
                                 spilled->overflowed is that of a merge to
                                 files */
};

/* Plan to merge `tables`, at least one, by up to `threads` threads. Returns
   false if there is no memory; it may be freed then. */
bool ng_reduce_init(struct ng_reduce *reduce, struct ng_budget *budget,
                    struct ng_table **tables, size_t table_count,
                    unsigned threads);
/* A zeroed one is allowed. */
void ng_reduce_free(struct ng_reduce *reduce);

/* Merge the next partition that no thread has taken; *more is false if none was
   left. Any thread may call it, with a number of its own below `threads`. A
   merge in memory changes the sums of entries. Returns false if there is no
   memory or, of a merge to files, as ng_spilled_merge(). */
bool ng_reduce_step(struct ng_reduce *reduce, unsigned thread, bool *more);

/* Free the tables' slots, and join the partitions to one array of *count
   entries, which the caller gives back to the budget; NULL if there are none.
   Returns false if there is no memory, or if told to stop; `stop` may be
   NULL. */
bool ng_reduce_finish(struct ng_reduce *reduce, const struct ng_stop *stop,
                      struct ng_entry ***entries, size_t *count);

/* The words of tables that have spilled. The caller owns the result. */
struct ng_spilled *ng_reduce_take_spilled(struct ng_reduce *reduce);

#endif
