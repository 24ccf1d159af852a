/* SPDX-License-Identifier: MIT */
/*
 * Entries in the order of their words or totals.
 *
 * Threads: each call works on its own arrays; entries are only read.
 */
#ifndef NG_COUNT_SORT_H
#define NG_COUNT_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"
#include "count/entry.h"

/* By the bytes of words, or by totals and, where they are equal, by words in
   ascending order. */
struct ng_sort_order {
  bool by_total;
  bool descending;
};

/* An entry, and what decides most comparisons without a look at it. */
struct ng_sort_item {
  uint64_t key;
  struct ng_entry *entry;
};

struct ng_sort_item ng_sort_item(struct ng_sort_order order,
                                 struct ng_entry *entry);

/* Whether `a` goes before `b`. */
bool ng_sort_before(struct ng_sort_order order, const struct ng_sort_item *a,
                    const struct ng_sort_item *b);

/* Sort in place. False: told to stop, and the order is no order. */
bool ng_sort(struct ng_sort_order order, struct ng_sort_item *items,
             size_t count, const struct ng_stop *stop);

/* Make an item of each entry, and sort them. */
bool ng_sort_make(struct ng_sort_order order, struct ng_entry *const *entries,
                  size_t count, struct ng_sort_item *items,
                  const struct ng_stop *stop);

/* The first `most` entries in this order, sorted, into `items`, which has room
   for twice as many; *found: how many there are. */
bool ng_sort_first(struct ng_sort_order order, struct ng_entry *const *entries,
                   size_t count, struct ng_sort_item *items, size_t most,
                   size_t *found, const struct ng_stop *stop);

#endif
