/* SPDX-License-Identifier: MIT */
#include "scan/speculation.h"

/* Text of a stretch may take eight times its size; what is more is left to the
   decoder at the front. */
#define CELLS_FOR_BYTE ((size_t)8)

/* Give up after so many guesses more were dropped than taken. */
#define DROPPED_MAX 8

/* Bounds what guesses hold: some 4 MiB each. */
#define SLOTS_MAX 32

static size_t slots_bytes(const struct ng_speculation *ahead)
{
  return ahead->slot_count * sizeof *ahead->slots;
}

bool ng_speculation_init(struct ng_speculation *ahead, struct ng_budget *budget,
                         unsigned workers, uint64_t file_bytes,
                         size_t stretch_bytes, size_t slice_cells)
{
  ahead->budget = budget;
  ahead->workers = workers;
  ahead->slot_count = workers + workers / 2;
  if (ahead->slot_count > SLOTS_MAX)
    ahead->slot_count = SLOTS_MAX;
  ahead->slots = ng_budget_take(budget, slots_bytes(ahead));
  ahead->stretch_bytes = stretch_bytes;
  ahead->slice_cells = slice_cells;
  ahead->stretch_count = file_bytes / stretch_bytes;
  ahead->end = &ahead->first;
  return ahead->slots != NULL;
}

void ng_speculation_free(struct ng_speculation *ahead)
{
  for (size_t i = 0; ahead->slots && i < ahead->slot_count; i++)
    ng_speculative_chunk_free(&ahead->slots[i].guess, ahead->budget);
  ng_budget_give(ahead->budget, ahead->slots, slots_bytes(ahead));
}

/* A free slot, NULL: none. */
static struct ng_speculation_slot *find_free(const struct ng_speculation *ahead)
{
  for (size_t i = 0; i < ahead->slot_count; i++)
    if (ahead->slots[i].state == NG_SPECULATIVE_NONE)
      return &ahead->slots[i];
  return NULL;
}

/* The stretch to be guessed next: behind the one that the front reaches while
   the guess is made. */
static uint64_t next_stretch(const struct ng_speculation *ahead, uint64_t front)
{
  uint64_t beyond = front / ahead->stretch_bytes + 3;

  return beyond > ahead->next_stretch ? beyond : ahead->next_stretch;
}

void ng_speculation_waited(struct ng_speculation *ahead, double seconds)
{
  ahead->waited_seconds += seconds;
}

/* What workers must have waited before a guess is begun: as long as it takes if
   only one can wait, and little if many can. */
static double price(const struct ng_speculation *ahead)
{
  return ahead->guess_seconds / (ahead->workers - 1);
}

bool ng_speculation_may_begin(const struct ng_speculation *ahead,
                              uint64_t front)
{
  return ahead->slots && ahead->waited_seconds >= price(ahead) &&
         ahead->dropped < ahead->taken + DROPPED_MAX &&
         next_stretch(ahead, front) < ahead->stretch_count && find_free(ahead);
}

struct ng_speculation_slot *ng_speculation_begin(struct ng_speculation *ahead,
                                                 uint64_t front)
{
  struct ng_speculation_slot *slot = find_free(ahead);

  slot->state = NG_SPECULATIVE_RUNNING;
  slot->stretch = next_stretch(ahead, front);
  ahead->next_stretch = slot->stretch + 1;
  ahead->waited_seconds -= price(ahead);
  return slot;
}

void ng_speculation_make(const struct ng_speculation *ahead,
                         struct ng_speculation_slot *slot,
                         struct ng_speculative_context *guesser,
                         struct ng_source *source)
{
  uint64_t from = slot->stretch * ahead->stretch_bytes;

  slot->guess.start = 0;
  if (slot->guess.cells ||
      ng_speculative_chunk_init(&slot->guess, ahead->budget,
                                ahead->stretch_bytes * CELLS_FOR_BYTE))
    ng_speculative_decode(&slot->guess, guesser, source, from,
                          from + ahead->stretch_bytes, ahead->slice_cells);
}

void ng_speculation_end(struct ng_speculation *ahead,
                        struct ng_speculation_slot *slot, double seconds)
{
  ahead->guess_seconds = seconds;
  slot->state = NG_SPECULATIVE_READY;
  if (slot->guess.start == 0)
    ng_speculation_drop(ahead, slot);
}

struct ng_speculation_slot *
ng_speculation_next(const struct ng_speculation *ahead)
{
  struct ng_speculation_slot *next = NULL;

  for (size_t i = 0; i < ahead->slot_count; i++) {
    struct ng_speculation_slot *slot = &ahead->slots[i];

    if ((slot->state == NG_SPECULATIVE_RUNNING ||
         slot->state == NG_SPECULATIVE_READY) &&
        (!next || slot->stretch < next->stretch))
      next = slot;
  }
  return next;
}

uint64_t ng_speculation_start(const struct ng_speculation *ahead,
                              const struct ng_speculation_slot *slot)
{
  return slot->state == NG_SPECULATIVE_READY
             ? slot->guess.start
             : slot->stretch * ahead->stretch_bytes * 8;
}

void ng_speculation_drop(struct ng_speculation *ahead,
                         struct ng_speculation_slot *slot)
{
  slot->state = NG_SPECULATIVE_NONE;
  ahead->dropped++;
}

void ng_speculation_take(struct ng_speculation *ahead,
                         struct ng_speculation_slot *slot, uint64_t number)
{
  slot->state = NG_SPECULATIVE_ACCEPTED;
  slot->number = number;
  slot->next_slice = 0;
  slot->slices_open = slot->guess.slice_count;
  slot->next = NULL;
  *ahead->end = slot;
  ahead->end = &slot->next;
  ahead->taken++;
}

size_t ng_speculation_draw(struct ng_speculation *ahead)
{
  struct ng_speculation_slot *slot = ahead->first;
  size_t slice = slot->next_slice++;

  if (slot->next_slice == slot->guess.slice_count) {
    ahead->first = slot->next;
    if (!ahead->first)
      ahead->end = &ahead->first;
  }
  return slice;
}

void ng_speculation_replaced(struct ng_speculation_slot *slot)
{
  if (--slot->slices_open == 0)
    slot->state = NG_SPECULATIVE_NONE;
}
