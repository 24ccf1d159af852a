/* SPDX-License-Identifier: MIT */
/*
 * A reduced result: the entries in order, and the tables or temporary files
 * that have them. Views (tally/view.h) and the cache (api/cache.c) hold
 * references to it; the release of the last reference frees it.
 *
 * Threads: one thread fills it. After that any number of threads read it, and
 * hold and release references.
 */
#ifndef NG_TALLY_RESULT_H
#define NG_TALLY_RESULT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/budget.h"
#include "count/spilled.h"
#include "count/table.h"
#include "ngram.h"

struct ng_result {
  atomic_uint references;
  struct ng_budget budget; /* of the count that made it; what the budget still
                              holds after that is the result */
  bool wide;               /* entries have all columns (count/table.h) */
  struct ng_spilled *spilled; /* owned; all entries, in files, or NULL if they
                                 are in memory */
  struct ng_entry **entries;  /* owned array, ordered by fingerprint, then by
                                 bytes; NULL if spilled */
  size_t entry_count;         /* in memory or in files */
  struct ng_table *tables;    /* owned; own the entries; have no slots */
  unsigned table_count;
  struct ngram_scan_stats stats; /* of the scan that made it */
};

/* Returns an empty result with one reference, the caller's, or NULL if there is
   no memory. */
struct ng_result *ng_result_new(void);

/* Add a reference. Returns `result`. */
struct ng_result *ng_result_hold(struct ng_result *result);

/* Drop a reference; the last one frees the result. NULL is allowed. */
void ng_result_release(struct ng_result *result);

/* Returns the bytes that the result takes, in memory and in files. */
uint64_t ng_result_bytes(const struct ng_result *result);

/* Whether there is exactly one reference: that of the caller. */
bool ng_result_is_alone(struct ng_result *result);

/* Returns the index of a word among `count` entries, which are in the order of
   a result, or `count` if the word is not there. */
size_t ng_result_find_entry(struct ng_entry *const *entries, size_t count,
                            const char *word, size_t length);

/* Returns the index of a word among result->entries, or entry_count if it is
   not there. The result must not be spilled. */
size_t ng_result_find(const struct ng_result *result, const char *word,
                      size_t length);

#endif
