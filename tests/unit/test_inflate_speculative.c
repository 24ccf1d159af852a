/* SPDX-License-Identifier: MIT */
/* Chunks decoded speculatively, held to the text of their file. */
#include "inflate/speculative.h"
#include "unit/guarded.h"
#include "unit/gzip_blocks.h"
#include "unit/gzip_read.h"
#include "unit/test.h"

/* A reader at the front of a file, which accepts the chunks at which it
 * arrives. */
struct front {
  const struct sample *sample;
  struct ng_source *source;
  struct ng_budget budget;
  struct ng_speculative_context context;
  struct ng_speculative_chunk chunk;
  struct ng_reader *reader;
  size_t slice_cells;
  bool is_good; /* the file is as it was made, or cut */
  struct bytes room;
  uint64_t bit; /* that was arrived at */
  struct reading reading;
  struct ng_gzip_block block;
  size_t accepted;
  size_t refused;
};

/* They are large. */
static struct front *front_open(const struct sample *sample, size_t cells,
                                size_t slice_cells)
{
  struct front *front = test_memory(sizeof *front);
  const struct bytes *file = &sample->file.bytes;

  memset(front, 0, sizeof *front);
  front->sample = sample;
  front->slice_cells = slice_cells;
  ng_budget_init(&front->budget);
  front->source = ng_source_from_memory(file->data, file->size);
  CHECK(ng_speculative_context_init(&front->context, front->source, NULL,
                                    &front->budget));
  CHECK(ng_speculative_chunk_init(&front->chunk, &front->budget, cells));
  front->reader =
      ng_reader_open(front->source, &ng_decoder_native, NULL, &front->budget);
  bytes_reserve(&front->room, cells > 65536 ? cells : 65536);
  bytes_reserve(&front->reading.text, 1);
  return front;
}

static void front_close(struct front *front)
{
  ng_reader_close(front->reader);
  ng_speculative_chunk_free(&front->chunk, &front->budget);
  ng_speculative_context_free(&front->context, &front->budget);
  CHECK_EQ(front->budget.held_bytes, 0);
  ng_source_close(front->source);
  reading_free(&front->reading);
  bytes_free(&front->room);
  free(front);
}

static void front_read(struct front *front, uint64_t until)
{
  char *text = (char *)front->room.data;

  do {
    ng_reader_read_until(front->reader, text, 1 + random_below(65536), until,
                         &front->block);
    take_members(&front->reading, text, &front->block);
  } while (!front->block.last && !front->block.arrived && !test_state.failed);
  front->bit = front->block.arrived ? front->block.position.bit : 0;
}

/* Its slices are pieces of it, one after the other, as text. */
static void take_slices(struct front *front)
{
  const struct ng_speculative_chunk *chunk = &front->chunk;
  size_t size = 0;

  CHECK(chunk->slice_count <= NG_SPECULATIVE_SLICES_MAX);
  for (size_t i = 0; i < chunk->slice_count; i++) {
    const struct ng_speculative_slice *slice = &chunk->slices[i];
    struct guarded guarded = guarded_make(slice->in.size);
    char *text = (char *)guarded.end - slice->in.size;

    CHECK_EQ(slice->start, size);
    CHECK(slice->in.size <= front->slice_cells);
    CHECK(!slice->in.last);
    CHECK(!slice->in.arrived || i + 1 == chunk->slice_count);
    ng_speculative_replace_markers(chunk, slice, text);
    take_members(&front->reading, text, &slice->in);
    size += slice->in.size;
    guarded_free(&guarded);
  }
  CHECK_EQ(chunk->size, size);
  CHECK(size <= chunk->capacity);
}

/* The block after the chunk can reach back as far as it must, and no further.
 */
static void check_window_after(const struct front *front)
{
  const struct sample *sample = front->sample;
  unsigned char window[NG_WINDOW_BYTES];
  size_t size = ng_reader_window(front->reader, window);
  size_t at = sample_start_from(sample, front->chunk.end / 8);
  const unsigned char *wanted;
  size_t wanted_size;

  if (!CHECK(at < sample_start_count(sample)))
    return;
  wanted = sample_window(sample, sample_start(sample, at), &wanted_size);
  CHECK_BYTES(window, size, wanted, wanted_size);
}

