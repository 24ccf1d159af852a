/* SPDX-License-Identifier: MIT */
/* Tests of reduce: by real threads, against a naive map. */
#include "base/hash.h"
#include "count/reduce.h"
#include "unit/count_words.h"
#include "unit/naive_map.h"
#include "unit/reducing.h"
#include "unit/test.h"

/* ---------------------------------------------------------------- reduce -- */

/* Each word once, in the order of fingerprint and bytes, with the map's sums.
 */
static void check_entries(struct ng_entry **entries, size_t count, bool wide,
                          struct naive_map *map)
{
  uint32_t last_fingerprint = 0;

  if (!CHECK_EQ(count, naive_words(map)))
    return;
  for (size_t i = 0; i < count && !test_state.failed; i++) {
    uint32_t fingerprint = ng_hash_word(entries[i]->word, entries[i]->length);

    check_entry(entries[i], wide, map);
    CHECK(fingerprint > last_fingerprint || i == 0 ||
          (fingerprint == last_fingerprint &&
           ng_entry_compare(entries[i - 1], entries[i]) < 0));
    last_fingerprint = fingerprint;
  }
}

struct reduce_case {
  size_t tables;
  unsigned threads;
  size_t adds; /* to each table; some get none */
  size_t kinds;
  bool wide;
};

static void check_reduce(const struct reduce_case *c)
{
  struct naive_map map = {.entries = NULL};
  struct ng_table tables[8];
  struct ng_table *pointers[8];
  struct ng_entry **entries;
  struct ng_reduce reduce;
  struct ng_budget budget;
  size_t count;

  NOTE("%zu tables, %u threads, %zu adds, %zu kinds", c->tables, c->threads,
       c->adds, c->kinds);
  ng_budget_init(&budget);
  for (size_t i = 0; i < c->tables; i++) {
    pointers[i] = &tables[i];
    ng_table_init(&tables[i], &budget, c->wide);
    fill(&tables[i], &map, i % 3 == 2 ? 0 : c->adds, c->kinds);
  }
  CHECK(ng_reduce_init(&reduce, &budget, pointers, c->tables, c->threads));
  run_reduce(&reduce, c->threads);
  CHECK(ng_reduce_finish(&reduce, NULL, &entries, &count));
  CHECK(!reduce.overflowed);
  check_entries(entries, count, c->wide, &map);
  CHECK_EQ(entries == NULL, count == 0);
  ng_budget_give(&budget, entries, count * sizeof *entries);
  ng_reduce_free(&reduce);
  for (size_t i = 0; i < c->tables; i++)
    ng_table_free(&tables[i]);
  CHECK_EQ(budget.held_bytes, 0);
  naive_free(&map);
}

static void tables_are_merged_as_by_a_naive_map(void)
{
  static const size_t tables[] = {1, 2, 3, 8};
  static const unsigned threads[] = {1, 2, 3, 8};
  static const size_t kinds[] = {1, 300, 40000};

  find_colliding_words();
  for (size_t t = 0; t < COUNT(tables); t++)
    for (size_t h = 0; h < COUNT(threads); h++)
      for (size_t k = 0; k < COUNT(kinds); k++) {
        struct reduce_case c = {tables[t], threads[h],
                                TEST_SANITIZED ? 2000 : 6000, kinds[k],
                                (t + h + k) % 2};

        check_reduce(&c);
      }
}

static void empty_tables_merge_to_nothing(void)
{
  for (size_t tables = 1; tables <= 8; tables++) {
    struct reduce_case c = {tables, 2, 0, 1, tables % 2};

    check_reduce(&c);
  }
}

/* Enough words for partitions of the largest size. */
static void many_words_are_merged_by_partitions(void)
{
  struct reduce_case c = {2, 2, 70000, 1000000, false};

  find_colliding_words();
  check_reduce(&c);
}

