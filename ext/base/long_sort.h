/* SPDX-License-Identifier: MIT */
/* Sorting that may be told to stop: for lists whose length a file, a folder or
   a statement decides. */
#ifndef NG_BASE_LONG_SORT_H
#define NG_BASE_LONG_SORT_H

#include <stddef.h>

#include "base/stop.h"

/*
 * Sort `count` items of `size` bytes each, in place, by compare(), which is
 * that of qsort(3); equal ones stay in no order. Takes as much memory once
 * more.
 *
 * Returns 0, or ENOMEM, or ECANCELED when told to stop: then the items are all
 * there, in any order.
 */
int ng_long_sort(void *items, size_t count, size_t size,
                 int (*compare)(const void *a, const void *b),
                 const struct ng_stop *stop);

#endif
