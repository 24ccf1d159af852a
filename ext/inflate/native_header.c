/* SPDX-License-Identifier: MIT */
/*
 * Reads headers of DEFLATE blocks (RFC 1951, section 3.2.3 to 3.2.7) and builds
 * the decoding tables that they describe. A state machine, which may stop for
 * more input between any two numbers; its phase and all it has read are kept in
 * struct ng_native. Called by each step of the native decoder at the start of
 * a block (decode_cells.h), and by the block finder to try a position.
 */
#include <string.h>

#include "inflate/native.h"

#define PRECODE_SYMBOLS 19

void ng_native_begin(struct ng_native *native)
{
  native->bits = 0;
  native->bit_count = 0;
  native->skip_bits = 0;
  native->phase = NG_AT_BLOCK;
  native->last_block = false;
  native->match_length = 0;
  native->window_size = 0;
  native->window_at = 0;
}

/* The codes of a fixed block (RFC 1951, section 3.2.6). */
static void build_fixed(struct ng_native *native)
{
  unsigned char *lengths = native->lengths;

  memset(lengths, 8, 144);
  memset(lengths + 144, 9, 112);
  memset(lengths + 256, 7, 24);
  memset(lengths + 280, 8, 8);
  ng_huffman_literals(native->literals, native->packed, lengths,
                      NG_LITERAL_SYMBOLS);
  memset(lengths, 5, NG_DISTANCE_SYMBOLS);
  ng_huffman_distances(native->distances, lengths, NG_DISTANCE_SYMBOLS);
  native->fixed_tables = true;
}

static enum ng_flow read_block_header(struct ng_native *native,
                                      struct ng_bit_reader *r)
{
  if (native->last_block)
    return NG_AT_END;
  if (!ng_bit_reader_ensure(r, 3))
    return NG_NEED_MORE;
  native->last_block = ng_bit_reader_take(r, 1);
  switch (ng_bit_reader_take(r, 2)) {
  case 0:
    ng_bit_reader_drop(r, r->bit_count % 8);
    native->phase = NG_IN_STORED_HEADER;
    return NG_GO_ON;
  case 1:
    if (!native->fixed_tables)
      build_fixed(native);
    native->phase = NG_IN_CODES;
    return NG_GO_ON;
  case 2:
    native->phase = NG_IN_COUNTS;
    return NG_GO_ON;
  default:
    return NG_BAD_DATA;
  }
}

static enum ng_flow read_stored_header(struct ng_native *native,
                                       struct ng_bit_reader *r)
{
  unsigned length;

  if (!ng_bit_reader_ensure(r, 32))
    return NG_NEED_MORE;
  length = ng_bit_reader_take(r, 16);
  if (length != (ng_bit_reader_take(r, 16) ^ 0xFFFF))
    return NG_BAD_DATA;
  native->stored_left = length;
  native->phase = NG_IN_STORED;
  return NG_GO_ON;
}

static enum ng_flow read_counts(struct ng_native *native,
                                struct ng_bit_reader *r)
{
  if (!ng_bit_reader_ensure(r, 14))
    return NG_NEED_MORE;
  native->literal_count = ng_bit_reader_take(r, 5) + 257;
  native->distance_count = ng_bit_reader_take(r, 5) + 1;
  native->precode_count = ng_bit_reader_take(r, 4) + 4;
  if (native->literal_count > 286 || native->distance_count > 30)
    return NG_BAD_DATA;
  memset(native->lengths, 0, PRECODE_SYMBOLS);
  native->read_count = 0;
  native->phase = NG_IN_PRECODE;
  return NG_GO_ON;
}

static enum ng_flow read_precode(struct ng_native *native,
                                 struct ng_bit_reader *r)
{
  static const unsigned char order[PRECODE_SYMBOLS] = {
      16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

  for (; native->read_count < native->precode_count; native->read_count++) {
    if (!ng_bit_reader_ensure(r, 3))
      return NG_NEED_MORE;
    native->lengths[order[native->read_count]] =
        (unsigned char)ng_bit_reader_take(r, 3);
  }
  if (!ng_huffman_precode(native->precode, native->lengths, PRECODE_SYMBOLS))
    return NG_BAD_DATA;
  native->fixed_tables = false;
  native->read_count = 0;
  native->phase = NG_IN_LENGTHS;
  return NG_GO_ON;
}

static enum ng_flow build_tables(struct ng_native *native)
{
  if (native->lengths[256] == 0 || /* the block would not end */
      !ng_huffman_literals(native->literals, native->packed, native->lengths,
                           native->literal_count) ||
      !ng_huffman_distances(native->distances,
                            native->lengths + native->literal_count,
                            native->distance_count))
    return NG_BAD_DATA;
  native->phase = NG_IN_CODES;
  return NG_GO_ON;
}

/* Read a symbol of the precode: a length, or how often to repeat one. */
static enum ng_flow read_length(struct ng_native *native,
                                struct ng_bit_reader *r)
{
  static const unsigned char extra_bits[] = {2, 3, 7};
  static const unsigned char bases[] = {3, 3, 11};
  unsigned all = native->literal_count + native->distance_count;
  unsigned char *at = native->lengths + native->read_count;
  uint32_t entry = native->precode[ng_bit_reader_peek(r, NG_PRECODE_BITS)];
  unsigned symbol = NG_HUFFMAN_VALUE(entry);
  unsigned repeat = 1;
  unsigned extra = symbol < 16 ? 0 : extra_bits[symbol - 16];

  if (!ng_bit_reader_ensure(r, NG_HUFFMAN_DROP(entry) + extra))
    return NG_NEED_MORE;
  ng_bit_reader_drop(r, NG_HUFFMAN_DROP(entry));
  if (symbol >= 16)
    repeat = bases[symbol - 16] + ng_bit_reader_take(r, extra);
  if (repeat > all - native->read_count ||
      (symbol == 16 && native->read_count == 0))
    return NG_BAD_DATA;
  memset(at, symbol < 16 ? (int)symbol : symbol == 16 ? at[-1] : 0, repeat);
  native->read_count += repeat;
  return NG_GO_ON;
}

static enum ng_flow read_lengths(struct ng_native *native,
                                 struct ng_bit_reader *r)
{
  unsigned all = native->literal_count + native->distance_count;

  while (native->read_count < all) {
    enum ng_flow flow;

    /* The longest symbol; near the end of the input fewer bits may do. */
    (void)ng_bit_reader_ensure(r, 14);
    flow = read_length(native, r);
    if (flow != NG_GO_ON)
      return flow;
  }
  return build_tables(native);
}

enum ng_flow ng_native_read_header(struct ng_native *native,
                                   struct ng_bit_reader *r)
{
  switch (native->phase) {
  case NG_AT_BLOCK:
    return read_block_header(native, r);
  case NG_IN_STORED_HEADER:
    return read_stored_header(native, r);
  case NG_IN_COUNTS:
    return read_counts(native, r);
  case NG_IN_PRECODE:
    return read_precode(native, r);
  case NG_IN_LENGTHS:
    return read_lengths(native, r);
  default: /* NG_AT_STREAM_END */
    return NG_AT_END;
  }
}
