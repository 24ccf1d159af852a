/* SPDX-License-Identifier: MIT */
/*
 * Tests of the gzip reader. What a file holds, and where it is at fault, is
 * known from its making.
 */
#include "base/crc32.h"
#include "inflate/reader.h"
#include "unit/guarded.h"
#include "unit/gzip_make.h"
#include "unit/gzip_read.h"
#include "unit/test.h"

/* The reader's input buffer, see reader.c. */
#define INPUT_BYTES ((size_t)256 << 10)

/* --------------------------------------------------------------- headers -- */

static void every_set_of_header_fields_is_read(void)
{
  for (unsigned flags = 0; flags <= GZIP_ALL_FLAGS; flags++) {
    struct gzip_file file = {.text = {.data = NULL}};

    NOTE("flags %u", flags);
    for (unsigned i = 0; i < 3; i++)
      gzip_file_add_as(&file, "some text", 9, flags ^ (i * 9), 6, 0);
    check_file(&file);
    gzip_file_free(&file);
  }
}

/* A field of 64 KiB, and a name longer than the input buffer. */
static void huge_header_fields_are_read(void)
{
  struct gzip_file file = {.text = {.data = NULL}};
  unsigned char header[10] = {0x1f, 0x8b, 8, GZIP_EXTRA | GZIP_NAME};

  bytes_add(&file.bytes, header, sizeof header);
  bytes_add_number(&file.bytes, 65535, 2);
  bytes_fill(&file.bytes, 0x1f, 65535);
  bytes_fill(&file.bytes, 'n', 2 * INPUT_BYTES);
  bytes_add_number(&file.bytes, 0, 1);
  bytes_add_text(&file.text, "text");
  add_deflate(&file.bytes, "text", 4, 9, 0);
  gzip_file_end_member(&file, 0);
  check_file(&file);
  gzip_file_free(&file);
}

/* `make` damages the header at `start` and returns the fault's offset. */
static void check_bad_header(size_t (*make)(struct bytes *file, size_t start,
                                            unsigned value),
                             unsigned values, enum ng_gzip_fault_kind kind)
{
  for (size_t members = 0; members < 3; members++)
    for (unsigned value = 0; value < values; value++) {
      struct gzip_file file = {.text = {.data = NULL}};
      size_t start;

      for (size_t i = 0; i < members; i++)
        gzip_file_add(&file, "good", 4);
      start = file.bytes.size;
      NOTE("after %zu members, value %u", members, value);
      check_fault(&file, members, kind, make(&file.bytes, start, value));
      gzip_file_free(&file);
    }
}

static size_t add_wrong_header_crc(struct bytes *file, size_t start,
                                   unsigned bit)
{
  size_t at;

  add_gzip_header(file, GZIP_ALL_FLAGS);
  at = file->size - 2;
  file->data[at + bit / 8] ^= (unsigned char)(1 << bit % 8);
  add_deflate(file, "x", 1, 6, 0);
  (void)start;
  return at;
}

static void wrong_header_crc_is_a_fault_where_it_is_stored(void)
{
  check_bad_header(add_wrong_header_crc, 16, NG_GZIP_BAD_HEADER);
}

static size_t add_reserved_flag(struct bytes *file, size_t start, unsigned bit)
{
  add_gzip_header(file, 0);
  file->data[start + 3] = (unsigned char)(0x20 << bit);
  add_deflate(file, "x", 1, 6, 0);
  return start + 3;
}

static void reserved_flag_is_a_fault_where_it_stands(void)
{
  check_bad_header(add_reserved_flag, 3, NG_GZIP_BAD_HEADER);
}

static size_t add_unknown_method(struct bytes *file, size_t start,
                                 unsigned method)
{
  add_gzip_header(file, 0);
  file->data[start + 2] = (unsigned char)(method == 8 ? 9 : method);
  return start + 2;
}

static void unknown_method_is_a_fault_where_it_stands(void)
{
  check_bad_header(add_unknown_method, 20, NG_GZIP_BAD_HEADER);
}

/* --------------------------------------------------------------- members -- */

static void file_without_members_is_empty(void)
{
  struct gzip_file file = {.text = {.data = NULL}};

  bytes_reserve(&file.bytes, 1);
  check_file(&file);
  gzip_file_free(&file);
}

