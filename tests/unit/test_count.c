/* SPDX-License-Identifier: MIT */
/* The room count: tables, reduce and word sets against a naive map. */
#include <pthread.h>

#include "base/hash.h"
#include "count/reduce.h"
#include "count/table.h"
#include "count/word_set.h"
#include "unit/naive_map.h"
#include "unit/test.h"

/* ----------------------------------------------------------------- words -- */

/* Different words that have one and the same tag: pairs among 300,000 numbers
   (some ten are to be expected, 4.3e9 tags being there). */
#define COLLIDING_MAX 40

struct tagged {
  uint32_t tag;
  uint32_t number;
};

static char colliding[COLLIDING_MAX][16];
static size_t colliding_count;

static int compare_tagged(const void *a, const void *b)
{
  const struct tagged *x = a;
  const struct tagged *y = b;

  return x->tag < y->tag ? -1 : x->tag > y->tag;
}

static void find_colliding_words(void)
{
  enum {
    WORDS = 300000
  };
  struct tagged *all = test_memory(WORDS * sizeof *all);

  colliding_count = 0;
  for (uint32_t i = 0; i < WORDS; i++) {
    char word[16];
    int length = snprintf(word, sizeof word, "c%u", i);

    all[i] = (struct tagged){ng_hash_word(word, (size_t)length), i};
  }
  qsort(all, WORDS, sizeof *all, compare_tagged);
  for (size_t i = 1; i < WORDS && colliding_count + 2 <= COLLIDING_MAX; i++)
    if (all[i].tag == all[i - 1].tag) {
      snprintf(colliding[colliding_count++], 16, "c%u", all[i - 1].number);
      snprintf(colliding[colliding_count++], 16, "c%u", all[i].number);
    }
  free(all);
}

/* A word of some `kinds`; one in eight collides with another. */
static size_t make_word(char *word, size_t kinds)
{
  static const char pad[] = "_a_very_long_ending_of_a_word_that_is_not_short";
  size_t number = random_below(kinds);

  if (number % 8 == 0 && number / 8 < colliding_count)
    return (size_t)snprintf(word, 100, "%s", colliding[number / 8]);
  return (size_t)snprintf(word, 100, "%zu%.*s", number, (int)(number % 47),
                          pad);
}

static struct ng_sums make_sums(void)
{
  int32_t year = 1500 + (int32_t)random_below(500);

  return (struct ng_sums){.total = random_below(1000),
                          .volumes = random_below(100),
                          .row_count = 1 + random_below(9),
                          .first_year = year,
                          .last_year = year + (int32_t)random_below(20)};
}

static bool add(struct ng_table *table, const char *word, size_t length,
                const struct ng_sums *sums)
{
  uint32_t tag = ng_hash_word(word, length);

  ng_table_expect(table, tag);
  return CHECK(ng_table_add(table, tag, word, length, sums));
}

/* Add words at random to the table and the map. */
static void fill(struct ng_table *table, struct naive_map *map, size_t adds,
                 size_t kinds)
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

/* ----------------------------------------------------------------- table -- */

static void check_sums(struct ng_entry *entry, bool wide,
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

static void check_entry(struct ng_entry *entry, bool wide,
                        struct naive_map *map)
{
  const struct ng_sums *wanted = naive_find(map, entry->word, entry->length);

  NOTE("'%.*s'", (int)(entry->length < 60 ? entry->length : 60), entry->word);
  CHECK_EQ((uintptr_t)entry % 8, 0);
  CHECK(wanted != NULL);
  if (wanted)
    check_sums(entry, wide, wanted);
}

/* A table holds what the map does, and its slots are in order: by tag, then
   by bytes, none before its home, no gap between a home and its word, the
   last slot empty. */
static void check_table(const struct ng_table *table, struct naive_map *map)
{
  const struct ng_slot *last = NULL;
  size_t words = 0;

  CHECK_EQ(table->word_count, naive_words(map));
  for (size_t i = 0; i < table->slot_count && !test_state.failed; i++) {
    const struct ng_slot *slot = &table->slots[i];
    struct ng_entry *entry;

    if (!slot->ref)
      continue;
    entry = ng_table_entry(table, slot);
    words++;
    check_entry(entry, table->wide, map);
    CHECK_EQ(slot->tag, ng_hash_word(entry->word, entry->length));
    CHECK(ng_table_home(table, slot->tag) <= i);
    for (size_t j = ng_table_home(table, slot->tag); j < i; j++)
      CHECK(table->slots[j].ref != 0);
    if (last)
      CHECK(last->tag < slot->tag ||
            (last->tag == slot->tag &&
             ng_entry_compare(ng_table_entry(table, last), entry) < 0));
    last = slot;
  }
  CHECK_EQ(words, naive_words(map));
  if (table->slot_count)
    CHECK_EQ(table->slots[table->slot_count - 1].ref, 0);
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

static void words_with_one_tag_are_kept_apart(void)
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
    added++;
  }
  check_table(&table, &map);
  CHECK(table.slot_count > ((size_t)1 << table.bits) + 64);
  fill(&table, &map, 3000, 3000); /* grows with all its spare slots */
  check_table(&table, &map);
  ng_table_free(&table);
  naive_free(&map);
}

