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
 * The owner frees the items with free(3). They are in no budget.
 *
 * Threads: one at a time.
 */
#ifndef NG_BASE_ARRAY_H
#define NG_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Have room for `wanted` items in all. The capacity at least doubles when it
 * grows; items may move, and those past the old capacity are not set. False:
 * no memory, and the array is as it was. Arguments are evaluated more than
 * once.
 */
#define NG_ARRAY_RESERVE(items, capacity, wanted)                              \
  ((wanted) <= (capacity) ||                                                   \
   ng_array_grow(&(items), &(capacity), (wanted), sizeof *(items)))

/* The slow half of NG_ARRAY_RESERVE(). `items` points to the pointer to the
   first item. */
bool ng_array_grow(void *items, size_t *capacity, size_t wanted,
                   size_t item_bytes);

#endif
