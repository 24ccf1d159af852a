/* SPDX-License-Identifier: MIT */
/* A table against a naive map, by totals alone. */
#ifndef NG_TESTS_UNIT_CHECK_TOTALS_H
#define NG_TESTS_UNIT_CHECK_TOTALS_H

#include "count/table.h"
#include "unit/naive_map.h"
#include "unit/test.h"

/* A table has the words of the map, and their totals. */
static inline void check_totals(const struct ng_table *table,
                                struct naive_map *map)
{
  size_t words = 0;

  for (size_t i = 0; i < table->slots.count; i++) {
    const struct ng_sums *wanted;
    struct ng_entry *entry;

    if (!table->slots.array[i].ref)
      continue;
    words++;
    entry = ng_slots_entry(&table->slots, &table->slots.array[i]);
    wanted = naive_find(map, entry->word, entry->length);
    CHECK(wanted != NULL);
    if (wanted)
      CHECK_EQ(entry->total, wanted->total);
  }
  CHECK_EQ(words, naive_words(map));
}

#endif
