/* SPDX-License-Identifier: MIT */
/*
 * Tests of tables that spill, and of what a reduce makes of them: the words
 * and sums of a naive map, in the order of tables; or an error, if a file was
 * damaged meanwhile.
 */
#include <errno.h>
#include <unistd.h>

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

/* Each word once, in order, with the map's sums, and at its position. */
static void check_spilled_words(struct ng_spilled *spilled,
                                struct ng_budget *budget, struct naive_map *map)
{
  struct ng_spilled_reader reader;
  struct ng_entry *entry;
  uint64_t position;
  uint32_t last_fingerprint = 0;
  char word[200];

  CHECK_EQ(spilled->words, naive_words(map));
  CHECK(ng_spilled_reader_init(&reader, spilled, budget));
  for (uint64_t i = 0; i < spilled->words && !test_state.failed; i++) {
    CHECK_EQ(ng_spilled_read(&reader, i, &entry), 0);
    check_entry(entry, spilled->wide, map);
    CHECK(ng_entry_fingerprint(entry) >= last_fingerprint);
    last_fingerprint = ng_entry_fingerprint(entry);
  }
  for (unsigned i = 0; i < 300 && spilled->words > 0 && !test_state.failed;
       i++) {
    uint64_t wanted = random_below((size_t)spilled->words);
    size_t length;

    CHECK_EQ(ng_spilled_read(&reader, wanted, &entry), 0);
    length = entry->length;
    memcpy(word, entry->word, length);
    CHECK_EQ(ng_spilled_find(&reader, word, length, &position), 0);
    CHECK_EQ(position, wanted);
    word[length - 1] ^= 1;
    CHECK_EQ(ng_spilled_find(&reader, word, length, &position), 0);
    CHECK_EQ(position < spilled->words, naive_find(map, word, length) != NULL);
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

/* ---------------------------------------------------------------- damage -- */

/* Flip a bit of a run, or put zeros over some of its bytes. */
static void damage_run(const struct ng_spill *spill)
{
  const struct ng_spill_run *run = &spill->runs[random_below(spill->run_count)];
  uint64_t from = run->starts[0];
  uint64_t at =
      from + random_below((size_t)(run->starts[NG_SPILL_PARTS] - from - 100));
  char bytes[100] = "";
  size_t size = sizeof bytes;

  if (random_once_in(2)) {
    size = 1;
    CHECK_EQ(pread(spill->file.fd, bytes, 1, (off_t)at), 1);
    bytes[0] ^= (char)(1 << random_below(8));
  }
  CHECK_EQ(pwrite(spill->file.fd, bytes, size, (off_t)at), (ssize_t)size);
}

static void a_damaged_run_ends_the_reduce(void)
{
  static const struct spilled_case c = {1, 1, 6000, 3000, 3, true};

  for (unsigned i = 0; i < 100 && !test_state.failed; i++) {
    struct naive_map map = {.entries = NULL};
    struct ng_table table;
    struct ng_table *pointer = &table;
    struct ng_reduce reduce;
    struct ng_budget budget;
    bool more = true;
    bool ok = true;

    ng_budget_init(&budget);
    ng_table_init(&table, &budget, c.wide);
    fill_spilling(&table, &map, &c);
    damage_run(table.spill);
    CHECK(ng_reduce_init(&reduce, &budget, &pointer, 1, 1));
    while (ok && more)
      ok = ng_reduce_step(&reduce, 0, &more);
    CHECK(!ok);
    CHECK_EQ((uint64_t)atomic_load(&reduce.spilled->error), EIO);
    ng_reduce_free(&reduce);
    ng_table_free(&table);
    CHECK_EQ(budget.held_bytes, 0);
    naive_free(&map);
  }
}

/* Damage while runs are merged with each other is an error, too. */
static void a_damaged_run_ends_the_merge_of_short_ones(void)
{
  static const struct spilled_case c = {1, 1, 6000, 3000, 3, false};
  struct naive_map map = {.entries = NULL};
  struct ng_budget budget;
  struct ng_table table;
  bool ok = true;

  ng_budget_init(&budget);
  ng_table_init(&table, &budget, c.wide);
  fill_spilling(&table, &map, &c);
  for (size_t i = 0; i < 20; i++)
    damage_run(table.spill);
  for (unsigned i = 0; i < 2 * NG_SPILL_RUNS_MAX && ok; i++) {
    fill(&table, &map, 300, 3000);
    ok = ng_table_spill(&table);
    if (ok && table.spill->run_count < NG_SPILL_RUNS_MAX - 1)
      damage_run(table.spill);
  }
  CHECK(!ok);
  CHECK_EQ((uint64_t)table.spill->error, EIO);
  ng_table_free(&table);
  CHECK_EQ(budget.held_bytes, 0);
  naive_free(&map);
}

/* ---------------------------------------------------------------- fences -- */

#define LONG_BYTES ((size_t)9000)
#define LONG_WORDS 150

/* Long words of one part: each takes a piece by itself. */
static void add_long_words(struct ng_table *table, char (*words)[LONG_BYTES])
{
  static const struct ng_sums sums = {.total = 1, .row_count = 1};
  unsigned number = 0;

  for (size_t i = 0; i < LONG_WORDS; i++) {
    uint32_t fingerprint;

    memset(words[i], 'x', LONG_BYTES);
    do {
      memcpy(words[i], &number, sizeof number);
      number++;
      fingerprint = ng_hash_word(words[i], LONG_BYTES);
    } while (ng_spill_part(fingerprint) != 5);
    CHECK(ng_table_add(table, fingerprint, words[i], LONG_BYTES, &sums));
  }
}

static void check_long_words(struct ng_spilled *spilled,
                             struct ng_budget *budget,
                             char (*words)[LONG_BYTES])
{
  struct ng_spilled_reader reader;
  struct ng_entry *entry;
  uint64_t position;

  CHECK_EQ(spilled->words, LONG_WORDS);
  CHECK(ng_spilled_reader_init(&reader, spilled, budget));
  for (size_t i = 0; i < LONG_WORDS && !test_state.failed; i++) {
    CHECK_EQ(ng_spilled_find(&reader, words[i], LONG_BYTES, &position), 0);
    CHECK(position < LONG_WORDS);
    CHECK_EQ(ng_spilled_read(&reader, position, &entry), 0);
    CHECK_BYTES(entry->word, entry->length, words[i], LONG_BYTES);
  }
  ng_spilled_reader_free(&reader);
}

static void fences_are_in_the_budget_and_few(void)
{
  char(*words)[LONG_BYTES] = test_memory(LONG_WORDS * sizeof *words);
  const struct ng_spilled_part *part;
  struct ng_table table;
  struct ng_table *pointer = &table;
  struct ng_spilled *spilled;
  struct ng_reduce reduce;
  struct ng_budget budget;

  ng_budget_init(&budget);
  ng_table_init(&table, &budget, false);
  CHECK(ng_table_limit(&table, SHARE_BYTES, 1));
  add_long_words(&table, words);
  CHECK(ng_reduce_init(&reduce, &budget, &pointer, 1, 1));
  run_reduce(&reduce, 1);
  spilled = ng_reduce_take_spilled(&reduce);
  ng_reduce_free(&reduce);
  ng_table_free(&table);
  part = &spilled->parts[5];
  CHECK_EQ(part->pieces, LONG_WORDS);
  CHECK(part->fence_count <=
        SHARE_BYTES / 8 / NG_SPILL_PARTS / sizeof *part->fences);
  CHECK(part->fence_count > 16);
  CHECK_EQ(budget.held_bytes, part->fence_capacity * sizeof *part->fences);
  check_long_words(spilled, &budget, words);
  ng_spilled_free(spilled);
  CHECK_EQ(budget.held_bytes, 0);
  free(words);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(tables_that_spill_are_merged_as_by_a_naive_map),
      TEST(a_table_keeps_to_its_share),
      TEST(a_damaged_run_ends_the_reduce),
      TEST(a_damaged_run_ends_the_merge_of_short_ones),
      TEST(fences_are_in_the_budget_and_few),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
