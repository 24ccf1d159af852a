/* SPDX-License-Identifier: MIT */
/*
 * The fast loop of decode_cells.h, which includes this file once for each level
 * of the processor: as DECODE_FAST, compiled with DECODE_TARGET. It is one long
 * function so that its state stays in registers.
 *
 * A turn of the loop decodes some literals and the match after them. It is a
 * chain of operations each of which needs the result of the one before: bits,
 * entry, how many to drop, bits, distance, how many to drop. The latency of
 * this chain is the time of a turn. Two things make the chain shorter. The next
 * symbols are looked up before the bits are loaded again; a turn leaves enough
 * bits for that. And all bits are loaded again from memory, which is half as
 * long a chain as to add bits to those that are left.
 */
#ifndef NG_INFLATE_DECODE_LOOP_MACROS
#define NG_INFLATE_DECODE_LOOP_MACROS

#define DROP(entry)                                                            \
  do {                                                                         \
    bits >>= NG_HUFFMAN_DROP(entry) & 63;                                      \
    used += NG_HUFFMAN_DROP(entry);                                            \
  } while (0)

#define INDEX(index_bits) (bits & ((1u << (index_bits)) - 1))

/* The value of an entry with its extra bits, which DROP() drops with it. */
#define VALUE_WITH_EXTRA(entry)                                                \
  (NG_HUFFMAN_VALUE(entry) +                                                   \
   (uint32_t)((bits & (((uint64_t)1 << NG_HUFFMAN_DROP(entry)) - 1)) >>        \
              NG_HUFFMAN_CODE_BITS(entry)))

/* Load at least 57 bits, from the first one that is not used up. */
#define RELOAD()                                                               \
  do {                                                                         \
    in += used >> 3;                                                           \
    used &= 7;                                                                 \
    bits = ng_le_load64((const char *)in) >> used;                             \
  } while (0)

#define LOOK_UP_NEXT()                                                         \
  do {                                                                         \
    symbols = packed[INDEX(NG_LITERAL_BITS)];                                  \
    RELOAD();                                                                  \
  } while (0)

#endif

/* Decode while nothing can run out within a turn. Returns NG_GO_ON when the
   block has ended or too little is left, or NG_BAD_DATA. */
/* NOLINTNEXTLINE(readability-function-size) */
DECODE_TARGET static enum ng_flow DECODE_FAST(struct ng_native *native,
                                              struct cursor *c)
{
  const uint64_t *packed = native->packed;
  const uint32_t *distances = native->distances;
  const unsigned char *in = c->r.in - (c->r.bit_count + 7) / 8;
  const unsigned char *in_last = c->r.in_end - FAST_IN_BYTES;
  CELL *out = c->out;
  CELL *out_last = c->out_end - FAST_OUT_CELLS;
  unsigned used = (0 - c->r.bit_count) & 7; /* bits of the byte at `in` */
  enum ng_flow flow = NG_GO_ON;
  uint64_t bits;
  uint64_t symbols;

  RELOAD();
  LOOK_UP_NEXT();
  while (in <= in_last && out <= out_last) {
    uint32_t literals = NG_PACKED_LITERALS(symbols);
    uint32_t entry = (uint32_t)symbols;
    size_t distance;
    size_t length;

    put_literals(out, literals);
    out += NG_PACKED_LITERAL_COUNT(symbols);
    if (NG_UNLIKELY(NG_HUFFMAN_KIND(entry) != NG_HUFFMAN_BASE)) {
      DROP(entry);
      if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_LITERAL) {
        LOOK_UP_NEXT();
        continue;
      }
      if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_SUBTABLE) {
        entry = native->literals[NG_HUFFMAN_VALUE(entry) +
                                 INDEX(NG_HUFFMAN_CODE_BITS(entry))];
        RELOAD();
        if (NG_HUFFMAN_KIND(entry) != NG_HUFFMAN_BASE)
          DROP(entry);
        if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_LITERAL) {
          *out++ = (CELL)NG_HUFFMAN_VALUE(entry);
          LOOK_UP_NEXT();
          continue;
        }
      }
      if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_END) {
        native->phase = NG_AT_BLOCK;
        break;
      }
      if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_INVALID) {
        flow = NG_BAD_DATA;
        break;
      }
    }
    length = VALUE_WITH_EXTRA(entry);
    DROP(entry);
    entry = distances[INDEX(NG_DISTANCE_BITS)];
    if (NG_UNLIKELY(NG_HUFFMAN_KIND(entry) != NG_HUFFMAN_BASE)) {
      if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_SUBTABLE) {
        DROP(entry);
        entry = distances[NG_HUFFMAN_VALUE(entry) +
                          INDEX(NG_HUFFMAN_CODE_BITS(entry))];
      }
      if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_INVALID) {
        DROP(entry);
        flow = NG_BAD_DATA;
        break;
      }
    }
    distance = VALUE_WITH_EXTRA(entry);
    DROP(entry);
    LOOK_UP_NEXT();
    if (NG_UNLIKELY(distance > (size_t)(out - c->out_start))) {
      c->out = out;
      if (!reaches(native, c, distance)) {
        flow = NG_BAD_DATA;
        break;
      }
      copy_exactly(native, c, distance, length);
    } else {
      copy_fast(out, distance, length);
    }
    out += length;
  }
  /* Give all bits back but the rest of a byte that is used in part. */
  RELOAD();
  c->r.in = in + (used > 0);
  c->r.bit_count = (8 - used) & 7;
  c->r.bits = bits & ((1u << c->r.bit_count) - 1);
  c->out = out;
  return flow;
}
