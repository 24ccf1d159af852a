/* SPDX-License-Identifier: MIT */
/* Words for tables, some of them with one and the same fingerprint. */
#ifndef NG_TESTS_UNIT_COUNT_WORDS_H
#define NG_TESTS_UNIT_COUNT_WORDS_H

#include "base/hash.h"
#include "count/table.h"
#include "unit/naive_map.h"
#include "unit/test.h"

/* Different words that have one and the same fingerprint: pairs among 600,000
   numbers (some forty are to be expected, 4.3e9 fingerprints being there). */
#define COLLIDING_MAX 40

struct numbered {
  uint32_t fingerprint;
  uint32_t number;
};

static char colliding[COLLIDING_MAX][16];
static size_t colliding_count;

static inline int compare_numbered(const void *a, const void *b)
{
  const struct numbered *x = a;
  const struct numbered *y = b;

  return x->fingerprint < y->fingerprint ? -1 : x->fingerprint > y->fingerprint;
}

static inline void find_colliding_words(void)
{
  enum {
    WORDS = 600000
  };
  struct numbered *all = test_memory(WORDS * sizeof *all);

  colliding_count = 0;
  for (uint32_t i = 0; i < WORDS; i++) {
    char word[16];
    int length = snprintf(word, sizeof word, "c%u", i);

    all[i] = (struct numbered){ng_hash_word(word, (size_t)length), i};
  }
  qsort(all, WORDS, sizeof *all, compare_numbered);
  for (size_t i = 1; i < WORDS && colliding_count + 2 <= COLLIDING_MAX; i++)
    if (all[i].fingerprint == all[i - 1].fingerprint) {
      snprintf(colliding[colliding_count++], 16, "c%u", all[i - 1].number);
      snprintf(colliding[colliding_count++], 16, "c%u", all[i].number);
    }
  free(all);
}

/* A word of some `kinds`; one in eight collides with another. */
static inline size_t make_word(char *word, size_t kinds)
{
  static const char pad[] = "_a_very_long_ending_of_a_word_that_is_not_short";
  size_t number = random_below(kinds);

  if (number % 8 == 0 && number / 8 < colliding_count)
    return (size_t)snprintf(word, 100, "%s", colliding[number / 8]);
  return (size_t)snprintf(word, 100, "%zu%.*s", number, (int)(number % 47),
                          pad);
}

static inline struct ng_sums make_sums(void)
{
  int32_t year = 1500 + (int32_t)random_below(500);

  return (struct ng_sums){.total = random_below(1000),
                          .volumes = random_below(100),
                          .row_count = 1 + random_below(9),
                          .first_year = year,
                          .last_year = year + (int32_t)random_below(20)};
}

static inline bool add(struct ng_table *table, const char *word, size_t length,
                       const struct ng_sums *sums)
{
  uint32_t fingerprint = ng_hash_word(word, length);

  ng_table_prefetch(table, fingerprint);
  return CHECK(ng_table_add(table, fingerprint, word, length, sums));
}

/* Add words at random to the table and the map. */
static inline void fill(struct ng_table *table, struct naive_map *map,
                        size_t adds, size_t kinds)
{
  for (size_t i = 0; i < adds; i++) {
    struct ng_sums sums = make_sums();
    char word[100];
    size_t length = make_word(word, kinds);

    if (!add(table, word, length, &sums))
      return;
    naive_add(map, word, length, &sums);
  }
}

static inline void check_sums(struct ng_entry *entry, bool wide,
                              const struct ng_sums *wanted)
{
  CHECK_EQ(entry->total, wanted->total);
  if (!wide)
    return;
  CHECK_EQ(ng_entry_wide(entry)->volumes, wanted->volumes);
  CHECK_EQ(ng_entry_wide(entry)->row_count, wanted->row_count);
  CHECK_EQ(ng_entry_wide(entry)->first_year, wanted->first_year);
  CHECK_EQ(ng_entry_wide(entry)->last_year, wanted->last_year);
}

static inline void check_entry(struct ng_entry *entry, bool wide,
                               struct naive_map *map)
{
  const struct ng_sums *wanted = naive_find(map, entry->word, entry->length);

  NOTE("'%.*s'", (int)(entry->length < 60 ? entry->length : 60), entry->word);
  CHECK_EQ((uintptr_t)entry % 8, 0);
  CHECK(wanted != NULL);
  if (wanted)
    check_sums(entry, wide, wanted);
}

static inline void add_total(struct ng_table *table, uint64_t total,
                             uint64_t volumes)
{
  struct ng_sums sums = {.total = total, .volumes = volumes, .row_count = 1};

  add(table, "a", 1, &sums);
}

#endif
