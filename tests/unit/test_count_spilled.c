/* SPDX-License-Identifier: MIT */
/*
 * Tests of tables that spill, and of what a reduce makes of them: the words
 * and sums of a naive map, in the order of tables.
 */
#include "base/hash.h"
#include "count/reduce.h"
#include "count/spill.h"
#include "unit/count_words.h"
#include "unit/naive_map.h"
#include "unit/reducing.h"
#include "unit/test.h"

/* Enough for an arena's first chunk and some slots. */
#define SHARE_BYTES ((uint64_t)400 << 10)

struct spilled_case {
  size_t tables;
  unsigned threads;
  size_t adds; /* to each table */
  size_t kinds;
  size_t spills; /* of each table, beside those that its share asks for */
  bool wide;
};

static void fill_spilling(struct ng_table *table, struct naive_map *map,
                          const struct spilled_case *c)
{
  CHECK(ng_table_limit(table, SHARE_BYTES, (unsigned)c->tables));
  for (size_t i = 0; i <= c->spills; i++) {
    fill(table, map, c->adds / (c->spills + 1), c->kinds);
    if (i < c->spills)
      CHECK(ng_table_spill(table) || table->word_count == 0);
    CHECK(table->spill->run_count < NG_SPILL_RUNS_MAX);
  }
}

/* Each word once, in order, with the map's sums, and at its place. */
static void check_spilled_words(struct ng_spilled *spilled,
                                struct ng_budget *budget, struct naive_map *map)
{
  struct ng_spilled_reader reader;
  struct ng_entry *entry;
  uint64_t place;
  uint32_t last_tag = 0;
  char word[200];

  CHECK_EQ(spilled->words, naive_words(map));
  CHECK(ng_spilled_reader_init(&reader, spilled, budget));
  for (uint64_t i = 0; i < spilled->words && !test_state.failed; i++) {
    CHECK_EQ(ng_spilled_read(&reader, i, &entry), 0);
    check_entry(entry, spilled->wide, map);
    CHECK(ng_entry_tag(entry) >= last_tag);
    last_tag = ng_entry_tag(entry);
  }
  for (unsigned i = 0; i < 300 && spilled->words > 0 && !test_state.failed;
       i++) {
    uint64_t wanted = random_below((size_t)spilled->words);
    size_t length;

    CHECK_EQ(ng_spilled_read(&reader, wanted, &entry), 0);
    length = entry->length;
    memcpy(word, entry->word, length);
    CHECK_EQ(ng_spilled_find(&reader, word, length, &place), 0);
    CHECK_EQ(place, wanted);
    word[length - 1] ^= 1;
    CHECK_EQ(ng_spilled_find(&reader, word, length, &place), 0);
    CHECK_EQ(place < spilled->words, naive_find(map, word, length) != NULL);
  }
  ng_spilled_reader_free(&reader);
}

static void check_spilled_reduce(const struct spilled_case *c)
{
  unsigned files = test_open_files();
  struct naive_map map = {.entries = NULL};
  struct ng_table tables[4];
  struct ng_table *pointers[4];
  struct ng_spilled *spilled;
  struct ng_reduce reduce;
  struct ng_budget budget;

  NOTE("%zu tables, %u threads, %zu adds, %zu kinds, %zu spills, wide %d",
       c->tables, c->threads, c->adds, c->kinds, c->spills, c->wide);
  ng_budget_init(&budget);
  for (size_t i = 0; i < c->tables; i++) {
    pointers[i] = &tables[i];
    ng_table_init(&tables[i], &budget, c->wide);
    fill_spilling(&tables[i], &map, c);
  }
  CHECK(ng_reduce_init(&reduce, &budget, pointers, c->tables, c->threads));
  CHECK(reduce.spilled != NULL);
  run_reduce(&reduce, c->threads);
  CHECK(!reduce.spilled->overflowed);
  spilled = ng_reduce_take_spilled(&reduce);
  ng_reduce_free(&reduce);
  for (size_t i = 0; i < c->tables; i++)
    ng_table_free(&tables[i]);
  check_spilled_words(spilled, &budget, &map);
  ng_spilled_free(spilled);
  CHECK_EQ(budget.held_bytes, 0);
  CHECK(budget.spilled_bytes > 0);
  CHECK_EQ(test_open_files(), files);
  naive_free(&map);
}

static void tables_that_spill_are_merged_as_by_a_naive_map(void)
{
  static const struct spilled_case cases[] = {
      {1, 1, 10, 5, 1, false},        {1, 1, 20000, 100000, 0, false},
      {1, 1, 20000, 100000, 0, true}, {2, 2, 20000, 100000, 3, false},
      {3, 2, 9000, 300, 5, true},     {4, 3, 20000, 40000, 2, true},
      {1, 2, 30000, 1000, 63, false}, {2, 1, 30000, 50000, 200, true},
      {3, 3, 5000, 1, 2, false},
  };

  find_colliding_words();
  for (size_t i = 0; i < COUNT(cases); i++)
    check_spilled_reduce(&cases[i]);
}

static void a_table_keeps_to_its_share(void)
{
  struct naive_map map = {.entries = NULL};
  struct ng_budget budget;
  struct ng_table table;

  ng_budget_init(&budget);
  ng_table_init(&table, &budget, false);
  CHECK(ng_table_limit(&table, SHARE_BYTES, 1));
  fill(&table, &map, 60000, 1000000);
  CHECK(table.spill->run_count > 3);
  CHECK(budget.peak_bytes <= SHARE_BYTES + ((uint64_t)64 << 10));
  ng_table_free(&table);
  CHECK_EQ(budget.held_bytes, 0);
  naive_free(&map);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(tables_that_spill_are_merged_as_by_a_naive_map),
      TEST(a_table_keeps_to_its_share),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
