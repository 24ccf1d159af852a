/* SPDX-License-Identifier: MIT */
/*
 * How much memory the process may use.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_MEMORY_H
#define NG_BASE_MEMORY_H

#include <stdint.h>

/* The least of the machine's memory, the process's limit (RLIMIT_AS), and, on
   Linux, the limits of its control group and those above it. 0: not known. */
uint64_t ng_memory_allowed(void);

/* The same, with `root` in place of "/": for tests. */
uint64_t ng_memory_allowed_below(const char *root);

#endif
