/* SPDX-License-Identifier: MIT */
/* Tests of orders: against qsort() and a plain comparison. */
#include <stdlib.h>
#include <string.h>

#include "count/sort.h"
#include "unit/bytes.h"
#include "unit/test.h"

#define SORT_ENTRIES_MAX 3000

static struct ng_sort_order naive_order;

/* Told in words of its own. */
static int compare_entries(const void *a, const void *b)
{
  const struct ng_entry *x = *(struct ng_entry *const *)a;
  const struct ng_entry *y = *(struct ng_entry *const *)b;
  size_t common = x->length < y->length ? x->length : y->length;
  int words = memcmp(x->word, y->word, common);
  int totals = (x->total > y->total) - (x->total < y->total);

  if (words == 0)
    words = (x->length > y->length) - (x->length < y->length);
  if (!naive_order.by_total)
    return naive_order.descending ? -words : words;
  if (totals == 0)
    return words;
  return naive_order.descending ? -totals : totals;
}

/* Words of few letters, so that many begin alike, no two the same. */
static struct ng_entry *make_entry_at(size_t i, size_t kinds)
{
  char word[40];
  int length = snprintf(word, sizeof word, "%.*s%zx", 1 + (int)random_below(12),
                        "xxxxxxxxxxxx", i);
  struct ng_entry *entry =
      test_memory(offsetof(struct ng_entry, word) + (size_t)length);

  entry->total = random_below(kinds);
  if (random_once_in(50))
    entry->total = random_once_in(2) ? INT64_MAX : 0;
  entry->length = (uint32_t)length;
  memcpy(entry->word, word, (size_t)length);
  if (random_once_in(9))
    entry->word[0] = (char)0xC3;
  return entry;
}

/* Orders that trip quicksorts up, and any. */
static void arrange(struct ng_entry **entries, size_t count, size_t how)
{
  if (how < 3)
    qsort(entries, count, sizeof *entries, compare_entries);
  if (how == 1)
    for (size_t i = 0; i < count / 2; i++) {
      struct ng_entry *kept = entries[i];

      entries[i] = entries[count - 1 - i];
      entries[count - 1 - i] = kept;
    }
  if (how == 2) /* up and down, like an organ's pipes */
    for (size_t i = count / 2, j = count; i < j && j-- > i; i++) {
      struct ng_entry *kept = entries[i];

      entries[i] = entries[j];
      entries[j] = kept;
    }
}

static void check_sorted(struct ng_entry **entries, size_t count)
{
  struct ng_sort_item *items = test_memory((count + 1) * sizeof *items);
  struct ng_entry **wanted = test_memory((count + 1) * sizeof(void *));
  size_t most = 1 + random_below(count + 2);
  size_t first = count < most ? count : most;

  memcpy(wanted, entries, count * sizeof *wanted);
  qsort(wanted, count, sizeof *wanted, compare_entries);
  for (size_t i = 0; i < count; i++)
    items[i] = ng_sort_item(naive_order, entries[i]);
  CHECK(ng_sort(naive_order, items, count, NULL));
  for (size_t i = 0; i < count && !test_state.failed; i++)
    CHECK(items[i].entry == wanted[i]);
  free(items);
  items = test_memory(2 * most * sizeof *items);
  CHECK(ng_sort_first(naive_order, entries, count, items, most, NULL));
  for (size_t i = 0; i < first && !test_state.failed; i++)
    CHECK(items[i].entry == wanted[i]);
  free(items);
  free(wanted);
}

static void entries_are_sorted_as_qsort_sorts_them(void)
{
  static struct ng_entry *entries[SORT_ENTRIES_MAX];

  for (unsigned round = 0; round < test_rounds(200); round++) {
    size_t count =
        random_once_in(3) ? random_below(40) : random_below(SORT_ENTRIES_MAX);
    size_t kinds = random_once_in(3) ? 1 + random_below(3) : 1000000;

    naive_order = (struct ng_sort_order){random_once_in(2), random_once_in(2)};
    NOTE("round %u: %zu entries, by total %d, descending %d", round, count,
         naive_order.by_total, naive_order.descending);
    for (size_t i = 0; i < count; i++)
      entries[i] = make_entry_at(i, kinds);
    arrange(entries, count, random_below(6));
    check_sorted(entries, count);
    for (size_t i = 0; i < count; i++)
      free(entries[i]);
  }
}

static bool stop_after_some(void *context)
{
  int *left = context;

  return (*left)-- <= 0;
}

static void sort_can_be_stopped(void)
{
  const size_t count = 200000;
  const struct ng_sort_order order = {false, false};
  struct ng_sort_item *items = test_memory(count * sizeof *items);
  struct ng_entry *entry = make_entry_at(1, 1);

  for (int questions = 0; questions < 3; questions++) {
    int left = questions;
    const struct ng_stop stop = {stop_after_some, &left};

    for (size_t i = 0; i < count; i++)
      items[i] = (struct ng_sort_item){random_below(1000), entry};
    CHECK(!ng_sort(order, items, count, &stop));
    CHECK_EQ(left, -1);
  }
  free(entry);
  free(items);
}

static bool count_questions(void *context)
{
  ++*(unsigned *)context;
  return false;
}

/* In order, items are parted in halves: each time all of them are passed. */
static void sort_asks_while_it_parts_many(void)
{
  const size_t count = (size_t)1 << 20;
  const size_t step = (size_t)1 << 15; /* between two questions, at most */
  const struct ng_sort_order order = {false, false};
  struct ng_sort_item *items = test_memory(count * sizeof *items);
  unsigned questions = 0;
  const struct ng_stop stop = {count_questions, &questions};

  for (size_t i = 0; i < count; i++)
    items[i] = (struct ng_sort_item){i, NULL};
  CHECK(ng_sort(order, items, count, &stop));
  for (size_t i = 0; i < count; i++)
    if (!CHECK_EQ(items[i].key, i))
      break;
  CHECK(questions >= 2 * count / step);
  free(items);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(entries_are_sorted_as_qsort_sorts_them),
      TEST(sort_can_be_stopped),
      TEST(sort_asks_while_it_parts_many),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