/* More members than one block takes ends, many of them empty. */
static void many_members_are_read(void)
{
  struct gzip_file file = {.text = {.data = NULL}};

  for (size_t i = 0; i < 5 * NG_MEMBER_ENDS_MAX + 3; i++)
    gzip_file_add(&file, "abcdefg", random_once_in(2) ? random_below(8) : 0);
  check_file(&file);
  gzip_file_free(&file);
  for (size_t i = 0; i < 2 * NG_MEMBER_ENDS_MAX; i++)
    gzip_file_add(&file, "", 0);
  check_file(&file);
  gzip_file_free(&file);
}

/* A deflate stream, its trailer, the next header end at every place around
   the edge of the input buffer, where decoders have to put bytes back. */
static void members_end_anywhere_around_the_buffer_edge(void)
{
  static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY};
  const size_t edge = INPUT_BYTES;
  unsigned char *noise = test_memory(edge);
  struct reading reading = {.text = {.data = NULL}};
  const struct ng_decoder *decoder;

  random_fill(noise, edge);
  for (size_t before = 60; before < 170; before += TEST_SANITIZED ? 5 : 1)
    for (size_t s = 0; s < COUNT(strategies); s++) {
      struct gzip_file file = {.text = {.data = NULL}};

      gzip_file_add_as(&file, noise, edge - before - 40, 0, 0, 0);
      gzip_file_add_as(&file, "a line of text, a line", 22, 0, 9,
                       strategies[s]);
      gzip_file_add_as(&file, noise, 20, GZIP_ALL_FLAGS, 9, strategies[s]);
      for (size_t d = 0; (decoder = ng_decoder_at(d)); d++) {
        NOTE("%s, %zu, strategy %zu", decoder->name, before, s);
        if (!decoder->is_available())
          continue;
        read_gzip(decoder, file.bytes.data, file.bytes.size, INPUT_BYTES,
                  &reading);
        CHECK_EQ(reading.fault.kind, NG_GZIP_OK);
        check_members(&reading, &file, 3);
      }
      gzip_file_free(&file);
    }
  reading_free(&reading);
  free(noise);
}

static void random_files_are_read(void)
{
  struct bytes text = {.data = NULL};

  gzip_make_text(&text, (size_t)1 << 20);
  for (unsigned round = 0; round < test_rounds(20); round++) {
    struct gzip_file file = {.text = {.data = NULL}};
    size_t members = 1 + random_below(8);

    for (size_t i = 0; i < members; i++) {
      size_t size = random_below(random_once_in(3) ? text.size : 5000);

      gzip_file_add_as(&file, text.data + random_below(text.size - size), size,
                       (unsigned)random_below(GZIP_ALL_FLAGS + 1),
                       (int)random_below(10), (int)random_below(5));
    }
    NOTE("round %u", round);
    check_file(&file);
    gzip_file_free(&file);
  }
  bytes_free(&text);
}

/* --------------------------------------------------------------- the end -- */

static void zero_padding_is_skipped(void)
{
  static const size_t sizes[] = {1,   2,     3,           100,
                                 511, 10240, INPUT_BYTES, 2 * INPUT_BYTES + 1};

  for (size_t i = 0; i < COUNT(sizes); i++) {
    struct gzip_file file = {.text = {.data = NULL}};

    NOTE("%zu bytes", sizes[i]);
    gzip_file_add(&file, "text", 4);
    gzip_file_add(&file, "", 0);
    bytes_fill(&file.bytes, 0, sizes[i]);
    check_file(&file);
    gzip_file_free(&file);
  }
}

