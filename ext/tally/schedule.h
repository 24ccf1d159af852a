/* SPDX-License-Identifier: MIT */
/*
 * Divides many files among several workers. All workers read the first files
 * together, one file after the other. Of the other files, each is read by one
 * worker, several side by side.
 *
 * Threads: any number at once.
 */
#ifndef NG_TALLY_SCHEDULE_H
#define NG_TALLY_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

/* Returns the number of files, from the first on, that all `workers` (at least
   1) should read together, 0 to `count`. `sizes` are in bytes, in descending
   order. The result depends on the arguments only, but is 0 if there is no
   memory. */
size_t ng_schedule_shared(const uint64_t *sizes, size_t count,
                          unsigned workers);

#endif
