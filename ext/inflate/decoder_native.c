/* SPDX-License-Identifier: MIT */
/*
 * Our own decoder of DEFLATE.
 *
 * Two loops read the same codes. The fast one runs while there is input and
 * room for any symbol, so that it tests for neither; it reads eight bytes of
 * input at a time. The careful one takes one symbol at a time, may stop before
 * any of them, and does what is left at the edges. Headers of blocks are read
 * by a machine that may stop between any two numbers.
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

#define WINDOW_BYTES ((size_t)32 << 10)
#define MATCH_MAX 258
#define LITERAL_SYMBOLS 288
#define DISTANCE_SYMBOLS 32
#define PRECODE_SYMBOLS 19

enum phase {
  AT_BLOCK,
  IN_STORED_HEADER,
  IN_STORED,
  IN_COUNTS,
  IN_PRECODE,
  IN_LENGTHS,
  IN_CODES,
  AT_STREAM_END,
};

/* Whether to go on with the step, or what it gives. */
enum flow {
  GO_ON,
  NEED_MORE,
  AT_END,
  BAD_DATA,
};

struct cursor;

struct native {
  /* The fast loop for this processor. */
  enum flow (*decode_fast)(struct native *native, struct cursor *c);
  uint64_t bits; /* the next bits, the first one lowest; zero above */
  unsigned bit_count;
  enum phase phase;
  bool last_block;
  bool fixed_tables; /* the tables are those of a fixed block */
  uint32_t stored_left;
  unsigned literal_count; /* of a dynamic header */
  unsigned distance_count;
  unsigned precode_count;
  unsigned read_count;   /* lengths of the code that is being read */
  unsigned match_length; /* left to be copied */
  unsigned match_distance;
  size_t window_at; /* where the next byte goes */
  size_t window_size;
  unsigned char lengths[LITERAL_SYMBOLS + DISTANCE_SYMBOLS];
  uint64_t packed[NG_PACKED_ENTRIES]; /* of the literals, for the fast loop */
  uint32_t literals[NG_LITERAL_ENTRIES];
  uint32_t distances[NG_DISTANCE_ENTRIES];
  uint32_t precode[NG_PRECODE_ENTRIES];
  unsigned char window[WINDOW_BYTES];
};

/* Where a step is; a copy of it can live in registers. */
struct cursor {
  const unsigned char *in;
  const unsigned char *in_end;
  unsigned char *out;
  unsigned char *out_start;
  unsigned char *out_end;
  uint64_t bits;
  unsigned bit_count;
};

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
  struct native *native = state;

  native->bits = 0;
  native->bit_count = 0;
  native->phase = AT_BLOCK;
  native->last_block = false;
  native->match_length = 0;
  native->window_at = 0;
  native->window_size = 0;
  return NG_INFLATE_MORE;
}

/* ---------------------------------------------------------------- bits -- */

/* Fetch bytes until `count` bits are there, at most 56. */
static bool have_bits(struct cursor *c, unsigned count)
{
  while (c->bit_count < count) {
    if (c->in == c->in_end)
      return false;
    c->bits |= (uint64_t)*c->in++ << c->bit_count;
    c->bit_count += 8;
  }
  return true;
}

static unsigned peek_bits(const struct cursor *c, unsigned count)
{
  return (unsigned)c->bits & ((1u << count) - 1);
}

static void drop_bits(struct cursor *c, unsigned count)
{
  c->bits >>= count;
  c->bit_count -= count;
}

static unsigned take_bits(struct cursor *c, unsigned count)
{
  unsigned value = peek_bits(c, count);

  drop_bits(c, count);
  return value;
}

/* ------------------------------------------------------------- headers -- */

