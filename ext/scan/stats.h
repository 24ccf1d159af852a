/* SPDX-License-Identifier: MIT */
/* How scans went. */
#ifndef NG_SCAN_STATS_H
#define NG_SCAN_STATS_H

#include "ngram.h"
#include "scan/pass.h"

/* How a pass went; times and peak of the whole call aside. Its workers have
   ended. */
void ng_stats_fill(struct ngram_scan_stats *stats, const struct ng_pass *pass);

/* Add how one file went to how others did. */
void ng_stats_add(struct ngram_scan_stats *into,
                  const struct ngram_scan_stats *from);

#endif
