/* SPDX-License-Identifier: MIT */
/*
 * Numbers of variable length, as in LEB128: 7 bits a byte, the low ones first;
 * all bytes but the last have the top bit set. Numbers below 128, the most
 * frequent, take one byte.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_VARINT_H
#define NG_BASE_VARINT_H

#include <stddef.h>
#include <stdint.h>

/* The most bytes that a number of 32 or 64 bits takes. */
#define NG_VARINT32_BYTES 5
#define NG_VARINT64_BYTES 10

/* Write a number at `at`, where there must be room for it. Returns its end. */
static inline char *ng_varint_put(char *at, uint64_t number)
{
  for (; number >= 0x80; number >>= 7)
    *at++ = (char)(number | 0x80);
  *at++ = (char)number;
  return at;
}

/* Read a number from the bytes before `end`. Returns its end, or NULL if the
   number does not end there or within NG_VARINT64_BYTES. If `at` is NULL the
   result is NULL, so that a caller may read several numbers and check once.
   Bits past the 64th are lost. */
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