/* The codes of a fixed block (RFC 1951, section 3.2.6). */
static void build_fixed(struct native *native)
{
  unsigned char *lengths = native->lengths;

  memset(lengths, 8, 144);
  memset(lengths + 144, 9, 112);
  memset(lengths + 256, 7, 24);
  memset(lengths + 280, 8, 8);
  ng_huffman_literals(native->literals, lengths, LITERAL_SYMBOLS);
  memset(lengths, 5, DISTANCE_SYMBOLS);
  ng_huffman_distances(native->distances, lengths, DISTANCE_SYMBOLS);
  ng_huffman_pack(native->packed, native->literals);
  native->fixed_tables = true;
}

static enum flow read_block_header(struct native *native, struct cursor *c)
{
  if (native->last_block)
    return AT_END;
  if (!have_bits(c, 3))
    return NEED_MORE;
  native->last_block = take_bits(c, 1);
  switch (take_bits(c, 2)) {
  case 0:
    drop_bits(c, c->bit_count % 8);
    native->phase = IN_STORED_HEADER;
    return GO_ON;
  case 1:
    if (!native->fixed_tables)
      build_fixed(native);
    native->phase = IN_CODES;
    return GO_ON;
  case 2:
    native->phase = IN_COUNTS;
    return GO_ON;
  default:
    return BAD_DATA;
  }
}

static enum flow read_stored_header(struct native *native, struct cursor *c)
{
  unsigned length;

  if (!have_bits(c, 32))
    return NEED_MORE;
  length = take_bits(c, 16);
  if (length != (take_bits(c, 16) ^ 0xFFFF))
    return BAD_DATA;
  native->stored_left = length;
  native->phase = IN_STORED;
  return GO_ON;
}

static void put_byte(struct cursor *c, unsigned char byte)
{
  *c->out++ = byte;
}

static enum flow copy_stored(struct native *native, struct cursor *c)
{
  size_t size;

  for (; native->stored_left > 0 && c->bit_count > 0; native->stored_left--) {
    if (c->out == c->out_end)
      return NEED_MORE;
    put_byte(c, (unsigned char)take_bits(c, 8));
  }
  size = native->stored_left;
  if (size > (size_t)(c->in_end - c->in))
    size = (size_t)(c->in_end - c->in);
  if (size > (size_t)(c->out_end - c->out))
    size = (size_t)(c->out_end - c->out);
  if (size > 0)
    memcpy(c->out, c->in, size);
  c->in += size;
  c->out += size;
  native->stored_left -= (uint32_t)size;
  if (native->stored_left > 0)
    return NEED_MORE;
  native->phase = AT_BLOCK;
  return GO_ON;
}

static enum flow read_counts(struct native *native, struct cursor *c)
{
  if (!have_bits(c, 14))
    return NEED_MORE;
  native->literal_count = take_bits(c, 5) + 257;
  native->distance_count = take_bits(c, 5) + 1;
  native->precode_count = take_bits(c, 4) + 4;
  if (native->literal_count > 286 || native->distance_count > 30)
    return BAD_DATA;
  memset(native->lengths, 0, PRECODE_SYMBOLS);
  native->read_count = 0;
  native->phase = IN_PRECODE;
  return GO_ON;
}

static enum flow read_precode(struct native *native, struct cursor *c)
{
  static const unsigned char order[PRECODE_SYMBOLS] = {
      16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

  for (; native->read_count < native->precode_count; native->read_count++) {
    if (!have_bits(c, 3))
      return NEED_MORE;
    native->lengths[order[native->read_count]] = (unsigned char)take_bits(c, 3);
  }
  if (!ng_huffman_precode(native->precode, native->lengths, PRECODE_SYMBOLS))
    return BAD_DATA;
  native->fixed_tables = false;
  native->read_count = 0;
  native->phase = IN_LENGTHS;
  return GO_ON;
}

static enum flow build_tables(struct native *native)
{
  if (native->lengths[256] == 0 || /* a block could not end */
      !ng_huffman_literals(native->literals, native->lengths,
                           native->literal_count) ||
      !ng_huffman_distances(native->distances,
                            native->lengths + native->literal_count,
                            native->distance_count))
    return BAD_DATA;
  ng_huffman_pack(native->packed, native->literals);
  native->phase = IN_CODES;
  return GO_ON;
}

/* One symbol of the precode: a length, or one to be repeated. */
static enum flow read_length(struct native *native, struct cursor *c)
{
  static const unsigned char extra_bits[] = {2, 3, 7};
  static const unsigned char bases[] = {3, 3, 11};
  unsigned all = native->literal_count + native->distance_count;
  unsigned char *at = native->lengths + native->read_count;
  uint32_t entry = native->precode[peek_bits(c, NG_PRECODE_BITS)];
  unsigned symbol = NG_HUFFMAN_VALUE(entry);
  unsigned repeat = 1;
  unsigned extra = symbol < 16 ? 0 : extra_bits[symbol - 16];

