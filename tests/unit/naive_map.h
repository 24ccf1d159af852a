/* SPDX-License-Identifier: MIT */
/*
 * Word to sums in the plainest way: an array that is sorted when it is looked
 * at, and searched by halving. The reference for tables and for whole counts.
 */
#ifndef NG_TESTS_UNIT_NAIVE_MAP_H
#define NG_TESTS_UNIT_NAIVE_MAP_H

#include "count/table.h"
#include "unit/bytes.h"

struct naive_entry {
  char *word; /* owned */
  size_t length;
  struct ng_sums sums;
};

struct naive_map {
  struct naive_entry *entries; /* the settled ones in the order of their bytes,
                                  then what was added since */
  size_t count;
  size_t settled;
  size_t capacity;
};

static inline int naive_compare(const char *a, size_t a_length, const char *b,
                                size_t b_length)
{
  size_t common = a_length < b_length ? a_length : b_length;
  int order = memcmp(a, b, common);

  return order ? order : (a_length > b_length) - (a_length < b_length);
}

static inline int naive_compare_entries(const void *a, const void *b)
{
  const struct naive_entry *x = a;
  const struct naive_entry *y = b;

  return naive_compare(x->word, x->length, y->word, y->length);
}

static inline uint64_t naive_add_up(uint64_t a, uint64_t b)
{
  uint64_t limit = NG_SUM_OVERFLOW;

  return a >= limit || b >= limit || a + b >= limit ? limit : a + b;
}

static inline void naive_merge(struct ng_sums *into, const struct ng_sums *from)
{
  into->total = naive_add_up(into->total, from->total);
  into->volumes = naive_add_up(into->volumes, from->volumes);
  into->row_count += from->row_count;
  if (from->first_year < into->first_year)
    into->first_year = from->first_year;
  if (from->last_year > into->last_year)
    into->last_year = from->last_year;
}

/* Sort, and make one entry of those of one word. */
static inline void naive_settle(struct naive_map *map)
{
  size_t kept = 0;

  if (map->settled == map->count)
    return;
  qsort(map->entries, map->count, sizeof *map->entries, naive_compare_entries);
  for (size_t i = 1; i < map->count; i++) {
    struct naive_entry *entry = &map->entries[i];

    if (naive_compare_entries(&map->entries[kept], entry) == 0) {
      naive_merge(&map->entries[kept].sums, &entry->sums);
      free(entry->word);
    } else {
      map->entries[++kept] = *entry;
    }
  }
  map->count = map->settled = kept + 1;
}

/* The sums of the word, NULL if there is none. */
static inline const struct ng_sums *naive_find(struct naive_map *map,
                                               const char *word, size_t length)
{
  size_t low = 0;
  size_t high;

  naive_settle(map);
  high = map->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct naive_entry *entry = &map->entries[middle];
    int order = naive_compare(entry->word, entry->length, word, length);

    if (order == 0)
      return &entry->sums;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* How many words there are. */
static inline size_t naive_words(struct naive_map *map)
{
  naive_settle(map);
  return map->count;
}

static inline void naive_add(struct naive_map *map, const char *word,
                             size_t length, const struct ng_sums *sums)
{
  if (map->count == map->capacity) {
    struct naive_entry *entries;

    map->capacity = 2 * map->capacity + 64;
    entries = test_memory(map->capacity * sizeof *entries);
    if (map->count > 0)
      memcpy(entries, map->entries, map->count * sizeof *entries);
    free(map->entries);
    map->entries = entries;
  }
  map->entries[map->count] =
      (struct naive_entry){test_memory(length), length, *sums};
  memcpy(map->entries[map->count++].word, word, length);
}

static inline void naive_free(struct naive_map *map)
{
  for (size_t i = 0; i < map->count; i++)
    free(map->entries[i].word);
  free(map->entries);
  *map = (struct naive_map){.entries = NULL};
}

#endif