static void bytes_after_the_last_member_are_a_fault(void)
{
  static const struct {
    const char *name;
    size_t zeros;
    const char *bytes;
    enum ng_gzip_fault_kind kind;
    size_t offset; /* from the end of the last member */
  } cases[] = {
      {"text", 0, "garbage", NG_GZIP_NOT_A_MEMBER, 0},
      {"one byte", 0, "x", NG_GZIP_NOT_A_MEMBER, 0},
      {"half a magic", 0, "\x1fgarbage", NG_GZIP_NOT_A_MEMBER, 0},
      {"half a magic at the end", 0, "\x1f", NG_GZIP_TRUNCATED, 1},
      {"zeros and text", 512, "x", NG_GZIP_NOT_A_MEMBER, 512},
      {"many zeros and text", INPUT_BYTES + 5, "x", NG_GZIP_NOT_A_MEMBER,
       INPUT_BYTES + 5},
      {"zeros and a member", 3, "\x1f\x8b\x08", NG_GZIP_ZEROS_INSIDE, 3},
  };

  for (size_t i = 0; i < COUNT(cases); i++) {
    struct gzip_file file = {.text = {.data = NULL}};
    size_t end;

    NOTE("%s", cases[i].name);
    gzip_file_add(&file, "text", 4);
    gzip_file_add(&file, "more", 4);
    end = file.bytes.size;
    bytes_fill(&file.bytes, 0, cases[i].zeros);
    bytes_add_text(&file.bytes, cases[i].bytes);
    check_fault(&file, 2, cases[i].kind, end + cases[i].offset);
    gzip_file_free(&file);
  }
}

/* Padding stands after members, not before. */
static void zeros_alone_are_no_members(void)
{
  struct gzip_file file = {.text = {.data = NULL}};

  bytes_fill(&file.bytes, 0, 100);
  check_fault(&file, 0, NG_GZIP_NOT_A_MEMBER, 0);
  gzip_file_free(&file);
}

/* Three members with all fields, an empty one among them. */
static void make_small_file(struct gzip_file *file)
{
  gzip_file_add_as(file, "one\t1900\t1\t1\n", 13, GZIP_ALL_FLAGS, 9, 0);
  gzip_file_add_as(file, "", 0, GZIP_NAME, 9, 0);
  gzip_file_add_as(file, "two\t1900\t1\t1\ntwo\t1901\t1\t1\n", 26, 0, 9, 0);
}

/* How many members a file that is cut at `size` holds in whole. */
static size_t whole_members(const struct gzip_file *file, size_t size)
{
  size_t count = 0;

  while (count < gzip_file_end_count(file) &&
         gzip_file_end(file, count)->file_offset + 8 <= size)
    count++;
  return count;
}

static void check_cut(const struct ng_decoder *decoder,
                      const struct gzip_file *file, size_t size,
                      struct reading *reading)
{
  size_t count = whole_members(file, size);
  size_t end =
      count ? (size_t)gzip_file_end(file, count - 1)->file_offset + 8 : 0;

  for (size_t capacity = 1; capacity < 100; capacity += 33) {
    NOTE("%s, cut at %zu of %zu, %zu at once", decoder->name, size,
         file->bytes.size, capacity);
    read_gzip(decoder, file->bytes.data, size, capacity, reading);
    CHECK_EQ(reading->ends.size / sizeof(struct ng_member_end), count);
    CHECK(reading->text.size <= file->text.size);
    CHECK_EQ(memcmp(reading->text.data, file->text.data, reading->text.size),
             0);
    if (size == end) {
      CHECK_EQ(reading->fault.kind, NG_GZIP_OK);
    } else {
      CHECK_EQ(reading->fault.kind, NG_GZIP_TRUNCATED);
      CHECK_EQ(reading->fault.file_offset, size);
    }
  }
}

static void file_cut_at_any_byte_is_truncated_there(void)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct reading reading = {.text = {.data = NULL}};
  const struct ng_decoder *decoder;

  make_small_file(&file);
  for (size_t d = 0; (decoder = ng_decoder_at(d)); d++)
    for (size_t size = 0; size <= file.bytes.size; size++)
      if (decoder->is_available())
        check_cut(decoder, &file, size, &reading);
  reading_free(&reading);
  gzip_file_free(&file);
}

/* All that can be decoded before a cut is: a bad row there is an earlier error
   than the cut. Decoders hold text back when they have no room for it. */
static void text_before_a_cut_is_the_same_for_every_block_size(void)
{
  static const size_t capacities[] = {65536, 100, 7, 1};
  struct gzip_file file = {.text = {.data = NULL}};
  struct reading reading = {.text = {.data = NULL}};
  const struct ng_decoder *decoder;
  struct bytes text = {.data = NULL};

  bytes_fill(&text, 'x', 700);
  gzip_make_text(&text, 300);
  bytes_fill(&text, 'y', 700);
  gzip_file_add(&file, text.data, text.size);
  for (size_t d = 0; (decoder = ng_decoder_at(d)); d++)
    for (size_t size = 10; size < file.bytes.size - 8; size++) {
      size_t wanted = 0;

      for (size_t c = 0; c < COUNT(capacities); c++) {
        if (!decoder->is_available())
          continue;
        NOTE("%s, cut at %zu, %zu at once", decoder->name, size, capacities[c]);
        read_gzip(decoder, file.bytes.data, size, capacities[c], &reading);
        wanted = c == 0 ? reading.text.size : wanted;
        CHECK_BYTES(reading.text.data, reading.text.size, text.data, wanted);
      }
    }
  bytes_free(&text);
  reading_free(&reading);
  gzip_file_free(&file);
}

