/* SPDX-License-Identifier: MIT */
/*
 * What a reduce gives that has no room in memory: all words, in the order of a
 * table, in temporary files. One for each worker: the ranges of fingerprints
 * that a worker has merged stand in its file.
 *
 * Threads: ng_spilled_merge() may be called by any number at once, each with
 * its own worker; behind that it is only read, by any number.
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

/* A place from which on entries can be read, one for some 16 KiB; fewer if a
   part would have too many for a table's share. */
struct ng_spilled_fence {
  uint64_t offset; /* in the file, of a piece */
  uint64_t word;   /* its number in the part */
  uint32_t fingerprint;
};

struct ng_spilled_part {
  const struct ng_temp_file *file; /* NULL: not merged */
  uint64_t end;                    /* in the file */
  uint64_t first;                  /* words in the parts before it */
  uint64_t words;
  uint64_t pieces;
  struct ng_spilled_fence *fences; /* owned; the first one is the beginning */
  size_t fence_count;
  size_t fence_capacity; /* an even number */
  size_t fences_most;
  size_t fence_step; /* one fence for so many pieces */
};

/* So many parts after one another are forgotten together, where they came from,
   once all of them are merged. */
#define NG_SPILLED_GROUP 8

struct ng_spilled {
  struct ng_budget *budget; /* borrowed, outlives it; holds the fences */
  bool wide;
  unsigned worker_count;
  struct ng_temp_file *files; /* owned, as many */
  struct ng_spilled_part parts[NG_SPILL_PARTS];
  atomic_uint merged[NG_SPILL_PARTS / NG_SPILLED_GROUP]; /* of each group */
  uint64_t words;
  atomic_int error;       /* the errno of a file that failed */
  atomic_bool overflowed; /* a sum went past 2^63-1 */
  atomic_bool damaged;    /* words could not be read back */
};

/* NULL: no memory. */
struct ng_spilled *ng_spilled_new(struct ng_budget *budget, unsigned workers,
                                  bool wide);
/* NULL is allowed. */
void ng_spilled_free(struct ng_spilled *spilled);

/* Merge part number `part` of the tables, with what they have spilled: it
   cannot be merged again. False: no memory, told to stop, or spilled->error. */
bool ng_spilled_merge(struct ng_spilled *spilled, unsigned worker, size_t part,
                      struct ng_table *const *tables, size_t table_count);

/* All parts are merged. */
void ng_spilled_end(struct ng_spilled *spilled);

/* The bytes that it takes in memory and in files, besides what its budget
   holds. */
uint64_t ng_spilled_bytes(const struct ng_spilled *spilled);

/* Reads words by their numbers, which count all parts; quickly if one after the
   other. Threads: one at a time. */
struct ng_spilled_reader {
  struct ng_spilled *spilled; /* borrowed */
  struct ng_run_file_reader run;
  size_t part;   /* in which it stands */
  uint64_t next; /* word to be read there; UINT64_MAX: it stands nowhere */
};

/* False: no memory. */
bool ng_spilled_reader_init(struct ng_spilled_reader *reader,
                            struct ng_spilled *spilled,
                            struct ng_budget *budget);
void ng_spilled_reader_free(struct ng_spilled_reader *reader);

/* Word number `number`, borrowed until the next call. Returns 0, or an errno:
   but for ENOMEM, `spilled` is damaged. */
int ng_spilled_read(struct ng_spilled_reader *reader, uint64_t number,
                    struct ng_entry **entry);

/* The number of a word, or of them all if it is not among them. Returns 0, or
   an errno, as above. */
int ng_spilled_find(struct ng_spilled_reader *reader, const char *word,
                    size_t length, uint64_t *number);

#endif
