/* SPDX-License-Identifier: MIT */
/*
 * Sorting that can be stopped, for lists whose length a file, a folder or a
 * statement decides.
 *
 * Threads: any number at once, on different items.
 */
#ifndef NG_BASE_LONG_SORT_H
#define NG_BASE_LONG_SORT_H

#include <stddef.h>

#include "base/stop.h"

/*
 * Sort `count` items of `size` bytes each, in place, by a compare() as qsort(3)
 * takes it. The sort is not stable. It allocates as much memory as the items
 * take.
 *
 * Returns 0, ENOMEM, or ECANCELED if told to stop; after an error all items are
 * still there, in any order.
 */
int ng_long_sort(void *items, size_t count, size_t size,
                 int (*compare)(const void *a, const void *b),
                 const struct ng_stop *stop);

#endif
