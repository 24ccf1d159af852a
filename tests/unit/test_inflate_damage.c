/* SPDX-License-Identifier: MIT */
/*
 * Tests of damaged gzip files: 10,000 of them, and zlib's own reader of gzip
 * has the same opinion of each, and gives the same text of those that are
 * good.
 */
#include <zlib.h>

#include "base/crc32.h"
#include "unit/gzip_make.h"
#include "unit/gzip_read.h"
#include "unit/test.h"

#define DAMAGED_FILES 10000

/* ------------------------------------------------------------------ zlib -- */

/* Read one member from *at on, which moves after it. False: it is bad. */
static bool zlib_read_member(const struct bytes *file, size_t *at,
                             struct bytes *text)
{
  z_stream stream = {.next_in = file->data + *at,
                     .avail_in = (uInt)(file->size - *at)};
  unsigned char out[4096];
  int result;

  CHECK_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK); /* gzip alone */
  do {
    stream.next_out = out;
    stream.avail_out = sizeof out;
    result = inflate(&stream, Z_NO_FLUSH);
    bytes_add(text, out, sizeof out - stream.avail_out);
  } while (result == Z_OK);
  *at = file->size - stream.avail_in;
  inflateEnd(&stream);
  return result == Z_STREAM_END;
}

static bool is_zero_from(const struct bytes *file, size_t at)
{
  while (at < file->size && file->data[at] == 0)
    at++;
  return at == file->size;
}

/* Members, one after the other, and zero padding after the last. False: the
   file is bad. */
static bool zlib_read(const struct bytes *file, struct bytes *text)
{
  size_t at = 0;

  text->size = 0;
  bytes_reserve(text, 1);
  do
    if (!zlib_read_member(file, &at, text))
      return false;
  while (at < file->size && !is_zero_from(file, at));
  return true;
}

/* ------------------------------------------------------------------ ours -- */

/* Whether each member is what its trailer says: what the fold looks at. */
static bool members_are_good(const struct reading *reading)
{
  const struct ng_member_end *ends =
      (const struct ng_member_end *)(const void *)reading->ends.data;
  size_t start = 0;

  for (size_t i = 0; i < reading->ends.size / sizeof *ends; i++) {
    size_t size = ends[i].text_end - start;

    if (ends[i].length != (uint32_t)size ||
        ends[i].crc != ng_crc32(0, reading->text.data + start, size))
      return false;
    start = ends[i].text_end;
  }
  return true;
}

static void compare_damaged(const struct bytes *file, struct reading *reading,
                            struct bytes *wanted, unsigned *bad)
{
  static const size_t capacities[] = {65536, 1000, 61, 1};
  bool is_good = zlib_read(file, wanted);
  const struct ng_decoder *decoder;
  bool found_good;

  *bad += !is_good;
  for (size_t d = 0; (decoder = ng_decoder_at(d)) && !test_state.failed; d++) {
    if (!decoder->is_available())
      continue;
    read_gzip(decoder, file->data, file->size,
              capacities[random_below(COUNT(capacities))], reading);
    CHECK(reading->fault.file_offset <= file->size);
    found_good = reading->fault.kind == NG_GZIP_OK && members_are_good(reading);
    /* ISA-L takes sets of codes that zlib calls invalid, where none of the
       codes that are too many is used: the CRC-32 says that the text is right.
     */
    if (found_good && !is_good && strcmp(decoder->name, "isal") == 0)
      continue;
    CHECK_EQ(found_good, is_good);
    if (is_good)
      CHECK_BYTES(reading->text.data, reading->text.size, wanted->data,
                  wanted->size);
  }
}

/* ---------------------------------------------------------------- damage -- */

static void add_members(struct bytes *to, const struct bytes *text)
{
  struct gzip_file file = {.text = {.data = NULL}};

  for (size_t i = random_below(3) + 1; i > 0; i--) {
    size_t size = random_below(random_once_in(4) ? 3000 : 200);

    gzip_file_add_as(&file, text->data + random_below(text->size - size), size,
                     (unsigned)random_below(GZIP_ALL_FLAGS + 1),
                     (int)random_below(10), (int)random_below(5));
  }
  bytes_add(to, file.bytes.data, file.bytes.size);
  gzip_file_free(&file);
}

