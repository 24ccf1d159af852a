/* SPDX-License-Identifier: MIT */
/*
 * BGZF, cut and decoded piece by piece. What is cut and what is left to the
 * reader of gzip must together be the file.
 */
#include "inflate/bgzf.h"
#include "unit/gzip_make.h"
#include "unit/gzip_read.h"
#include "unit/test.h"

#define BGZF_HEADER "\x1f\x8b\x08\4\0\0\0\0\0\xff\6\0BC\2\0\0\0"

/* A member as bgzip writes it; `lie` is added to the size that it promises. */
static void add_bgzf(struct gzip_file *file, const void *text, size_t size,
                     int lie)
{
  size_t start = file->bytes.size;
  size_t text_start = file->text.size;
  size_t promised;

  bytes_add(&file->bytes, BGZF_HEADER, 18);
  add_deflate(&file->bytes, text, size, 6, Z_DEFAULT_STRATEGY);
  bytes_reserve(&file->text, 1);
  bytes_add(&file->text, text, size);
  gzip_file_end_member(file, text_start);
  promised = file->bytes.size - start - 1 + (size_t)lie;
  file->bytes.data[start + 16] = (unsigned char)promised;
  file->bytes.data[start + 17] = (unsigned char)(promised >> 8);
}

struct bgzf_reading {
  struct reading all;
  size_t cuts;
  size_t reads; /* blocks that were left to the reader */
};

/* Read the file as a worker does. */
static void read_bgzf(const struct gzip_file *file,
                      const struct ng_decoder *decoder, size_t capacity,
                      struct bgzf_reading *reading)
{
  struct ng_source *source =
      ng_source_from_memory(file->bytes.data, file->bytes.size);
  struct ng_gzip_block block = {.last = false};
  struct guarded guarded = guarded_make(capacity);
  char *text = (char *)guarded.end - capacity;
  struct ng_budget budget;
  struct ng_bgzf bgzf;
  struct ng_reader *reader;

  ng_budget_init(&budget);
  CHECK(ng_bgzf_init(&bgzf, decoder, &budget));
  reader = ng_reader_open(source, decoder, NULL, &budget);
  *reading = (struct bgzf_reading){.cuts = 0};
  bytes_reserve(&reading->all.text, 1);
  while (!block.last && !test_state.failed) {
    if (ng_bgzf_cut(&bgzf, reader, capacity)) {
      ng_bgzf_decode(&bgzf, text, capacity, &block);
      reading->cuts++;
      CHECK(block.size <= capacity);
    } else {
      ng_reader_read(reader, text, capacity, &block);
      reading->reads++;
    }
    take_members(&reading->all, text, &block);
  }
  ng_reader_close(reader);
  ng_bgzf_free(&bgzf);
  CHECK_EQ(budget.held_bytes, 0);
  guarded_free(&guarded);
  ng_source_close(source);
}

/* Texts of all sizes, empty ones among them, and strangers now and then. */
static void make_bgzf(struct gzip_file *file, bool strangers)
{
  struct bytes text = {.data = NULL};
  size_t members = 1 + random_below(300);

  for (size_t i = 0; i < members; i++) {
    text.size = 0;
    bytes_reserve(&text, 1);
    gzip_make_text(&text, random_once_in(5) ? 0 : random_below(3000));
    if (strangers && random_once_in(20))
      gzip_file_add_as(file, text.data, text.size, GZIP_ALL_FLAGS, 6, 0);
    else
      add_bgzf(file, text.data, text.size, 0);
  }
  add_bgzf(file, "", 0, 0);
  bytes_free(&text);
}

