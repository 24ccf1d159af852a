/* SPDX-License-Identifier: MIT */
/*
 * Our own decoder of DEFLATE.
 *
 * Two loops read the same codes. The fast one runs while there is input and
 * room for any symbol, so that it tests for neither; it reads eight bytes of
 * input at a time. The careful one takes one symbol at a time, may stop before
 * any of them, and does what is left at the edges. Headers of blocks are read
 * in native_header.c.
 *
 * The last 32 KiB of text (the window) are kept in a ring when a step ends,
 * for matches that reach back before the room of the next one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/cpu.h"
#include "inflate/decoder.h"
#include "inflate/huffman.h"
#include "inflate/native.h"

#define MATCH_MAX 258

static bool is_available(void)
{
  return true;
}

static bool has_bmi2(void)
{
  return ng_cpu_features() & NG_CPU_BMI2;
}

static enum ng_inflate_status begin(void *state)
{
  struct ng_native *native = state;

  native->bits = 0;
  native->bit_count = 0;
  native->phase = NG_AT_BLOCK;
  native->last_block = false;
  native->match_length = 0;
  native->window_at = 0;
  native->window_size = 0;
  return NG_INFLATE_MORE;
}

/* -------------------------------------------------------------- matches -- */

/* Whether so much text has been decoded. */
static bool reaches(const struct ng_native *native, const struct ng_cursor *c,
                    size_t distance)
{
  return distance <= (size_t)(c->out - c->out_start) + native->window_size;
}

/* The part of a match that lies before this step; how much it was. */
static size_t copy_from_window(const struct ng_native *native,
                               struct ng_cursor *c, size_t distance,
                               size_t length)
{
  size_t done = 0;

  while (done < length && distance > (size_t)(c->out - c->out_start)) {
    size_t before = distance - (size_t)(c->out - c->out_start);
    size_t from = (native->window_at - before) % NG_WINDOW_BYTES;
    size_t size = length - done;

    size = size < before ? size : before;
    size = size < NG_WINDOW_BYTES - from ? size : NG_WINDOW_BYTES - from;
    memcpy(c->out, native->window + from, size);
    c->out += size;
    done += size;
  }
  return done;
}

/* Copy a match or a piece of it, wherever it begins, and not a byte more. */
static void copy_exactly(const struct ng_native *native, struct ng_cursor *c,
                         size_t distance, size_t length)
{
  length -= copy_from_window(native, c, distance, length);
  for (; length > 0; length--, c->out++)
    *c->out = c->out[-(ptrdiff_t)distance];
}

/* As much of the match begun as there is room for. */
static enum ng_flow copy_match(struct ng_native *native, struct ng_cursor *c)
{
  size_t room = (size_t)(c->out_end - c->out);
  size_t length = native->match_length < room ? native->match_length : room;

  copy_exactly(native, c, native->match_distance, length);
  native->match_length -= (unsigned)length;
  return native->match_length > 0 ? NG_NEED_MORE : NG_GO_ON;
}

/* ------------------------------------------------------------ fast loop -- */

/* A turn takes less than 8 bytes, and 8 are read behind it. */
#define FAST_IN_BYTES 16
/* Literals are written four at once, a match 32 bytes at once. */
#define FAST_OUT_BYTES (4 + MATCH_MAX + 32)

static inline void copy_bytes(unsigned char *to, const unsigned char *from,
                              size_t size)
{
  memcpy(to, from, size);
}

/* May write up to 31 bytes more than the match. */
static inline void copy_fast(unsigned char *out, size_t distance, size_t length)
{
  const unsigned char *from = out - distance;
  unsigned char *end = out + length;

  if (NG_LIKELY(distance >= 16)) {
    copy_bytes(out, from, 16);
    copy_bytes(out + 16, from + 16, 16);
    for (out += 32, from += 32; NG_UNLIKELY(out < end); out += 16, from += 16)
      copy_bytes(out, from, 16);
  } else if (distance >= 8) {
    do {
      copy_bytes(out, from, 8);
      copy_bytes(out + 8, from + 8, 8);
      out += 16;
      from += 16;
    } while (out < end);
  } else if (distance == 1) {
    memset(out, *from, length);
  } else {
    while (out < end)
      *out++ = *from++;
  }
}

#define DECODE_FAST decode_fast
#define DECODE_TARGET
#include "inflate/decode_loop.h"
#undef DECODE_FAST
#undef DECODE_TARGET

/* Shifts by a register cost less with BMI2, and a turn has many. */
#ifdef __x86_64__
#define DECODE_FAST decode_fast_bmi2
#define DECODE_TARGET __attribute__((target("bmi,bmi2")))
#include "inflate/decode_loop.h"
#undef DECODE_FAST
#undef DECODE_TARGET
#else
#define decode_fast_bmi2 decode_fast
#endif

/* --------------------------------------------------------- careful loop -- */

/* The entry for the next bits, which is bits to be dropped in all; they may
   not be there. */
static uint32_t look_up(const uint32_t *table, unsigned index_bits,
                        uint64_t bits, unsigned *drop)
{
  uint32_t entry = table[bits & ((1u << index_bits) - 1)];

  *drop = 0;
  if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_SUBTABLE) {
    *drop = index_bits;
    entry =
        table[NG_HUFFMAN_VALUE(entry) +
              (bits >> index_bits & ((1u << NG_HUFFMAN_CODE_BITS(entry)) - 1))];
  }
  *drop += NG_HUFFMAN_DROP(entry);
  return entry;
}

