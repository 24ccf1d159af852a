/* SPDX-License-Identifier: MIT */
/*
 * Positions, at which decoding stops and is resumed. Where blocks begin, and
 * what follows a window, is zlib's word.
 */
#include "inflate/reader.h"
#include "unit/guarded.h"
#include "unit/gzip_blocks.h"
#include "unit/gzip_read.h"
#include "unit/member_walk.h"
#include "unit/test.h"

#define NO_UNTIL UINT64_MAX

/* ----------------------------------------------------------------- walk -- */

/* Be at a position, after a window that must not be read past its end. */
static void walk_resume(struct walk *walk, uint64_t bit,
                        const unsigned char *window, size_t size)
{
  unsigned char *copy = walk->room.end - size;

  memcpy(copy, window, size);
  ng_reader_resume(walk->reader, bit, copy, size);
  memset(copy, 0xEE, size);
  walk->reading.text.size = walk->reading.ends.size = 0;
}

static void walk_resume_at(struct walk *walk, size_t index)
{
  const struct block_start *start = sample_start(walk->sample, index);
  size_t size;
  const unsigned char *window = sample_window(walk->sample, start, &size);

  walk_resume(walk, start->bit, window, size);
  walk->base = start->text;
  walk->next_start = index;
}

/* A block begins at the position, the last one in the block of text. */
static void check_position(struct walk *walk, size_t before)
{
  const struct sample *sample = walk->sample;
  const struct ng_gzip_position *position = &walk->block.position;
  size_t count = sample_start_count(sample);

  if (position->bit > 0) {
    size_t i = sample_start_from(sample, position->bit / 8);

    if (!CHECK(i < count))
      return;
    CHECK_EQ(position->bit, sample_start(sample, i)->bit);
    CHECK_EQ(before + position->text, sample_start(sample, i)->text);
    walk->next_start = i + 1;
  }
  CHECK(walk->next_start == count ||
        sample_start(sample, walk->next_start)->text >=
            before + walk->block.size);
}

static void check_window(const struct walk *walk,
                         const struct block_start *start)
{
  unsigned char window[NG_WINDOW_BYTES];
  size_t wanted_size;
  const unsigned char *wanted =
      sample_window(walk->sample, start, &wanted_size);
  size_t size = ng_reader_window(walk->reader, window);

  CHECK_BYTES(window, size, wanted, wanted_size);
}

/* It stops at the first position in the byte of `until` or after it, and never
   goes past it. */
static void check_arrival(const struct walk *walk, uint64_t until, size_t end)
{
  const struct sample *sample = walk->sample;
  const struct ng_gzip_block *block = &walk->block;
  size_t i = sample_start_from(sample, until / 8);
  const struct block_start *stop = sample_start(sample, i);

  CHECK(block->size == walk->capacity || block->last || block->arrived ||
        block->end_count == NG_MEMBER_ENDS_MAX);
  if (until == NO_UNTIL || i == sample_start_count(sample)) {
    CHECK(!block->arrived);
  } else if (!block->arrived) {
    CHECK(end < stop->text || block->end_count == NG_MEMBER_ENDS_MAX);
    CHECK(!block->last);
  } else {
    CHECK_EQ(block->position.bit, stop->bit);
    CHECK_EQ(block->position.text, block->size);
    check_window(walk, stop);
  }
}

/* Until it arrives, or to the end. */
static void walk_until(struct walk *walk, uint64_t until)
{
  char *text = (char *)walk->room.end - walk->capacity;

  do {
    size_t before = walk->base + walk->reading.text.size;

    ng_reader_read_until(walk->reader, text, walk->capacity, until,
                         &walk->block);
    CHECK(walk->block.size <= walk->capacity);
    take_members(&walk->reading, text, &walk->block);
    check_position(walk, before);
    check_arrival(walk, until, before + walk->block.size);
  } while (!walk->block.arrived && !walk->block.last && !test_state.failed);
}

