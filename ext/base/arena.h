/* SPDX-License-Identifier: MIT */
/*
 * An arena: memory that is handed out in order and freed all at once.
 *
 * The caller names a piece by a 32-bit reference, half the size of a pointer,
 * so that a hash slot that holds one fits 8 bytes. A reference counts units of
 * 8 bytes from the start of the arena; 0 names nothing. An arena holds up to
 * 32 GiB, taken from a budget that the caller owns. Each hash table keeps its
 * words in one (count/table.c).
 *
 * Threads: one thread adds. After it has stopped, any number may read.
 */
#ifndef NG_BASE_ARENA_H
#define NG_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"

/* The longest word (1 MiB) fits a chunk. The first chunk is small, so that a
   small count takes little memory. */
#define NG_ARENA_CHUNK_BYTES ((size_t)2 << 20)
#define NG_ARENA_FIRST_CHUNK_BYTES ((size_t)256 << 10)
#define NG_ARENA_CHUNK_UNITS (NG_ARENA_CHUNK_BYTES / 8)
#define NG_ARENA_PIECE_MAX (NG_ARENA_CHUNK_BYTES - 8)

struct ng_arena {
  struct ng_budget *budget; /* borrowed */
  char **chunks;
  uint32_t chunk_count;
  size_t chunk_capacity;
  uint32_t used_units; /* of the last chunk */
};

void ng_arena_init(struct ng_arena *arena, struct ng_budget *budget);
void ng_arena_free(struct ng_arena *arena);

/* Returns a reference to `bytes` zeroed bytes, at most NG_ARENA_PIECE_MAX,
   aligned to 8; 0 if there is no memory or the arena is full. */
uint32_t ng_arena_add(struct ng_arena *arena, size_t bytes);

/* The bytes that the arena has taken from its budget, and those that
   ng_arena_add(arena, bytes) would take in addition. */
uint64_t ng_arena_bytes(const struct ng_arena *arena);
uint64_t ng_arena_more_bytes(const struct ng_arena *arena, size_t bytes);

/* The piece of a reference other than 0. It never moves. */
static inline void *ng_arena_at(const struct ng_arena *arena, uint32_t ref)
{
  return arena->chunks[ref / NG_ARENA_CHUNK_UNITS] +
         (size_t)(ref % NG_ARENA_CHUNK_UNITS) * 8;
}

#endif
