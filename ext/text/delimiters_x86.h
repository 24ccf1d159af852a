/* SPDX-License-Identifier: MIT */
/*
 * Delimiter kernels for x86, included by delimiters.c alone. `target`
 * attributes let one file hold code for several levels of the processor.
 */
#include <immintrin.h>

/* The last window may hold bytes past the text: their bits are dropped. */
#define FIND_BODY(mask_of)                                                   \
  uint32_t *out = positions;                                                 \
                                                                             \
  for (size_t at = 0; at < size; at += 64) {                                 \
    uint64_t mask = mask_of(text + at);                                      \
                                                                             \
    if (NG_UNLIKELY(size - at < 64))                                         \
      mask &= (1ull << (size - at)) - 1;                                     \
    out = put_positions(out, mask, base + (uint32_t)at);                     \
  }                                                                          \
  return (size_t)(out - positions)

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
  FIND_BODY(mask_sse2);
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
  FIND_BODY(mask_avx2);
}

__attribute__((target("avx512f,avx512bw,avx512vl,bmi,popcnt"))) static inline
    uint64_t
    mask_avx512(const char *p)
{
  __m512i bytes = _mm512_loadu_si512((const void *)p);

  return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\t')) |
         _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
}

__attribute__((target("avx512f,avx512bw,avx512vl,bmi,popcnt"))) static size_t
find_avx512(const char *text, size_t size, uint32_t base, uint32_t *positions)
{
  FIND_BODY(mask_avx512);
}

#undef FIND_BODY
