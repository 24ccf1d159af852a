/* SPDX-License-Identifier: MIT */
/* Numbers of a length that varies: read as written, and never past an end. */
#include "base/varint.h"

#include "guarded.h"
#include "test.h"

static const struct {
  uint64_t number;
  const char *bytes;
  size_t size;
} known[] = {
    {0, "\x00", 1},
    {1, "\x01", 1},
    {0x7f, "\x7f", 1},
    {0x80, "\x80\x01", 2},
    {300, "\xac\x02", 2},
    {0x3fff, "\xff\x7f", 2},
    {0x4000, "\x80\x80\x01", 3},
    {UINT32_MAX, "\xff\xff\xff\xff\x0f", NG_VARINT32_BYTES},
    {INT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 9},
    {UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", NG_VARINT64_BYTES},
};

static void numbers_have_their_known_bytes(void)
{
  for (size_t i = 0; i < COUNT(known); i++) {
    char bytes[NG_VARINT64_BYTES];
    char *end = ng_varint_put(bytes, known[i].number);

    NOTE("%" PRIu64, known[i].number);
    CHECK_BYTES(bytes, (size_t)(end - bytes), known[i].bytes, known[i].size);
  }
}

static void known_bytes_are_their_numbers(void)
{
  for (size_t i = 0; i < COUNT(known); i++) {
    const char *end = known[i].bytes + known[i].size;
    uint64_t number = 77;

    NOTE("%" PRIu64, known[i].number);
    CHECK(ng_varint_get(known[i].bytes, end, &number) == end);
    CHECK_EQ(number, known[i].number);
  }
}

/* A number that is cut short is none, and no byte past the end is read. */
static void a_number_ends_before_the_end(void)
{
  for (size_t i = 0; i < COUNT(known); i++)
    for (size_t size = 0; size < known[i].size; size++) {
      struct guarded guarded = guarded_make(size);
      const char *end = (const char *)guarded.end;
      uint64_t number = 77;

      NOTE("%" PRIu64 ", %zu bytes", known[i].number, size);
      memcpy(guarded.end - size, known[i].bytes, size);
      CHECK(ng_varint_get(end - size, end, &number) == NULL);
      guarded_free(&guarded);
    }
}

static void a_number_has_ten_bytes_at_most(void)
{
  char bytes[NG_VARINT64_BYTES + 1];
  uint64_t number = 77;

  memset(bytes, 0x80, sizeof bytes);
  bytes[NG_VARINT64_BYTES] = 1;
  CHECK(ng_varint_get(bytes, bytes + sizeof bytes, &number) == NULL);
}

static void no_place_stays_no_place(void)
{
  uint64_t number = 77;

  CHECK(ng_varint_get(NULL, "x", &number) == NULL);
  CHECK_EQ(number, 0);
}

static void any_numbers_are_read_as_written(void)
{
  static uint64_t numbers[1000];
  static char bytes[COUNT(numbers) * NG_VARINT64_BYTES];
  const char *at = bytes;
  char *end = bytes;

  for (size_t i = 0; i < COUNT(numbers); i++) {
    numbers[i] = random_next() >> random_below(64);
    end = ng_varint_put(end, numbers[i]);
  }
  for (size_t i = 0; i < COUNT(numbers); i++) {
    uint64_t number;

    at = ng_varint_get(at, end, &number);
    if (!CHECK(at != NULL) || !CHECK_EQ(number, numbers[i]))
      return;
  }
  CHECK(at == end);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(numbers_have_their_known_bytes),
      TEST(known_bytes_are_their_numbers),
      TEST(a_number_ends_before_the_end),
      TEST(a_number_has_ten_bytes_at_most),
      TEST(no_place_stays_no_place),
      TEST(any_numbers_are_read_as_written),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
