/* SPDX-License-Identifier: MIT */
/*
 * A walk in some order through a result that was spilled: the first rows by one
 * pass that keeps no others, and all by sorting as much as memory takes, again
 * and again, to a temporary file, and merging what is there.
 *
 * Threads: one at a time.
 */
#ifndef NG_TALLY_SPILLED_CURSOR_H
#define NG_TALLY_SPILLED_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"
#include "count/sort.h"
#include "count/spilled.h"

struct ng_spilled_cursor;

/* `memory_bytes` is what may be held, about. NULL: no memory. */
struct ng_spilled_cursor *ng_spilled_cursor_new(struct ng_spilled *spilled,
                                                struct ng_sort_order order,
                                                uint64_t memory_bytes);
/* NULL is allowed. */
void ng_spilled_cursor_free(struct ng_spilled_cursor *walk);

/* Make the first rows, at most so many, or all of them ready to be read from
   the first on. Return 0, or an errno: ECANCELED when told to stop; and E2BIG
   when the first rows do not fit into the memory: then all have to be sorted.
 */
int ng_spilled_cursor_find_first(struct ng_spilled_cursor *walk, size_t most,
                                 const struct ng_stop *stop);
int ng_spilled_cursor_sort(struct ng_spilled_cursor *walk,
                           const struct ng_stop *stop);

/* The next of them, of which there is one, borrowed until the next call.
   Returns 0, or an errno. */
int ng_spilled_cursor_next(struct ng_spilled_cursor *walk,
                           struct ng_entry **entry);

#endif
