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

  for (size_t i = 0; i < table->slot_count; i++) {
    const struct ng_sums *wanted;
    struct ng_entry *entry;

    if (!table->slots[i].ref)
      continue;
    words++;
    entry = ng_table_entry(table, &table->slots[i]);
    wanted = naive_find(map, entry->word, entry->length);
    CHECK(wanted != NULL);
    if (wanted)
      CHECK_EQ(entry->total, wanted->total);
  }
  CHECK_EQ(words, naive_words(map));
}

#endif
