/* SPDX-License-Identifier: MIT */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The least size of an array that is not empty. */
#define FIRST_BYTES ((size_t)1 << 10)

bool ng_array_grow(void *items, size_t *capacity, size_t wanted,
                   size_t item_bytes)
{
  size_t larger = *capacity ? 2 * *capacity : FIRST_BYTES / item_bytes;
  void *memory;

  larger = larger > wanted ? larger : wanted;
  if (larger > PTRDIFF_MAX / item_bytes)
    return false;
  /* Copied as bytes: `items` points to a pointer of the caller's own type,
     which may not be accessed as a void *. */
  memcpy(&memory, items, sizeof memory);
  memory = realloc(memory, larger * item_bytes);
  if (!memory)
    return false;
  memcpy(items, &memory, sizeof memory);
  *capacity = larger;
  return true;
}
