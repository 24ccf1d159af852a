/* SPDX-License-Identifier: MIT */
/* Tests of a sort that can be stopped, held to qsort(3). */
#include <errno.h>
#include <stdlib.h>

#include "base/long_sort.h"
#include "unit/questions.h"
#include "unit/test.h"

/* More than one run, and a pass with an odd number of runs. */
#define ITEMS_MAX 9000

struct item {
  uint32_t key;
  uint32_t place;
  uint32_t more; /* a size that is no power of two */
};

static int compare(const void *a, const void *b)
{
  const struct item *x = a;
  const struct item *y = b;

  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  return (x->place > y->place) - (x->place < y->place);
}

static int compare_places(const void *a, const void *b)
{
  const struct item *x = a;
  const struct item *y = b;

  return (x->place > y->place) - (x->place < y->place);
}

static void fill(struct item *items, uint32_t count, size_t keys)
{
  for (uint32_t i = 0; i < count; i++)
    items[i] = (struct item){(uint32_t)random_below(keys), i, ~i};
}

static void order_is_that_of_qsort(void)
{
  static const size_t sizes[] = {0, 1, 2, 1023, 1024, 1025, 2048, 3073, 8999};
  static struct item got[ITEMS_MAX];
  static struct item wanted[ITEMS_MAX];

  for (size_t i = 0; i < COUNT(sizes); i++)
    for (size_t keys = 1; keys < 100000; keys *= 300) {
      NOTE("%zu items, %zu keys", sizes[i], keys);
      fill(got, (uint32_t)sizes[i], keys);
      memcpy(wanted, got, sizeof got);
      qsort(wanted, sizes[i], sizeof *wanted, compare);
      CHECK_EQ(ng_long_sort(got, sizes[i], sizeof *got, compare, NULL), 0);
      CHECK(memcmp(got, wanted, sizes[i] * sizeof *got) == 0);
    }
}

/* At each question, and no item is lost or there twice. */
static void stop_loses_no_item(void)
{
  static struct item items[ITEMS_MAX];
  struct questions questions = {0, 0};
  const struct ng_stop stop = {says_stop, &questions};
  int error;

  do {
    questions = (struct questions){0, questions.stop_at + 1};
    NOTE("question %u", questions.stop_at);
    fill(items, ITEMS_MAX, 1000);
    error = ng_long_sort(items, ITEMS_MAX, sizeof *items, compare, &stop);
    CHECK(error == 0 || error == ECANCELED);
    CHECK_EQ(error == ECANCELED, questions.asked == questions.stop_at);
    qsort(items, ITEMS_MAX, sizeof *items, compare_places);
    for (uint32_t i = 0; i < ITEMS_MAX; i++)
      CHECK(items[i].place == i && items[i].more == ~i);
  } while (error == ECANCELED);
  /* While runs are sorted, and in each pass that merges them. */
  CHECK(questions.stop_at > 4 * (ITEMS_MAX / 1024));
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(order_is_that_of_qsort),
      TEST(stop_loses_no_item),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
