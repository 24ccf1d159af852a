/* SPDX-License-Identifier: MIT */
/* The room count: tables and word sets against a naive map. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "count/run_file.h"
#include "count/table.h"
#include "count/word_set.h"
#include "unit/bytes.h"
#include "unit/check_totals.h"
#include "unit/count_words.h"
#include "unit/naive_map.h"
#include "unit/test.h"

/* ----------------------------------------------------------------- table -- */

/* A table holds what the map does, and its slots are in order: by fingerprint,
   then by bytes, none before its home, no gap between a home and its word, the
   last slot empty. */
static void check_table(const struct ng_table *table, struct naive_map *map)
{
  const struct ng_slot *last = NULL;
  size_t words = 0;

  CHECK_EQ(table->word_count, naive_words(map));
  for (size_t i = 0; i < table->slots.count && !test_state.failed; i++) {
    const struct ng_slot *slot = &table->slots.array[i];
    struct ng_entry *entry;

    if (!slot->ref)
      continue;
    entry = ng_slots_entry(&table->slots, slot);
    words++;
    check_entry(entry, table->wide, map);
    CHECK_EQ(slot->fingerprint, ng_hash_word(entry->word, entry->length));
    CHECK(ng_slots_home(&table->slots, slot->fingerprint) <= i);
    for (size_t j = ng_slots_home(&table->slots, slot->fingerprint); j < i; j++)
      CHECK(table->slots.array[j].ref != 0);
    if (last)
      CHECK(last->fingerprint < slot->fingerprint ||
            (last->fingerprint == slot->fingerprint &&
             ng_entry_compare(ng_slots_entry(&table->slots, last), entry) < 0));
    last = slot;
  }
  CHECK_EQ(words, naive_words(map));
  if (table->slots.count)
    CHECK_EQ(table->slots.array[table->slots.count - 1].ref, 0);
}

static void table_adds_up_as_a_naive_map(void)
{
  static const size_t kinds[] = {1, 2, 10, 300, 5000, 60000};

  find_colliding_words();
  CHECK(colliding_count >= 4);
  for (size_t k = 0; k < COUNT(kinds); k++)
    for (int wide = 0; wide < 2; wide++) {
      struct naive_map map = {.entries = NULL};
      struct ng_budget budget;
      struct ng_table table;

      ng_budget_init(&budget);
      ng_table_init(&table, &budget, wide);
      fill(&table, &map, 20000, kinds[k]);
      check_table(&table, &map);
      CHECK(!table.overflowed);
      ng_table_free(&table);
      CHECK_EQ(budget.held_bytes, 0);
      naive_free(&map);
    }
}

static void words_with_one_fingerprint_are_kept_apart(void)
{
  struct naive_map map = {.entries = NULL};
  struct ng_sums sums = {.total = 1};
  struct ng_budget budget;
  struct ng_table table;

  find_colliding_words();
  ng_budget_init(&budget);
  ng_table_init(&table, &budget, false);
  for (size_t round = 0; round < 100; round++) {
    const char *word = colliding[random_below(colliding_count)];

    add(&table, word, strlen(word), &sums);
    naive_add(&map, word, strlen(word), &sums);
    check_table(&table, &map);
  }
  ng_table_free(&table);
  naive_free(&map);
}

static bool stop_when_set(void *set)
{
  return *(const bool *)set;
}

/* Add word number `i`; false when the table refuses it. */
static bool add_numbered(struct ng_table *table, uint32_t i)
{
  struct ng_sums sums = {.total = i};
  char word[sizeof i];

  memcpy(word, &i, sizeof i);
  return ng_table_add(table, ng_hash_word(word, sizeof word), word, sizeof word,
                      &sums);
}

/* The number of words at which a large table is full. */
#define WORDS_BEFORE_GROWTH ((3u << 20) / 4)

