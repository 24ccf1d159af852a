/* SPDX-License-Identifier: MIT */
/*
 * Decoding ahead: the guesses of a stream, and which one comes next.
 *
 * The file is cut into stretches of equal size. A worker that has nothing to
 * map decodes a stretch that nobody has reached yet (inflate/speculative.h),
 * and the decoder at the front takes it over if it arrives exactly where the
 * guess begins. The slots bound what guesses hold.
 *
 * Threads: the stream's lock is held, but for ng_speculation_make().
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
  NG_SPECULATIVE_RUNNING,  /* a worker makes it */
  NG_SPECULATIVE_READY,    /* the front has not arrived yet */
  NG_SPECULATIVE_ACCEPTED, /* its slices are being mapped */
};

struct ng_speculation_slot {
  enum ng_speculative_state state;
  uint64_t stretch;
  struct ng_speculative_chunk guess; /* of whoever makes or takes it */
  uint64_t number;                   /* of the block of its first slice */
  size_t next_slice;                 /* to be drawn */
  size_t slices_open;                /* not resolved yet */
  struct ng_speculation_slot *next;  /* taken behind it */
};

struct ng_speculation {
  struct ng_budget *budget;          /* borrowed */
  struct ng_speculation_slot *slots; /* NULL: nothing is decoded ahead */
  size_t slot_count;
  size_t stretch_bytes; /* of the file */
  size_t slice_cells;
  uint64_t stretch_count;
  uint64_t next_stretch;
  unsigned taken;
  unsigned dropped;
  unsigned workers;
  double guess_seconds;  /* what the last guess took */
  double waited_seconds; /* by all workers, since guesses were paid with it */
  struct ng_speculation_slot
      *first; /* taken, with slices to be drawn, in order */
  struct ng_speculation_slot **end;
};

/* For `workers` workers; slices become blocks of `slice_cells` bytes. False: no
   memory. */
bool ng_speculation_init(struct ng_speculation *ahead, struct ng_budget *budget,
                         unsigned workers, uint64_t file_bytes,
                         size_t stretch_bytes, size_t slice_cells);
void ng_speculation_free(struct ng_speculation *ahead);

/* A worker has waited. */
void ng_speculation_waited(struct ng_speculation *ahead, double seconds);

/* Whether a guess is worth beginning while the front is at byte `front`. */
bool ng_speculation_may_begin(const struct ng_speculation *ahead,
                              uint64_t front);

/* Begin the next guess, if it may be begun: make it without the lock, and end
   it. */
struct ng_speculation_slot *ng_speculation_begin(struct ng_speculation *ahead,
                                                 uint64_t front);
void ng_speculation_make(const struct ng_speculation *ahead,
                         struct ng_speculation_slot *slot,
                         struct ng_speculative_context *guesser,
                         struct ng_source *source);
void ng_speculation_end(struct ng_speculation *ahead,
                        struct ng_speculation_slot *slot, double seconds);

/* The guess that the front meets next, running or ready; NULL: none. */
struct ng_speculation_slot *
ng_speculation_next(const struct ng_speculation *ahead);

/* The bit of the file at which it begins, or, while that is not known, before
   which it does not. */
uint64_t ng_speculation_start(const struct ng_speculation *ahead,
                              const struct ng_speculation_slot *slot);

/* The front has passed it, or could not take it. */
void ng_speculation_drop(struct ng_speculation *ahead,
                         struct ng_speculation_slot *slot);

/* The front goes on behind it: its slices, of numbers from `number` on, may be
   drawn. */
void ng_speculation_take(struct ng_speculation *ahead,
                         struct ng_speculation_slot *slot, uint64_t number);

/* Draw a slice of ahead->first, which is not NULL. */
size_t ng_speculation_draw(struct ng_speculation *ahead);

/* A slice has been resolved. */
void ng_speculation_replaced(struct ng_speculation_slot *slot);

#endif
