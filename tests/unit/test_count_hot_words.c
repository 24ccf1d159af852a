/* SPDX-License-Identifier: MIT */
/* Tests of the cache in front of a table. */
#include "base/hash.h"
#include "count/hot_words.h"
#include "unit/bytes.h"
#include "unit/check_totals.h"
#include "unit/naive_map.h"
#include "unit/test.h"

/* A word of 1 to 24 bytes, one of some kinds, the first ones more often; those
   of 16 bytes and those around have the same beginning. */
static size_t make_hot_word(char *word, size_t kinds)
{
  size_t number = random_below(1 + random_below(kinds));
  size_t length = 1 + number % 24;
  char digits[24];

  snprintf(digits, sizeof digits, "%zu", number);
  if (length < strlen(digits))
    length = strlen(digits);
  memset(word, 'w', length);
  memcpy(word + length - strlen(digits), digits, strlen(digits));
  if (number % 7 == 0)
    word[0] = '\xFF'; /* no byte is special but NUL */
  return length;
}

/* Add `count` words in calls of any size, to both. */
static void add_hot_words(struct ng_hot_words *hot, struct ng_table *table,
                          struct naive_map *map, size_t count, size_t kinds)
{
  struct bytes text = {.data = NULL};
  struct bytes edges = {.data = NULL};
  struct ng_sums one = {.total = 1};
  size_t calls = 0;

  for (size_t done = 0; done < count; calls = 0) {
    size_t wish = 1 + random_below(random_once_in(3) ? 2000 : 20);

    text.size = edges.size = 0;
    for (; calls < wish && done < count; calls++, done++) {
      uint32_t edge[2] = {(uint32_t)text.size, 0};
      char word[32];
      size_t length = make_hot_word(word, kinds);

      bytes_add(&text, word, length);
      edge[1] = (uint32_t)text.size;
      bytes_add(&edges, edge, sizeof edge);
      if (random_once_in(2))
        bytes_add(&text, " ", 1); /* nothing need stand between */
      naive_add(map, word, length, &one);
    }
    memset(bytes_reserve(&text, 16), 'w', 16);
    CHECK(ng_hot_words_add(hot, table, (const char *)text.data,
                           (const uint32_t *)(const void *)edges.data, calls));
  }
  bytes_free(&text);
  bytes_free(&edges);
}

static void hot_words_add_up_as_a_naive_map(void)
{
  static const size_t kinds[] = {1, 3, 30, 1000, 5000, 200000};

  for (unsigned round = 0; round < test_rounds(60); round++) {
    struct naive_map map = {.entries = NULL};
    struct ng_hot_words hot;
    struct ng_budget budget;
    struct ng_table table;
    bool large = random_once_in(2);

    ng_budget_init(&budget);
    ng_table_init(&table, &budget, false);
    CHECK(ng_hot_words_init(&hot, &budget, large));
    NOTE("round %u, %s", round, large ? "large" : "small");
    for (int part = 0; part < 3; part++) {
      add_hot_words(&hot, &table, &map, random_below(20000),
                    kinds[random_below(COUNT(kinds))]);
      ng_hot_words_finish(&hot); /* counting goes on after that */
      check_totals(&table, &map);
    }
    ng_hot_words_free(&hot);
    ng_table_free(&table);
    naive_free(&map);
    CHECK_EQ(budget.held_bytes, 0);
  }
}

static void hot_words_that_were_never_used_have_nothing_to_add(void)
{
  struct ng_hot_words hot = {.sets = NULL};

  ng_hot_words_finish(&hot);
  ng_hot_words_free(&hot);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(hot_words_add_up_as_a_naive_map),
      TEST(hot_words_that_were_never_used_have_nothing_to_add),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