static void growth_of_a_large_table_can_be_stopped(void)
{
  uint64_t wanted =
      (uint64_t)WORDS_BEFORE_GROWTH * (WORDS_BEFORE_GROWTH + 1) / 2;
  bool set = false;
  const struct ng_stop stop = {stop_when_set, &set};
  struct ng_budget budget;
  struct ng_table table;
  uint64_t total = 0;

  ng_budget_init(&budget);
  ng_table_init(&table, &budget, false);
  table.stop = &stop;
  for (uint32_t i = 0; i < WORDS_BEFORE_GROWTH; i++)
    CHECK(add_numbered(&table, i));
  set = true;
  CHECK(!add_numbered(&table, WORDS_BEFORE_GROWTH));
  CHECK_EQ(table.word_count, WORDS_BEFORE_GROWTH);
  set = false;
  CHECK(add_numbered(&table, WORDS_BEFORE_GROWTH));
  for (size_t i = 0; i < table.slots.count; i++)
    if (table.slots.array[i].ref)
      total += ng_slots_entry(&table.slots, &table.slots.array[i])->total;
  CHECK_EQ(total, wanted);
  ng_table_free(&table);
  CHECK_EQ(budget.held_bytes, 0);
}

/* Whatever is expected, nothing is lost; what is right saves memory. */
static void table_grows_by_what_is_expected(void)
{
  const uint32_t words = 100000;
  static const size_t expected[] = {0, 1, 50000, 100000, 1000000, INT32_MAX};

  for (size_t e = 0; e < COUNT(expected); e++) {
    struct ng_budget budget;
    struct ng_table table;
    size_t count = 0;

    NOTE("%zu words expected", expected[e]);
    ng_budget_init(&budget);
    ng_table_init(&table, &budget, false);
    for (uint32_t i = 0; i < words; i++) {
      table.expected_words = i > 1000 ? expected[e] : 0;
      CHECK(add_numbered(&table, i));
    }
    for (size_t i = 0; i < table.slots.count; i++)
      count += table.slots.array[i].ref != 0;
    CHECK_EQ(count, words);
    CHECK(table.slots.homes >= words);
    CHECK(table.slots.homes <= 8 * (size_t)words);
    if (expected[e] == words)
      CHECK(table.slots.homes <= 2 * (size_t)words);
    ng_table_free(&table);
    CHECK_EQ(budget.held_bytes, 0);
  }
}

static void empty_table_has_no_slots(void)
{
  struct naive_map map = {.entries = NULL};
  struct ng_budget budget;
  struct ng_table table;

  ng_budget_init(&budget);
  ng_table_init(&table, &budget, true);
  check_table(&table, &map);
  CHECK_EQ(budget.held_bytes, 0);
  ng_table_free(&table);
}

/* Words of any bytes and lengths, up to the longest. */
static void words_may_hold_any_bytes(void)
{
  size_t longest = (size_t)1 << 20;
  char *word = test_memory(longest);
  struct naive_map map = {.entries = NULL};
  struct ng_sums sums = make_sums();
  struct ng_budget budget;
  struct ng_table table;

  ng_budget_init(&budget);
  ng_table_init(&table, &budget, true);
  random_fill(word, longest);
  for (size_t i = 0; i < 300; i++) {
    size_t length = i < 270 ? i / 2 : longest - i % 3;

    word[0] = (char)(i % 5);
    add(&table, word, length, &sums);
    naive_add(&map, word, length, &sums);
  }
  check_table(&table, &map);
  ng_table_free(&table);
  free(word);
  naive_free(&map);
}

/* Words whose homes are the last ones push into the spare slots. */
static void cluster_at_the_end_of_the_table_grows(void)
{
  struct naive_map map = {.entries = NULL};
  struct ng_sums sums = {.total = 3};
  struct ng_budget budget;
  struct ng_table table;
  size_t added = 0;
  char word[16];

  ng_budget_init(&budget);
  ng_table_init(&table, &budget, false);
  for (unsigned i = 0; added < 400; i++) {
    size_t length = (size_t)snprintf(word, sizeof word, "%u", i);

    if (ng_hash_word(word, length) < 0xFFF00000u) /* 1 in 4,096 is left */
      continue;
    add(&table, word, length, &sums);
    naive_add(&map, word, length, &sums);
    CHECK_EQ(table.slots.array[table.slots.count - 1].ref, 0);
    added++;
  }
  check_table(&table, &map);
  CHECK(table.slots.count > table.slots.homes + 64);
  fill(&table, &map, 3000, 3000); /* grows with all its spare slots */
  check_table(&table, &map);
  ng_table_free(&table);
  naive_free(&map);
}

/* -------------------------------------------------------------- overflow -- */

static struct ng_entry *only_entry(const struct ng_table *table)
{
  for (size_t i = 0; i < table->slots.count; i++)
    if (table->slots.array[i].ref)
      return ng_slots_entry(&table->slots, &table->slots.array[i]);
  return NULL;
}

