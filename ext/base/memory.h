/* SPDX-License-Identifier: MIT */
/*
 * How much memory the process may use: the default memory limit of a count
 * depends on it.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_MEMORY_H
#define NG_BASE_MEMORY_H

#include <stdint.h>

/* Returns bytes: the least of the machine's memory, the process's limit
   (RLIMIT_AS), 2 GiB if pointers have 32 bits, and, on Linux, the limits of its
   control group and those above it. 0 if none of them is known. */
uint64_t ng_memory_allowed(void);

/* The same, for tests: with /proc and /sys taken from below the folder `root`.
 */
uint64_t ng_memory_allowed_below(const char *root);

#endif
