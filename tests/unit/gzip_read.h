/* SPDX-License-Identifier: MIT */
/* Reads gzip files as the engine does, and compares with what was made. */
#ifndef NG_TESTS_UNIT_GZIP_READ_H
#define NG_TESTS_UNIT_GZIP_READ_H

#include "inflate/reader.h"
#include "unit/bytes.h"
#include "unit/guarded.h"
#include "unit/gzip_make.h"
#include "unit/test.h"

struct reading {
  struct bytes text;
  struct bytes ends; /* struct ng_member_end, text_end in the whole text */
  struct ng_gzip_fault fault;
};

static inline void reading_free(struct reading *reading)
{
  bytes_free(&reading->text);
  bytes_free(&reading->ends);
}

static inline void take_members(struct reading *reading, const char *text,
                                const struct ng_gzip_block *block)
{
  size_t before = 0;

  CHECK(block->end_count <= NG_MEMBER_ENDS_MAX);
  CHECK(block->last || block->fault.kind == NG_GZIP_OK);
  for (size_t i = 0; i < block->end_count; i++) {
    struct ng_member_end end = block->ends[i];

    CHECK(end.text_end >= before && end.text_end <= block->size);
    before = end.text_end;
    end.text_end += reading->text.size;
    bytes_add(&reading->ends, &end, sizeof end);
  }
  bytes_add(&reading->text, text, block->size);
  reading->fault = block->fault;
}

static inline void take_block(struct reading *reading, const char *text,
                              size_t capacity,
                              const struct ng_gzip_block *block)
{
  CHECK(block->size <= capacity);
  /* A block ends early only for these reasons. */
  CHECK(block->size == capacity || block->last ||
        block->end_count == NG_MEMBER_ENDS_MAX);
  take_members(reading, text, block);
}

/* Read all in blocks of up to `capacity` bytes, whose end is guarded. */
static inline void read_blocks(struct ng_reader *reader, size_t capacity,
                               struct reading *reading)
{
  struct guarded guarded = guarded_make(capacity);
  char *text = (char *)guarded.end - capacity;
  struct ng_gzip_block block = {.last = false};

  reading->text.size = reading->ends.size = 0;
  bytes_reserve(&reading->text, 1);
  while (!block.last && !test_state.failed) {
    ng_reader_read(reader, text, capacity, &block);
    take_block(reading, text, capacity, &block);
  }
  guarded_free(&guarded);
}

static inline void read_gzip(const struct ng_decoder *decoder,
                             const unsigned char *file, size_t size,
                             size_t capacity, struct reading *reading)
{
  struct ng_source *source = ng_source_from_memory(file, size);
  struct ng_budget budget;
  struct ng_reader *reader;

  ng_budget_init(&budget);
  reader = ng_reader_open(source, decoder, NULL, &budget);
  read_blocks(reader, capacity, reading);
  CHECK(ng_reader_bytes_read(reader) <= size);
  if (reading->fault.kind == NG_GZIP_OK)
    CHECK_EQ(ng_reader_bytes_read(reader), size);
  ng_reader_close(reader);
  CHECK_EQ(budget.held_bytes, 0);
  ng_source_close(source);
}

static inline void check_end(const struct ng_member_end *got,
                             const struct ng_member_end *wanted)
{
  CHECK_EQ(got->text_end, wanted->text_end);
  CHECK_EQ(got->crc, wanted->crc);
  CHECK_EQ(got->length, wanted->length);
  CHECK_EQ(got->file_offset, wanted->file_offset);
  CHECK_EQ(got->length_offset, wanted->length_offset);
}

/* The first `count` members and nothing else. */
static inline void check_members(const struct reading *reading,
                                 const struct gzip_file *file, size_t count)
{
  const struct ng_member_end *ends =
      (const struct ng_member_end *)(const void *)reading->ends.data;
  size_t text_size = count > 0 ? gzip_file_end(file, count - 1)->text_end : 0;

  CHECK_BYTES(reading->text.data, reading->text.size, file->text.data,
              text_size);
  if (!CHECK_EQ(reading->ends.size / sizeof *ends, count))
    return;
  for (size_t i = 0; i < count && !test_state.failed; i++)
    check_end(&ends[i], gzip_file_end(file, i));
}

/* Read the file with every decoder in blocks of several sizes: all is good. */
static inline void check_file(const struct gzip_file *file)
{
  static const size_t capacities[] = {65536, 1000, 7, 1};
  struct reading reading = {.text = {.data = NULL}};
  const struct ng_decoder *decoder;

  for (size_t d = 0; (decoder = ng_decoder_at(d)); d++)
    for (size_t c = 0; c < COUNT(capacities) && decoder->is_available(); c++) {
      if (file->text.size / capacities[c] > 5000)
        continue;
      read_gzip(decoder, file->bytes.data, file->bytes.size, capacities[c],
                &reading);
      CHECK_EQ(reading.fault.kind, NG_GZIP_OK);
      check_members(&reading, file, gzip_file_end_count(file));
    }
  reading_free(&reading);
}

/* Every decoder reads the first `count` members and finds that fault. */
static inline void check_fault(const struct gzip_file *file, size_t count,
                               enum ng_gzip_fault_kind kind, uint64_t offset)
{
  static const size_t capacities[] = {65536, 7};
  struct reading reading = {.text = {.data = NULL}};
  const struct ng_decoder *decoder;

  for (size_t d = 0; (decoder = ng_decoder_at(d)); d++)
    for (size_t c = 0; c < COUNT(capacities) && decoder->is_available(); c++) {
      read_gzip(decoder, file->bytes.data, file->bytes.size, capacities[c],
                &reading);
      CHECK_EQ(reading.fault.kind, kind);
      CHECK_EQ(reading.fault.file_offset, offset);
      check_members(&reading, file, count);
    }
  reading_free(&reading);
}

#endif