static void table_remembers_that_a_sum_overflowed(void)
{
  struct ng_budget budget;
  struct ng_table table;

  ng_budget_init(&budget);
  for (int wide = 0; wide < 2; wide++) {
    ng_table_init(&table, &budget, wide);
    add_total(&table, INT64_MAX, INT64_MAX);
    add_total(&table, 0, 0);
    CHECK(!table.overflowed);
    CHECK_EQ(only_entry(&table)->total, INT64_MAX);
    for (uint64_t more = 1; more < 4; more++) {
      add_total(&table, more, 0);
      CHECK(table.overflowed);
      CHECK_EQ(only_entry(&table)->total, NG_SUM_OVERFLOW);
    }
    add_total(&table, INT64_MAX, 0);
    add_total(&table, NG_SUM_OVERFLOW, 0);
    CHECK_EQ(only_entry(&table)->total, NG_SUM_OVERFLOW);
    ng_table_free(&table);
    ng_table_init(&table, &budget, wide); /* a run that already overflowed */
    add_total(&table, NG_SUM_OVERFLOW, 0);
    CHECK(table.overflowed);
    ng_table_free(&table);
  }
}

static void overflow_of_volumes_counts_only_when_they_are_kept(void)
{
  struct ng_budget budget;
  struct ng_table table;

  ng_budget_init(&budget);
  for (int wide = 0; wide < 2; wide++) {
    ng_table_init(&table, &budget, wide);
    add_total(&table, 1, INT64_MAX);
    add_total(&table, 1, 1);
    CHECK_EQ(table.overflowed, wide);
    CHECK_EQ(only_entry(&table)->total, 2);
    ng_table_free(&table);
  }
}

/* -------------------------------------------------------------- word set -- */

static void word_set_has_its_words_and_no_others(void)
{
  static const size_t counts[] = {0, 1, 3, 4, 5, 100, 3000};
  struct ng_budget budget;

  ng_budget_init(&budget);
  find_colliding_words();
  for (size_t c = 0; c < COUNT(counts); c++) {
    static char words[3000][100];
    struct naive_map map = {.entries = NULL};
    struct ng_sums sums = {.total = 1};
    struct ng_word_set set;

    CHECK(ng_word_set_init(&set, &budget, counts[c]));
    for (size_t i = 0; i < counts[c]; i++) {
      size_t length = i == 1 ? 0 : make_word(words[i], 2 * counts[c]);

      ng_word_set_add(&set, words[i], length);
      naive_add(&map, words[i], length, &sums);
    }
    for (size_t i = 0; i < 5000; i++) {
      char word[100];
      size_t length = i == 0 ? 0 : make_word(word, 2 * counts[c] + 3);

      CHECK_EQ(ng_word_set_has(&set, word, length),
               naive_find(&map, word, length) != NULL);
    }
    CHECK(budget.held_bytes >= 2 * counts[c] * sizeof *set.slots);
    ng_word_set_free(&set);
    CHECK_EQ(budget.held_bytes, 0);
    naive_free(&map);
  }
}

/* Words that begin alike, in sets so small that many share a slot. */
static void word_set_tells_a_word_from_its_beginning(void)
{
  static const char letters[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  struct ng_budget budget;

  ng_budget_init(&budget);
  for (unsigned round = 0; round < 300; round++) {
    bool wanted[sizeof letters] = {false};
    struct ng_word_set set;

    CHECK(ng_word_set_init(&set, &budget, 4));
    for (int i = 0; i < 4; i++) {
      size_t length = random_below(sizeof letters);

      ng_word_set_add(&set, letters, length);
      wanted[length] = true;
    }
    for (size_t length = 0; length < sizeof letters; length++)
      CHECK_EQ(ng_word_set_has(&set, letters, length), wanted[length]);
    ng_word_set_free(&set);
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(table_adds_up_as_a_naive_map),
      TEST(words_with_one_fingerprint_are_kept_apart),
      TEST(table_grows_by_what_is_expected),
      TEST(empty_table_has_no_slots),
      TEST(words_may_hold_any_bytes),
      TEST(growth_of_a_large_table_can_be_stopped),
      TEST(cluster_at_the_end_of_the_table_grows),
      TEST(table_remembers_that_a_sum_overflowed),
      TEST(overflow_of_volumes_counts_only_when_they_are_kept),
      TEST(word_set_has_its_words_and_no_others),
      TEST(word_set_tells_a_word_from_its_beginning),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
