/* SPDX-License-Identifier: MIT */
/* The statistics of passes. Threads: the caller of the pass. */
#ifndef NG_SCAN_STATS_H
#define NG_SCAN_STATS_H

#include "ngram.h"
#include "scan/pass.h"

/* Fill in the statistics of a pass whose workers have ended. Adds to the times
   of *stats; leaves out what belongs to the whole call, such as time and peak
   of memory. */
void ng_stats_fill(struct ngram_scan_stats *stats, const struct ng_pass *pass);

/* Add the statistics of one file to those of others. The strategy and threads
   of `into` stay. */
void ng_stats_add(struct ngram_scan_stats *into,
                  const struct ngram_scan_stats *from);

#endif
