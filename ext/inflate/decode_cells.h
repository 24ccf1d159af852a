/* SPDX-License-Identifier: MIT */
/*
 * A step of the native decoder (step() of decoder.h), for cells of any width:
 * bytes in decoder_native.c, 16 bits in decoder_speculative.c. Each of these
 * files defines CELL, the type of a cell, includes this file, and defines
 * copy_exactly() and its step(), which calls run_cells() and looks after the
 * window.
 *
 * A step goes through the phases of native.h: header of a block
 * (native_header.c), then stored bytes or codes, then the next block. It may
 * end for want of input or room in any phase, and the next step goes on there.
 *
 * Two loops decode the same codes. The fast one (decode_loop.h) runs while
 * there are input and room for any symbol, so that it tests for neither; it
 * reads eight bytes of input at a time. The careful one decodes one symbol at a
 * time, may stop before any of them, and does the rest near the end of input
 * and room.
 */
#include <string.h>

#include "base/cpu.h"
#include "base/hints.h"
#include "base/le.h"
#include "inflate/native.h"

#define MATCH_MAX 258

/* How far a step has come. */
struct cursor {
  struct ng_bit_reader r;
  CELL *out;       /* the next cell */
  CELL *out_start; /* matches may read cells from here on */
  CELL *out_end;
};

/* Whether a match may reach back that far. */
static bool reaches(const struct ng_native *native, const struct cursor *c,
                    size_t distance)
{
  return distance <= (size_t)(c->out - c->out_start) + native->window_size;
}

/* Copy `length` cells of a match, which may begin in the window, and write no
   cell more. */
static void copy_exactly(const struct ng_native *native, struct cursor *c,
                         size_t distance, size_t length);

/* Copy as much of the current match as there is room for. */
static enum ng_flow copy_match(struct ng_native *native, struct cursor *c)
{
  size_t room = (size_t)(c->out_end - c->out);
  size_t length = native->match_length < room ? native->match_length : room;

  copy_exactly(native, c, native->match_distance, length);
  native->match_length -= (unsigned)length;
  return native->match_length > 0 ? NG_NEED_MORE : NG_GO_ON;
}

/* ------------------------------------------------------------ fast loop -- */

/* A turn uses less than 8 bytes up, and loads the 8 after them. */
#define FAST_IN_BYTES 16
/* Literals are written 4 cells at once, a match 32. */
#define FAST_OUT_CELLS (4 + MATCH_MAX + 32)

static inline void copy_cells(CELL *to, const CELL *from, size_t count)
{
  memcpy(to, from, count * sizeof *to);
}

/* May write up to 31 cells more than the match. */
static inline void copy_fast(CELL *out, size_t distance, size_t length)
{
  const CELL *from = out - distance;
  CELL *end = out + length;

  if (NG_LIKELY(distance >= 16)) {
    copy_cells(out, from, 16);
    copy_cells(out + 16, from + 16, 16);
    for (out += 32, from += 32; NG_UNLIKELY(out < end); out += 16, from += 16)
      copy_cells(out, from, 16);
  } else if (distance >= 8) {
    do {
      copy_cells(out, from, 8);
      copy_cells(out + 8, from + 8, 8);
      out += 16;
      from += 16;
    } while (out < end);
  } else {
    while (out < end)
      *out++ = *from++;
  }
}

/* Write three literals, the first one in the lowest byte; a fourth cell may be
   overwritten. */
static inline void put_literals(CELL *out, uint32_t literals)
{
  if (sizeof(CELL) == 1)
    ng_le_store32((char *)out, literals);
  else
    for (unsigned i = 0; i < 3; i++)
      out[i] = (CELL)(literals >> (8 * i) & 255);
}

#define DECODE_FAST decode_fast
#define DECODE_TARGET
#include "inflate/decode_loop.h"
#undef DECODE_FAST
#undef DECODE_TARGET

/* A shift by a register is faster with BMI2, and a turn has many. */
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

/* Returns the entry for the next bits. *drop is the number of bits to drop,
   which may be more than were fetched. */
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

/* The value of an entry with its extra bits. */
static unsigned value_of(uint32_t entry, uint64_t bits, unsigned drop)
{
  unsigned extra = NG_HUFFMAN_DROP(entry) - NG_HUFFMAN_CODE_BITS(entry);

  return NG_HUFFMAN_VALUE(entry) +
         (unsigned)(bits >> (drop - extra) & ((1u << extra) - 1));
}

/* Read the distance after a length whose code has `length_drop` bits. */
static enum ng_flow begin_match(struct ng_native *native, struct cursor *c,
                                uint32_t length_entry, unsigned length_drop)
{
  unsigned drop;
  uint64_t bits = c->r.bits >> length_drop;
  uint32_t entry = look_up(native->distances, NG_DISTANCE_BITS, bits, &drop);
  unsigned distance;

  if (c->r.bit_count < length_drop + drop)
    return NG_NEED_MORE;
  native->match_length = value_of(length_entry, c->r.bits, length_drop);
  ng_bit_reader_drop(&c->r, length_drop + drop);
  if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_INVALID)
    return NG_BAD_DATA;
  distance = value_of(entry, bits, drop);
  if (!reaches(native, c, distance))
    return NG_BAD_DATA;
  native->match_distance = distance;
  return NG_GO_ON;
}

static enum ng_flow decode_symbol(struct ng_native *native, struct cursor *c)
{
  unsigned drop;
  uint32_t entry;

