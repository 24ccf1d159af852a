/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 by carry-less multiplication. Included by crc32.c only.
 *
 * Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
 * Instruction" (Intel, 2009): four 128-bit accumulators are folded over 64
 * bytes at a time, then into one. Its 16 bytes have the CRC of all the text so
 * far; zlib's table computes that and takes the rest of the text. Bits are in
 * gzip's reflected order; the constants are x^n mod P, reflected, for the
 * distances folded. With AVX-512 the accumulators are four times as wide.
 */
#include <immintrin.h>

#define CRC_TARGET __attribute__((target("pclmul,sse4.1")))

/* For shorter texts the set-up costs more than the table. */
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

/* For a distance of 512 bits: x^(d+32) and x^(d-32) mod P. */
#define KEY_512_LOW 0x154442bd4
#define KEY_512_HIGH 0x1c6e41596

/* Returns the CRC of a text that is folded into four adjacent sums, followed by
   `size` bytes at p. The initial ~0 is already in the sums, so the table begins
   from its complement. */
CRC_TARGET static uint32_t finish(__m128i sums[4], const unsigned char *p,
                                  size_t size)
{
  /* As above, for 128 bits. */
  const __m128i keys = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  unsigned char rest[16];
  uint32_t crc;

  for (int i = 1; i < 4; i++)
    sums[0] = fold(sums[0], keys, sums[i]);
  for (; size >= 16; p += 16, size -= 16)
    sums[0] = fold(sums[0], keys, load16(p));
  _mm_storeu_si128((__m128i *)(void *)rest, sums[0]);
  crc = crc32_scalar(UINT32_MAX, rest, sizeof rest);
  return crc32_scalar(crc, p, size);
}

CRC_TARGET static uint32_t crc32_pclmul(uint32_t crc, const void *data,
                                        size_t size)
{
  const __m128i keys = _mm_set_epi64x(KEY_512_HIGH, KEY_512_LOW);
  const unsigned char *p = data;
  __m128i sums[4];

  if (size < FOLD_MIN)
    return crc32_scalar(crc, data, size);
  for (int i = 0; i < 4; i++)
    sums[i] = load16(p + 16 * i);
  sums[0] = _mm_xor_si128(sums[0], _mm_cvtsi32_si128((int)~crc));
  for (p += 64, size -= 64; size >= 64; p += 64, size -= 64)
    for (int i = 0; i < 4; i++)
      sums[i] = fold(sums[i], keys, load16(p + 16 * i));
  return finish(sums, p, size);
}

#define WIDE_TARGET __attribute__((target("avx512f,vpclmulqdq,pclmul,sse4.1")))

WIDE_TARGET static inline __m512i fold_wide(__m512i sum, __m512i keys,
                                            __m512i next)
{
  __m512i low = _mm512_clmulepi64_epi128(sum, keys, 0x00);
  __m512i high = _mm512_clmulepi64_epi128(sum, keys, 0x11);

  return _mm512_ternarylogic_epi64(low, high, next, 0x96); /* a ^ b ^ c */
}

/* 256 bytes at a time. */
WIDE_TARGET static uint32_t crc32_vpclmul(uint32_t crc, const void *data,
                                          size_t size)
{
  /* For a distance of 2048 bits. */
  const __m512i keys =
      _mm512_broadcast_i32x4(_mm_set_epi64x(0x1322d1430, 0x11542778a));
  const __m512i keys_512 =
      _mm512_broadcast_i32x4(_mm_set_epi64x(KEY_512_HIGH, KEY_512_LOW));
  const unsigned char *p = data;
  __m512i wide[4];
  __m128i sums[4];

  if (size < 256)
    return crc32_pclmul(crc, data, size);
  for (int i = 0; i < 4; i++)
    wide[i] = _mm512_loadu_si512(p + 64 * i);
  wide[0] = _mm512_xor_si512(
      wide[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)~crc)));
  for (p += 256, size -= 256; size >= 256; p += 256, size -= 256)
    for (int i = 0; i < 4; i++)
      wide[i] = fold_wide(wide[i], keys, _mm512_loadu_si512(p + 64 * i));
  for (int i = 1; i < 4; i++)
    wide[0] = fold_wide(wide[0], keys_512, wide[i]);
  for (; size >= 64; p += 64, size -= 64)
    wide[0] = fold_wide(wide[0], keys_512, _mm512_loadu_si512(p));
  _mm512_storeu_si512(sums, wide[0]);
  return finish(sums, p, size);
}
