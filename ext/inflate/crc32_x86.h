/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 by carry-less multiplication, included by crc32.c alone.
 *
 * Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
 * Instruction" (Intel, 2009): four 128-bit accumulators are folded over 64
 * bytes at a time, then into one, and the remainder is left to the table: 16
 * bytes whose CRC is that of all the text. Bits are in gzip's reflected
 * order; the constants are x^n mod P, reflected, for the distances folded.
 */
#include <immintrin.h>

#define CRC_TARGET __attribute__((target("pclmul,sse4.1")))

/* Under this the set-up costs more than the table. */
#define FOLD_MIN 128

CRC_TARGET static inline __m128i fold(__m128i sum, __m128i keys, __m128i next)
{
  __m128i low = _mm_clmulepi64_si128(sum, keys, 0x00);
  __m128i high = _mm_clmulepi64_si128(sum, keys, 0x11);

  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

CRC_TARGET static inline __m128i load16(const unsigned char *p)
{
  return _mm_loadu_si128((const __m128i *)(const void *)p);
}

CRC_TARGET static uint32_t crc32_pclmul(uint32_t crc, const void *data,
                                        size_t size)
{
  /* For distances of 512 and 128 bits: x^(d+32) and x^(d-32) mod P. */
  const __m128i keys64 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
  const __m128i keys16 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  const unsigned char *p = data;
  unsigned char rest[16];
  __m128i sums[4];

  if (size < FOLD_MIN)
    return ng_crc32_scalar(crc, data, size);
  for (int i = 0; i < 4; i++)
    sums[i] = load16(p + 16 * i);
  sums[0] = _mm_xor_si128(sums[0], _mm_cvtsi32_si128((int)~crc));
  for (p += 64, size -= 64; size >= 64; p += 64, size -= 64)
    for (int i = 0; i < 4; i++)
      sums[i] = fold(sums[i], keys64, load16(p + 16 * i));
  for (int i = 1; i < 4; i++)
    sums[0] = fold(sums[0], keys16, sums[i]);
  for (; size >= 16; p += 16, size -= 16)
    sums[0] = fold(sums[0], keys16, load16(p));
  _mm_storeu_si128((__m128i *)(void *)rest, sums[0]);
  /* The initial ~0 is already in the sums: begin from its complement. */
  crc = ng_crc32_scalar(UINT32_MAX, rest, sizeof rest);
  return ng_crc32_scalar(crc, p, size);
}