static void remove_bytes(struct bytes *file, size_t at, size_t count)
{
  memmove(file->data + at, file->data + at + count, file->size - at - count);
  file->size -= count;
}

static void insert_bytes(struct bytes *file, size_t at, size_t count)
{
  unsigned char noise[16];

  random_fill(noise, count);
  bytes_add(file, noise, count); /* for room */
  memmove(file->data + at + count, file->data + at, file->size - at - count);
  memcpy(file->data + at, noise, count);
}

/* The first two bytes stay: without them it is no gzip. */
static void damage_file(struct bytes *file)
{
  size_t at = 2 + random_below(file->size - 2);
  size_t left = file->size - at;

  switch (random_below(8)) {
  case 0:
    file->size = at;
    break;
  case 1:
    for (size_t i = 1 + random_below(3); i > 0; i--)
      file->data[2 + random_below(file->size - 2)] ^=
          (unsigned char)(1u << random_below(8));
    break;
  case 2:
    remove_bytes(file, at, left < 4 ? left : 1 + random_below(4));
    break;
  case 3:
    insert_bytes(file, at, 1 + random_below(8));
    break;
  case 4: /* one of its trailer's bytes */
    file->data[file->size - 1 - random_below(8)] ^=
        (unsigned char)(1 + random_below(255));
    break;
  case 5: /* pieces of it change places */
    bytes_reserve(file, left);
    bytes_add(file, file->data + at, left);
    remove_bytes(file, at / 2, left);
    break;
  case 6:
    bytes_fill(file, 0, random_below(600));
    if (random_once_in(2))
      bytes_fill(file, (int)random_below(256), 1 + random_below(30));
    break;
  default:
    random_fill(file->data + at, left < 20 ? left : 1 + random_below(20));
  }
}

static void damaged_files_are_judged_as_by_zlib(void)
{
  struct bytes text = {.data = NULL};
  struct bytes file = {.data = NULL};
  struct bytes wanted = {.data = NULL};
  struct reading reading = {.text = {.data = NULL}};
  unsigned rounds = test_rounds(DAMAGED_FILES);
  unsigned bad = 0;

  gzip_make_text(&text, 100000);
  for (unsigned i = 0; i < rounds && !test_state.failed; i++) {
    NOTE("file %u", i);
    file.size = 0;
    add_members(&file, &text);
    for (size_t times = random_below(10) > 0; times > 0; times--)
      damage_file(&file);
    compare_damaged(&file, &reading, &wanted, &bad);
  }
  NOTE("%u of %u are bad", bad, rounds);
  CHECK(bad > rounds / 2 && bad < rounds - rounds / 20);
  reading_free(&reading);
  bytes_free(&wanted);
  bytes_free(&file);
  bytes_free(&text);
}

static void every_cut_and_flip_of_a_file_is_judged_as_by_zlib(void)
{
  struct bytes text = {.data = NULL};
  struct bytes whole = {.data = NULL};
  struct bytes file = {.data = NULL};
  struct bytes wanted = {.data = NULL};
  struct reading reading = {.text = {.data = NULL}};
  unsigned step = TEST_SANITIZED ? 7 : 1;
  unsigned bad = 0;

  gzip_make_text(&text, 4000);
  add_members(&whole, &text);
  for (size_t i = 2 * 8; i < whole.size * 8 && !test_state.failed; i += step) {
    NOTE("bit %zu of %zu", i, whole.size * 8);
    file.size = 0;
    bytes_add(&file, whole.data, whole.size);
    file.data[i / 8] ^= (unsigned char)(1u << i % 8);
    compare_damaged(&file, &reading, &wanted, &bad);
    if (i % 8 == 0) {
      memcpy(file.data, whole.data, whole.size);
      file.size = i / 8;
      compare_damaged(&file, &reading, &wanted, &bad);
    }
  }
  CHECK(bad > 0);
  reading_free(&reading);
  bytes_free(&wanted);
  bytes_free(&file);
  bytes_free(&whole);
  bytes_free(&text);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(damaged_files_are_judged_as_by_zlib),
      TEST(every_cut_and_flip_of_a_file_is_judged_as_by_zlib),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
