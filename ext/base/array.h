/* SPDX-License-Identifier: MIT */
/*
 * Arrays that grow as items are added. An array is three variables of its
 * owner, zeroed at first:
 *
 *     struct point *points;
 *     size_t count;
 *     size_t capacity;
 *
 *     if (!NG_ARRAY_RESERVE(points, capacity, count + 1))
 *       return false;
 *     points[count++] = point;
 *
 * The owner frees the items with free(3). They count in no budget.
 *
 * Threads: one at a time.
 */
#ifndef NG_BASE_ARRAY_H
#define NG_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Make the capacity at least `wanted` items. If it grows, it at least doubles;
 * items may move, and those past the old capacity are not set. Returns false if
 * there is no memory; the array is then unchanged. Evaluates its arguments more
 * than once.
 */
#define NG_ARRAY_RESERVE(items, capacity, wanted)                              \
  ((wanted) <= (capacity) ||                                                   \
   ng_array_grow(&(items), &(capacity), (wanted), sizeof *(items)))

/* The part of NG_ARRAY_RESERVE() that allocates. `items` points to the pointer
   to the first item. */
bool ng_array_grow(void *items, size_t *capacity, size_t wanted,
                   size_t item_bytes);

#endif
