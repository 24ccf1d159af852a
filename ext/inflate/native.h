/* SPDX-License-Identifier: MIT */
/*
 * Inside our own decoder: its state, shared by the two files that decode,
 * decoder_native.c (codes) and native_header.c (all that stands between them).
 */
#ifndef NG_INFLATE_NATIVE_H
#define NG_INFLATE_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inflate/huffman.h"

#define NG_WINDOW_BYTES ((size_t)32 << 10)
#define NG_LITERAL_SYMBOLS 288
#define NG_DISTANCE_SYMBOLS 32

enum ng_native_phase {
  NG_AT_BLOCK,
  NG_IN_STORED_HEADER,
  NG_IN_STORED,
  NG_IN_COUNTS,
  NG_IN_PRECODE,
  NG_IN_LENGTHS,
  NG_IN_CODES,
  NG_AT_STREAM_END,
};

/* Whether to go on with the step, or what it gives. */
enum ng_flow {
  NG_GO_ON,
  NG_NEED_MORE,
  NG_AT_END,
  NG_BAD_DATA,
};

struct ng_cursor;

struct ng_native {
  /* The fast loop for this processor. */
  enum ng_flow (*decode_fast)(struct ng_native *native, struct ng_cursor *c);
  uint64_t bits; /* the next bits, the first one lowest; zero above */
  unsigned bit_count;
  enum ng_native_phase phase;
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
  unsigned char lengths[NG_LITERAL_SYMBOLS + NG_DISTANCE_SYMBOLS];
  uint64_t packed[NG_PACKED_ENTRIES]; /* of the literals, for the fast loop */
  uint32_t literals[NG_LITERAL_ENTRIES];
  uint32_t distances[NG_DISTANCE_ENTRIES];
  uint32_t precode[NG_PRECODE_ENTRIES];
  unsigned char window[NG_WINDOW_BYTES];
};

/* Where a step is; a copy of it can live in registers. */
struct ng_cursor {
  const unsigned char *in;
  const unsigned char *in_end;
  unsigned char *out;
  unsigned char *out_start;
  unsigned char *out_end;
  uint64_t bits;
  unsigned bit_count;
};

/* Do what stands before the codes of a block: its header, or all of it when it
   is stored. Leaves the phase NG_IN_CODES or NG_AT_BLOCK, or as it was when
   input or room ran out. */
enum ng_flow ng_native_read_header(struct ng_native *native,
                                   struct ng_cursor *c);

/* ---------------------------------------------------------------- bits -- */

/* Fetch bytes until `count` bits are there, at most 56. */
static inline bool ng_have_bits(struct ng_cursor *c, unsigned count)
{
  while (c->bit_count < count) {
    if (c->in == c->in_end)
      return false;
    c->bits |= (uint64_t)*c->in++ << c->bit_count;
    c->bit_count += 8;
  }
  return true;
}

static inline unsigned ng_peek_bits(const struct ng_cursor *c, unsigned count)
{
  return (unsigned)c->bits & ((1u << count) - 1);
}

static inline void ng_drop_bits(struct ng_cursor *c, unsigned count)
{
  c->bits >>= count;
  c->bit_count -= count;
}

static inline unsigned ng_take_bits(struct ng_cursor *c, unsigned count)
{
  unsigned value = ng_peek_bits(c, count);

  ng_drop_bits(c, count);
  return value;
}

#endif
