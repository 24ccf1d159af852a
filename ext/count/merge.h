/* SPDX-License-Identifier: MIT */
/*
 * Sorted runs, in files or in tables, as one.
 *
 * Threads: one at a time.
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
  NG_MERGE_SORTED,         /* as `sorted` says */
};

struct ng_merge_run;

struct ng_merge {
  struct ng_budget *budget; /* borrowed */
  enum ng_merge_order order;
  struct ng_sort_order sorted;
  bool wide;
  size_t buffer_bytes;        /* for each run that is in a file */
  struct ng_merge_run *runs;  /* owned; `capacity` of them */
  struct ng_merge_run **heap; /* owned; the one with the least head first */
  size_t capacity;
  size_t added;
  size_t heap_count;
  uint64_t steps; /* that were made; long words count for more */
  uint64_t asked; /* steps when ng_merge_is_stopped() last asked */
  bool given;     /* the least head was given out and has to be stepped over */
  char *sum;      /* owned: an entry that is being added up */
  size_t sum_bytes; /* of room for it */
  int error;        /* an errno; ENOMEM */
};

/* Ready to take up to `capacity` runs. False: no memory. */
bool ng_merge_init(struct ng_merge *merge, struct ng_budget *budget,
                   size_t capacity, enum ng_merge_order order, bool wide,
                   size_t buffer_bytes);
void ng_merge_free(struct ng_merge *merge);

/* Add what stands between two offsets of a file. False: merge->error. */
bool ng_merge_add_file(struct ng_merge *merge, const struct ng_temp_file *file,
                       uint64_t from, uint64_t to);

/* Add the entries of a table whose fingerprints are from `first` to `last`,
   both included, by fingerprint. */
void ng_merge_add_slots(struct ng_merge *merge, const struct ng_slots *slots,
                        uint32_t first, uint32_t last);

/* The next entry, borrowed until the next call. NULL: at the end, or
   merge->error. */
struct ng_entry *ng_merge_next(struct ng_merge *merge);

/* The same by fingerprint, with all entries of a word added up to one. */
struct ng_entry *ng_merge_next_word(struct ng_merge *merge);

/* So many steps take some milliseconds. */
#define NG_MERGE_ASK_STEPS 16384

/* Whether to stop, asked once in so many steps of the merge. */
static inline bool ng_merge_is_stopped(struct ng_merge *merge,
                                       const struct ng_stop *stop)
{
  if (merge->steps - merge->asked < NG_MERGE_ASK_STEPS)
    return false;
  merge->asked = merge->steps;
  return ng_stop_asked(stop);
}

#endif
