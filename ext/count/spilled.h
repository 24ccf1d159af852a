/* SPDX-License-Identifier: MIT */
/*
 * The result of a reduce that does not fit into memory: each word once, in the
 * order of a table, in temporary files. reduce.c makes it if some table has
 * spilled.
 *
 * Words have numbers, 0 to ng_spilled.words - 1, in that order. They are read
 * by number and found by their bytes. Each part of the fingerprints
 * (count/spill.h) is merged by one worker, to the end of that worker's file.
 *
 * Life: ng_spilled_new(), ng_spilled_merge() once for each part,
 * ng_spilled_end(), then any number of readers, ng_spilled_free().
 *
 * Threads: ng_spilled_merge() may be called by any number at once, each with a
 * worker and a part of its own. After ng_spilled_end() the struct is only read,
 * by any number, but for `damaged`.
 */
#ifndef NG_COUNT_SPILLED_H
#define NG_COUNT_SPILLED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/temp_file.h"
#include "count/run_file.h"
#include "count/spill.h"
#include "count/table.h"

/* Where reading may begin: the first word of a piece. */
struct ng_spilled_fence {
  uint64_t offset; /* of the piece, in the file */
  uint64_t word;   /* number of the word within its part */
  uint32_t fingerprint;
};

/* Written by the thread that merges the part; `first` by ng_spilled_end(). */
struct ng_spilled_part {
  const struct ng_temp_file *file; /* one of ng_spilled.files */
  uint64_t end;                    /* offset in the file */
  uint64_t first;                  /* number of the part's first word */
  uint64_t words;
  uint64_t pieces;
  struct ng_spilled_fence *fences; /* owned; the first one is of the first
                                      piece */
  size_t fence_count;
  size_t fence_capacity; /* an even number */
  size_t fences_most;    /* that the capacity must not pass */
  size_t fence_step;     /* pieces from one fence to the next */
};

/* A group is this many consecutive parts. When all of them are merged, their
   room in the tables' files is given back. */
#define NG_SPILLED_GROUP 8

struct ng_spilled {
  struct ng_budget *budget; /* borrowed, outlives it; holds the fences */
  bool wide;
  unsigned worker_count;
  struct ng_temp_file *files; /* owned, one for each worker, written by it */
  struct ng_spilled_part parts[NG_SPILL_PARTS];
  atomic_uint merged[NG_SPILL_PARTS / NG_SPILLED_GROUP]; /* of each group, the
                                                           number of its parts
                                                           that are merged */
  uint64_t words;         /* known after ng_spilled_end() */
  atomic_int error;       /* the errno of a file that failed in a merge; or 0 */
  atomic_bool overflowed; /* some sum is past 2^63-1 */
  atomic_bool damaged;    /* a reader could not read words back */
};

/* For `workers` threads. Returns NULL if there is no memory. */
struct ng_spilled *ng_spilled_new(struct ng_budget *budget, unsigned workers,
                                  bool wide);
/* NULL is allowed. */
void ng_spilled_free(struct ng_spilled *spilled);

/* Merge a part of all tables and their runs, which is not merged yet. The
   tables are as wide as the result; some table has spilled. Returns false if
   there is no memory, if told to stop (by the `stop` of the first table), or if
   a file failed (spilled->error). */
bool ng_spilled_merge(struct ng_spilled *spilled, unsigned worker, size_t part,
                      struct ng_table *const *tables, size_t table_count);

/* Number the words, after all parts have been merged. By one thread, after all
   others have ended. */
void ng_spilled_end(struct ng_spilled *spilled);

/* The bytes that it takes in memory and in files, besides what its budget
   holds. */
uint64_t ng_spilled_bytes(const struct ng_spilled *spilled);

/* Reads words by their numbers; fast if one after the other. Threads: one at a
   time for each reader. */
struct ng_spilled_reader {
  struct ng_spilled *spilled; /* borrowed */
  struct ng_run_file_reader run;
  size_t part;   /* the one that `run` reads */
  uint64_t next; /* number of the word that `run` will give; UINT64_MAX if it
                    has to be set first */
};

/* A reader with a buffer from `budget`. Returns false if there is no memory. */
bool ng_spilled_reader_init(struct ng_spilled_reader *reader,
                            struct ng_spilled *spilled,
                            struct ng_budget *budget);
/* A zeroed one is allowed. */
void ng_spilled_reader_free(struct ng_spilled_reader *reader);

/* Give word number `number`, which is below `words`, borrowed until the next
   call. Returns 0, or an errno; any but ENOMEM marks the result as damaged. */
int ng_spilled_read(struct ng_spilled_reader *reader, uint64_t number,
                    struct ng_entry **entry);

/* Give the number of a word, or ng_spilled.words if it is not there. Returns 0,
   or an errno, as above. */
int ng_spilled_find(struct ng_spilled_reader *reader, const char *word,
                    size_t length, uint64_t *number);

#endif
