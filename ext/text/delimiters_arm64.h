/* SPDX-License-Identifier: MIT */
/*
 * The delimiter kernel for arm64, included by delimiters.c alone. NEON has no
 * movemask: each lane keeps the bit of its place and pairs are added until
 * 64 bytes have become 64 bits.
 */
#include <arm_neon.h>

static inline uint8x16_t delimiter_bits(const char *p, uint8x16_t weights)
{
  uint8x16_t bytes = vld1q_u8((const uint8_t *)p);
  uint8x16_t hits = vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('\t')),
                             vceqq_u8(bytes, vdupq_n_u8('\n')));

  return vandq_u8(hits, weights);
}

static inline uint64_t mask_neon(const char *p)
{
  static const uint8_t places[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                     1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t weights = vld1q_u8(places);
  uint8x16_t low =
      vpaddq_u8(delimiter_bits(p, weights), delimiter_bits(p + 16, weights));
  uint8x16_t high = vpaddq_u8(delimiter_bits(p + 32, weights),
                              delimiter_bits(p + 48, weights));
  uint8x16_t sum = vpaddq_u8(low, high);

  sum = vpaddq_u8(sum, sum);
  return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

/* Any value for a mask of 0, but defined. */
#define LOWEST_BIT(mask) __builtin_ctzll((mask) | 1ull << 63)

static size_t find_neon(const char *text, size_t size, uint32_t base,
                        uint32_t *positions)
{
  uint32_t *out = positions;

  for (size_t at = 0; at < size; at += 64) {
    uint64_t mask = mask_neon(text + at);

    if (NG_UNLIKELY(size - at < 64))
      mask &= (1ull << (size - at)) - 1;
    PUT_POSITIONS(out, mask, base + (uint32_t)at, LOWEST_BIT);
  }
  return (size_t)(out - positions);
}

#undef LOWEST_BIT
