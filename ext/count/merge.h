/* SPDX-License-Identifier: MIT */
/*
 * Sorted runs, in files or in tables, as one.
 *
 * Life: ng_merge_init(), ng_merge_add_*() for each run, then ng_merge_next() or
 * ng_merge_next_word() until NULL, ng_merge_free().
 *
 * Threads: one at a time for each struct; runs are only read.
 */
#ifndef NG_COUNT_MERGE_H
#define NG_COUNT_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"
#include "count/run_file.h"
#include "count/slots.h"
#include "count/sort.h"

/* The order that all runs are in. */
enum ng_merge_order {
  NG_MERGE_BY_FINGERPRINT, /* that of tables: by fingerprint, then by bytes */
  NG_MERGE_SORTED,         /* as ng_merge.sorted says */
};

struct ng_merge_run;

struct ng_merge {
  struct ng_budget *budget; /* borrowed */
  enum ng_merge_order order;
  struct ng_sort_order sorted; /* set by the caller for NG_MERGE_SORTED, before
                                  runs are added */
  bool wide;
  size_t buffer_bytes;        /* for each run that is in a file */
  struct ng_merge_run *runs;  /* owned; `capacity` of them */
  struct ng_merge_run **heap; /* owned; runs that are not at their end */
  size_t capacity;
  size_t added;
  size_t heap_count;
  uint64_t steps;   /* entries read; long words count for more */
  uint64_t asked;   /* steps when ng_merge_is_stopped() last asked */
  bool given;       /* the last call gave the least head; its run moves on in
                       the next call */
  char *sum;        /* owned: the image of an entry that is being added up */
  size_t sum_bytes; /* of room for it */
  int error;        /* the errno of the first error; 0 if there was none */
};

/* Ready to take up to `capacity` runs, whose entries are as wide as `wide`
   says. The budget is borrowed; a run in a file takes `buffer_bytes` of it, or
   as many as its longest piece has. Returns false if there is no memory, and
   the merge has to be freed all the same. */
bool ng_merge_init(struct ng_merge *merge, struct ng_budget *budget,
                   size_t capacity, enum ng_merge_order order, bool wide,
                   size_t buffer_bytes);
void ng_merge_free(struct ng_merge *merge);

/* Add the run between two offsets of a file, which is borrowed. Returns false
   if it cannot be read: merge->error. */
bool ng_merge_add_file(struct ng_merge *merge, const struct ng_temp_file *file,
                       uint64_t from, uint64_t to);

/* Add the entries of a table whose fingerprints are from `first` to `last`,
   both included. The slots are borrowed. For NG_MERGE_BY_FINGERPRINT. */
void ng_merge_add_slots(struct ng_merge *merge, const struct ng_slots *slots,
                        uint32_t first, uint32_t last);

/* The next entry, borrowed until the next call. Returns NULL at the end, and
   after an error: merge->error. */
struct ng_entry *ng_merge_next(struct ng_merge *merge);

/* The same with all entries of a word added up to one. A sum past 2^63-1 is
   NG_SUM_OVERFLOW. For NG_MERGE_BY_FINGERPRINT. */
struct ng_entry *ng_merge_next_word(struct ng_merge *merge);

/* Steps between two questions whether to stop: some milliseconds. */
#define NG_MERGE_ASK_STEPS 16384

/* Whether to stop, asked once in NG_MERGE_ASK_STEPS. */
static inline bool ng_merge_is_stopped(struct ng_merge *merge,
                                       const struct ng_stop *stop)
{
  if (merge->steps - merge->asked < NG_MERGE_ASK_STEPS)
    return false;
  merge->asked = merge->steps;
  return ng_stop_asked(stop);
}

#endif
