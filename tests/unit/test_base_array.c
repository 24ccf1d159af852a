/* SPDX-License-Identifier: MIT */
/* Arrays that grow keep what they hold, double, and fail whole. */
#include "base/array.h"

#include "failing_memory.h"
#include "test.h"

struct wide {
  char bytes[5000];
};

struct numbers {
  uint32_t *items;
  size_t count;
  size_t capacity;
};

static bool add(struct numbers *numbers, uint32_t number)
{
  if (!NG_ARRAY_RESERVE(numbers->items, numbers->capacity, numbers->count + 1))
    return false;
  numbers->items[numbers->count++] = number;
  return true;
}

static void an_array_keeps_its_items_as_it_grows(void)
{
  struct numbers numbers = {.items = NULL};

  for (uint32_t i = 0; i < 100000; i++)
    if (!CHECK(add(&numbers, i * i)) ||
        !CHECK(numbers.count <= numbers.capacity))
      break;
  for (uint32_t i = 0; i < numbers.count; i++)
    if (!CHECK_EQ(numbers.items[i], i * i))
      break;
  free(numbers.items);
}

static void an_array_grows_seldom(void)
{
  struct numbers numbers = {.items = NULL};
  size_t growths = 0;

  for (uint32_t i = 0; i < 1000000; i++) {
    size_t before = numbers.capacity;

    CHECK(add(&numbers, i));
    if (numbers.capacity != before) {
      growths++;
      CHECK(numbers.capacity >= 2 * before);
    }
  }
  CHECK(growths <= 20);
  CHECK(numbers.capacity < 2 * numbers.count);
  free(numbers.items);
}

static void what_is_there_is_enough(void)
{
  struct numbers numbers = {.items = NULL};
  const uint32_t *items;
  size_t capacity = 0;

  CHECK(NG_ARRAY_RESERVE(numbers.items, numbers.capacity, capacity));
  CHECK(numbers.items == NULL && numbers.capacity == 0);
  CHECK(add(&numbers, 1));
  items = numbers.items;
  capacity = numbers.capacity;
  CHECK(NG_ARRAY_RESERVE(numbers.items, numbers.capacity, capacity));
  CHECK(numbers.items == items);
  CHECK_EQ(numbers.capacity, capacity);
  free(numbers.items);
}

static void many_items_are_taken_at_once(void)
{
  struct numbers numbers = {.items = NULL};

  CHECK(add(&numbers, 7));
  CHECK(NG_ARRAY_RESERVE(numbers.items, numbers.capacity, 1000001));
  CHECK_EQ(numbers.capacity, 1000001);
  CHECK_EQ(numbers.items[0], 7);
  free(numbers.items);
}

static void an_item_may_be_larger_than_the_first_memory(void)
{
  struct wide *items = NULL;
  size_t capacity = 0;

  CHECK(NG_ARRAY_RESERVE(items, capacity, 1));
  CHECK_EQ(capacity, 1);
  memset(items, 1, sizeof *items);
  CHECK(NG_ARRAY_RESERVE(items, capacity, 2));
  CHECK_EQ(capacity, 2);
  CHECK_EQ(items[0].bytes[4999], 1);
  free(items);
}

/* More than there can be, also where the product would wrap around. */
static void what_no_memory_can_hold_is_refused(void)
{
  static const size_t wanted[] = {SIZE_MAX, SIZE_MAX / 4 + 2,
                                  PTRDIFF_MAX / 4 + (size_t)1};
  struct numbers numbers = {.items = NULL};
  const uint32_t *items;
  size_t capacity;

  CHECK(add(&numbers, 7));
  items = numbers.items;
  capacity = numbers.capacity;
  for (size_t i = 0; i < COUNT(wanted); i++) {
    NOTE("%zu items", wanted[i]);
    CHECK(!NG_ARRAY_RESERVE(numbers.items, numbers.capacity, wanted[i]));
    CHECK(numbers.items == items);
    CHECK_EQ(numbers.capacity, capacity);
  }
  CHECK_EQ(numbers.items[0], 7);
  free(numbers.items);
}

static void without_memory_an_array_stays_as_it_was(void)
{
  struct numbers numbers = {.items = NULL};
  const uint32_t *items;
  size_t capacity;

  if (!MEMORY_CAN_FAIL) {
    test_skip("memory cannot be made to fail");
    return;
  }
  CHECK(add(&numbers, 7));
  items = numbers.items;
  capacity = numbers.capacity;
  memory_fail_after(0, true);
  CHECK(!NG_ARRAY_RESERVE(numbers.items, numbers.capacity, capacity + 1));
  CHECK(memory_fail_no_more());
  CHECK(numbers.items == items);
  CHECK_EQ(numbers.capacity, capacity);
  CHECK_EQ(numbers.items[0], 7);
  free(numbers.items);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(an_array_keeps_its_items_as_it_grows),
      TEST(an_array_grows_seldom),
      TEST(what_is_there_is_enough),
      TEST(many_items_are_taken_at_once),
      TEST(an_item_may_be_larger_than_the_first_memory),
      TEST(what_no_memory_can_hold_is_refused),
      TEST(without_memory_an_array_stays_as_it_was),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
