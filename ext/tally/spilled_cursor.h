/* SPDX-License-Identifier: MIT */
/*
 * The rows of a spilled result in another order, within a memory limit. Used by
 * cursor.c.
 *
 * Life: ng_spilled_cursor_new(); ng_spilled_cursor_find_first() or
 * ng_spilled_cursor_sort(), again after each error and whenever more rows are
 * wanted; ng_spilled_cursor_next() for each row that is ready;
 * ng_spilled_cursor_free().
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

/* A cursor of a borrowed result, which is to hold about `memory_bytes`. Returns
   NULL if there is no memory. */
struct ng_spilled_cursor *ng_spilled_cursor_new(struct ng_spilled *spilled,
                                                struct ng_sort_order order,
                                                uint64_t memory_bytes);
/* NULL is allowed. */
void ng_spilled_cursor_free(struct ng_spilled_cursor *cursor);

/* Make the first `most` rows ready, or all. After both, the next row is the
   first one again. Return 0, or an errno: ECANCELED if told to stop; from
   find_first() E2BIG if these rows do not fit into memory, and the caller sorts
   all instead. */
int ng_spilled_cursor_find_first(struct ng_spilled_cursor *cursor, size_t most,
                                 const struct ng_stop *stop);
int ng_spilled_cursor_sort(struct ng_spilled_cursor *cursor,
                           const struct ng_stop *stop);

/* Give the next row that is ready; the caller knows that there is one. The
   entry is borrowed until the next call. Returns 0, or an errno. */
int ng_spilled_cursor_next(struct ng_spilled_cursor *cursor,
                           struct ng_entry **entry);

#endif
