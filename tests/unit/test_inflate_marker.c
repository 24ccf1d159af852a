/* SPDX-License-Identifier: MIT */
/* Markers, held to what zlib reads behind several windows. */
#include "inflate/decoder.h"
#include "unit/guarded.h"
#include "unit/gzip_blocks.h"
#include "unit/test.h"

#define CELL_UNTOUCHED 0xFFFF

/* Decodes into cells that end where memory does, a few at once. */
struct ahead {
  void *state;
  struct guarded in;
  struct guarded out;
  size_t in_step;
  size_t out_step; /* cells */
  uint16_t *cells;
  size_t count;
};

static void ahead_init(struct ahead *ahead, size_t size)
{
  uint16_t *markers;

  *ahead = (struct ahead){.state = ng_decoder_ahead.create()};
  ahead->in = guarded_make(4096 + size);
  ahead->out = guarded_make((NG_WINDOW_BYTES + size) * sizeof *ahead->cells);
  ahead->count = size;
  ahead->cells = (uint16_t *)(void *)ahead->out.end - size;
  markers = ahead->cells - NG_WINDOW_BYTES;
  for (size_t i = 0; i < NG_WINDOW_BYTES; i++)
    markers[i] = (uint16_t)(NG_MARKER + i);
  memset(ahead->cells, 0xFF, size * sizeof *ahead->cells);
}

static void ahead_free(struct ahead *ahead)
{
  ng_decoder_ahead.destroy(ahead->state);
  guarded_free(&ahead->in);
  guarded_free(&ahead->out);
}

/* One step at offset `at` of the file and `done` of the cells, which are moved
   on. What is behind the room stays as it was. */
static enum ng_inflate_status ahead_step(struct ahead *ahead,
                                         const struct bytes *file, size_t *at,
                                         size_t *done)
{
  size_t left = file->size - *at;
  size_t piece = left < ahead->in_step ? left : ahead->in_step;
  size_t behind = ahead->count - *done;
  size_t room = behind < ahead->out_step ? behind : ahead->out_step;
  struct ng_inflate_io io = {.in = ahead->in.end - piece, .in_size = piece};
  enum ng_inflate_status status;
  unsigned touched = 0;

  memcpy(ahead->in.end - piece - NG_INFLATE_PUT_BACK,
         file->data + *at - NG_INFLATE_PUT_BACK, piece + NG_INFLATE_PUT_BACK);
  io.out = (unsigned char *)(ahead->cells + *done);
  io.out_size = room * sizeof *ahead->cells;
  status = ng_decoder_ahead.step(ahead->state, &io);
  *at += piece - io.in_size;
  *done += room - io.out_size / sizeof *ahead->cells;
  CHECK(io.out == (unsigned char *)(ahead->cells + *done));
  for (size_t i = room; i < behind && i < room + 32; i++)
    touched |= ahead->cells[ahead->count - behind + i] ^ CELL_UNTOUCHED;
  CHECK_EQ(touched, 0);
  return status;
}

/* All of the stream, which has just as much text as there is room for. */
static void ahead_decode(struct ahead *ahead, const struct bytes *file,
                         uint64_t bit)
{
  enum ng_inflate_status status = NG_INFLATE_MORE;
  size_t at = (size_t)(bit / 8);
  size_t done = 0;
  size_t before = SIZE_MAX;

  ng_decoder_ahead.resume(ahead->state, bit % 8, NULL, 0);
  while (status == NG_INFLATE_MORE && at + done != before &&
         !test_state.failed) {
    before = at + done;
    status = ahead_step(ahead, file, &at, &done);
  }
  CHECK_EQ(status, NG_INFLATE_END);
  CHECK_EQ(done, ahead->count);
}

/* The cells with that window are the text that zlib reads behind it. */
static void check_cells(const struct ahead *ahead, const struct bytes *file,
                        uint64_t bit, const unsigned char *window)
{
  struct bytes wanted = {.data = NULL};
  unsigned char *text = test_memory(ahead->count);

  CHECK_EQ(inflate_from(file, bit, window, NG_WINDOW_BYTES, ahead->count + 1,
                        &wanted),
           Z_STREAM_END);
  for (size_t i = 0; i < ahead->count; i++) {
    unsigned cell = ahead->cells[i];

    if (cell >= NG_MARKER + NG_WINDOW_BYTES) {
      CHECK_EQ(i, ahead->count);
      break;
    }
    text[i] =
        (unsigned char)(cell < NG_MARKER ? cell : window[cell - NG_MARKER]);
  }
  CHECK_BYTES(text, ahead->count, wanted.data, wanted.size);
  free(text);
  bytes_free(&wanted);
}

