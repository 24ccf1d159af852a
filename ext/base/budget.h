/* SPDX-License-Identifier: MIT */
/*
 * A byte budget. A scan takes every large piece of memory from it and gives it
 * back, so that the scan can report its peak and obey a limit. Memory that
 * a scan allocates elsewhere is counted only if it is noted.
 *
 * Threads: any number may call all functions but ng_budget_init() at once.
 */
#ifndef NG_BASE_BUDGET_H
#define NG_BASE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ng_budget {
  _Atomic uint64_t held_bytes;    /* taken and not given back */
  _Atomic uint64_t peak_bytes;    /* of held_bytes + noted_bytes */
  _Atomic uint64_t noted_bytes;   /* by ng_budget_note() */
  _Atomic uint64_t spilled_bytes; /* written to temporary files; added by the
                                     code that writes them */
  _Atomic bool refused; /* the limit was too low, for ng_budget_take() or for a
                           caller that checks it itself; never reset */
  uint64_t limit_bytes; /* 0: none. Set before the first take */
};

/* An empty budget without a limit. It needs no clean-up. */
void ng_budget_init(struct ng_budget *budget);

/* Returns zeroed memory, which the caller owns and gives back to the same
   budget with the same size; NULL if the system has none, or if the limit does
   not allow it, which sets `refused`. */
void *ng_budget_take(struct ng_budget *budget, size_t bytes);

/* Count memory that was allocated elsewhere, and stop counting it. It adds to
   the peak but not to what the limit applies to. */
void ng_budget_note(struct ng_budget *budget, size_t bytes);
void ng_budget_forget(struct ng_budget *budget, size_t bytes);

/* Free memory from ng_budget_take(), or NULL. */
void ng_budget_give(struct ng_budget *budget, void *memory, size_t bytes);

#endif