  /* The longest symbol; near the end of the input fewer bits may do. */
  (void)ng_bit_reader_ensure(&c->r, 48);
  entry = look_up(native->literals, NG_LITERAL_BITS, c->r.bits, &drop);
  if (c->r.bit_count < drop)
    return NG_NEED_MORE;
  switch (NG_HUFFMAN_KIND(entry)) {
  case NG_HUFFMAN_LITERAL:
    if (c->out == c->out_end)
      return NG_NEED_MORE;
    ng_bit_reader_drop(&c->r, drop);
    *c->out++ = (CELL)NG_HUFFMAN_VALUE(entry);
    return NG_GO_ON;
  case NG_HUFFMAN_BASE:
    return begin_match(native, c, entry, drop);
  case NG_HUFFMAN_END:
    ng_bit_reader_drop(&c->r, drop);
    native->phase = NG_AT_BLOCK;
    return NG_GO_ON;
  default:
    ng_bit_reader_drop(&c->r, drop);
    return NG_BAD_DATA;
  }
}

static enum ng_flow decode_codes(struct ng_native *native, struct cursor *c)
{
  enum ng_flow flow = NG_GO_ON;

  while (flow == NG_GO_ON && native->phase == NG_IN_CODES) {
    if (native->match_length > 0)
      flow = copy_match(native, c);
    else if (c->r.in_end - c->r.in >= FAST_IN_BYTES &&
             c->out_end - c->out >= FAST_OUT_CELLS)
      flow = native->uses_bmi2 ? decode_fast_bmi2(native, c)
                               : decode_fast(native, c);
    else
      flow = decode_symbol(native, c);
  }
  return flow;
}

/* ----------------------------------------------------------------- step -- */

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Copy bytes to cells. */
static void copy_bytes(CELL *to, const unsigned char *from, size_t size)
{
  if (sizeof *to == 1 && size > 0)
    memcpy(to, from, size);
  else
    for (size_t i = 0; i < size; i++)
      to[i] = from[i];
}

static enum ng_flow copy_stored(struct ng_native *native, struct cursor *c)
{
  size_t size;

  for (; native->stored_left > 0 && c->r.bit_count > 0; native->stored_left--) {
    if (c->out == c->out_end)
      return NG_NEED_MORE;
    *c->out++ = (CELL)ng_bit_reader_take(&c->r, 8);
  }
  size = smaller(native->stored_left, smaller((size_t)(c->r.in_end - c->r.in),
                                              (size_t)(c->out_end - c->out)));
  copy_bytes(c->out, c->r.in, size);
  c->r.in += size;
  c->out += size;
  native->stored_left -= (uint32_t)size;
  if (native->stored_left > 0)
    return NG_NEED_MORE;
  native->phase = NG_AT_BLOCK;
  return NG_GO_ON;
}

static void note_block(const struct ng_native *native, const struct cursor *c,
                       struct ng_inflate_io *io)
{
  unsigned back = (c->r.bit_count + 7) / 8;

  io->block_in = c->r.in - back;
  io->block_bit = back * 8 - c->r.bit_count + native->skip_bits;
  io->block_out = (unsigned char *)c->out;
}

static enum ng_flow begin_block(struct ng_native *native, struct cursor *c,
                                struct ng_inflate_io *io)
{
  if (!native->last_block) {
    note_block(native, c, io);
    if (io->until && io->block_in >= io->until)
      return NG_AT_UNTIL;
    if (!ng_bit_reader_ensure(&c->r, native->skip_bits))
      return NG_NEED_MORE;
    ng_bit_reader_drop(&c->r, native->skip_bits);
    native->skip_bits = 0;
  }
  return ng_native_read_header(native, &c->r);
}

static enum ng_flow advance(struct ng_native *native, struct cursor *c,
                            struct ng_inflate_io *io)
{
  switch (native->phase) {
  case NG_AT_BLOCK:
    return begin_block(native, c, io);
  case NG_IN_STORED:
    return copy_stored(native, c);
  case NG_IN_CODES:
    return decode_codes(native, c);
  default:
    return ng_native_read_header(native, &c->r);
  }
}

/* Return the whole bytes that were fetched and follow the stream. */
static void put_back(struct ng_bit_reader *r)
{
  r->in -= r->bit_count / 8;
  r->bit_count = 0;
  r->bits = 0;
}

static enum ng_inflate_status status_of(enum ng_flow flow)
{
  switch (flow) {
  case NG_AT_UNTIL:
    return NG_INFLATE_UNTIL;
  case NG_AT_END:
    return NG_INFLATE_END;
  case NG_BAD_DATA:
    return NG_INFLATE_BAD;
  case NG_GO_ON:
  case NG_NEED_MORE:
    break;
  }
  return NG_INFLATE_MORE;
}

/* Decode until input or room run out, the stream ends or is bad, or a block
   begins at io->until, and leave *c there. Matches may also read the `before`
   cells before io->out. */
static enum ng_inflate_status run_cells(struct ng_native *native,
                                        struct cursor *c,
                                        struct ng_inflate_io *io, size_t before)
{
  CELL *out = (CELL *)(void *)io->out;
  enum ng_flow flow = NG_GO_ON;

  *c = (struct cursor){
      {io->in, io->in + io->in_size, native->bits, native->bit_count},
      out,
      out - before,
      out + io->out_size / sizeof(CELL)};
  io->block_in = NULL;
  while (flow == NG_GO_ON)
    flow = advance(native, c, io);
  if (flow == NG_AT_END || flow == NG_BAD_DATA) {
    put_back(&c->r);
    native->phase = NG_AT_STREAM_END;
  }
  native->bits = c->r.bits;
  native->bit_count = c->r.bit_count;
  io->in_size = (size_t)(c->r.in_end - c->r.in);
  io->in = c->r.in;
  io->out_size = (size_t)(c->out_end - c->out) * sizeof(CELL);
  io->out = (unsigned char *)c->out;
  return status_of(flow);
}

/* ------------------------------------------------------ parts of decoders --
 */

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
  ng_native_begin(state);
  return NG_INFLATE_MORE;
}
