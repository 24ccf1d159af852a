/* SPDX-License-Identifier: MIT */
/*
 * Slots are a small array that is searched from end to end. Chunks begin in the
 * order of the file, each more than two stretches after the front, so that the
 * front does not pass a chunk while a worker decodes it. Of the chunks that are
 * running or ready, the one of the lowest stretch is what the front meets next;
 * accepted ones are in a list, in the same order, until their slices are drawn.
 *
 * Speculation costs more than decoding in order, so it is paid for with time
 * that workers had to wait. A chunk is begun once all workers together have
 * waited as long as the last chunk took, divided by the number of workers less
 * one. So two cores make few chunks, and sixteen make many. Speculation ends
 * for good when DROPPED_MAX more chunks were dropped than accepted.
 *
 * The steps of scan/stream.c call this file. ng_stream_init() makes a
 * speculation and ng_stream_free() frees it, with the memory of all chunks,
 * which stays with its slot from one chunk to the next.
 */
#include "scan/speculation.h"

/* Room for text of a chunk, for each byte of its stretch; text beyond that is
   left to the decoder at the front. */
#define CELLS_FOR_BYTE ((size_t)8)

/* Give up when this many more chunks were dropped than accepted. */
#define DROPPED_MAX 8

/* Bounds the memory of chunks: some 4 MiB each. */
#define SLOTS_MAX 32

static size_t slots_bytes(const struct ng_speculation *speculation)
{
  return speculation->slot_count * sizeof *speculation->slots;
}

bool ng_speculation_init(struct ng_speculation *speculation,
                         struct ng_budget *budget, unsigned workers,
                         uint64_t file_bytes, size_t stretch_bytes,
                         size_t slice_cells)
{
  speculation->budget = budget;
  speculation->workers = workers;
  speculation->slot_count = workers + workers / 2;
  if (speculation->slot_count > SLOTS_MAX)
    speculation->slot_count = SLOTS_MAX;
  speculation->slots = ng_budget_take(budget, slots_bytes(speculation));
  speculation->stretch_bytes = stretch_bytes;
  speculation->slice_cells = slice_cells;
  speculation->stretch_count = file_bytes / stretch_bytes;
  speculation->end = &speculation->first;
  return speculation->slots != NULL;
}

void ng_speculation_free(struct ng_speculation *speculation)
{
  for (size_t i = 0; speculation->slots && i < speculation->slot_count; i++)
    ng_speculative_chunk_free(&speculation->slots[i].chunk,
                              speculation->budget);
  ng_budget_give(speculation->budget, speculation->slots,
                 slots_bytes(speculation));
}

/* Returns a free slot, or NULL. */
static struct ng_speculation_slot *
find_free(const struct ng_speculation *speculation)
{
  for (size_t i = 0; i < speculation->slot_count; i++)
    if (speculation->slots[i].state == NG_SPECULATIVE_NONE)
      return &speculation->slots[i];
  return NULL;
}

/* Returns the stretch to be decoded next: after the one that the front reaches
   in the meantime. */
static uint64_t next_stretch(const struct ng_speculation *speculation,
                             uint64_t front)
{
  uint64_t beyond = front / speculation->stretch_bytes + 3;

  return beyond > speculation->next_stretch ? beyond
                                            : speculation->next_stretch;
}

void ng_speculation_waited(struct ng_speculation *speculation, double seconds)
{
  speculation->waited_seconds += seconds;
}

/* Returns the seconds that workers must have waited before a chunk is begun: as
   long as a chunk takes if only one worker can wait, less if more can. */
static double price(const struct ng_speculation *speculation)
{
  return speculation->chunk_seconds / (speculation->workers - 1);
}

bool ng_speculation_may_begin(const struct ng_speculation *speculation,
                              uint64_t front)
{
  return speculation->slots &&
         speculation->waited_seconds >= price(speculation) &&
         speculation->dropped < speculation->accepted + DROPPED_MAX &&
         next_stretch(speculation, front) < speculation->stretch_count &&
         find_free(speculation);
}

struct ng_speculation_slot *
ng_speculation_begin(struct ng_speculation *speculation, uint64_t front)
{
  struct ng_speculation_slot *slot = find_free(speculation);

  slot->state = NG_SPECULATIVE_RUNNING;
  slot->stretch = next_stretch(speculation, front);
  speculation->next_stretch = slot->stretch + 1;
  speculation->waited_seconds -= price(speculation);
  return slot;
}

void ng_speculation_make(const struct ng_speculation *speculation,
                         struct ng_speculation_slot *slot,
                         struct ng_speculative_context *context,
                         struct ng_source *source)
{
  uint64_t from = slot->stretch * speculation->stretch_bytes;

  slot->chunk.start = 0;
  if (slot->chunk.cells ||
      ng_speculative_chunk_init(&slot->chunk, speculation->budget,
                                speculation->stretch_bytes * CELLS_FOR_BYTE))
    ng_speculative_decode(&slot->chunk, context, source, from,
                          from + speculation->stretch_bytes,
                          speculation->slice_cells);
}

void ng_speculation_end(struct ng_speculation *speculation,
                        struct ng_speculation_slot *slot, double seconds)
{
  speculation->chunk_seconds = seconds;
  slot->state = NG_SPECULATIVE_READY;
  if (slot->chunk.start == 0)
    ng_speculation_drop(speculation, slot);
}

struct ng_speculation_slot *
ng_speculation_next(const struct ng_speculation *speculation)
{
  struct ng_speculation_slot *next = NULL;

  for (size_t i = 0; i < speculation->slot_count; i++) {
    struct ng_speculation_slot *slot = &speculation->slots[i];

    if ((slot->state == NG_SPECULATIVE_RUNNING ||
         slot->state == NG_SPECULATIVE_READY) &&
        (!next || slot->stretch < next->stretch))
      next = slot;
  }
  return next;
}

uint64_t ng_speculation_start(const struct ng_speculation *speculation,
                              const struct ng_speculation_slot *slot)
{
  return slot->state == NG_SPECULATIVE_READY
             ? slot->chunk.start
             : slot->stretch * speculation->stretch_bytes * 8;
}

void ng_speculation_drop(struct ng_speculation *speculation,
                         struct ng_speculation_slot *slot)
{
  slot->state = NG_SPECULATIVE_NONE;
  speculation->dropped++;
}

void ng_speculation_accept(struct ng_speculation *speculation,
                           struct ng_speculation_slot *slot, uint64_t number)
{
  slot->state = NG_SPECULATIVE_ACCEPTED;
  slot->number = number;
  slot->next_slice = 0;
  slot->slices_open = slot->chunk.slice_count;
  slot->next = NULL;
  *speculation->end = slot;
  speculation->end = &slot->next;
  speculation->accepted++;
}

size_t ng_speculation_draw(struct ng_speculation *speculation)
{
  struct ng_speculation_slot *slot = speculation->first;
  size_t slice = slot->next_slice++;

  if (slot->next_slice == slot->chunk.slice_count) {
    speculation->first = slot->next;
    if (!speculation->first)
      speculation->end = &speculation->first;
  }
  return slice;
}

void ng_speculation_replaced(struct ng_speculation_slot *slot)
{
  if (--slot->slices_open == 0)
    slot->state = NG_SPECULATIVE_NONE;
}
