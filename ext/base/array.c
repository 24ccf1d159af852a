/* SPDX-License-Identifier: MIT */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first items of an array take this much, if it holds any. */
#define FIRST_BYTES ((size_t)1 << 10)

bool ng_array_grow(void *items, size_t *capacity, size_t wanted,
                   size_t item_bytes)
{
  size_t larger = *capacity ? 2 * *capacity : FIRST_BYTES / item_bytes;
  void *memory;

  larger = larger > wanted ? larger : wanted;
  if (larger > PTRDIFF_MAX / item_bytes)
    return false;
  /* A pointer to any type may be read as one to void only by its bytes. */
  memcpy(&memory, items, sizeof memory);
  memory = realloc(memory, larger * item_bytes);
  if (!memory)
    return false;
  memcpy(items, &memory, sizeof memory);
  *capacity = larger;
  return true;
}
