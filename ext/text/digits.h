/* SPDX-License-Identifier: MIT */
/*
 * Numbers of one to eight digits, read within a 64-bit word (Lemire, "Quickly
 * parsing eight digits", 2018). That they are digits has been seen.
 */
#ifndef NG_TEXT_DIGITS_H
#define NG_TEXT_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/le.h"

#define NG_EACH_BYTE UINT64_C(0x0101010101010101)

/*
 * The `length` digits at `start`: the last one in the top byte, bytes before
 * the first 0. For a length of 1 to 8; reads 8 bytes.
 */
static inline uint64_t ng_load_digits(const char *start, size_t length)
{
  return (ng_le_load64(start) ^ NG_EACH_BYTE * '0') << ((0 - 8 * length) & 63);
}

/* Eight digits, the first in the lowest byte, to their value. */
static inline uint64_t ng_digits_value(uint64_t digits)
{
  digits = digits * 10 + (digits >> 8);
  return (((digits & UINT64_C(0x000000FF000000FF)) *
           (100 + (UINT64_C(1000000) << 32))) +
          ((digits >> 16 & UINT64_C(0x000000FF000000FF)) *
           (1 + (UINT64_C(10000) << 32)))) >>
         32;
}

/* One to eight digits in the text. */
struct ng_digits {
  const char *start;
  size_t length;
};

static inline uint64_t ng_digits_read(struct ng_digits digits)
{
  return ng_digits_value(ng_load_digits(digits.start, digits.length));
}

#endif
