/* SPDX-License-Identifier: MIT */
/*
 * Chunks that never move. The upper bits of a reference are the index of its
 * chunk, the lower ones the unit in the chunk. All chunks have 2 MiB but the
 * first, which has 256 KiB; the references that it lacks are not given out. A
 * piece that does not fit the rest of the last chunk begins a new one, and the
 * rest stays unused.
 *
 * Refused: one growing block (moving it copies gigabytes and needs twice the
 * memory), and pointers in place of references (twice the size of a slot).
 */
#include "base/arena.h"

#include <stdlib.h>

#include "base/array.h"

void ng_arena_init(struct ng_arena *arena, struct ng_budget *budget)
{
  *arena = (struct ng_arena){.budget = budget};
}

static size_t chunk_bytes(uint32_t index)
{
  return index == 0 ? NG_ARENA_FIRST_CHUNK_BYTES : NG_ARENA_CHUNK_BYTES;
}

void ng_arena_free(struct ng_arena *arena)
{
  for (uint32_t i = 0; i < arena->chunk_count; i++)
    ng_budget_give(arena->budget, arena->chunks[i], chunk_bytes(i));
  free(arena->chunks);
  ng_arena_init(arena, arena->budget);
}

static int add_chunk(struct ng_arena *arena)
{
  char *chunk;

  if (arena->chunk_count == UINT32_MAX / NG_ARENA_CHUNK_UNITS)
    return 0;
  if (!NG_ARRAY_RESERVE(arena->chunks, arena->chunk_capacity,
                        arena->chunk_count + (size_t)1))
    return 0;
  chunk = ng_budget_take(arena->budget, chunk_bytes(arena->chunk_count));
  if (!chunk)
    return 0;
  arena->chunks[arena->chunk_count++] = chunk;
  /* Unit 0 of the arena stays unused: reference 0 names nothing. */
  arena->used_units = arena->chunk_count == 1 ? 1 : 0;
  return 1;
}

/* Whether `units` more fit the last chunk. */
static int has_room(const struct ng_arena *arena, uint32_t units)
{
  return arena->chunk_count > 0 &&
         arena->used_units + units <= chunk_bytes(arena->chunk_count - 1) / 8;
}

uint64_t ng_arena_bytes(const struct ng_arena *arena)
{
  uint64_t bytes = 0;

  if (arena->chunk_count > 0)
    bytes = NG_ARENA_FIRST_CHUNK_BYTES +
            (uint64_t)(arena->chunk_count - 1) * NG_ARENA_CHUNK_BYTES;
  return bytes;
}

uint64_t ng_arena_more_bytes(const struct ng_arena *arena, size_t bytes)
{
  uint64_t more = 0;

  if (has_room(arena, (uint32_t)((bytes + 7) / 8)))
    return 0;
  if (arena->chunk_count == 0)
    more = NG_ARENA_FIRST_CHUNK_BYTES;
  if (arena->chunk_count > 0 || bytes + 8 > NG_ARENA_FIRST_CHUNK_BYTES)
    more += NG_ARENA_CHUNK_BYTES;
  return more;
}

uint32_t ng_arena_add(struct ng_arena *arena, size_t bytes)
{
  uint32_t units = (uint32_t)((bytes + 7) / 8);
  uint32_t ref;

  while (!has_room(arena, units))
    if (!add_chunk(arena))
      return 0;
  ref = (arena->chunk_count - 1) * (uint32_t)NG_ARENA_CHUNK_UNITS +
        arena->used_units;
  arena->used_units += units;
  return ref;
}