/* ---------------------------------------------------------------- reduce -- */

struct member {
  struct ng_reduce *reduce;
  bool ok;
};

static void *step_till_none_is_left(void *memory)
{
  struct member *member = memory;
  bool more = true;

  member->ok = true;
  while (more && member->ok)
    member->ok = ng_reduce_step(member->reduce, &more);
  return NULL;
}

/* Merge all partitions by so many threads, this one among them. */
static void run_reduce(struct ng_reduce *reduce, unsigned threads)
{
  pthread_t others[8];
  struct member members[9];

  for (unsigned i = 0; i < threads; i++)
    members[i].reduce = reduce;
  for (unsigned i = 1; i < threads; i++)
    pthread_create(&others[i], NULL, step_till_none_is_left, &members[i]);
  step_till_none_is_left(&members[0]);
  for (unsigned i = 1; i < threads; i++)
    pthread_join(others[i], NULL);
  for (unsigned i = 0; i < threads; i++)
    CHECK(members[i].ok);
}

/* Each word once, in the order of tag and bytes, with the map's sums. */
static void check_entries(struct ng_entry **entries, size_t count, bool wide,
                          struct naive_map *map)
{
  uint32_t last_tag = 0;

  if (!CHECK_EQ(count, naive_words(map)))
    return;
  for (size_t i = 0; i < count && !test_state.failed; i++) {
    uint32_t tag = ng_hash_word(entries[i]->word, entries[i]->length);

    check_entry(entries[i], wide, map);
    CHECK(
        tag > last_tag || i == 0 ||
        (tag == last_tag && ng_entry_compare(entries[i - 1], entries[i]) < 0));
    last_tag = tag;
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
  CHECK(ng_reduce_finish(&reduce, &entries, &count));
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
  ng_reduce_finish(&reduce, &entries, &found);
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

/* -------------------------------------------------------------- overflow -- */

static void add_total(struct ng_table *table, uint64_t total, uint64_t volumes)
{
  struct ng_sums sums = {.total = total, .volumes = volumes, .row_count = 1};

  add(table, "a", 1, &sums);
}

static struct ng_entry *only_entry(const struct ng_table *table)
{
  for (size_t i = 0; i < table->slot_count; i++)
    if (table->slots[i].ref)
      return ng_table_entry(table, &table->slots[i]);
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

/* -------------------------------------------------------------- word set -- */

static void word_set_has_its_words_and_no_others(void)
{
  static const size_t counts[] = {0, 1, 3, 4, 5, 100, 3000};

  find_colliding_words();
  for (size_t c = 0; c < COUNT(counts); c++) {
    static char words[3000][100];
    struct naive_map map = {.entries = NULL};
    struct ng_sums sums = {.total = 1};
    struct ng_word_set set;

    CHECK(ng_word_set_init(&set, counts[c]));
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
    ng_word_set_free(&set);
    naive_free(&map);
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(table_adds_up_as_a_naive_map),
      TEST(words_with_one_tag_are_kept_apart),
      TEST(empty_table_has_no_slots),
      TEST(words_may_hold_any_bytes),
      TEST(cluster_at_the_end_of_the_table_grows),
      TEST(tables_are_merged_as_by_a_naive_map),
      TEST(empty_tables_merge_to_nothing),
      TEST(many_words_are_merged_by_partitions),
      TEST(order_depends_on_the_words_alone),
      TEST(table_remembers_that_a_sum_overflowed),
      TEST(overflow_of_volumes_counts_only_when_they_are_kept),
      TEST(reduce_tells_of_an_overflow),
      TEST(word_set_has_its_words_and_no_others),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
