/* SPDX-License-Identifier: MIT */
#include "base/lru.h"

void ng_lru_put(struct ng_lru *list, void *entry)
{
  struct ng_lru *first = entry;

  first->next = list->next;
  list->next = first;
}

void *ng_lru_take(struct ng_lru *list, ng_lru_is_fn *is, const void *wanted)
{
  struct ng_lru *entry;

  while (list->next && is && !is(list->next, wanted))
    list = list->next;
  entry = list->next;
  if (entry)
    list->next = entry->next;
  return entry;
}

void *ng_lru_use(struct ng_lru *list, ng_lru_is_fn *is, const void *wanted)
{
  void *entry = ng_lru_take(list, is, wanted);

  if (entry)
    ng_lru_put(list, entry);
  return entry;
}

uint64_t ng_lru_trim(struct ng_lru *list, uint64_t limit, size_t most,
                     uint64_t (*size)(const void *entry),
                     void (*drop)(void *entry))
{
  while (list->next) {
    struct ng_lru *entry = list->next;
    uint64_t bytes = size(entry);

    if (bytes > limit || (bytes > 0 && most == 0)) {
      list->next = entry->next;
      drop(entry);
    } else {
      limit -= bytes;
      most -= bytes > 0;
      list = entry;
    }
  }
  return limit;
}