/* The reader goes to the start of the chunk and accepts it, if it can. */
static void front_accept(struct front *front)
{
  const struct ng_speculative_chunk *chunk = &front->chunk;

  if (chunk->start == 0 || chunk->start < front->bit || front->block.last)
    return;
  CHECK(chunk->start < chunk->end);
  front_read(front, chunk->start);
  if (front->block.last || front->bit != chunk->start)
    return;
  if (!ng_speculative_accept(&front->chunk, front->reader)) {
    unsigned char window[NG_WINDOW_BYTES];

    CHECK(!chunk->is_fresh);
    CHECK(ng_reader_window(front->reader, window) < NG_WINDOW_BYTES);
    front->refused++;
    return;
  }
  front->accepted++;
  take_slices(front);
  front_read(front, chunk->end);
  CHECK(front->block.arrived);
  CHECK_EQ(front->block.size, 0);
  CHECK_EQ(front->bit, chunk->end);
  if (front->is_good)
    check_window_after(front);
}

/* All that was read is what is read without chunks. */
static void check_front(const struct front *front, const struct reading *wanted)
{
  const struct reading *got = &front->reading;
  size_t count = got->ends.size / sizeof(struct ng_member_end);

  CHECK_BYTES(got->text.data, got->text.size, wanted->text.data,
              wanted->text.size);
  CHECK_EQ(got->fault.kind, wanted->fault.kind);
  CHECK_EQ(got->fault.file_offset, wanted->fault.file_offset);
  if (!CHECK_EQ(got->ends.size, wanted->ends.size))
    return;
  for (size_t i = 0; i < count; i++)
    check_end(
        &((const struct ng_member_end *)(const void *)got->ends.data)[i],
        &((const struct ng_member_end *)(const void *)wanted->ends.data)[i]);
}

/* Whether a block that can be found begins there, or a member before it. */
static bool can_be_found(const struct sample *sample, size_t index,
                         uint64_t from, uint64_t to)
{
  const struct block_start *start = sample_start(sample, index);
  const unsigned char *at = sample->file.bytes.data + start->bit / 8;
  uint64_t member =
      start->members == 0
          ? 0
          : gzip_file_end(&sample->file, start->members - 1)->file_offset + 8;
  bool is_first =
      index == 0 || sample_start(sample, index - 1)->members != start->members;

  if (start->bit / 8 >= to)
    return false;
  return (is_first && member >= from) ||
         (start->bit / 8 >= from &&
          ((at[0] | at[1] << 8) >> start->bit % 8 & 7) == 4);
}

/* Where a chunk that begins there ends: at the first position at or after `to`,
   or the last one that its room reaches. Itself: nowhere. */
static size_t find_end(const struct sample *sample, size_t index, uint64_t to,
                       size_t room)
{
  size_t end = index;

  while (end + 1 < sample_start_count(sample) &&
         sample_start(sample, end)->bit / 8 < to &&
         sample_start(sample, end + 1)->text -
                 sample_start(sample, index)->text <=
             room)
    end++;
  return end;
}

/* It is the first that can be made there. What only looks like a block may
   have been found before it. */
static void check_chunk(const struct front *front, uint64_t from, uint64_t to)
{
  const struct sample *sample = front->sample;
  const struct ng_speculative_chunk *chunk = &front->chunk;
  size_t room = NG_SPECULATIVE_SLICES_MAX * front->slice_cells;
  size_t count = sample_start_count(sample);
  size_t in_vain = 0;
  size_t i = 0;
  size_t end = 0;

  room = room < chunk->capacity ? room : chunk->capacity;
  for (; i < count; i++) {
    end = find_end(sample, i, to, room);
    if (!can_be_found(sample, i, from, to))
      continue;
    if (end > i)
      break;
    in_vain++;
  }
  /* The search does not try for ever where the room is too small. */
  if (chunk->start == 0 && in_vain > 3)
    return;
  if (i < count && chunk->start == sample_start(sample, i)->bit) {
    CHECK_EQ(chunk->end, sample_start(sample, end)->bit);
    CHECK_EQ(chunk->size,
             sample_start(sample, end)->text - sample_start(sample, i)->text);
    return;
  }
  if (i < count)
    CHECK(chunk->start != 0 && chunk->start < sample_start(sample, i)->bit);
  for (i = 0; i < count; i++)
    CHECK(chunk->start != sample_start(sample, i)->bit);
  for (i = 0; i < gzip_file_end_count(&sample->file); i++)
    CHECK(chunk->start !=
          (gzip_file_end(&sample->file, i)->file_offset + 8) * 8);
}

