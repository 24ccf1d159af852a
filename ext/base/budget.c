/* SPDX-License-Identifier: MIT */
/*
 * calloc with a ledger. calloc and not malloc: large blocks come as untouched
 * zero pages from the kernel, which costs nothing until they are used.
 */
#include "base/budget.h"

#include <stdlib.h>

void ng_budget_init(struct ng_budget *budget)
{
  atomic_init(&budget->held_bytes, 0);
  atomic_init(&budget->peak_bytes, 0);
}

static void raise_peak(struct ng_budget *budget, uint64_t held)
{
  uint64_t peak = atomic_load(&budget->peak_bytes);

  while (peak < held &&
         !atomic_compare_exchange_weak(&budget->peak_bytes, &peak, held))
    ;
}

void *ng_budget_take(struct ng_budget *budget, size_t bytes)
{
  void *memory = calloc(1, bytes);

  if (memory)
    raise_peak(budget, atomic_fetch_add(&budget->held_bytes, bytes) + bytes);
  return memory;
}

void ng_budget_give(struct ng_budget *budget, void *memory, size_t bytes)
{
  if (!memory)
    return;
  free(memory);
  atomic_fetch_sub(&budget->held_bytes, bytes);
}
