/* SPDX-License-Identifier: MIT */
/*
 * A reduced result: the words in their order, and the tables that own them. It
 * is shared by all who walk it and by the cache; whoever comes last frees it.
 *
 * Threads: once it is made it is only read, by any number of threads.
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
  struct ng_budget budget; /* of the scan; what it holds now is the result */
  bool wide;
  struct ng_spilled *spilled; /* NULL: all is in memory; else nothing is */
  struct ng_entry **entries;  /* by fingerprint, then by bytes */
  size_t entry_count;
  struct ng_table *tables; /* own the entries; their slots are gone */
  unsigned table_count;
  struct ngram_scan_stats stats; /* of the scan that made it */
};

/* Empty, with one reference, the caller's; NULL: no memory. */
struct ng_result *ng_result_new(void);

/* One reference more. Returns its argument. */
struct ng_result *ng_result_hold(struct ng_result *result);

/* Give a reference back. NULL is allowed. */
void ng_result_release(struct ng_result *result);

/* The memory it takes. */
uint64_t ng_result_bytes(const struct ng_result *result);

/* Whether there is but one reference. */
bool ng_result_is_alone(struct ng_result *result);

/* The place of a word among entries that are in the order of a result, some of
   one perhaps, or their count. */
size_t ng_result_find_entry(struct ng_entry *const *entries, size_t count,
                            const char *word, size_t length);

/* The place of the word, or entry_count. Not of what was spilled. */
size_t ng_result_find(const struct ng_result *result, const char *word,
                      size_t length);

#endif
