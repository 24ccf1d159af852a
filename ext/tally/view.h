/* SPDX-License-Identifier: MIT */
/*
 * The view of a result: struct ngram_counts of ngram.h. It shows all words of a
 * result, or those of them that were asked for.
 *
 * Several views may share a result. Each holds a reference to it.
 *
 * Threads: one at a time uses a view.
 */
#ifndef NG_TALLY_VIEW_H
#define NG_TALLY_VIEW_H

#include "base/stop.h"
#include "ngram.h"
#include "tally/result.h"

/* A view of a spilled result has all of its entries. */
struct ngram_counts {
  struct ng_result *result;  /* a reference, released with the view */
  struct ng_entry **some;    /* owned array of chosen entries; NULL for all */
  struct ng_entry **entries; /* `some`, or result->entries */
  size_t entry_count;
  struct ng_budget budget;         /* of `reader` */
  struct ng_spilled_reader reader; /* of a spilled result */
  unsigned columns; /* the wanted ones; the result may have more */
  struct ngram_scan_stats stats;
};

/*
 * Make a view of the words that `options` ask for. If `has_more`, the result
 * may have other words too, but must be in memory: the wanted ones are chosen,
 * and `stop` is asked meanwhile. Takes ownership of the caller's reference to
 * `result`, also on an error.
 *
 * Returns NGRAM_OK, and the caller frees *view with ngram_counts_free(); or
 * NGRAM_NO_MEMORY or NGRAM_INTERRUPTED, and *view is NULL.
 */
enum ngram_status ng_view_new(struct ng_result *result, bool has_more,
                              const struct ngram_count_options *options,
                              const struct ng_stop *stop,
                              struct ngram_counts **view,
                              struct ngram_error *error);

/* Fill `row` from an entry of the view. The word is borrowed from the entry. */
void ng_view_row(const struct ngram_counts *counts, struct ng_entry *entry,
                 struct ngram_row *row);

/* Fill `error` for the errno with which a spilled result could not be read, and
   return its status. */
enum ngram_status ng_view_fail_spilled(struct ngram_error *error,
                                       int system_error);

#endif
