/* SPDX-License-Identifier: MIT */
/*
 * A mask of 64 bits to the numbers of those that are set, for the kernels of
 * this room. Macros, so that each compiles them with its own instructions:
 * NEXT_BIT(mask) is the lowest bit's place, any value for a mask of 0. Eight
 * at a time are written without asking how many there are.
 */
#ifndef NG_TEXT_POSITIONS_H
#define NG_TEXT_POSITIONS_H

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

#endif