/* Decode one stretch after the other; the reader accepts what it can. */
static void decode_stretches(struct front *front)
{
  static const size_t sizes[] = {1, 50, 1000, 6000, 30000, 200000};
  size_t file_size = front->sample->file.bytes.size;
  size_t stretch = 1 + random_below(2 * sizes[random_below(COUNT(sizes))]);
  uint64_t from = random_below(file_size);

  from = file_size / stretch < 40 ? random_below(stretch) : from;
  for (unsigned i = 0; i < 40 && from < file_size; i++, from += stretch) {
    ng_speculative_decode(&front->chunk, &front->context, front->source, from,
                          from + stretch, front->slice_cells);
    if (front->is_good)
      check_chunk(front, from, from + stretch);
    front_accept(front);
    if (test_state.failed)
      return;
  }
  if (!front->block.last)
    front_read(front, UINT64_MAX);
}

static struct front *open_any_front(const struct sample *sample)
{
  static const size_t slices[] = {1, 7, 300, 5000, 40000, 200000};
  size_t slice =
      random_once_in(2) ? 50000 : slices[random_below(COUNT(slices))];
  size_t cells = random_once_in(2) ? 300000 : 1 + random_below(50000);

  NOTE("sample %d, %zu cells in slices of %zu", (int)sample->kind, cells,
       slice);
  return front_open(sample, cells, slice);
}

static void accepted_chunks_are_the_text_of_the_file(void)
{
  struct reading whole = {.text = {.data = NULL}};
  size_t accepted = 0;

  for (unsigned round = 0; round < 3 * SAMPLE_KINDS; round++) {
    struct sample sample = sample_make(round / 3, 100000);
    struct bytes *file = &sample.file.bytes;
    struct front *front;

    if (round % 3 == 2) {
      file->size -= random_below(file->size / 2);
      sample_list(&sample);
    }
    read_gzip(&ng_decoder_zlib, file->data, file->size, 65536, &whole);
    front = open_any_front(&sample);
    front->is_good = true;
    decode_stretches(front);
    check_front(front, &whole);
    accepted += front->accepted;
    front_close(front);
    sample_free(&sample);
    if (test_state.failed)
      break;
  }
  CHECK(accepted > 0 || test_state.failed);
  reading_free(&whole);
}

/* zlib gives the same text, up to where one of both sees the damage. */
static void check_damaged(struct sample *sample, size_t *accepted)
{
  const struct bytes *file = &sample->file.bytes;
  struct reading whole = {.text = {.data = NULL}};
  struct reading zlib = {.text = {.data = NULL}};
  struct front *front = open_any_front(sample);
  size_t common;

  decode_stretches(front);
  read_gzip(&ng_decoder_native, file->data, file->size, 65536, &whole);
  check_front(front, &whole);
  read_gzip(&ng_decoder_zlib, file->data, file->size, 65536, &zlib);
  CHECK_EQ(zlib.fault.kind == NG_GZIP_OK, whole.fault.kind == NG_GZIP_OK);
  common = zlib.text.size < whole.text.size ? zlib.text.size : whole.text.size;
  CHECK_BYTES(front->reading.text.data, common, zlib.text.data, common);
  *accepted += front->accepted;
  front_close(front);
  reading_free(&whole);
  reading_free(&zlib);
}

static void chunks_of_damaged_files_are_what_zlib_reads(void)
{
  size_t accepted = 0;

  for (unsigned round = 0; round < 3 * SAMPLE_KINDS; round++) {
    struct sample sample = sample_make(round / 3, 80000);
    struct bytes *file = &sample.file.bytes;

    for (size_t i = random_below(8) + 1; i > 0; i--)
      file->data[file->size / 2 + random_below(file->size / 2)] ^=
          (unsigned char)(1 << random_below(8));
    check_damaged(&sample, &accepted);
    sample_free(&sample);
    if (test_state.failed)
      break;
  }
  CHECK(accepted > 0 || test_state.failed);
}

/* A block in the middle may need 32 KiB of text; a reader that has less does
   not take it and reads on. */
