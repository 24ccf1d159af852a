/* SPDX-License-Identifier: MIT */
/*
 * Delimiter kernels for x86-64, included by delimiters.c alone. `target`
 * attributes let one file hold code for several levels of the processor.
 */
#include <immintrin.h>

/* The last window may hold bytes past the text: their bits are dropped. */
#define FIND_BODY(mask_of, NEXT_BIT)                                           \
  uint32_t *out = positions;                                                   \
                                                                               \
  for (size_t at = 0; at < size; at += 64) {                                   \
    uint64_t mask = mask_of(text + at);                                        \
                                                                               \
    if (NG_UNLIKELY(size - at < 64))                                           \
      mask &= (1ull << (size - at)) - 1;                                       \
    PUT_POSITIONS(out, mask, base + (uint32_t)at, NEXT_BIT);                   \
  }                                                                            \
  return (size_t)(out - positions)

/* Without BMI there is no defined answer for a mask of 0. */
#define LOWEST_BIT(mask) __builtin_ctzll((mask) | 1ull << 63)

__attribute__((target("sse2"))) static inline uint64_t
mask16_sse2(const char *p)
{
  __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
  __m128i tabs = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
  __m128i ends = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));

  return (uint32_t)_mm_movemask_epi8(_mm_or_si128(tabs, ends));
}

__attribute__((target("sse2"))) static inline uint64_t mask_sse2(const char *p)
{
  return mask16_sse2(p) | mask16_sse2(p + 16) << 16 |
         mask16_sse2(p + 32) << 32 | mask16_sse2(p + 48) << 48;
}

__attribute__((target("sse2"))) static size_t
find_sse2(const char *text, size_t size, uint32_t base, uint32_t *positions)
{
  FIND_BODY(mask_sse2, LOWEST_BIT);
}

__attribute__((target("avx2,bmi,popcnt"))) static inline uint64_t
mask32_avx2(const char *p)
{
  __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
  __m256i tabs = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\t'));
  __m256i ends = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n'));

  return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(tabs, ends));
}

__attribute__((target("avx2,bmi,popcnt"))) static inline uint64_t
mask_avx2(const char *p)
{
  return mask32_avx2(p) | mask32_avx2(p + 32) << 32;
}

__attribute__((target("avx2,bmi,popcnt"))) static size_t
find_avx2(const char *text, size_t size, uint32_t base, uint32_t *positions)
{
  FIND_BODY(mask_avx2, _tzcnt_u64);
}

#define AVX512_TARGET                                                          \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt")))

/* Sixteen positions from 16 bytes of places, all 16 stored. */
AVX512_TARGET static inline void put16(uint32_t *out, __m128i places,
                                       __m512i base)
{
  _mm512_storeu_si512(out,
                      _mm512_add_epi32(_mm512_cvtepu8_epi32(places), base));
}

AVX512_TARGET static size_t find_avx512(const char *text, size_t size,
                                        uint32_t base, uint32_t *positions)
{
  static const uint8_t iota[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
      16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
      32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
      48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  const __m512i all = _mm512_loadu_si512(iota);
  uint32_t *out = positions;

  for (size_t at = 0; at < size; at += 64) {
    size_t left = size - at;
    __mmask64 valid = left < 64 ? (1ull << left) - 1 : ~0ull;
    __m512i bytes = _mm512_loadu_si512(text + at);
    __mmask64 hits = (_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\t')) |
                      _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'))) &
                     valid;
    __m512i places = _mm512_maskz_compress_epi8(hits, all);
    __m512i from = _mm512_set1_epi32((int)(base + (uint32_t)at));
    unsigned count = (unsigned)__builtin_popcountll(hits);

    put16(out, _mm512_castsi512_si128(places), from);
    if (NG_UNLIKELY(count > 16)) {
      put16(out + 16, _mm512_extracti32x4_epi32(places, 1), from);
      put16(out + 32, _mm512_extracti32x4_epi32(places, 2), from);
      put16(out + 48, _mm512_extracti32x4_epi32(places, 3), from);
    }
    out += count;
  }
  return (size_t)(out - positions);
}

#undef FIND_BODY
#undef LOWEST_BIT
#undef AVX512_TARGET
