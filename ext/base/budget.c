/* SPDX-License-Identifier: MIT */
/*
 * Counters over two sources of memory: pages (base/pages.h) for pieces of 2 MiB
 * and more, calloc() for smaller ones. Large pieces never go through the heap:
 * glibc would keep freed ones, and clear them by writing zeros when it hands
 * them out again.
 */
#include "base/budget.h"

#include <stdlib.h>

#include "base/pages.h"

#define PAGES_FROM_BYTES ((size_t)2 << 20)

void ng_budget_init(struct ng_budget *budget)
{
  atomic_init(&budget->held_bytes, 0);
  atomic_init(&budget->peak_bytes, 0);
  atomic_init(&budget->noted_bytes, 0);
  atomic_init(&budget->spilled_bytes, 0);
  atomic_init(&budget->refused, false);
  budget->limit_bytes = 0;
}

static void raise_peak(struct ng_budget *budget, uint64_t held)
{
  uint64_t peak = atomic_load(&budget->peak_bytes);

  while (peak < held &&
         !atomic_compare_exchange_weak(&budget->peak_bytes, &peak, held))
    ;
}

/* Count `bytes` as held; *held is the new sum. Returns false, and counts
   nothing, if that is past the limit. */
static bool enter(struct ng_budget *budget, size_t bytes, uint64_t *held)
{
  uint64_t before = atomic_load(&budget->held_bytes);

  do
    if (budget->limit_bytes > 0 &&
        (bytes > budget->limit_bytes || before > budget->limit_bytes - bytes)) {
      atomic_store(&budget->refused, true);
      return false;
    }
  while (!atomic_compare_exchange_weak(&budget->held_bytes, &before,
                                       before + bytes));
  *held = before + bytes;
  return true;
}

void *ng_budget_take(struct ng_budget *budget, size_t bytes)
{
  uint64_t held;
  void *memory;

  if (!enter(budget, bytes, &held))
    return NULL;
  memory = bytes >= PAGES_FROM_BYTES ? ng_pages_map(bytes) : calloc(1, bytes);
  if (memory)
    raise_peak(budget, held + atomic_load(&budget->noted_bytes));
  else
    atomic_fetch_sub(&budget->held_bytes, bytes);
  return memory;
}

void ng_budget_note(struct ng_budget *budget, size_t bytes)
{
  uint64_t noted = atomic_fetch_add(&budget->noted_bytes, bytes) + bytes;

  raise_peak(budget, atomic_load(&budget->held_bytes) + noted);
}

void ng_budget_forget(struct ng_budget *budget, size_t bytes)
{
  atomic_fetch_sub(&budget->noted_bytes, bytes);
}

void ng_budget_give(struct ng_budget *budget, void *memory, size_t bytes)
{
  if (!memory)
    return;
  if (bytes >= PAGES_FROM_BYTES)
    ng_pages_unmap(memory, bytes);
  else
    free(memory);
  atomic_fetch_sub(&budget->held_bytes, bytes);
}