static unsigned value_of(uint32_t entry, uint64_t bits, unsigned drop)
{
  unsigned extra = NG_HUFFMAN_DROP(entry) - NG_HUFFMAN_CODE_BITS(entry);

  return NG_HUFFMAN_VALUE(entry) +
         (unsigned)(bits >> (drop - extra) & ((1u << extra) - 1));
}

/* The distance that belongs to a length whose code has `length_drop` bits. */
static enum ng_flow begin_match(struct ng_native *native, struct ng_cursor *c,
                                uint32_t length_entry, unsigned length_drop)
{
  unsigned drop;
  uint64_t bits = c->bits >> length_drop;
  uint32_t entry = look_up(native->distances, NG_DISTANCE_BITS, bits, &drop);
  unsigned distance;

  if (c->bit_count < length_drop + drop)
    return NG_NEED_MORE;
  native->match_length = value_of(length_entry, c->bits, length_drop);
  ng_drop_bits(c, length_drop + drop);
  if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_INVALID)
    return NG_BAD_DATA;
  distance = value_of(entry, bits, drop);
  if (!reaches(native, c, distance))
    return NG_BAD_DATA;
  native->match_distance = distance;
  return NG_GO_ON;
}

static enum ng_flow decode_symbol(struct ng_native *native, struct ng_cursor *c)
{
  unsigned drop;
  uint32_t entry;

  (void)ng_have_bits(c, 48); /* the longest; at the end less may do */
  entry = look_up(native->literals, NG_LITERAL_BITS, c->bits, &drop);
  if (c->bit_count < drop)
    return NG_NEED_MORE;
  switch (NG_HUFFMAN_KIND(entry)) {
  case NG_HUFFMAN_LITERAL:
    if (c->out == c->out_end)
      return NG_NEED_MORE;
    ng_drop_bits(c, drop);
    *c->out++ = (unsigned char)NG_HUFFMAN_VALUE(entry);
    return NG_GO_ON;
  case NG_HUFFMAN_BASE:
    return begin_match(native, c, entry, drop);
  case NG_HUFFMAN_END:
    ng_drop_bits(c, drop);
    native->phase = NG_AT_BLOCK;
    return NG_GO_ON;
  default:
    ng_drop_bits(c, drop);
    return NG_BAD_DATA;
  }
}

static enum ng_flow decode_codes(struct ng_native *native, struct ng_cursor *c)
{
  enum ng_flow flow = NG_GO_ON;

  while (flow == NG_GO_ON && native->phase == NG_IN_CODES) {
    if (native->match_length > 0)
      flow = copy_match(native, c);
    else if (c->in_end - c->in >= FAST_IN_BYTES &&
             c->out_end - c->out >= FAST_OUT_BYTES)
      flow = native->decode_fast(native, c);
    else
      flow = decode_symbol(native, c);
  }
  return flow;
}

/* ----------------------------------------------------------------- step -- */

static enum ng_flow advance(struct ng_native *native, struct ng_cursor *c)
{
  return native->phase == NG_IN_CODES ? decode_codes(native, c)
                                      : ng_native_read_header(native, c);
}

/* Keep the end of what this step gave. */
static void keep_window(struct ng_native *native, const struct ng_cursor *c)
{
  size_t size = (size_t)(c->out - c->out_start);
  size_t kept = size < NG_WINDOW_BYTES ? size : NG_WINDOW_BYTES;
  size_t first = NG_WINDOW_BYTES - native->window_at;

  first = first < kept ? first : kept;
  if (kept > 0) {
    memcpy(native->window + native->window_at, c->out - kept, first);
    memcpy(native->window, c->out - kept + first, kept - first);
  }
  native->window_at = (native->window_at + kept) % NG_WINDOW_BYTES;
  native->window_size += kept;
  if (native->window_size > NG_WINDOW_BYTES)
    native->window_size = NG_WINDOW_BYTES;
}

/* Whole bytes that were fetched and not needed belong to what follows. */
static void put_back(struct ng_cursor *c)
{
  c->in -= c->bit_count / 8;
  c->bit_count = 0;
  c->bits = 0;
}

static enum ng_inflate_status step(void *state, struct ng_inflate_io *io)
{
  struct ng_native *native = state;
  struct ng_cursor c = {io->in,           io->in + io->in_size,   io->out,
                        io->out,          io->out + io->out_size, native->bits,
                        native->bit_count};
  enum ng_flow flow = NG_GO_ON;

  while (flow == NG_GO_ON)
    flow = advance(native, &c);
  if (flow == NG_NEED_MORE)
    keep_window(native, &c);
  else
    put_back(&c);
  native->bits = c.bits;
  native->bit_count = c.bit_count;
  io->in_size = (size_t)(c.in_end - c.in);
  io->in = c.in;
  io->out_size = (size_t)(c.out_end - c.out);
  io->out = c.out;
  if (flow == NG_NEED_MORE)
    return NG_INFLATE_MORE;
  native->phase = NG_AT_STREAM_END;
  return flow == NG_AT_END ? NG_INFLATE_END : NG_INFLATE_BAD;
}

static void *create_portable(void)
{
  struct ng_native *native = calloc(1, sizeof *native);

  if (native)
    native->decode_fast = decode_fast;
  return native;
}

static void *create_best(void)
{
  struct ng_native *native = create_portable();

  if (native && has_bmi2())
    native->decode_fast = decode_fast_bmi2;
  return native;
}

const struct ng_decoder ng_decoder_native = {
    "native", is_available, create_best, free, begin, step,
};

const struct ng_decoder ng_decoder_portable = {
    "portable", is_available, create_portable, free, begin, step,
};
