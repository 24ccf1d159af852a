/* SPDX-License-Identifier: MIT */
#include "count/entry.h"

int ng_entry_compare(const struct ng_entry *a, const struct ng_entry *b)
{
  return ng_entry_compare_words(a->word, a->length, b->word, b->length);
}

bool ng_entry_add(struct ng_entry *into, struct ng_entry *from, bool wide)
{
  into->total = ng_entry_sum(into->total, from->total);
  if (wide && !ng_entry_wide_add(ng_entry_wide(into), ng_entry_wide(from)))
    return false;
  return into->total != NG_SUM_OVERFLOW;
}
