/* SPDX-License-Identifier: MIT */
/* Markers, held to what zlib reads after several windows. */
#include "inflate/decoder.h"
#include "unit/guarded.h"
#include "unit/gzip_blocks.h"
#include "unit/test.h"

#define CELL_UNTOUCHED 0xFFFF

/* Decodes into cells that end where memory does, a few at once. */
struct decoding {
  void *state;
  struct guarded in;
  struct guarded out;
  size_t in_step;
  size_t out_step; /* cells */
  uint16_t *cells;
  size_t count;
};

static void decoding_init(struct decoding *decoding, size_t size)
{
  uint16_t *markers;

  *decoding = (struct decoding){.state = ng_decoder_speculative.create()};
  decoding->in = guarded_make(4096 + size);
  decoding->out =
      guarded_make((NG_WINDOW_BYTES + size) * sizeof *decoding->cells);
  decoding->count = size;
  decoding->cells = (uint16_t *)(void *)decoding->out.end - size;
  markers = decoding->cells - NG_WINDOW_BYTES;
  for (size_t i = 0; i < NG_WINDOW_BYTES; i++)
    markers[i] = (uint16_t)(NG_MARKER + i);
  memset(decoding->cells, 0xFF, size * sizeof *decoding->cells);
}

static void decoding_free(struct decoding *decoding)
{
  ng_decoder_speculative.destroy(decoding->state);
  guarded_free(&decoding->in);
  guarded_free(&decoding->out);
}

/* One step at offset `at` of the file and `done` of the cells, which are moved
   on. What is after the room stays as it was. */
static enum ng_inflate_status decoding_step(struct decoding *decoding,
                                            const struct bytes *file,
                                            size_t *at, size_t *done)
{
  size_t left = file->size - *at;
  size_t piece = left < decoding->in_step ? left : decoding->in_step;
  size_t after = decoding->count - *done;
  size_t room = after < decoding->out_step ? after : decoding->out_step;
  struct ng_inflate_io io = {.in = decoding->in.end - piece, .in_size = piece};
  enum ng_inflate_status status;
  unsigned touched = 0;

  memcpy(decoding->in.end - piece - NG_INFLATE_PUT_BACK,
         file->data + *at - NG_INFLATE_PUT_BACK, piece + NG_INFLATE_PUT_BACK);
  io.out = (unsigned char *)(decoding->cells + *done);
  io.out_size = room * sizeof *decoding->cells;
  status = ng_decoder_speculative.step(decoding->state, &io);
  *at += piece - io.in_size;
  *done += room - io.out_size / sizeof *decoding->cells;
  CHECK(io.out == (unsigned char *)(decoding->cells + *done));
  for (size_t i = room; i < after && i < room + 32; i++)
    touched |= decoding->cells[decoding->count - after + i] ^ CELL_UNTOUCHED;
  CHECK_EQ(touched, 0);
  return status;
}

/* All of the stream, which has just as much text as there is room for. */
static void decoding_run(struct decoding *decoding, const struct bytes *file,
                         uint64_t bit)
{
  enum ng_inflate_status status = NG_INFLATE_MORE;
  size_t at = (size_t)(bit / 8);
  size_t done = 0;
  size_t before = SIZE_MAX;

  ng_decoder_speculative.resume(decoding->state, bit % 8, NULL, 0);
  while (status == NG_INFLATE_MORE && at + done != before &&
         !test_state.failed) {
    before = at + done;
    status = decoding_step(decoding, file, &at, &done);
  }
  CHECK_EQ(status, NG_INFLATE_END);
  CHECK_EQ(done, decoding->count);
}