/* What was read is that part of the whole, after `members` members. */
static void check_part(const struct walk *walk, const struct reading *whole,
                       size_t members)
{
  const struct reading *part = &walk->reading;
  const struct ng_member_end *ends =
      (const struct ng_member_end *)(const void *)whole->ends.data + members;
  size_t count = part->ends.size / sizeof *ends;

  if (!CHECK(walk->base + part->text.size <= whole->text.size) ||
      !CHECK((members + count) * sizeof *ends <= whole->ends.size))
    return;
  CHECK_BYTES(part->text.data, part->text.size, whole->text.data + walk->base,
              part->text.size);
  for (size_t i = 0; i < count && !test_state.failed; i++) {
    struct ng_member_end end =
        ((const struct ng_member_end *)(const void *)part->ends.data)[i];

    end.text_end += walk->base;
    check_end(&end, &ends[i]);
  }
  if (walk->block.last) {
    CHECK_EQ(walk->base + part->text.size, whole->text.size);
    CHECK_EQ((members + count) * sizeof *ends, whole->ends.size);
    CHECK_EQ(part->fault.kind, whole->fault.kind);
    CHECK_EQ(part->fault.file_offset, whole->fault.file_offset);
  }
}

/* Anywhere, or where a block begins. */
static void sample_cut(struct sample *sample)
{
  size_t count = sample_start_count(sample);
  size_t half = sample->file.bytes.size / 2;
  size_t size = 2 * half - random_below(half);

  if (random_once_in(2) && count > 0)
    size = (size_t)(sample_start(sample, random_below(count))->bit + 7) / 8;
  sample->file.bytes.size = size;
  sample_list(sample);
}

/* Call `check` with samples of all kinds, whole ones and such that are cut,
   and what zlib reads from them. */
static void with_walks(void (*check)(struct walk *walk,
                                     const struct reading *whole))
{
  static const struct ng_decoder *const decoders[] = {&ng_decoder_native,
                                                      &ng_decoder_portable};
  static const size_t capacities[] = {1, 7, 1000, 65536};
  static const size_t sizes[] = {1500, 5000, 20000, 60000};
  struct reading whole = {.text = {.data = NULL}};

  for (unsigned i = 0; i < COUNT(capacities) * SAMPLE_KINDS; i++) {
    size_t c = i % COUNT(capacities);
    enum sample_kind kind = i / COUNT(capacities);
    bool is_cut = random_once_in(3);
    const struct ng_decoder *decoder = decoders[random_below(2)];
    struct sample sample;
    struct walk walk;

    if (kind == SAMPLE_LONG_BLOCKS && capacities[c] <= 1000)
      continue;
    sample = sample_make(kind, sizes[c]);
    if (is_cut) {
      sample_cut(&sample);
    }
    read_gzip(&ng_decoder_zlib, sample.file.bytes.data, sample.file.bytes.size,
              65536, &whole);
    NOTE("%s, sample %d%s, capacity %zu", decoder->name, (int)kind,
         is_cut ? ", cut" : "", capacities[c]);
    walk_open(&walk, &sample, decoder, capacities[c]);
    check(&walk, &whole);
    walk_close(&walk);
    sample_free(&sample);
    if (test_state.failed)
      break;
  }
  reading_free(&whole);
}

/* ---------------------------------------------------------------- until -- */

/* From a position to the next one, knowing nothing else of them. */
static void check_positions(struct walk *walk, const struct reading *whole)
{
  size_t count = 0;

  for (uint64_t until = 0;; until = (walk->block.position.bit / 8 + 1) * 8) {
    walk_until(walk, until);
    if (!walk->block.arrived || test_state.failed)
      break;
    count++;
  }
  CHECK_EQ(count, sample_start_count(walk->sample));
  check_part(walk, whole, 0);
}

static void positions_are_where_zlib_says_that_blocks_begin(void)
{
  with_walks(check_positions);
}

static int compare_bits(const void *a, const void *b)
{
  const uint64_t *x = a;
  const uint64_t *y = b;

  return (*x > *y) - (*x < *y);
}