/* Words with the fingerprints around every edge that a partition may have, the
   first and the last of all fingerprints among them. A word is its fingerprint
   in decimal. */
#define EDGES 4096

static void add_edges(struct ng_table *table)
{
  struct ng_sums sums = {.total = 1};
  char word[16];

  for (uint32_t i = 0; i < EDGES; i++)
    for (int step = -1; step <= 1; step++) {
      uint32_t fingerprint =
          i * (uint32_t)(((uint64_t)1 << 32) / EDGES) + (uint32_t)step;
      int length = snprintf(word, sizeof word, "%" PRIu32, fingerprint);

      CHECK(ng_table_add(table, fingerprint, word, (size_t)length, &sums));
    }
}

static void words_at_the_edges_of_partitions_are_merged(void)
{
  for (size_t count = 1; count <= 3; count++) {
    struct ng_table tables[3];
    struct ng_table *pointers[3] = {&tables[0], &tables[1], &tables[2]};
    struct ng_entry **entries;
    struct ng_reduce reduce;
    struct ng_budget budget;
    uint64_t last = 0;
    size_t found;

    ng_budget_init(&budget);
    for (size_t i = 0; i < count; i++) {
      ng_table_init(&tables[i], &budget, false);
      add_edges(&tables[i]);
    }
    CHECK(ng_reduce_init(&reduce, &budget, pointers, count, 1));
    CHECK(reduce.partition_bits > 0);
    run_reduce(&reduce, 1);
    CHECK(ng_reduce_finish(&reduce, NULL, &entries, &found));
    CHECK_EQ(found, 3 * EDGES);
    for (size_t i = 0; i < found; i++) {
      uint64_t fingerprint = 0;

      for (uint32_t j = 0; j < entries[i]->length; j++)
        fingerprint = fingerprint * 10 + (uint64_t)(entries[i]->word[j] - '0');
      CHECK_EQ(entries[i]->total, count);
      CHECK(i == 0 ? fingerprint == 0 : fingerprint > last);
      last = fingerprint;
    }
    CHECK_EQ(last, UINT32_MAX);
    ng_budget_give(&budget, entries, found * sizeof *entries);
    ng_reduce_free(&reduce);
    for (size_t i = 0; i < count; i++)
      ng_table_free(&tables[i]);
  }
}

static char *list_words(const size_t *numbers, size_t count, size_t parts)
{
  struct ng_table tables[3];
  struct ng_table *pointers[3] = {&tables[0], &tables[1], &tables[2]};
  struct bytes list = {.data = NULL};
  struct ng_sums sums = {.total = 1};
  struct ng_entry **entries;
  struct ng_reduce reduce;
  struct ng_budget budget;
  size_t table = 0;
  size_t found;

  ng_budget_init(&budget);
  for (size_t i = 0; i < COUNT(tables); i++)
    ng_table_init(&tables[i], &budget, false);
  for (size_t i = 0; i < count; i++) {
    char word[16];
    size_t length = (size_t)snprintf(word, 16, "c%zu", numbers[i]);

    add(&tables[table], word, length, &sums);
    table = table + 1 < parts ? table + 1 : 0;
  }
  ng_reduce_init(&reduce, &budget, pointers, parts, (unsigned)parts);
  run_reduce(&reduce, (unsigned)parts);
  ng_reduce_finish(&reduce, NULL, &entries, &found);
  for (size_t i = 0; i < found; i++)
    bytes_print(&list, "%.*s %" PRIu64 "\n", (int)entries[i]->length,
                entries[i]->word, entries[i]->total);
  bytes_add(&list, "", 1);
  ng_budget_give(&budget, entries, found * sizeof *entries);
  ng_reduce_free(&reduce);
  for (size_t i = 0; i < COUNT(tables); i++)
    ng_table_free(&tables[i]);
  return (char *)list.data;
}