static void check_ahead(const struct sample *sample,
                        const struct block_start *start)
{
  static const size_t in_steps[] = {1, 7, 100, 5000, 1 << 20};
  static const size_t out_steps[] = {1, 3, 7, 300, 1000, 1 << 20};
  static unsigned char window[NG_WINDOW_BYTES];
  const struct gzip_file *file = &sample->file;
  size_t end = gzip_file_end(file, start->members)->text_end;
  struct ahead ahead;
  size_t size;
  const unsigned char *before = sample_window(sample, start, &size);

  ahead_init(&ahead, end - start->text);
  ahead.in_step = in_steps[random_below(COUNT(in_steps))];
  ahead.out_step = out_steps[random_below(COUNT(out_steps))];
  if (ahead.count > 50000) /* not all day */
    ahead.out_step = 1000;
  if (ahead.in_step > ahead.count) /* so much room for input was made */
    ahead.in_step = ahead.count > 0 ? ahead.count : 1;
  NOTE("sample %d, bit %zu, in steps of %zu and %zu", (int)sample->kind,
       (size_t)start->bit, ahead.in_step, ahead.out_step);
  ahead_decode(&ahead, &file->bytes, start->bit);
  random_fill(window, sizeof window);
  check_cells(&ahead, &file->bytes, start->bit, window);
  memcpy(window + sizeof window - size, before, size);
  check_cells(&ahead, &file->bytes, start->bit, window);
  ahead_free(&ahead);
}

static void markers_stand_for_the_text_before_whatever_it_is(void)
{
  for (unsigned kind = 0; kind < SAMPLE_KINDS && !test_state.failed; kind++) {
    struct sample sample = sample_make(kind, 40000);
    size_t count = sample_start_count(&sample);

    for (unsigned i = 0; i < test_rounds(8) && !test_state.failed; i++)
      check_ahead(&sample, sample_start(&sample, random_below(count)));
    sample_free(&sample);
  }
}

/* -------------------------------------------------------- by their bits -- */

/* A block with fixed codes (RFC 1951, section 3.2.6), written by hand: zlib
   makes no match that reaches back so far. */
struct hand_made {
  struct bytes bytes;
  unsigned bits;
};

static void hand_put(struct hand_made *block, unsigned value, unsigned count)
{
  for (unsigned i = 0; i < count; i++, block->bits++) {
    if (block->bits % 8 == 0)
      bytes_fill(&block->bytes, 0, 1);
    block->bytes.data[block->bytes.size - 1] |=
        (unsigned char)((value >> i & 1) << block->bits % 8);
  }
}

/* Codes stand with their first bit highest. */
static void hand_put_code(struct hand_made *block, unsigned code,
                          unsigned count)
{
  for (unsigned i = count; i-- > 0;)
    hand_put(block, code >> i & 1, 1);
}

/* Some times 'a', then a match of three bytes; it is the last block. */
static struct hand_made make_by_hand(size_t literals, unsigned distance_code,
                                     unsigned extra, unsigned extra_bits)
{
  struct hand_made block = {.bits = 0};

  bytes_fill(&block.bytes, 0, NG_INFLATE_PUT_BACK);
  hand_put(&block, 1, 1);
  hand_put(&block, 1, 2);
  for (size_t i = 0; i < literals; i++)
    hand_put_code(&block, 0x30 + 'a', 8);
  hand_put_code(&block, 1, 7);
  hand_put_code(&block, distance_code, 5);
  hand_put(&block, extra, extra_bits);
  hand_put_code(&block, 0, 7);
  bytes_fill(&block.bytes, 0, 40);
  return block;
}

static void markers_reach_back_over_all_of_the_window(void)
{
  static unsigned char window[NG_WINDOW_BYTES];

  random_fill(window, sizeof window);
  for (unsigned extra = 8191; extra > 8100; extra--)
    for (size_t literals = 0; literals < 3; literals++) {
      struct hand_made block = make_by_hand(literals, 29, extra, 13);
      struct ahead ahead;

      NOTE("behind %zu, distance %u", literals, 24577 + extra);
      ahead_init(&ahead, literals + 3);
      ahead.in_step = 1 + random_below(50);
      ahead.out_step = 1 + random_below(5);
      ahead_decode(&ahead, &block.bytes, (uint64_t)8 * NG_INFLATE_PUT_BACK);
      check_cells(&ahead, &block.bytes, (uint64_t)8 * NG_INFLATE_PUT_BACK,
                  window);
      ahead_free(&ahead);
      bytes_free(&block.bytes);
    }
}

/* The first text of a member has no window, in whatever steps it is read. */
static void no_marker_stands_before_a_member(void)
{
  for (unsigned literals = 0; literals <= 3; literals++)
    for (unsigned distance = 1; distance <= 4; distance++) {
      struct hand_made block = make_by_hand(literals, distance - 1, 0, 0);
      enum ng_inflate_status status = NG_INFLATE_MORE;
      size_t at = NG_INFLATE_PUT_BACK;
      struct ahead ahead;
      size_t done = 0;

      NOTE("distance %u behind %u", distance, literals);
      ahead_init(&ahead, literals + 3);
      ahead.in_step = 1 + random_below(50);
      ahead.out_step = 1 + random_below(2);
      CHECK_EQ(ng_decoder_ahead.begin(ahead.state), NG_INFLATE_MORE);
      for (unsigned i = 0; i < 100 && status == NG_INFLATE_MORE; i++)
        status = ahead_step(&ahead, &block.bytes, &at, &done);
      CHECK_EQ(status, distance > literals ? NG_INFLATE_BAD : NG_INFLATE_END);
      CHECK_EQ(done, distance > literals ? literals : literals + 3);
      for (size_t i = 0; i < done; i++)
        CHECK_EQ(ahead.cells[i], 'a');
      ahead_free(&ahead);
      bytes_free(&block.bytes);
    }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(markers_stand_for_the_text_before_whatever_it_is),
      TEST(markers_reach_back_over_all_of_the_window),
      TEST(no_marker_stands_before_a_member),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
