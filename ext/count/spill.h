/* SPDX-License-Identifier: MIT */
/*
 * The entries that one table has written to a temporary file to stay within its
 * share of a memory limit: sorted runs, each of which was the whole table at
 * some time, or several such runs merged.
 *
 * All fingerprints are cut into NG_SPILL_PARTS parts of equal width. A run
 * knows where each part begins, so that a reduce can read one part of all runs.
 *
 * Threads: as its table, one at a time. During a reduce any number read the
 * runs, and may call ng_spill_forget(), while nothing is written.
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

/* The most runs of a table. There may be fewer, if there are many tables or
   long words: a merge of all runs of all tables holds an entry of each. */
#define NG_SPILL_RUNS_MAX 64

struct ng_spill_run {
  uint64_t starts[NG_SPILL_PARTS + 1]; /* offsets of the parts in the file, and
                                          of the end */
};

struct ng_spill {
  struct ng_budget *budget; /* borrowed */
  bool wide;
  uint64_t share_bytes; /* what the table may hold in memory */
  unsigned tables;      /* number of those whose runs a reduce will merge */
  size_t longest;       /* bytes of the longest image that was written */
  struct ng_temp_file file;
  struct ng_spill_run *runs; /* owned; room for NG_SPILL_RUNS_MAX */
  size_t run_count;
  char *buffer; /* owned: of the writer */
  size_t buffer_bytes;
  int error; /* the errno of a write or read that failed, which ends all use of
                the file; else 0 */
  /* What ng_spill_forget() did, by any thread. */
  _Atomic uint64_t forgotten_bytes;
  _Atomic uint64_t forget_microseconds;
};

/* `bytes`, or `least` or `most` if it is past that. */
static inline size_t ng_spill_clamp(uint64_t bytes, size_t least, size_t most)
{
  if (bytes < least)
    return least;
  return bytes < most ? (size_t)bytes : most;
}

/* The size of a writer's buffer, where a table may hold `share_bytes`. */
size_t ng_spill_buffer_bytes(uint64_t share_bytes);

/* For one of `tables` tables, which may hold `share_bytes`. The file is made
   when it is first needed. Returns NULL if there is no memory. */
struct ng_spill *ng_spill_new(struct ng_budget *budget, uint64_t share_bytes,
                              unsigned tables, bool wide);
/* NULL is allowed. */
void ng_spill_free(struct ng_spill *spill);

/* Write all entries of a table as a run, the last in the file. Returns false,
   and adds no run, if there is no memory, if told to stop, or if the file
   failed (spill->error). */
bool ng_spill_write(struct ng_spill *spill, const struct ng_slots *slots,
                    const struct ng_stop *stop);

/* Merge short runs until there is room for one more. The buffers take up to
   half of the share, so it is best called when the table holds nothing. Returns
   false as above. */
bool ng_spill_compact(struct ng_spill *spill, const struct ng_stop *stop);

/* Give back the room of the bytes between two offsets, which were merged,
   unless earlier calls were slow. */
void ng_spill_forget(struct ng_spill *spill, uint64_t from, uint64_t to,
                     const struct ng_stop *stop);

#endif
