/* SPDX-License-Identifier: MIT */
/*
 * A byte budget: every large piece of memory that a scan holds is taken from
 * it and given back to it, so that the scan can say what it held at most, and
 * can be held to a limit.
 *
 * Threads: all functions may be called from any thread at once.
 */
#ifndef NG_BASE_BUDGET_H
#define NG_BASE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ng_budget {
  _Atomic uint64_t held_bytes;
  _Atomic uint64_t peak_bytes;
  _Atomic uint64_t noted_bytes;   /* held besides, see ng_budget_note() */
  _Atomic uint64_t spilled_bytes; /* written to temporary files instead */
  _Atomic bool refused;           /* something, by the limit */
  uint64_t limit_bytes;           /* 0: none; set before anything is taken */
};

void ng_budget_init(struct ng_budget *budget);

/* Zeroed memory, or NULL: the system has none, or the limit does not allow it
   (`refused`). The caller owns it and gives it back with the same
   size to the same budget. */
void *ng_budget_take(struct ng_budget *budget, size_t bytes);

/* Enter memory from elsewhere in the books, and take it out again: it counts in
   the peak, and takes nothing from what the limit allows to others. */
void ng_budget_note(struct ng_budget *budget, size_t bytes);
void ng_budget_forget(struct ng_budget *budget, size_t bytes);

/* NULL is allowed. */
void ng_budget_give(struct ng_budget *budget, void *memory, size_t bytes);

#endif