/* Around positions, after the end, and anywhere, in their order. */
static size_t choose_stops(const struct sample *sample, uint64_t *stops,
                           size_t count)
{
  size_t bits = sample->file.bytes.size * 8;

  for (size_t i = 0; i < count; i++) {
    stops[i] = random_below(bits + 100);
    if (i % 8 > 0 && sample->starts.size > 0)
      stops[i] =
          sample_start(sample, random_below(sample_start_count(sample)))->bit +
          random_below(4) * (i % 8 / 2) - i % 8;
  }
  qsort(stops, count, sizeof *stops, compare_bits);
  return count;
}

static void check_stops(struct walk *walk, const struct reading *whole)
{
  uint64_t stops[500];
  size_t count = choose_stops(walk->sample, stops, random_below(COUNT(stops)));

  for (size_t i = 0; i < count && !walk->block.last; i++)
    walk_until(walk, stops[i]);
  if (!walk->block.last)
    walk_until(walk, NO_UNTIL);
  check_part(walk, whole, 0);
}

static void text_is_the_same_wherever_reading_stops_between(void)
{
  with_walks(check_stops);
}

/* Short blocks stand on both sides of where the reader's first input ends. */
static void positions_around_the_buffer_edge_are_found(void)
{
  static unsigned char noise[(size_t)256 << 10];
  struct reading whole = {.text = {.data = NULL}};

  random_fill(noise, sizeof noise);
  for (unsigned round = 0; round < test_rounds(24); round++) {
    struct sample sample = {.kind = SAMPLE_MIXED};
    struct bytes text = {.data = NULL};
    struct walk walk;

    NOTE("round %u", round);
    bytes_add(&text, noise, sizeof noise - 200 - random_below(300));
    sample_add_as(&sample, &text, 0, Z_DEFAULT_STRATEGY);
    text.size = 0;
    gzip_make_text(&text, 2000);
    sample_add(&sample, &text, 1 + random_below(30));
    if (round % 3 == 0)
      sample.file.bytes.size = sizeof noise; /* the file ends at the edge */
    sample_list(&sample);
    read_gzip(&ng_decoder_zlib, sample.file.bytes.data, sample.file.bytes.size,
              65536, &whole);
    walk_open(&walk, &sample, &ng_decoder_native, 65536);
    (round % 2 ? check_positions : check_stops)(&walk, &whole);
    walk_close(&walk);
    bytes_free(&text);
    sample_free(&sample);
  }
  reading_free(&whole);
}

/* --------------------------------------------------------------- resume -- */

static void check_resuming(struct walk *walk, const struct reading *whole)
{
  size_t count = sample_start_count(walk->sample);

  for (unsigned i = 0; i < 60 && count > 0 && !test_state.failed; i++) {
    size_t at = i == 0 ? count - 1 : random_below(count);
    size_t to = at + random_below(i % 8 == 0 ? count : 3);

    walk_resume_at(walk, at);
    walk_until(walk,
               to < count ? sample_start(walk->sample, to)->bit : NO_UNTIL);
    check_part(walk, whole, sample_start(walk->sample, at)->members);
  }
}

static void a_file_resumed_at_any_position_reads_on_the_same(void)
{
  with_walks(check_resuming);
}

static void check_resuming_members(struct walk *walk,
                                   const struct reading *whole)
{
  const struct gzip_file *file = &walk->sample->file;

  for (unsigned i = 0; i < 5 && !test_state.failed; i++) {
    size_t members =
        random_below(whole->ends.size / sizeof(struct ng_member_end));
    const struct ng_member_end *before =
        members > 0 ? gzip_file_end(file, members - 1) : NULL;

    ng_reader_seek(walk->reader, before ? before->file_offset + 8 : 0);
    walk->base = before ? before->text_end : 0;
    walk->next_start =
        sample_start_from(walk->sample, before ? before->file_offset : 0);
    walk->reading.text.size = walk->reading.ends.size = 0;
    walk_until(walk, NO_UNTIL);
    check_part(walk, whole, members);
  }
}

static void a_file_resumed_at_any_member_reads_on_the_same(void)
{
  with_walks(check_resuming_members);
}