/* ----------------------------------------------------------------- damage --
 */

/* What a worker that maps the text does: every member's CRC and length agree.
 */
static bool is_accepted(const struct reading *reading)
{
  const struct ng_member_end *ends =
      (const struct ng_member_end *)(const void *)reading->ends.data;
  size_t count = reading->ends.size / sizeof *ends;
  size_t start = 0;

  if (reading->fault.kind != NG_GZIP_OK)
    return false;
  for (size_t i = 0; i < count; i++) {
    size_t size = ends[i].text_end - start;

    if (ends[i].length != size ||
        ends[i].crc != crc32(0, reading->text.data + start, (uInt)size))
      return false;
    start = ends[i].text_end;
  }
  return true;
}

/* Flip every bit: either that is found, or the text is the same (the bit
   belongs to a name, a time, a system). */
static void flipped_bit_never_changes_the_text(void)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct reading reading = {.text = {.data = NULL}};
  const struct ng_decoder *decoder;
  size_t accepted = 0;

  make_small_file(&file);
  for (size_t d = 0; (decoder = ng_decoder_at(d)); d++)
    for (size_t bit = 0; bit < 8 * file.bytes.size;
         bit += TEST_SANITIZED ? 5 : 1) {
      if (!decoder->is_available())
        continue;
      file.bytes.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
      NOTE("%s, byte %zu", decoder->name, bit / 8);
      read_gzip(decoder, file.bytes.data, file.bytes.size, 1000, &reading);
      file.bytes.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
      if (!is_accepted(&reading))
        continue;
      accepted++;
      CHECK_BYTES(reading.text.data, reading.text.size, file.text.data,
                  file.text.size);
    }
  CHECK(accepted > 0); /* flags and times of members without header CRC */
  reading_free(&reading);
  gzip_file_free(&file);
}

/* Block type 3 is not DEFLATE, right after the header. */
static void bad_deflate_is_a_fault_of_its_own(void)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct reading reading = {.text = {.data = NULL}};
  const struct ng_decoder *decoder;

  gzip_file_add(&file, "good", 4);
  add_gzip_header(&file.bytes, 0);
  bytes_fill(&file.bytes, 0xFF, 100);
  for (size_t d = 0; (decoder = ng_decoder_at(d)); d++) {
    if (!decoder->is_available())
      continue;
    NOTE("%s", decoder->name);
    read_gzip(decoder, file.bytes.data, file.bytes.size, 1000, &reading);
    CHECK_EQ(reading.fault.kind, NG_GZIP_BAD_DEFLATE);
    CHECK(reading.fault.file_offset >= file.bytes.size - 100);
    CHECK(reading.fault.file_offset <= file.bytes.size);
    check_members(&reading, &file, 1);
  }
  reading_free(&reading);
  gzip_file_free(&file);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(every_set_of_header_fields_is_read),
      TEST(huge_header_fields_are_read),
      TEST(wrong_header_crc_is_a_fault_where_it_is_stored),
      TEST(reserved_flag_is_a_fault_where_it_stands),
      TEST(unknown_method_is_a_fault_where_it_stands),
      TEST(file_without_members_is_empty),
      TEST(many_members_are_read),
      TEST(members_end_anywhere_around_the_buffer_edge),
      TEST(random_files_are_read),
      TEST(zero_padding_is_skipped),
      TEST(bytes_after_the_last_member_are_a_fault),
      TEST(zeros_alone_are_no_members),
      TEST(text_before_a_cut_is_the_same_for_every_block_size),
      TEST(file_cut_at_any_byte_is_truncated_there),
      TEST(flipped_bit_never_changes_the_text),
      TEST(bad_deflate_is_a_fault_of_its_own),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