/* The cells with that window are the text that zlib reads after it. */
static void check_cells(const struct decoding *decoding,
                        const struct bytes *file, uint64_t bit,
                        const unsigned char *window)
{
  struct bytes wanted = {.data = NULL};
  unsigned char *text = test_memory(decoding->count);

  CHECK_EQ(inflate_from(file, bit, window, NG_WINDOW_BYTES, decoding->count + 1,
                        &wanted),
           Z_STREAM_END);
  for (size_t i = 0; i < decoding->count; i++) {
    unsigned cell = decoding->cells[i];

    if (cell >= NG_MARKER + NG_WINDOW_BYTES) {
      CHECK_EQ(i, decoding->count);
      break;
    }
    text[i] =
        (unsigned char)(cell < NG_MARKER ? cell : window[cell - NG_MARKER]);
  }
  CHECK_BYTES(text, decoding->count, wanted.data, wanted.size);
  free(text);
  bytes_free(&wanted);
}

static void check_decoding(const struct sample *sample,
                           const struct block_start *start)
{
  static const size_t in_steps[] = {1, 7, 100, 5000, 1 << 20};
  static const size_t out_steps[] = {1, 3, 7, 300, 1000, 1 << 20};
  static unsigned char window[NG_WINDOW_BYTES];
  const struct gzip_file *file = &sample->file;
  size_t end = gzip_file_end(file, start->members)->text_end;
  struct decoding decoding;
  size_t size;
  const unsigned char *before = sample_window(sample, start, &size);

  decoding_init(&decoding, end - start->text);
  decoding.in_step = in_steps[random_below(COUNT(in_steps))];
  decoding.out_step = out_steps[random_below(COUNT(out_steps))];
  if (decoding.count > 50000) /* not all day */
    decoding.out_step = 1000;
  if (decoding.in_step > decoding.count) /* so much room for input was made */
    decoding.in_step = decoding.count > 0 ? decoding.count : 1;
  NOTE("sample %d, bit %zu, in steps of %zu and %zu", (int)sample->kind,
       (size_t)start->bit, decoding.in_step, decoding.out_step);
  decoding_run(&decoding, &file->bytes, start->bit);
  random_fill(window, sizeof window);
  check_cells(&decoding, &file->bytes, start->bit, window);
  memcpy(window + sizeof window - size, before, size);
  check_cells(&decoding, &file->bytes, start->bit, window);
  decoding_free(&decoding);
}

static void markers_stand_for_the_text_before_whatever_it_is(void)
{
  for (unsigned kind = 0; kind < SAMPLE_KINDS && !test_state.failed; kind++) {
    struct sample sample = sample_make(kind, 40000);
    size_t count = sample_start_count(&sample);

    for (unsigned i = 0; i < test_rounds(8) && !test_state.failed; i++)
      check_decoding(&sample, sample_start(&sample, random_below(count)));
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
      struct decoding decoding;

      NOTE("after %zu, distance %u", literals, 24577 + extra);
      decoding_init(&decoding, literals + 3);
      decoding.in_step = 1 + random_below(50);
      decoding.out_step = 1 + random_below(5);
      decoding_run(&decoding, &block.bytes, (uint64_t)8 * NG_INFLATE_PUT_BACK);
      check_cells(&decoding, &block.bytes, (uint64_t)8 * NG_INFLATE_PUT_BACK,
                  window);
      decoding_free(&decoding);
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
      struct decoding decoding;
      size_t done = 0;

      NOTE("distance %u after %u", distance, literals);
      decoding_init(&decoding, literals + 3);
      decoding.in_step = 1 + random_below(50);
      decoding.out_step = 1 + random_below(2);
      CHECK_EQ(ng_decoder_speculative.begin(decoding.state), NG_INFLATE_MORE);
      for (unsigned i = 0; i < 100 && status == NG_INFLATE_MORE; i++)
        status = decoding_step(&decoding, &block.bytes, &at, &done);
      CHECK_EQ(status, distance > literals ? NG_INFLATE_BAD : NG_INFLATE_END);
      CHECK_EQ(done, distance > literals ? literals : literals + 3);
      for (size_t i = 0; i < done; i++)
        CHECK_EQ(decoding.cells[i], 'a');
      decoding_free(&decoding);
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
