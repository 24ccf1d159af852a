/* SPDX-License-Identifier: MIT */
/*
 * Reduce: the tables of all map workers become one list of words.
 *
 * The fingerprints are cut into partitions of equal width; each is merged
 * alone, by any thread, and the pieces are joined in order at the end.
 *
 * If some table has spilled, what comes out goes to files, too.
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

/* One partition merged: entries in order, still owned by the tables. */
struct ng_reduce_partition {
  struct ng_entry **entries;
  size_t entry_count;
  size_t capacity;
};

struct ng_reduce {
  struct ng_budget *budget; /* borrowed */
  struct ng_table **tables; /* borrowed; all of the same width */
  size_t table_count;
  struct ng_reduce_partition *partitions;
  unsigned partition_bits;    /* there are 1 << partition_bits of them */
  struct ng_spilled *spilled; /* owned, in place of partitions; NULL: no table
                                 has spilled */
  atomic_size_t next;         /* the next partition to merge */
  atomic_bool overflowed;     /* a sum went past 2^63-1 */
};

/* Plan to merge `tables` by up to `threads` threads. False: no memory. */
bool ng_reduce_init(struct ng_reduce *reduce, struct ng_budget *budget,
                    struct ng_table **tables, size_t table_count,
                    unsigned threads);
void ng_reduce_free(struct ng_reduce *reduce);

/* Merge the next partition that no thread has taken. *more is false when
   none was left. Each thread may call it, with a number of its own below
   `threads`. False: no memory, told to stop, or reduce->spilled->error. */
bool ng_reduce_step(struct ng_reduce *reduce, unsigned thread, bool *more);

/* Once all partitions are merged: drop the tables' slots and join the pieces
   to one array of *count entries, for the caller to give back to the budget.
   It is NULL when there are none. False: no memory, or told to stop; `stop`
   may be NULL. Not for what was spilled. */
bool ng_reduce_finish(struct ng_reduce *reduce, const struct ng_stop *stop,
                      struct ng_entry ***entries, size_t *count);

/* The same of what was spilled, which becomes the caller's. */
struct ng_spilled *ng_reduce_take_spilled(struct ng_reduce *reduce);

#endif
