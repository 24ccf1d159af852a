/* SPDX-License-Identifier: MIT */
/* What stands behind struct ngram_counts: a view of a result. */
#ifndef NG_TALLY_VIEW_H
#define NG_TALLY_VIEW_H

#include "base/stop.h"
#include "ngram.h"
#include "tally/result.h"

/* All entries of a result, or some; all if they were spilled. */
struct ngram_counts {
  struct ng_result *result;  /* a reference */
  struct ng_entry **some;    /* owned; NULL: all of them */
  struct ng_entry **entries; /* `some`, or those of the result */
  size_t entry_count;
  struct ng_budget budget;         /* of what reads: */
  struct ng_spilled_reader reader; /* of entries that were spilled */
  unsigned columns; /* that were asked for; the result may have more */
  struct ngram_scan_stats stats;
};

/*
 * Make a view of the words that `options` asks for. `has_more`: the result may
 * have others as well, which takes a look at each of them; `stop` is asked
 * meanwhile. Takes the reference over. On NGRAM_OK *view is for the caller to
 * free; else it is NULL: NGRAM_NO_MEMORY, NGRAM_INTERRUPTED.
 */
enum ngram_status ng_view_new(struct ng_result *result, bool has_more,
                              const struct ngram_count_options *options,
                              const struct ng_stop *stop,
                              struct ngram_counts **view,
                              struct ngram_error *error);

void ng_view_row(const struct ngram_counts *counts, struct ng_entry *entry,
                 struct ngram_row *row);

/* What was spilled cannot be read: an errno, as an error. */
enum ngram_status ng_view_fail_spilled(struct ngram_error *error,
                                       int system_error);

#endif
