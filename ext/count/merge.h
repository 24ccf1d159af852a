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

#include "count/run_file.h"
#include "count/sort.h"
#include "count/table.h"

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
  uint64_t steps; /* that were made, long words counted for more, for
                         who asks now and then whether to stop */
  bool given;     /* the least head was given out and has to be stepped over */
  char *sum;      /* owned: an entry that is being added up */
  size_t sum_bytes; /* of room for it */
  bool overflowed;  /* a sum went past 2^63-1 */
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
void ng_merge_add_table(struct ng_merge *merge, const struct ng_table *table,
                        uint32_t first, uint32_t last);

/* So many steps take some milliseconds. */
#define NG_MERGE_ASK_STEPS 16384

/* The next entry, borrowed until the next call. NULL: at the end, or
   merge->error. */
struct ng_entry *ng_merge_next(struct ng_merge *merge);

/* The same by fingerprint, with all entries of a word added up to one. */
struct ng_entry *ng_merge_next_word(struct ng_merge *merge);

#endif
