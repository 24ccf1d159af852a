/* SPDX-License-Identifier: MIT */
/*
 * What a table has put into a temporary file to stay within its share of a
 * memory limit: sorted runs, each of which was the whole table at some time.
 *
 * Runs are in the order of a table, and know where each of NG_SPILL_PARTS equal
 * ranges of fingerprints begins, so that a reduce can read one range of all of
 * them.
 *
 * Threads: as its table, one at a time; runs that are only read, any number.
 */
#ifndef NG_COUNT_SPILL_H
#define NG_COUNT_SPILL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/stop.h"
#include "base/temp_file.h"
#include "count/slots.h"

#define NG_SPILL_PART_BITS 6
#define NG_SPILL_PARTS (1 << NG_SPILL_PART_BITS)

/* The part of words with this fingerprint, and the first and the last
   fingerprint of a part. */
static inline size_t ng_spill_part(uint32_t fingerprint)
{
  return fingerprint >> (32 - NG_SPILL_PART_BITS);
}

static inline uint32_t ng_spill_part_first(size_t part)
{
  return (uint32_t)part << (32 - NG_SPILL_PART_BITS);
}

static inline uint32_t ng_spill_part_last(size_t part)
{
  return ng_spill_part_first(part) | UINT32_MAX >> NG_SPILL_PART_BITS;
}

/* Of so many runs half are merged to one; of fewer, if there are many tables or
   long words, which a merge of all has to hold at once. */
#define NG_SPILL_RUNS_MAX 64

struct ng_spill_run {
  uint64_t starts[NG_SPILL_PARTS + 1]; /* of the parts, in the file */
};

struct ng_spill {
  struct ng_budget *budget; /* borrowed */
  bool wide;
  uint64_t share_bytes; /* that the table may hold */
  unsigned tables;      /* whose runs will be merged together */
  size_t longest;       /* bytes of an entry's image */
  struct ng_temp_file file;
  struct ng_spill_run *runs; /* owned; NG_SPILL_RUNS_MAX of them */
  size_t run_count;
  char *buffer; /* owned: entries on their way to the file */
  size_t buffer_bytes;
  int error; /* the errno of a write or read that failed */
  _Atomic uint64_t forgotten_bytes; /* by ng_spill_forget() */
  _Atomic uint64_t forget_microseconds;
};

/* `bytes`, or the bound that it is past. */
static inline size_t ng_spill_clamp(uint64_t bytes, size_t least, size_t most)
{
  if (bytes < least)
    return least;
  return bytes < most ? (size_t)bytes : most;
}

/* What entries are collected in before they are written, where a table may hold
   so much: a small part of it. */
size_t ng_spill_buffer_bytes(uint64_t share_bytes);

/* For one of so many tables, that may hold so much. NULL: no memory. */
struct ng_spill *ng_spill_new(struct ng_budget *budget, uint64_t share_bytes,
                              unsigned tables, bool wide);
/* NULL is allowed. */
void ng_spill_free(struct ng_spill *spill);

/* Write all entries of a table as a run, behind one or more that there is room
   for. False: no memory, told to stop, or spill->error. */
bool ng_spill_write(struct ng_spill *spill, const struct ng_slots *slots,
                    const struct ng_stop *stop);

/* What stands between two offsets was merged: give its room back, unless that
   has turned out to be slow. Threads: any number, while nothing is written. */
void ng_spill_forget(struct ng_spill *spill, uint64_t from, uint64_t to,
                     const struct ng_stop *stop);

/* Merge the shortest runs if there are as many as there may be; best when the
   table holds nothing. False: as above. */
bool ng_spill_compact(struct ng_spill *spill, const struct ng_stop *stop);

#endif
