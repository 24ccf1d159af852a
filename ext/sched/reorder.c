/* SPDX-License-Identifier: MIT */
/* A ring that at least doubles when an item is `capacity` or more numbers ahead
   of the next one. The commit keeps reports of blocks in it (scan/commit.c). */
#include "sched/reorder.h"

#include <stdlib.h>

#define FIRST_CAPACITY 64

void ng_reorder_init(struct ng_reorder *buffer)
{
  *buffer = (struct ng_reorder){.items = NULL};
}

void ng_reorder_free(struct ng_reorder *buffer)
{
  free(buffer->items);
  ng_reorder_init(buffer);
}

static bool grow(struct ng_reorder *buffer, uint64_t ahead)
{
  size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
  void **items;

  while (capacity <= ahead)
    capacity *= 2;
  items = calloc(capacity, sizeof *items);
  if (!items)
    return false;
  for (uint64_t n = buffer->next; n < buffer->next + buffer->capacity; n++)
    items[n % capacity] = buffer->items[n % buffer->capacity];
  free(buffer->items);
  buffer->items = items;
  buffer->capacity = capacity;
  return true;
}

bool ng_reorder_put(struct ng_reorder *buffer, uint64_t number, void *item)
{
  uint64_t ahead = number - buffer->next;

  if (ahead >= buffer->capacity && !grow(buffer, ahead))
    return false;
  buffer->items[number % buffer->capacity] = item;
  return true;
}

void *ng_reorder_take(struct ng_reorder *buffer)
{
  void **slot;
  void *item;

  if (!buffer->capacity)
    return NULL;
  slot = &buffer->items[buffer->next % buffer->capacity];
  item = *slot;
  if (item) {
    *slot = NULL;
    buffer->next++;
  }
  return item;
}

void ng_reorder_skip(struct ng_reorder *buffer, uint64_t number)
{
  buffer->next = number;
}

void *ng_reorder_drain(struct ng_reorder *buffer)
{
  while (buffer->drained < buffer->capacity) {
    void **slot = &buffer->items[buffer->drained++];
    void *item = *slot;

    if (item) {
      *slot = NULL;
      return item;
    }
  }
  return NULL;
}
