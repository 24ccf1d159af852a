/* SPDX-License-Identifier: MIT */
/*
 * Delimiter kernels for x86-64, included by delimiters.c alone. `target`
 * attributes let one file hold code for several levels of the processor.
 */
#include "text/positions_x86.h"

/* The bits of bytes after the text are dropped. */
#define FIND_BODY(read_window, NEXT_BIT)                                       \
  uint32_t *out = positions;                                                   \
                                                                               \
  for (size_t at = 0; at < size; at += 64) {                                   \
    struct window window;                                                      \
    uint64_t mask;                                                             \
                                                                               \
    read_window(text + at, &window);                                           \
    mask = window.tabs | window.ends;                                          \
    if (NG_UNLIKELY(size - at < 64))                                           \
      mask &= (1ull << (size - at)) - 1;                                       \
    ng_le_store64((char *)odd + at / 8, ~(window.tabs | window.digits));       \
    PUT_POSITIONS(out, mask, base + (uint32_t)at, NEXT_BIT, PUT_SIXTEEN, 16);  \
  }                                                                            \
  return (size_t)(out - positions)

/* Without BMI there is no defined answer for a mask of 0. */
#define LOWEST_BIT(mask) __builtin_ctzll((mask) | 1ull << 63)

#define SSE2_TARGET __attribute__((target("sse2")))

SSE2_TARGET static inline uint64_t bits_sse2(__m128i yes)
{
  return (uint32_t)_mm_movemask_epi8(yes);
}

/* Add the masks of the 16 bytes `at` bytes into the window. */
SSE2_TARGET static inline void read16_sse2(const char *p, unsigned at,
                                           struct window *window)
{
  __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
  __m128i digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  __m128i small = _mm_min_epu8(digits, _mm_set1_epi8(9));

  window->tabs |= bits_sse2(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'))) << at;
  window->ends |= bits_sse2(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'))) << at;
  window->digits |= bits_sse2(_mm_cmpeq_epi8(digits, small)) << at;
}

SSE2_TARGET static inline void window_sse2(const char *p, struct window *window)
{
  *window = (struct window){0, 0, 0};
  read16_sse2(p, 0, window);
  read16_sse2(p, 16, window);
  read16_sse2(p, 32, window);
  read16_sse2(p, 48, window);
}

SSE2_TARGET size_t ng_delimiters_find_sse2(const char *text, size_t size,
                                           uint32_t base, uint32_t *positions,
                                           unsigned char *odd)
{
  FIND_BODY(window_sse2, LOWEST_BIT);
}

#define AVX2_TARGET __attribute__((target("avx2,bmi,popcnt")))

AVX2_TARGET static inline uint64_t bits_avx2(__m256i yes)
{
  return (uint32_t)_mm256_movemask_epi8(yes);
}

AVX2_TARGET static inline void read32_avx2(const char *p, unsigned at,
                                           struct window *window)
{
  __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(p + at));
  __m256i digits = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
  __m256i small = _mm256_min_epu8(digits, _mm256_set1_epi8(9));

  window->tabs |= bits_avx2(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\t')))
                  << at;
  window->ends |= bits_avx2(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n')))
                  << at;
  window->digits |= bits_avx2(_mm256_cmpeq_epi8(digits, small)) << at;
}

AVX2_TARGET static inline void window_avx2(const char *p, struct window *window)
{
  *window = (struct window){0, 0, 0};
  read32_avx2(p, 0, window);
  read32_avx2(p, 32, window);
}

AVX2_TARGET size_t ng_delimiters_find_avx2(const char *text, size_t size,
                                           uint32_t base, uint32_t *positions,
                                           unsigned char *odd)
{
  FIND_BODY(window_avx2, _tzcnt_u64);
}

AVX512_TARGET size_t ng_delimiters_find_avx512(const char *text, size_t size,
                                               uint32_t base,
                                               uint32_t *positions,
                                               unsigned char *odd)
{
  uint32_t *out = positions;

  for (size_t at = 0; at < size; at += 64) {
    size_t left = size - at;
    __mmask64 valid = left < 64 ? (1ull << left) - 1 : ~0ull;
    __m512i bytes = _mm512_loadu_si512(text + at);
    struct window window = {
        _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\t')),
        _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
        _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')),
                               _mm512_set1_epi8(9))};
    __mmask64 hits = (window.tabs | window.ends) & valid;

    ng_le_store64((char *)odd + at / 8, ~(window.tabs | window.digits));
    out = put_positions_avx512(out, hits, base + (uint32_t)at, 16);
  }
  return (size_t)(out - positions);
}

#undef FIND_BODY
#undef LOWEST_BIT
#undef SSE2_TARGET
#undef AVX2_TARGET
