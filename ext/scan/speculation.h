/* SPDX-License-Identifier: MIT */
/*
 * Speculation: which stretches of a stream are decoded ahead of its front, and
 * which speculative chunk the front meets next.
 *
 * The file is divided into stretches of equal size (not those of
 * scan/points.h). A worker with nothing to
 * map decodes a stretch that the front has not reached, from the first position
 * in it at which a block of DEFLATE seems to begin (inflate/speculative.h). The
 * front accepts the chunk if it arrives exactly where the chunk begins, and
 * drops it otherwise. Slices of an accepted chunk become blocks of text. The
 * slots bound the memory of chunks.
 *
 * Life of a slot: ng_speculation_begin(), ng_speculation_make(),
 * ng_speculation_end(); then either ng_speculation_drop(), or
 * ng_speculation_accept(), ng_speculation_draw() for each slice, and
 * ng_speculation_replaced() for each slice. Then it is free again.
 *
 * Threads: any worker, holding the lock of the stream (scan/stream_state.h);
 * but ng_speculation_make() is called without it. The calling thread inits and
 * frees.
 */
#ifndef NG_SCAN_SPECULATION_H
#define NG_SCAN_SPECULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "inflate/speculative.h"
#include "source/source.h"

enum ng_speculative_state {
  NG_SPECULATIVE_NONE,     /* the slot is free */
  NG_SPECULATIVE_RUNNING,  /* a worker decodes the chunk */
  NG_SPECULATIVE_READY,    /* the front has not arrived at it yet */
  NG_SPECULATIVE_ACCEPTED, /* its slices are being mapped */
};

struct ng_speculation_slot {
  enum ng_speculative_state state;
  uint64_t stretch;                  /* its number, from 0 */
  struct ng_speculative_chunk chunk; /* used without lock by the worker that
                                        decodes or accepts it, and read so by
                                        those that replace markers */
  uint64_t number;    /* the sequence number of the block of its first slice */
  size_t next_slice;  /* to be drawn */
  size_t slices_open; /* whose markers have not been replaced */
  struct ng_speculation_slot *next; /* accepted after it */
};

/* `slots`, `slot_count`, sizes and counts of the file are set by init. */
struct ng_speculation {
  struct ng_budget *budget;          /* borrowed */
  struct ng_speculation_slot *slots; /* owned; NULL: nothing is decoded ahead */
  size_t slot_count;
  size_t stretch_bytes;   /* of the file, in a stretch */
  size_t slice_cells;     /* the most bytes of text in a slice */
  uint64_t stretch_count; /* a shorter one at the file's end is not counted */
  uint64_t next_stretch;  /* no stretch from here on has been begun */
  unsigned accepted;      /* chunks so far */
  unsigned dropped;       /* chunks so far */
  unsigned workers;
  double chunk_seconds;  /* that the last chunk took */
  double waited_seconds; /* by all workers, less what chunks were paid with */
  struct ng_speculation_slot *first; /* accepted chunks that have slices to be
                                        drawn, in the order of the file */
  struct ng_speculation_slot **end;
};

/* `speculation` is zeroed. Slices have up to `slice_cells` bytes of text, as
   blocks have. `workers` is 2 or more. Returns false if there is no memory;
   ng_speculation_free() is called all the same. */
bool ng_speculation_init(struct ng_speculation *speculation,
                         struct ng_budget *budget, unsigned workers,
                         uint64_t file_bytes, size_t stretch_bytes,
                         size_t slice_cells);
/* A zeroed one is allowed. */
void ng_speculation_free(struct ng_speculation *speculation);

/* A worker has waited for a step this long. */
void ng_speculation_waited(struct ng_speculation *speculation, double seconds);

/* Returns whether a chunk may be begun, and is worth it, while the front is at
   byte `front` of the file. */
bool ng_speculation_may_begin(const struct ng_speculation *speculation,
                              uint64_t front);

/* Begin a chunk. Requires ng_speculation_may_begin(). The worker that calls
   then makes the chunk without the lock, and ends it after `seconds`. A chunk
   of which nothing could be decoded is dropped there. */
struct ng_speculation_slot *
ng_speculation_begin(struct ng_speculation *speculation, uint64_t front);
void ng_speculation_make(const struct ng_speculation *speculation,
                         struct ng_speculation_slot *slot,
                         struct ng_speculative_context *context,
                         struct ng_source *source);
void ng_speculation_end(struct ng_speculation *speculation,
                        struct ng_speculation_slot *slot, double seconds);

/* Returns the chunk that the front meets next, running or ready; NULL if there
   is none. */
struct ng_speculation_slot *
ng_speculation_next(const struct ng_speculation *speculation);

/* Returns the bit of the file at which a chunk begins or, while it is running,
   the first bit at which it may begin. */
uint64_t ng_speculation_start(const struct ng_speculation *speculation,
                              const struct ng_speculation_slot *slot);

/* The front has passed the chunk, or could not accept it. */
void ng_speculation_drop(struct ng_speculation *speculation,
                         struct ng_speculation_slot *slot);

/* The front goes on at the end of the chunk. Its slices may be drawn; their
   blocks have sequence numbers from `number` on. */
void ng_speculation_accept(struct ng_speculation *speculation,
                           struct ng_speculation_slot *slot, uint64_t number);

/* Draw a slice of speculation->first, which is not NULL. Returns its index. */
size_t ng_speculation_draw(struct ng_speculation *speculation);

/* A slice that was drawn is in its block of text. */
void ng_speculation_replaced(struct ng_speculation_slot *slot);

#endif
