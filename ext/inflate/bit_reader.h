/* SPDX-License-Identifier: MIT */
/*
 * Reads bits from memory, the lowest bit of each byte first (RFC 1951, section
 * 3.1.1). A copy of the reader can live in registers.
 */
#ifndef NG_INFLATE_BIT_READER_H
#define NG_INFLATE_BIT_READER_H

#include <stdbool.h>
#include <stdint.h>

struct ng_bit_reader {
  const unsigned char *in; /* the next byte to fetch */
  const unsigned char *in_end;
  uint64_t bits; /* fetched bits, the next one lowest; zero above them */
  unsigned bit_count;
};

/* Fetch bytes until `count` bits, at most 56, are there. Returns false if the
   input ends before; what there is has been fetched. */
static inline bool ng_bit_reader_ensure(struct ng_bit_reader *r, unsigned count)
{
  while (r->bit_count < count) {
    if (r->in == r->in_end)
      return false;
    r->bits |= (uint64_t)*r->in++ << r->bit_count;
    r->bit_count += 8;
  }
  return true;
}

/* The next `count` bits, at most 31; those that were not fetched read as 0. */
static inline unsigned ng_bit_reader_peek(const struct ng_bit_reader *r,
                                          unsigned count)
{
  return (unsigned)r->bits & ((1u << count) - 1);
}

/* Skip `count` bits, at most bit_count. */
static inline void ng_bit_reader_drop(struct ng_bit_reader *r, unsigned count)
{
  r->bits >>= count;
  r->bit_count -= count;
}

/* Read `count` bits, which ng_bit_reader_ensure() has fetched. */
static inline unsigned ng_bit_reader_take(struct ng_bit_reader *r,
                                          unsigned count)
{
  unsigned value = ng_bit_reader_peek(r, count);

  ng_bit_reader_drop(r, count);
  return value;
}

#endif
