/* SPDX-License-Identifier: MIT */
/* How scans went. */
#ifndef NG_ENGINE_STATS_H
#define NG_ENGINE_STATS_H

#include "engine/job.h"
#include "ngram.h"

/* How a job went; times and peak of the whole call aside. Its workers have
   ended. */
void ng_stats_fill(struct ngram_scan_stats *stats, const struct ng_job *job);

/* Add how one file went to how others did. */
void ng_stats_add(struct ngram_scan_stats *into,
                  const struct ngram_scan_stats *from);

#endif