static void a_chunk_after_too_little_text_is_not_accepted(void)
{
  struct reading whole = {.text = {.data = NULL}};
  size_t refused = 0;

  for (unsigned round = 0; round < 20; round++) {
    struct sample sample =
        sample_make(SAMPLE_EMPTY_BLOCKS, NG_WINDOW_BYTES - 1);
    const struct bytes *file = &sample.file.bytes;
    struct front *front = front_open(&sample, 40000, 40000);

    ng_speculative_decode(&front->chunk, &front->context, front->source, 1,
                          file->size, front->slice_cells);
    CHECK(!front->chunk.is_fresh || front->chunk.start == 0);
    front_accept(front);
    CHECK_EQ(front->accepted, 0);
    refused += front->refused;
    front_read(front, UINT64_MAX);
    read_gzip(&ng_decoder_zlib, file->data, file->size, 65536, &whole);
    check_front(front, &whole);
    front_close(front);
    sample_free(&sample);
  }
  CHECK(refused > 0);
  reading_free(&whole);
}

/* Stored blocks of noise, and then one that can be found. */
static struct sample make_far_block(void)
{
  static unsigned char noise[70000];
  struct sample sample = {.kind = SAMPLE_MIXED};
  struct bytes text = {.data = NULL};
  z_stream stream = {.next_in = NULL};
  size_t room = 300000;

  random_fill(noise, sizeof noise);
  gzip_make_text(&text, 150000);
  add_gzip_header(&sample.file.bytes, 0);
  if (deflateInit2(&stream, 0, Z_DEFLATED, -MAX_WBITS, 8, 0) != Z_OK)
    exit(1);
  stream.next_out = bytes_reserve(&sample.file.bytes, room);
  stream.avail_out = (uInt)room;
  deflate_piece(&stream, noise, sizeof noise, Z_NO_FLUSH);
  deflateParams(&stream, 6, Z_DEFAULT_STRATEGY);
  deflate_piece(&stream, text.data, text.size, Z_FINISH);
  sample.file.bytes.size += stream.total_out;
  deflateEnd(&stream);
  bytes_add(&sample.file.text, noise, sizeof noise);
  bytes_add(&sample.file.text, text.data, text.size);
  gzip_file_end_member(&sample.file, 0);
  sample_list(&sample);
  bytes_free(&text);
  return sample;
}

/* A file is searched in pieces of 32 KiB: headers across an edge are found. */
static void a_block_is_found_however_far_it_is(void)
{
  struct sample sample = make_far_block();
  size_t size = sample.file.bytes.size;
  struct front *front = front_open(&sample, 100000, 100000);
  size_t first = 0;
  uint64_t byte;

  while (!can_be_found(&sample, first, 1, size))
    first++;
  byte = sample_start(&sample, first)->bit / 8;
  for (uint64_t back = 0; back < 200; back += 1 + random_below(9)) {
    NOTE("%zu before the edge", (size_t)back);
    ng_speculative_decode(&front->chunk, &front->context, front->source,
                          byte - (1 + back % 2) * 32768 + back, size,
                          front->slice_cells);
    CHECK_EQ(front->chunk.start, sample_start(&sample, first)->bit);
  }
  front_close(front);
  sample_free(&sample);
}

static void nothing_is_decoded_where_nothing_is(void)
{
  struct sample sample = sample_make(SAMPLE_STORED, 50000);
  size_t size = sample.file.bytes.size;
  struct front *front = front_open(&sample, 100000, 100000);

  front->chunk.start = 1;
  ng_speculative_decode(&front->chunk, &front->context, front->source, 100,
                        size, 100);
  CHECK_EQ(front->chunk.start, 0);
  for (uint64_t from = size - 2; from < size + 3; from++) {
    front->chunk.start = 1;
    ng_speculative_decode(&front->chunk, &front->context, front->source, from,
                          from + 1000, 100);
    CHECK_EQ(front->chunk.start, 0);
  }
  front->chunk.start = 1;
  ng_speculative_decode(&front->chunk, &front->context, front->source, 0, 0,
                        100);
  CHECK_EQ(front->chunk.start, 0);
  front_close(front);
  sample_free(&sample);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(accepted_chunks_are_the_text_of_the_file),
      TEST(chunks_of_damaged_files_are_what_zlib_reads),
      TEST(a_chunk_after_too_little_text_is_not_accepted),
      TEST(a_block_is_found_however_far_it_is),
      TEST(nothing_is_decoded_where_nothing_is),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
