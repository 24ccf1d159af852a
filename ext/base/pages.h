/* SPDX-License-Identifier: MIT */
/*
 * Large memory directly from the system, on huge pages where it has them.
 * Random access to a table of many MiB then costs fewer page faults and TLB
 * misses.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_PAGES_H
#define NG_BASE_PAGES_H

#include <stddef.h>

/* Returns zeroed memory that begins at a multiple of 2 MiB, or NULL if there is
   none. */
void *ng_pages_map(size_t bytes);

/* `bytes` is the size that ng_pages_map() was given. */
void ng_pages_unmap(void *memory, size_t bytes);

#endif
