/* SPDX-License-Identifier: MIT */
/*
 * Numbers of one to eight digits, read within a 64-bit word (Lemire, "Quickly
 * parsing eight digits", 2018). The caller has checked that they are digits.
 */
#ifndef NG_TEXT_DIGITS_H
#define NG_TEXT_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/le.h"

#define NG_EACH_BYTE UINT64_C(0x0101010101010101)

/* Load `length` digits, 1 to 8: the last one into the top byte, 0 into the
   bytes below the first. Reads 8 bytes. */
static inline uint64_t ng_digits_load(const char *start, size_t length)
{
  return (ng_le_load64(start) ^ NG_EACH_BYTE * '0') << ((0 - 8 * length) & 63);
}

/* The value of eight digits, the first of which is the lowest byte. */
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
  return ng_digits_value(ng_digits_load(digits.start, digits.length));
}

#endif
