/* SPDX-License-Identifier: MIT */
/*
 * Entries in the order of their words or totals.
 *
 * Items are sorted, not the entries. An item is a key, which decides most
 * comparisons, and a borrowed entry, which decides the others.
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

/* By the bytes of words; or by totals and, where totals are equal, by words in
   ascending order. */
struct ng_sort_order {
  bool by_total;
  bool descending;
};

struct ng_sort_item {
  uint64_t key; /* the lesser key goes first, also in a descending order */
  struct ng_entry *entry;
};

struct ng_sort_item ng_sort_item(struct ng_sort_order order,
                                 struct ng_entry *entry);

/* Whether `a` goes before `b`. */
bool ng_sort_before(struct ng_sort_order order, const struct ng_sort_item *a,
                    const struct ng_sort_item *b);

/* Sort in place. Returns false if told to stop: the items are in no order
   then. */
bool ng_sort(struct ng_sort_order order, struct ng_sort_item *items,
             size_t count, const struct ng_stop *stop);

/* Make an item of each entry, and sort them. Returns false if told to stop. */
bool ng_sort_make(struct ng_sort_order order, struct ng_entry *const *entries,
                  size_t count, struct ng_sort_item *items,
                  const struct ng_stop *stop);

/* The first `most` of the entries in this order, or all, sorted: `items` has
   room for twice as many. Returns false if told to stop. */
bool ng_sort_first(struct ng_sort_order order, struct ng_entry *const *entries,
                   size_t count, struct ng_sort_item *items, size_t most,
                   const struct ng_stop *stop);

#endif
