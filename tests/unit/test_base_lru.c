/* SPDX-License-Identifier: MIT */
/* A list of entries, the one used last first. */
#include "base/lru.h"

#include "test.h"

struct entry {
  struct ng_lru link;
  char name;
  uint64_t size;
};

#define NAMES "abcdef"

static struct entry entries[sizeof NAMES - 1];
static char dropped[sizeof NAMES];

/* A list of so many entries, the first of them used last, of size 10 each. */
static struct ng_lru list_of(size_t count)
{
  struct ng_lru list = {NULL};

  memset(dropped, 0, sizeof dropped);
  for (size_t i = count; i-- > 0;) {
    entries[i] = (struct entry){.name = NAMES[i], .size = 10};
    ng_lru_put(&list, &entries[i]);
  }
  return list;
}

static void drop(void *entry)
{
  dropped[strlen(dropped)] = ((struct entry *)entry)->name;
}

static uint64_t size_of(const void *entry)
{
  return ((const struct entry *)entry)->size;
}

static bool has_name(const void *entry, const void *name)
{
  return ((const struct entry *)entry)->name == *(const char *)name;
}

/* Whether the list has entries of these names, in this order. */
static bool has(const struct ng_lru *list, const char *names)
{
  char found[sizeof NAMES] = "";
  size_t count = 0;

  for (const struct ng_lru *link = list->next; link && count < COUNT(entries);
       link = link->next)
    found[count++] = ((const struct entry *)link)->name;
  return CHECK_STR(found, names);
}

static void what_is_put_is_in_front(void)
{
  struct ng_lru list = {NULL};
  struct entry a = {.name = 'a'};
  struct entry b = {.name = 'b'};

  has(&list, "");
  ng_lru_put(&list, &a);
  has(&list, "a");
  ng_lru_put(&list, &b);
  has(&list, "ba");
}

static void what_is_used_goes_to_the_front(void)
{
  struct ng_lru list = list_of(4);

  CHECK(ng_lru_use(&list, has_name, "c") == &entries[2]);
  has(&list, "cabd");
  CHECK(ng_lru_use(&list, has_name, "d") == &entries[3]);
  has(&list, "dcab");
  CHECK(ng_lru_use(&list, has_name, "d") == &entries[3]);
  CHECK(ng_lru_use(&list, NULL, NULL) == &entries[3]);
  has(&list, "dcab");
  CHECK(ng_lru_use(&list, has_name, "x") == NULL);
  has(&list, "dcab");
}

static void what_is_taken_is_gone(void)
{
  struct ng_lru list = list_of(4);

  CHECK(ng_lru_take(&list, has_name, "b") == &entries[1]);
  has(&list, "acd");
  CHECK(ng_lru_take(&list, has_name, "b") == NULL);
  CHECK(ng_lru_take(&list, has_name, "d") == &entries[3]);
  CHECK(ng_lru_take(&list, NULL, NULL) == &entries[0]);
  has(&list, "c");
  CHECK(ng_lru_take(&list, NULL, NULL) == &entries[2]);
  has(&list, "");
  CHECK(ng_lru_take(&list, NULL, NULL) == NULL);
  CHECK(ng_lru_use(&list, NULL, NULL) == NULL);
}

static void the_first_of_some_that_are_wanted_is_taken(void)
{
  struct ng_lru list = list_of(4);

  entries[1].name = entries[3].name = 'x';
  CHECK(ng_lru_take(&list, has_name, "x") == &entries[1]);
  CHECK(ng_lru_take(&list, has_name, "x") == &entries[3]);
  has(&list, "ac");
}

static void what_fits_the_limit_stays(void)
{
  struct ng_lru list = list_of(4);

  CHECK_EQ(ng_lru_trim(&list, 45, SIZE_MAX, size_of, drop), 5);
  has(&list, "abcd");
  CHECK_EQ(ng_lru_trim(&list, 40, 4, size_of, drop), 0);
  has(&list, "abcd");
  CHECK_STR(dropped, "");
}

static void what_was_not_used_lately_is_dropped(void)
{
  struct ng_lru list = list_of(4);

  CHECK_EQ(ng_lru_trim(&list, 39, SIZE_MAX, size_of, drop), 9);
  has(&list, "abc");
  CHECK_STR(dropped, "d");
  CHECK_EQ(ng_lru_trim(&list, 9, SIZE_MAX, size_of, drop), 9);
  has(&list, "");
  CHECK_STR(dropped, "dabc");
}

static void a_large_one_leaves_room_to_small_ones(void)
{
  struct ng_lru list = list_of(4);

  entries[1].size = 100;
  CHECK_EQ(ng_lru_trim(&list, 35, SIZE_MAX, size_of, drop), 5);
  has(&list, "acd");
  CHECK_STR(dropped, "b");
}

static void more_than_so_many_are_dropped(void)
{
  struct ng_lru list = list_of(5);

  entries[0].size = 0;
  entries[3].size = 0;
  CHECK_EQ(ng_lru_trim(&list, 1000, 1, size_of, drop), 990);
  has(&list, "abd");
  CHECK_STR(dropped, "ce");
  CHECK_EQ(ng_lru_trim(&list, 0, 0, size_of, drop), 0);
  has(&list, "ad");
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(what_is_put_is_in_front),
      TEST(what_is_used_goes_to_the_front),
      TEST(what_is_taken_is_gone),
      TEST(the_first_of_some_that_are_wanted_is_taken),
      TEST(what_fits_the_limit_stays),
      TEST(what_was_not_used_lately_is_dropped),
      TEST(a_large_one_leaves_room_to_small_ones),
      TEST(more_than_so_many_are_dropped),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
