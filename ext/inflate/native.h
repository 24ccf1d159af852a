/* SPDX-License-Identifier: MIT */
/*
 * The state of the native decoder, shared by the files that make it up:
 *
 *   native_header.c        headers of blocks
 *   decode_cells.h         codes and stored bytes, into cells of any width
 *   decode_loop.h          the fast loop of that
 *   decoder_native.c       cells of 8 bits: text
 *   decoder_speculative.c  cells of 16 bits: text, or a marker
 */
#ifndef NG_INFLATE_NATIVE_H
#define NG_INFLATE_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inflate/bit_reader.h"
#include "inflate/decoder.h"
#include "inflate/huffman.h"

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

/* Whether to go on with the step, or why it ends. */
enum ng_flow {
  NG_GO_ON,
  NG_NEED_MORE, /* input, or room for cells */
  NG_AT_UNTIL,  /* a block begins at or after io->until */
  NG_AT_END,
  NG_BAD_DATA,
};

struct ng_native {
  bool uses_bmi2;
  uint64_t bits; /* of the bit reader, between steps */
  unsigned bit_count;
  unsigned
      skip_bits; /* of the byte in which the next block begins, before it */
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
  size_t window_size; /* text before this step that a match may reach */
  size_t window_at;   /* where the next byte goes in the ring `window` */
  unsigned char lengths[NG_LITERAL_SYMBOLS + NG_DISTANCE_SYMBOLS];
  uint64_t packed[NG_PACKED_ENTRIES]; /* of the literals, for the fast loop */
  uint32_t literals[NG_LITERAL_ENTRIES];
  uint32_t distances[NG_DISTANCE_ENTRIES];
  uint32_t precode[NG_PRECODE_ENTRIES];
  unsigned char window[NG_WINDOW_BYTES];
};

/* Begin a stream. */
void ng_native_begin(struct ng_native *native);

/* Go on reading the header of a block; the phase is NG_AT_BLOCK, one of a
   header, or NG_AT_STREAM_END. Returns NG_GO_ON after each part of it, with the
   phase of the next part, or NG_IN_CODES or NG_IN_STORED after the last one.
   Returns NG_NEED_MORE, with nothing lost, if input ran out, and NG_AT_END
   after the last block. */
enum ng_flow ng_native_read_header(struct ng_native *native,
                                   struct ng_bit_reader *r);

#endif
