/* SPDX-License-Identifier: MIT */
/*
 * fuzz_speculative.c - any bytes as a gzip file, decoded speculatively: chunks
 * from many positions, accepted by a reader that comes from the start, give
 * what that reader gives alone.
 *
 * The first three bytes of the input are the distance of chunks, the size of
 * their slices, and whether the rest is a file or DEFLATE that a header goes
 * before. Text, members and verdict must be those of one reader.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inflate/reader.h"
#include "inflate/speculative.h"

#define TEXT_MAX ((size_t)1 << 20)
#define BLOCK_BYTES ((size_t)10000)
#define ENDS_MAX 2000

struct reading {
  size_t size;
  size_t end_count;
  struct ng_gzip_fault fault;
  bool last;
  struct ng_member_end ends[ENDS_MAX]; /* text_end in the whole text */
  char text[TEXT_MAX];
};

static void must(int condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "speculative and in order differ: %s\n", what);
  abort();
}

/* Whether there is room for more. */
static bool has_room(const struct reading *reading)
{
  return reading->size + BLOCK_BYTES <= TEXT_MAX &&
         reading->end_count + NG_MEMBER_ENDS_MAX <= ENDS_MAX;
}

/* Account for a block whose text has been written after the last one's. */
static void add_block(struct reading *reading, const struct ng_gzip_block *in)
{
  for (size_t i = 0; i < in->end_count; i++) {
    reading->ends[reading->end_count] = in->ends[i];
    reading->ends[reading->end_count++].text_end += reading->size;
  }
  reading->size += in->size;
  reading->last = in->last;
  reading->fault = in->fault;
}

static void read_in_order(struct ng_source *source, struct reading *reading)
{
  struct ng_gzip_block in = {.last = false};
  struct ng_budget budget;
  struct ng_reader *reader;

  reading->size = reading->end_count = 0;
  ng_budget_init(&budget);
  reader = ng_reader_open(source, &ng_decoder_native, NULL, &budget);
  if (!reader)
    exit(1);
  while (!in.last && has_room(reading)) {
    ng_reader_read(reader, reading->text + reading->size, BLOCK_BYTES, &in);
    add_block(reading, &in);
  }
  ng_reader_close(reader);
}

/* Accept the chunk and write its text. Returns false if it is not accepted. */
static bool accept_chunk(struct ng_speculative_chunk *chunk,
                         struct ng_reader *reader, struct reading *reading)
{
  if (reading->size + chunk->size > TEXT_MAX ||
      reading->end_count + chunk->slice_count * NG_MEMBER_ENDS_MAX > ENDS_MAX ||
      !ng_speculative_accept(chunk, reader))
    return false;
  for (size_t i = 0; i < chunk->slice_count; i++) {
    const struct ng_speculative_slice *slice = &chunk->slices[i];

    must(slice->in.size <= BLOCK_BYTES, "size of a slice");
    must(!slice->in.last, "a slice is the last one");
    ng_speculative_replace_markers(chunk, slice, reading->text + reading->size);
    add_block(reading, &slice->in);
  }
  return true;
}

struct front {
  struct ng_source *source;
  struct ng_reader *reader;
  uint64_t position; /* the bit at which it stands; 0: elsewhere */
  struct reading *reading;
};

/* Read up to the byte of the chunk, and take it if it begins there. */
static void meet(struct front *front, struct ng_speculative_chunk *chunk)
{
  struct ng_gzip_block in = {.last = front->reading->last};

  while (!in.last && front->position / 8 < chunk->start / 8 &&
         has_room(front->reading)) {
    ng_reader_read_until(front->reader,
                         front->reading->text + front->reading->size,
                         BLOCK_BYTES, chunk->start, &in);
    add_block(front->reading, &in);
    front->position = in.arrived ? in.position.bit : 0;
  }
  if (!in.last && front->position == chunk->start &&
      accept_chunk(chunk, front->reader, front->reading))
    front->position = chunk->end;
}

static void read_rest(struct front *front)
{
  struct ng_gzip_block in = {.last = front->reading->last};

  while (!in.last && has_room(front->reading)) {
    ng_reader_read(front->reader, front->reading->text + front->reading->size,
                   BLOCK_BYTES, &in);
    add_block(front->reading, &in);
  }
}

static void read_speculatively(struct ng_source *source, size_t file_size,
                               size_t stretch, size_t slice,
                               struct reading *reading)
{
  struct front front = {.source = source, .reading = reading};
  struct ng_speculative_context context;
  struct ng_speculative_chunk chunk = {.cells = NULL};
  struct ng_budget budget;

  reading->size = reading->end_count = 0;
  reading->last = false;
  ng_budget_init(&budget);
  front.reader = ng_reader_open(source, &ng_decoder_native, NULL, &budget);
  if (!front.reader ||
      !ng_speculative_context_init(&context, source, NULL, &budget) ||
      !ng_speculative_chunk_init(&chunk, &budget, 40 * stretch))
    exit(1);
  for (uint64_t from = stretch; from < file_size && !reading->last;
       from += stretch) {
    ng_speculative_decode(&chunk, &context, source, from, from + stretch,
                          slice);
    if (chunk.start != 0 && chunk.start >= front.position)
      meet(&front, &chunk);
  }
  read_rest(&front);
  ng_speculative_chunk_free(&chunk, &budget);
  ng_speculative_context_free(&context, &budget);
  ng_reader_close(front.reader);
  must(budget.held_bytes == 0, "memory");
}

static void compare(const struct reading *order, const struct reading *ahead)
{
  must(order->size == ahead->size, "length of the text");
  must(memcmp(order->text, ahead->text, order->size) == 0, "text");
  must(order->end_count == ahead->end_count, "number of members");
  for (size_t i = 0; i < order->end_count; i++) {
    const struct ng_member_end *a = &order->ends[i];
    const struct ng_member_end *b = &ahead->ends[i];

    must(a->text_end == b->text_end && a->crc == b->crc &&
             a->length == b->length && a->file_offset == b->file_offset,
         "end of a member");
  }
  must(order->fault.kind == ahead->fault.kind, "verdict");
  must(order->fault.kind == NG_GZIP_OK ||
           order->fault.file_offset == ahead->fault.file_offset,
       "position of the fault");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const unsigned char header[10] = {0x1f, 0x8b, 8, 0, 0,
                                           0,    0,    0, 0, 255};
  static struct reading order;
  static struct reading ahead;
  struct ng_source *source;
  unsigned char *file;
  size_t before;

  if (size < 3)
    return 0;
  before = data[2] & 1 ? sizeof header : 0;
  file = malloc(before + size);
  if (!file)
    exit(1);
  memcpy(file, header, before);
  memcpy(file + before, data + 3, size - 3);
  source = ng_source_from_memory(file, before + size - 3);
  if (!source)
    exit(1);
  read_in_order(source, &order);
  if (order.last) {
    read_speculatively(source, before + size - 3, 1 + (size_t)data[0] * 4,
                       1 + (size_t)data[1] * 39, &ahead);
    if (ahead.last)
      compare(&order, &ahead);
    else
      must(!has_room(&ahead), "it has no end");
  }
  ng_source_close(source);
  free(file);
  return 0;
}