/* The member that is read is what zlib reads after that window; a stream that
   is bad there gives no other text before that shows. */
static void check_other_window(struct walk *walk, uint64_t bit,
                               const unsigned char *window, size_t size,
                               struct bytes *wanted)
{
  const struct reading *got = &walk->reading;
  const struct ng_member_end *end;
  char *text = (char *)walk->room.end - walk->capacity;
  size_t room = (size_t)1 << 18;
  size_t common;
  int result;

  wanted->size = 0;
  result =
      inflate_from(&walk->sample->file.bytes, bit, window, size, room, wanted);
  walk_resume(walk, bit, window, size);
  do {
    ng_reader_read_until(walk->reader, text, walk->capacity, bit + 10000,
                         &walk->block);
    take_members(&walk->reading, text, &walk->block);
    bit = walk->block.arrived ? walk->block.position.bit : bit;
  } while (!walk->block.last && got->ends.size == 0 && got->text.size < room &&
           !test_state.failed);
  end = (const struct ng_member_end *)(const void *)got->ends.data;
  common = got->ends.size > 0 ? end->text_end : got->text.size;
  if (result == Z_STREAM_END)
    CHECK_EQ(common, wanted->size);
  else
    CHECK(got->ends.size == 0 || wanted->size == room);
  common = common < wanted->size ? common : wanted->size;
  CHECK_BYTES(got->text.data, common, wanted->data, common);
  if (result == Z_DATA_ERROR)
    CHECK_EQ(got->fault.kind, NG_GZIP_BAD_DEFLATE);
}

static void check_other_windows(struct walk *walk, const struct reading *whole)
{
  static unsigned char window[NG_WINDOW_BYTES];
  size_t bits = walk->sample->file.bytes.size * 8;
  struct bytes wanted = {.data = NULL};

  (void)whole;
  random_fill(window, sizeof window);
  for (unsigned i = 0; i < 24 && !test_state.failed; i++) {
    size_t size = i % 3 == 0 ? sizeof window : random_below(sizeof window);
    uint64_t bit = random_below(bits);

    if (i % 2 == 0 && walk->sample->starts.size > 0)
      bit = sample_start(walk->sample,
                         random_below(sample_start_count(walk->sample)))
                ->bit;
    check_other_window(walk, bit, window, size, &wanted);
  }
  bytes_free(&wanted);
}

static void text_after_another_window_is_what_zlib_reads_there(void)
{
  with_walks(check_other_windows);
}

static void after_the_end_there_is_no_text(void)
{
  struct sample sample = sample_make(SAMPLE_PLAIN, 1000);
  size_t size = sample.file.bytes.size;
  struct walk walk;

  walk_open(&walk, &sample, &ng_decoder_native, 100);
  for (unsigned i = 0; i < 20; i++) {
    ng_reader_resume(walk.reader, size * 8 + i, (const unsigned char *)"", 0);
    ng_reader_read_until(walk.reader, (char *)walk.room.start, 100,
                         i % 2 ? NO_UNTIL : (size + 10) * 8, &walk.block);
    CHECK_EQ(walk.block.size, 0);
    CHECK(walk.block.last && !walk.block.arrived);
    CHECK_EQ(walk.block.fault.kind, NG_GZIP_TRUNCATED);
    ng_reader_seek(walk.reader, size + i);
    ng_reader_read(walk.reader, (char *)walk.room.start, 100, &walk.block);
    CHECK(walk.block.size == 0 && walk.block.last);
  }
  walk_close(&walk);
  sample_free(&sample);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(positions_are_where_zlib_says_that_blocks_begin),
      TEST(text_is_the_same_wherever_reading_stops_between),
      TEST(positions_around_the_buffer_edge_are_found),
      TEST(a_file_resumed_at_any_position_reads_on_the_same),
      TEST(a_file_resumed_at_any_member_reads_on_the_same),
      TEST(text_after_another_window_is_what_zlib_reads_there),
      TEST(after_the_end_there_is_no_text),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
