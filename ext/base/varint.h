/* SPDX-License-Identifier: MIT */
/*
 * Numbers of a length that varies: 7 bits a byte, the low ones first; all bytes
 * but the last have the top bit set (as in LEB128). Small ones, of which there
 * are most, take one byte.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_VARINT_H
#define NG_BASE_VARINT_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a number of 32 and 64 bits, at most. */
#define NG_VARINT32_BYTES 5
#define NG_VARINT64_BYTES 10

/* Write a number at `at`, where there is room for it; where it ends. */
static inline char *ng_varint_put(char *at, uint64_t number)
{
  for (; number >= 0x80; number >>= 7)
    *at++ = (char)(number | 0x80);
  *at++ = (char)number;
  return at;
}

/* Read a number from what reaches up to `end`; where it ends. NULL: it does not
   end before that, nor within NG_VARINT64_BYTES. NULL stays NULL, so that
   several are read in a row and looked at once. Bits past the 64th are lost. */
static inline const char *ng_varint_get(const char *at, const char *end,
                                        uint64_t *number)
{
  *number = 0;
  if (!at)
    return NULL;
  for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
    unsigned char byte = (unsigned char)*at++;

    *number |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80)
      return at;
  }
  return NULL;
}

#endif