static void order_depends_on_the_words_alone(void)
{
  static size_t numbers[20000];
  char *first = NULL;

  for (size_t i = 0; i < COUNT(numbers); i++)
    numbers[i] = i % 15000;
  for (size_t round = 0; round < 6; round++) {
    char *list = list_words(numbers, COUNT(numbers), 1 + round % 3);

    if (first)
      CHECK(strcmp(list, first) == 0);
    else
      first = list;
    if (list != first)
      free(list);
    for (size_t i = COUNT(numbers); i > 1; i--) {
      size_t other = random_below(i);
      size_t number = numbers[i - 1];

      numbers[i - 1] = numbers[other];
      numbers[other] = number;
    }
  }
  free(first);
}

/* Sums that fit in each table and not together. */
static void reduce_tells_of_an_overflow(void)
{
  static const uint64_t second[] = {INT64_MAX, INT64_MAX - 1, 1, 0};

  for (size_t i = 0; i < COUNT(second); i++)
    for (int volumes = 0; volumes < 2; volumes++) {
      struct ng_table tables[2];
      struct ng_table *pointers[2] = {&tables[0], &tables[1]};
      struct ng_reduce reduce;
      struct ng_budget budget;

      ng_budget_init(&budget);
      ng_table_init(&tables[0], &budget, volumes);
      ng_table_init(&tables[1], &budget, volumes);
      add_total(&tables[0], volumes ? 5 : INT64_MAX, INT64_MAX);
      add_total(&tables[1], volumes ? 5 : second[i], second[i]);
      CHECK(!tables[0].overflowed && !tables[1].overflowed);
      ng_reduce_init(&reduce, &budget, pointers, 2, 1);
      run_reduce(&reduce, 1);
      CHECK_EQ(reduce.overflowed, second[i] > 0);
      ng_reduce_free(&reduce);
      ng_table_free(&tables[0]);
      ng_table_free(&tables[1]);
    }
}

/* A stop is looked at between two partitions, as large as they may be, of as
   many tables as there may be threads. */
static void partition_of_many_tables_is_merged_in_100_ms(void)
{
  enum {
    TABLES = 1024,
    WORDS = 2000
  };
  static struct ng_table tables[TABLES];
  static struct ng_table *pointers[TABLES];
  struct ng_budget budget;
  double shortest = 1000;

  ng_budget_init(&budget);
  for (unsigned i = 0; i < TABLES; i++) {
    ng_table_init(&tables[i], &budget, false);
    pointers[i] = &tables[i];
    for (unsigned k = 0; k < WORDS; k++) {
      const struct ng_sums sums = {.total = 1};
      char word[24];
      size_t length = (size_t)snprintf(word, sizeof word, "w%u",
                                       k + (k % 2 ? i * WORDS : 0));

      CHECK(ng_table_add(&tables[i], ng_hash_word(word, length), word, length,
                         &sums));
    }
  }
  for (int i = 0; i < TEST_TRIES && shortest >= TEST_QUICK_SECONDS; i++) {
    struct ng_reduce reduce;
    double began;
    bool more;

    CHECK(ng_reduce_init(&reduce, &budget, pointers, TABLES, 1));
    began = test_seconds();
    CHECK(ng_reduce_step(&reduce, 0, &more));
    if (test_seconds() - began < shortest)
      shortest = test_seconds() - began;
    ng_reduce_free(&reduce);
  }
  NOTE("%.0f ms", 1000 * shortest);
  CHECK(shortest < TEST_QUICK_SECONDS);
  for (unsigned i = 0; i < TABLES; i++)
    ng_table_free(&tables[i]);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(tables_are_merged_as_by_a_naive_map),
      TEST(empty_tables_merge_to_nothing),
      TEST(many_words_are_merged_by_partitions),
      TEST(words_at_the_edges_of_partitions_are_merged),
      TEST(order_depends_on_the_words_alone),
      TEST(reduce_tells_of_an_overflow),
      TEST(partition_of_many_tables_is_merged_in_100_ms),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
