/* SPDX-License-Identifier: MIT */
/*
 * Word boundary kernels for x86-64, included by boundaries.c alone. `target`
 * attributes let one file hold code for several levels of the processor.
 */
#include "text/positions_x86.h"

#define SSE2_TARGET __attribute__((target("sse2")))

SSE2_TARGET static inline uint64_t boundary_bits_sse2(__m128i yes)
{
  return (uint32_t)_mm_movemask_epi8(yes);
}

/* Which bytes lie in [low, low + span]. */
SSE2_TARGET static inline __m128i in_range_sse2(__m128i bytes, char low,
                                                char span)
{
  __m128i from_low = _mm_sub_epi8(bytes, _mm_set1_epi8(low));

  return _mm_cmpeq_epi8(from_low, _mm_min_epu8(from_low, _mm_set1_epi8(span)));
}

SSE2_TARGET static inline __m128i spaces_sse2(__m128i bytes)
{
  return _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')),
                      in_range_sse2(bytes, '\t', '\r' - '\t'));
}

/* Load the 16 bytes `at` bytes into the window, and add their masks, but for
   the split points. */
SSE2_TARGET static inline __m128i read16_sse2(const char *p, unsigned at,
                                              struct boundary_window *window)
{
  __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
  __m128i nul = _mm_cmpeq_epi8(bytes, _mm_setzero_si128());

  window->newlines |=
      boundary_bits_sse2(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'))) << at;
  window->odd |= boundary_bits_sse2(_mm_or_si128(bytes, nul)) << at;
  return bytes;
}

SSE2_TARGET static inline void read_space_sse2(const char *p, char *lower,
                                               size_t position,
                                               struct boundary_window *window)
{
  (void)lower;
  (void)position;
  *window = (struct boundary_window){0, 0, 0};
  for (unsigned at = 0; at < 64; at += 16)
    window->splits |=
        boundary_bits_sse2(spaces_sse2(read16_sse2(p, at, window))) << at;
}

SSE2_TARGET static inline void read_letters_sse2(const char *p, char *lower,
                                                 size_t position,
                                                 struct boundary_window *window)
{
  const __m128i bit = _mm_set1_epi8(0x20);

  *window = (struct boundary_window){0, 0, 0};
  for (unsigned at = 0; at < 64; at += 16) {
    __m128i bytes = read16_sse2(p, at, window);
    __m128i upper = in_range_sse2(bytes, 'A', 25);
    __m128i low = _mm_or_si128(bytes, _mm_and_si128(upper, bit));
    __m128i plain =
        _mm_or_si128(in_range_sse2(low, 'a', 25), in_range_sse2(bytes, '0', 9));

    _mm_storeu_si128((__m128i *)(void *)(lower + position + at), low);
    window->splits |= (boundary_bits_sse2(plain) ^ 0xFFFF) << at;
  }
  window->splits &= ~window->odd;
}

BOUNDARY_KERNEL(SSE2_TARGET, sse2, LOWEST_BIT)

#define AVX2_TARGET __attribute__((target("avx2,bmi,popcnt")))

AVX2_TARGET static inline uint64_t boundary_bits_avx2(__m256i yes)
{
  return (uint32_t)_mm256_movemask_epi8(yes);
}

AVX2_TARGET static inline __m256i in_range_avx2(__m256i bytes, char low,
                                                char span)
{
  __m256i from_low = _mm256_sub_epi8(bytes, _mm256_set1_epi8(low));

  return _mm256_cmpeq_epi8(from_low,
                           _mm256_min_epu8(from_low, _mm256_set1_epi8(span)));
}

AVX2_TARGET static inline __m256i spaces_avx2(__m256i bytes)
{
  return _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(' ')),
                         in_range_avx2(bytes, '\t', '\r' - '\t'));
}

AVX2_TARGET static inline __m256i read32_avx2(const char *p, unsigned at,
                                              struct boundary_window *window)
{
  __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(p + at));
  __m256i nul = _mm256_cmpeq_epi8(bytes, _mm256_setzero_si256());

  window->newlines |=
      boundary_bits_avx2(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n')))
      << at;
  window->odd |= boundary_bits_avx2(_mm256_or_si256(bytes, nul)) << at;
  return bytes;
}

AVX2_TARGET static inline void read_space_avx2(const char *p, char *lower,
                                               size_t position,
                                               struct boundary_window *window)
{
  (void)lower;
  (void)position;
  *window = (struct boundary_window){0, 0, 0};
  for (unsigned at = 0; at < 64; at += 32)
    window->splits |=
        boundary_bits_avx2(spaces_avx2(read32_avx2(p, at, window))) << at;
}

AVX2_TARGET static inline void read_letters_avx2(const char *p, char *lower,
                                                 size_t position,
                                                 struct boundary_window *window)
{
  const __m256i bit = _mm256_set1_epi8(0x20);

  *window = (struct boundary_window){0, 0, 0};
  for (unsigned at = 0; at < 64; at += 32) {
    __m256i bytes = read32_avx2(p, at, window);
    __m256i upper = in_range_avx2(bytes, 'A', 25);
    __m256i low = _mm256_or_si256(bytes, _mm256_and_si256(upper, bit));
    __m256i plain = _mm256_or_si256(in_range_avx2(low, 'a', 25),
                                    in_range_avx2(bytes, '0', 9));

    _mm256_storeu_si256((__m256i *)(void *)(lower + position + at), low);
    window->splits |= (boundary_bits_avx2(plain) ^ 0xFFFFFFFF) << at;
  }
  window->splits &= ~window->odd;
}

BOUNDARY_KERNEL(AVX2_TARGET, avx2, _tzcnt_u64)

AVX512_TARGET static inline __mmask64 in_range_avx512(__m512i bytes, char low,
                                                      char span)
{
  return _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8(low)),
                                _mm512_set1_epi8(span));
}

AVX512_TARGET static inline __m512i
read64_avx512(const char *p, struct boundary_window *window)
{
  __m512i bytes = _mm512_loadu_si512(p);

  window->newlines = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
  window->odd = _mm512_cmple_epi8_mask(bytes, _mm512_setzero_si512());
  return bytes;
}

AVX512_TARGET static inline void
read_space_avx512(const char *p, char *lower, size_t position,
                  struct boundary_window *window)
{
  __m512i bytes = read64_avx512(p, window);

  (void)lower;
  (void)position;
  window->splits = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(' ')) |
                   in_range_avx512(bytes, '\t', '\r' - '\t');
}

AVX512_TARGET static inline void
read_letters_avx512(const char *p, char *lower, size_t position,
                    struct boundary_window *window)
{
  __m512i bytes = read64_avx512(p, window);
  __m512i low = _mm512_mask_add_epi8(bytes, in_range_avx512(bytes, 'A', 25),
                                     bytes, _mm512_set1_epi8(0x20));

  _mm512_storeu_si512(lower + position, low);
  window->splits = ~(in_range_avx512(low, 'a', 25) |
                     in_range_avx512(bytes, '0', 9) | window->odd);
}

#undef PUT_BOUNDARIES
#define PUT_BOUNDARIES(out, mask, base, NEXT_BIT)                              \
  out = put_positions_avx512(out, mask, base, 32)

BOUNDARY_KERNEL(AVX512_TARGET, avx512, )
