/* SPDX-License-Identifier: MIT */
/*
 * Large memory straight from the system, on huge pages where it has them: a
 * table of many MiB that is met at random then costs fewer page faults and
 * misses of the address cache.
 *
 * Threads: any.
 */
#ifndef NG_BASE_PAGES_H
#define NG_BASE_PAGES_H

#include <stddef.h>

/* Zeroed memory that begins at a multiple of 2 MiB, or NULL. */
void *ng_pages_map(size_t bytes);

/* With the size that it was mapped with. */
void ng_pages_unmap(void *memory, size_t bytes);

#endif
