/* SPDX-License-Identifier: MIT */
/*
 * Many files, several workers: which files are read by all workers together,
 * one after the other, and which by one worker each, side by side?
 */
#ifndef NG_TALLY_SCHEDULE_H
#define NG_TALLY_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

/* How many files, from the first on, all workers should read together. Sizes
   are in descending order. A pure function; without memory it is 0. */
size_t ng_schedule_shared(const uint64_t *sizes, size_t count,
                          unsigned workers);

#endif
