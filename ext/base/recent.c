/* SPDX-License-Identifier: MIT */
#include "base/recent.h"

void ng_recent_put(struct ng_recent *list, void *entry)
{
  struct ng_recent *first = entry;

  first->next = list->next;
  list->next = first;
}

void *ng_recent_take(struct ng_recent *list, ng_recent_is_fn *is,
                     const void *wanted)
{
  struct ng_recent *entry;

  while (list->next && is && !is(list->next, wanted))
    list = list->next;
  entry = list->next;
  if (entry)
    list->next = entry->next;
  return entry;
}

void *ng_recent_use(struct ng_recent *list, ng_recent_is_fn *is,
                    const void *wanted)
{
  void *entry = ng_recent_take(list, is, wanted);

  if (entry)
    ng_recent_put(list, entry);
  return entry;
}

uint64_t ng_recent_trim(struct ng_recent *list, uint64_t limit, size_t most,
                        uint64_t (*size)(const void *entry),
                        void (*drop)(void *entry))
{
  while (list->next) {
    struct ng_recent *entry = list->next;
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