  if (!have_bits(c, NG_HUFFMAN_DROP(entry) + extra))
    return NEED_MORE;
  drop_bits(c, NG_HUFFMAN_DROP(entry));
  if (symbol >= 16)
    repeat = bases[symbol - 16] + take_bits(c, extra);
  if (repeat > all - native->read_count ||
      (symbol == 16 && native->read_count == 0))
    return BAD_DATA;
  memset(at, symbol < 16 ? (int)symbol : symbol == 16 ? at[-1] : 0, repeat);
  native->read_count += repeat;
  return GO_ON;
}

static enum flow read_lengths(struct native *native, struct cursor *c)
{
  unsigned all = native->literal_count + native->distance_count;

  while (native->read_count < all) {
    enum flow flow;

    (void)have_bits(c, 14); /* the longest; at the end less may do */
    flow = read_length(native, c);
    if (flow != GO_ON)
      return flow;
  }
  return build_tables(native);
}

/* -------------------------------------------------------------- matches -- */

/* Whether so much text has been decoded. */
static bool reaches(const struct native *native, const struct cursor *c,
                    size_t distance)
{
  return distance <= (size_t)(c->out - c->out_start) + native->window_size;
}

/* The part of a match that lies before this step; how much it was. */
static size_t copy_from_window(const struct native *native, struct cursor *c,
                               size_t distance, size_t length)
{
  size_t done = 0;

  while (done < length && distance > (size_t)(c->out - c->out_start)) {
    size_t before = distance - (size_t)(c->out - c->out_start);
    size_t from = (native->window_at - before) % WINDOW_BYTES;
    size_t size = length - done;

    size = size < before ? size : before;
    size = size < WINDOW_BYTES - from ? size : WINDOW_BYTES - from;
    memcpy(c->out, native->window + from, size);
    c->out += size;
    done += size;
  }
  return done;
}

/* Copy a match or a piece of it, wherever it begins, and not a byte more. */
static void copy_exactly(const struct native *native, struct cursor *c,
                         size_t distance, size_t length)
{
  length -= copy_from_window(native, c, distance, length);
  for (; length > 0; length--, c->out++)
    *c->out = c->out[-(ptrdiff_t)distance];
}

/* As much of the match begun as there is room for. */
static enum flow copy_match(struct native *native, struct cursor *c)
{
  size_t room = (size_t)(c->out_end - c->out);
  size_t length = native->match_length < room ? native->match_length : room;

  copy_exactly(native, c, native->match_distance, length);
  native->match_length -= (unsigned)length;
  return native->match_length > 0 ? NEED_MORE : GO_ON;
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
static enum flow begin_match(struct native *native, struct cursor *c,
                             uint32_t length_entry, unsigned length_drop)
{
  unsigned drop;
  uint64_t bits = c->bits >> length_drop;
  uint32_t entry = look_up(native->distances, NG_DISTANCE_BITS, bits, &drop);
  unsigned distance;

  if (c->bit_count < length_drop + drop)
    return NEED_MORE;
  native->match_length = value_of(length_entry, c->bits, length_drop);
  drop_bits(c, length_drop + drop);
  if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_INVALID)
    return BAD_DATA;
  distance = value_of(entry, bits, drop);
  if (!reaches(native, c, distance))
    return BAD_DATA;
  native->match_distance = distance;
  return GO_ON;
}

static enum flow decode_symbol(struct native *native, struct cursor *c)
{
  unsigned drop;
  uint32_t entry;

