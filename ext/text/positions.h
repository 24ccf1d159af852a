/* SPDX-License-Identifier: MIT */
/*
 * From a mask of 64 bits to the numbers of the bits that are set, for the
 * kernels of this room. These are macros, so that each kernel compiles them
 * with its own instructions. NEXT_BIT(mask) is the number of the lowest bit, or
 * any number for a mask of 0. Eight numbers at a time are written without a
 * test of how many there are.
 */
#ifndef NG_TEXT_POSITIONS_H
#define NG_TEXT_POSITIONS_H

#include "base/hints.h"

#define PUT_TWO(out, mask, base, NEXT_BIT)                                     \
  do {                                                                         \
    (out)[0] = (base) + (uint32_t)NEXT_BIT(mask);                              \
    (mask) &= (mask)-1;                                                        \
    (out)[1] = (base) + (uint32_t)NEXT_BIT(mask);                              \
    (mask) &= (mask)-1;                                                        \
  } while (0)

/* Written out: compilers unroll it at -O3 only. */
#define PUT_EIGHT(out, mask, base, NEXT_BIT)                                   \
  do {                                                                         \
    PUT_TWO((out), mask, base, NEXT_BIT);                                      \
    PUT_TWO((out) + 2, mask, base, NEXT_BIT);                                  \
    PUT_TWO((out) + 4, mask, base, NEXT_BIT);                                  \
    PUT_TWO((out) + 6, mask, base, NEXT_BIT);                                  \
  } while (0)

/*
 * Append base + i to `out`, which has room for 64, for every bit i of the mask.
 * PUT_FIRST writes the FIRST lowest, which in most windows are all: a loop that
 * ends at the right one would be mispredicted at nearly every window.
 */
#define PUT_POSITIONS(out, mask, base, NEXT_BIT, PUT_FIRST, FIRST)             \
  do {                                                                         \
    unsigned put_count = (unsigned)__builtin_popcountll(mask);                 \
    uint32_t *put_out = (out);                                                 \
                                                                               \
    (out) += put_count;                                                        \
    PUT_FIRST(put_out, mask, base, NEXT_BIT);                                  \
    put_out += (FIRST);                                                        \
    while (NG_UNLIKELY(mask)) {                                                \
      PUT_EIGHT(put_out, mask, base, NEXT_BIT);                                \
      put_out += 8;                                                            \
    }                                                                          \
  } while (0)

#define PUT_SIXTEEN(out, mask, base, NEXT_BIT)                                 \
  PUT_EIGHT((out), mask, base, NEXT_BIT);                                      \
  PUT_EIGHT((out) + 8, mask, base, NEXT_BIT)

#define PUT_TWENTY_FOUR(out, mask, base, NEXT_BIT)                             \
  PUT_SIXTEEN((out), mask, base, NEXT_BIT);                                    \
  PUT_EIGHT((out) + 16, mask, base, NEXT_BIT)

#endif
