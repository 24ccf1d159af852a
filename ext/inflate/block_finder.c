/* SPDX-License-Identifier: MIT */
/*
 * Each bit passes three sieves, each finer than the one before (M. Knespel and
 * H. Brunst: Rapidgzip, 2023, section 3.4):
 *
 * 1. The first 13 bits say: not the last block, dynamic codes, no more symbols
 *    than there are. A table tells how many bits to skip to the next position
 *    that passes.
 * 2. The precode, which codes the lengths of the other codes, is complete. A
 *    table adds up what four of its lengths take of the space of codes.
 * 3. The header is read as the native decoder reads it.
 *
 * The finder owns its tables and a state of that decoder, some 70 KB together.
 * speculative.c makes one for each worker.
 */
#include "inflate/block_finder.h"

#include <stdlib.h>

#include "base/le.h"
#include "inflate/native.h"

#define SIEVE_BITS 13
#define PRECODE_LENGTH_BITS 3
/* The sum for a complete precode, in units of its longest code. */
#define PRECODE_SPACE 128

struct ng_block_finder {
  struct ng_native native;
  unsigned char skip[1 << SIEVE_BITS];
  uint16_t space[1 << (4 * PRECODE_LENGTH_BITS)]; /* of four lengths */
};

/* Whether the first `count` bits of a block may be these. */
static bool may_begin(unsigned bits, unsigned count)
{
  static const unsigned char start[] = {0, 0, 1}; /* not last; dynamic */

  for (unsigned i = 0; i < 3 && i < count; i++)
    if ((bits >> i & 1) != start[i])
      return false;
  return (count < 8 || (bits >> 3 & 31) <= 29) &&
         (count < 13 || (bits >> 8 & 31) <= 29);
}

static void fill_tables(struct ng_block_finder *finder)
{
  for (unsigned bits = 0; bits < 1 << SIEVE_BITS; bits++) {
    unsigned skip = 0;

    while (skip < SIEVE_BITS && !may_begin(bits >> skip, SIEVE_BITS - skip))
      skip++;
    finder->skip[bits] = (unsigned char)skip;
  }
  for (unsigned bits = 0; bits < 1 << (4 * PRECODE_LENGTH_BITS); bits++)
    for (unsigned i = 0; i < 4; i++) {
      unsigned length = bits >> (i * PRECODE_LENGTH_BITS) & 7;

      if (length > 0)
        finder->space[bits] += (uint16_t)(PRECODE_SPACE >> length);
    }
}

struct ng_block_finder *ng_block_finder_new(void)
{
  struct ng_block_finder *finder = calloc(1, sizeof *finder);

  if (finder)
    fill_tables(finder);
  return finder;
}

void ng_block_finder_free(struct ng_block_finder *finder)
{
  free(finder);
}

bool ng_block_finder_is_member(const unsigned char *bytes, size_t size)
{
  /* RFC 1952, section 2.3: magic, method, no reserved flag. */
  return size >= 4 && bytes[0] == 0x1f && bytes[1] == 0x8b && bytes[2] == 8 &&
         (bytes[3] & 0xE0) == 0;
}

/* 57 bits or more from `bit` on; the 8 bytes must be there. */
static uint64_t bits_at(const unsigned char *bytes, size_t bit)
{
  return ng_le_load64((const char *)bytes + bit / 8) >> bit % 8;
}

/* The second sieve. */
static bool has_complete_precode(const struct ng_block_finder *finder,
                                 const unsigned char *bytes, size_t bit)
{
  unsigned count = (unsigned)(bits_at(bytes, bit + 13) & 15) + 4;
  uint64_t lengths = bits_at(bytes, bit + 17) &
                     (((uint64_t)1 << (count * PRECODE_LENGTH_BITS)) - 1);
  unsigned space = 0;

  for (; lengths > 0; lengths >>= 4 * PRECODE_LENGTH_BITS)
    space += finder->space[lengths & 0xFFF];
  return space == PRECODE_SPACE;
}

bool ng_block_finder_is_block(struct ng_block_finder *finder,
                              const unsigned char *bytes, size_t size,
                              size_t bit)
{
  struct ng_native *native = &finder->native;
  struct ng_bit_reader r = {bytes + bit / 8, bytes + size, 0, 0};
  enum ng_flow flow = NG_GO_ON;

  ng_native_begin(native);
  if (bit / 8 >= size || !ng_bit_reader_ensure(&r, 16))
    return false;
  ng_bit_reader_drop(&r, bit % 8);
  if (ng_bit_reader_peek(&r, 3) != 4)
    return false;
  while (flow == NG_GO_ON && native->phase != NG_IN_CODES)
    flow = ng_native_read_header(native, &r);
  return flow == NG_GO_ON;
}

bool ng_block_finder_find(struct ng_block_finder *finder,
                          const unsigned char *bytes, size_t size, size_t from,
                          size_t to, size_t *found)
{
  /* From here on, bytes that the sieves load may not be there. */
  size_t sieved = size > 24 ? (size - 24) * 8 : 0;

  to = to < size * 8 ? to : size * 8;
  for (size_t bit = from; bit < to; bit++) {
    if (bit % 8 == 0 &&
        ng_block_finder_is_member(bytes + bit / 8, size - bit / 8)) {
      *found = bit;
      return true;
    }
    if (bit < sieved) {
      unsigned skip =
          finder->skip[bits_at(bytes, bit) & ((1 << SIEVE_BITS) - 1)];
      size_t rest = 7 - bit % 8; /* bits of this byte: no member begins there */

      if (skip > 0) {
        bit += (skip - 1 < rest ? skip - 1 : rest);
        continue;
      }
      if (!has_complete_precode(finder, bytes, bit))
        continue;
    }
    if (ng_block_finder_is_block(finder, bytes, size, bit)) {
      *found = bit;
      return true;
    }
  }
  return false;
}
