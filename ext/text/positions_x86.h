/* SPDX-License-Identifier: MIT */
/*
 * A mask to positions by AVX-512, without a loop: the numbers 0 to 63 are
 * compressed under the mask.
 */
#ifndef NG_TEXT_POSITIONS_X86_H
#define NG_TEXT_POSITIONS_X86_H

#include <immintrin.h>
#include <stdint.h>

#include "base/hints.h"

#define AVX512_TARGET                                                          \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt")))

/* Store 16 positions, made of 16 numbers. */
AVX512_TARGET static inline void put16(uint32_t *out, __m128i numbers,
                                       __m512i base)
{
  _mm512_storeu_si512(out,
                      _mm512_add_epi32(_mm512_cvtepu8_epi32(numbers), base));
}

/* Append base + i to `out`, which has room for 64, for every bit i of the mask.
   Most masks have no more than `sure` bits, 16 or 32. Returns the new end. */
AVX512_TARGET static inline uint32_t *
put_positions_avx512(uint32_t *out, uint64_t mask, uint32_t base, unsigned sure)
{
  static const uint8_t iota[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
      16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
      32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
      48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  __m512i numbers = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(iota));
  __m512i from = _mm512_set1_epi32((int)base);
  unsigned count = (unsigned)__builtin_popcountll(mask);

  put16(out, _mm512_castsi512_si128(numbers), from);
  if (sure > 16)
    put16(out + 16, _mm512_extracti32x4_epi32(numbers, 1), from);
  if (NG_UNLIKELY(count > sure)) {
    put16(out + 16, _mm512_extracti32x4_epi32(numbers, 1), from);
    put16(out + 32, _mm512_extracti32x4_epi32(numbers, 2), from);
    put16(out + 48, _mm512_extracti32x4_epi32(numbers, 3), from);
  }
  return out + count;
}

#endif