static void bgzf_is_cut_and_decoded_piece_by_piece(void)
{
  for (unsigned round = 0; round < test_rounds(60); round++) {
    struct gzip_file file = {.text = {.data = NULL}};
    struct bgzf_reading reading;
    bool strangers = random_once_in(2);
    size_t capacity = 3000 + random_below(20000);
    const struct ng_decoder *decoder;

    make_bgzf(&file, strangers);
    for (size_t d = 0; (decoder = ng_decoder_at(d)); d++) {
      if (!decoder->is_available())
        continue;
      NOTE("%s, capacity %zu", decoder->name, capacity);
      read_bgzf(&file, decoder, capacity, &reading);
      CHECK_EQ(reading.all.fault.kind, NG_GZIP_OK);
      CHECK(strangers || reading.reads == 0);
      check_members(&reading.all, &file, gzip_file_end_count(&file));
      reading_free(&reading.all);
    }
    gzip_file_free(&file);
  }
}

/* A size that does not lead to the next header is not believed. */
static void bgzf_with_a_wrong_size_is_read_as_gzip(void)
{
  for (int lie = -5; lie <= 5; lie++) {
    struct gzip_file file = {.text = {.data = NULL}};
    struct bgzf_reading reading;

    NOTE("%d", lie);
    add_bgzf(&file, "a\t1\t2\t3\n", 8, 0);
    add_bgzf(&file, "b\t1\t2\t3\n", 8, lie);
    add_bgzf(&file, "", 0, 0);
    read_bgzf(&file, &ng_decoder_zlib, 1000, &reading);
    CHECK_EQ(reading.all.fault.kind, NG_GZIP_OK);
    check_members(&reading.all, &file, 3);
    CHECK_EQ(reading.reads > 0, lie != 0);
    reading_free(&reading.all);
    gzip_file_free(&file);
  }
}

/* Sizes that lead to a header, and not to the next one; room that is not
   enough for what a trailer made believe. */
static void bgzf_that_lies_well_is_found_out_where_it_lies(void)
{
  const struct ng_decoder *decoder;

  for (size_t d = 0; (decoder = ng_decoder_at(d)); d++) {
    struct gzip_file file = {.text = {.data = NULL}};
    struct bgzf_reading reading;
    size_t second;

    if (!decoder->is_available())
      continue;
    NOTE("%s", decoder->name);
    add_bgzf(&file, "a\t1\t2\t3\n", 8, 0);
    second = file.bytes.size;
    add_bgzf(&file, "b\t1\t2\t3\n", 8, 0);
    add_bgzf(&file, "", 0, 0);
    file.bytes.data[16] = (unsigned char)(2 * second - 1);
    read_bgzf(&file, decoder, 1000, &reading);
    CHECK_EQ(reading.all.fault.kind, NG_GZIP_BAD_BGZF);
    CHECK_EQ(reading.all.fault.file_offset, 16);
    reading_free(&reading.all);
    file.bytes.data[16] = (unsigned char)(second - 1);
    file.bytes.data[2 * second - 4] = 1;
    read_bgzf(&file, decoder, 12, &reading);
    CHECK_EQ(reading.all.fault.kind, NG_GZIP_BAD_LENGTH);
    CHECK_EQ(reading.all.fault.file_offset, 2 * second - 4);
    reading_free(&reading.all);
    gzip_file_free(&file);
  }
}

static void bgzf_that_is_damaged_tells_where(void)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct bgzf_reading reading;
  size_t second;

  add_bgzf(&file, "a\t1\t2\t3\n", 8, 0);
  second = file.bytes.size;
  add_bgzf(&file, "b\t1\t2\t3\n", 8, 0);
  add_bgzf(&file, "", 0, 0);
  file.bytes.data[second + 18] = 0xFF; /* no such kind of block */
  read_bgzf(&file, &ng_decoder_zlib, 1000, &reading);
  CHECK_EQ(reading.all.fault.kind, NG_GZIP_BAD_DEFLATE);
  CHECK(reading.all.fault.file_offset > second + 18);
  CHECK(reading.all.fault.file_offset < second + 18 + 8);
  check_members(&reading.all, &file, 1);
  reading_free(&reading.all);
  gzip_file_free(&file);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(bgzf_is_cut_and_decoded_piece_by_piece),
      TEST(bgzf_with_a_wrong_size_is_read_as_gzip),
      TEST(bgzf_that_lies_well_is_found_out_where_it_lies),
      TEST(bgzf_that_is_damaged_tells_where),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
