/* SPDX-License-Identifier: MIT */
/* A ring that doubles when an item comes too far ahead of the next. */
#include "sched/order.h"

#include <stdlib.h>

#define FIRST_CAPACITY 64

void ng_order_init(struct ng_order *order)
{
  *order = (struct ng_order){.items = NULL};
}

void ng_order_free(struct ng_order *order)
{
  free(order->items);
  ng_order_init(order);
}

static bool grow(struct ng_order *order, uint64_t ahead)
{
  size_t capacity = order->capacity ? order->capacity : FIRST_CAPACITY;
  void **items;

  while (capacity <= ahead)
    capacity *= 2;
  items = calloc(capacity, sizeof *items);
  if (!items)
    return false;
  for (uint64_t n = order->next; n < order->next + order->capacity; n++)
    items[n % capacity] = order->items[n % order->capacity];
  free(order->items);
  order->items = items;
  order->capacity = capacity;
  return true;
}

bool ng_order_put(struct ng_order *order, uint64_t number, void *item)
{
  uint64_t ahead = number - order->next;

  if (ahead >= order->capacity && !grow(order, ahead))
    return false;
  order->items[number % order->capacity] = item;
  return true;
}

void *ng_order_take(struct ng_order *order)
{
  void **place;
  void *item;

  if (!order->capacity)
    return NULL;
  place = &order->items[order->next % order->capacity];
  item = *place;
  if (item) {
    *place = NULL;
    order->next++;
  }
  return item;
}

void ng_order_skip(struct ng_order *order, uint64_t number)
{
  order->next = number;
}

void *ng_order_drain(struct ng_order *order)
{
  while (order->drained < order->capacity) {
    void **place = &order->items[order->drained++];
    void *item = *place;

    if (item) {
      *place = NULL;
      return item;
    }
  }
  return NULL;
}