  (void)have_bits(c, 48); /* the longest; at the end less may do */
  entry = look_up(native->literals, NG_LITERAL_BITS, c->bits, &drop);
  if (c->bit_count < drop)
    return NEED_MORE;
  switch (NG_HUFFMAN_KIND(entry)) {
  case NG_HUFFMAN_LITERAL:
    if (c->out == c->out_end)
      return NEED_MORE;
    drop_bits(c, drop);
    put_byte(c, (unsigned char)NG_HUFFMAN_VALUE(entry));
    return GO_ON;
  case NG_HUFFMAN_BASE:
    return begin_match(native, c, entry, drop);
  case NG_HUFFMAN_END:
    drop_bits(c, drop);
    native->phase = AT_BLOCK;
    return GO_ON;
  default:
    drop_bits(c, drop);
    return BAD_DATA;
  }
}

static enum flow decode_codes(struct native *native, struct cursor *c)
{
  enum flow flow = GO_ON;

  while (flow == GO_ON && native->phase == IN_CODES) {
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

static enum flow advance(struct native *native, struct cursor *c)
{
  switch (native->phase) {
  case AT_BLOCK:
    return read_block_header(native, c);
  case IN_STORED_HEADER:
    return read_stored_header(native, c);
  case IN_STORED:
    return copy_stored(native, c);
  case IN_COUNTS:
    return read_counts(native, c);
  case IN_PRECODE:
    return read_precode(native, c);
  case IN_LENGTHS:
    return read_lengths(native, c);
  case IN_CODES:
    return decode_codes(native, c);
  case AT_STREAM_END:
    break;
  }
  return AT_END;
}

/* Keep the end of what this step gave. */
static void keep_window(struct native *native, const struct cursor *c)
{
  size_t size = (size_t)(c->out - c->out_start);
  size_t kept = size < WINDOW_BYTES ? size : WINDOW_BYTES;
  size_t first = WINDOW_BYTES - native->window_at;

  first = first < kept ? first : kept;
  if (kept > 0) {
    memcpy(native->window + native->window_at, c->out - kept, first);
    memcpy(native->window, c->out - kept + first, kept - first);
  }
  native->window_at = (native->window_at + kept) % WINDOW_BYTES;
  native->window_size += kept;
  if (native->window_size > WINDOW_BYTES)
    native->window_size = WINDOW_BYTES;
}

/* Whole bytes that were fetched and not needed belong to what follows. */
static void put_back(struct cursor *c)
{
  c->in -= c->bit_count / 8;
  c->bit_count = 0;
  c->bits = 0;
}

static enum ng_inflate_status step(void *state, struct ng_inflate_io *io)
{
  struct native *native = state;
  struct cursor c = {io->in,           io->in + io->in_size,   io->out,
                     io->out,          io->out + io->out_size, native->bits,
                     native->bit_count};
  enum flow flow = GO_ON;

  while (flow == GO_ON)
    flow = advance(native, &c);
  if (flow == NEED_MORE)
    keep_window(native, &c);
  else
    put_back(&c);
  native->bits = c.bits;
  native->bit_count = c.bit_count;
  io->in_size = (size_t)(c.in_end - c.in);
  io->in = c.in;
  io->out_size = (size_t)(c.out_end - c.out);
  io->out = c.out;
  if (flow == NEED_MORE)
    return NG_INFLATE_MORE;
  native->phase = AT_STREAM_END;
  return flow == AT_END ? NG_INFLATE_END : NG_INFLATE_BAD;
}

static void *create_portable(void)
{
  struct native *native = calloc(1, sizeof *native);

  if (native)
    native->decode_fast = decode_fast;
  return native;
}

static void *create_best(void)
{
  struct native *native = create_portable();

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
