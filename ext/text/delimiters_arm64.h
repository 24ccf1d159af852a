/* SPDX-License-Identifier: MIT */
/*
 * The delimiter kernel for arm64, included by delimiters.c alone. NEON has no
 * movemask: each lane keeps the bit of its place and pairs are added until
 * 64 bytes have become 64 bits.
 */
#include <arm_neon.h>

/* 64 lanes, each all ones or all zeros, to 64 bits. */
static inline uint64_t bits_neon(const uint8x16_t yes[4])
{
  static const uint8_t places[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                     1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t weights = vld1q_u8(places);
  uint8x16_t low =
      vpaddq_u8(vandq_u8(yes[0], weights), vandq_u8(yes[1], weights));
  uint8x16_t high =
      vpaddq_u8(vandq_u8(yes[2], weights), vandq_u8(yes[3], weights));
  uint8x16_t sum = vpaddq_u8(low, high);

  sum = vpaddq_u8(sum, sum);
  return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

static inline void window_neon(const char *p, struct window *window)
{
  uint8x16_t tabs[4];
  uint8x16_t ends[4];
  uint8x16_t digits[4];

  for (int i = 0; i < 4; i++) {
    uint8x16_t bytes = vld1q_u8((const uint8_t *)p + 16 * i);

    tabs[i] = vceqq_u8(bytes, vdupq_n_u8('\t'));
    ends[i] = vceqq_u8(bytes, vdupq_n_u8('\n'));
    digits[i] = vcleq_u8(vsubq_u8(bytes, vdupq_n_u8('0')), vdupq_n_u8(9));
  }
  *window =
      (struct window){bits_neon(tabs), bits_neon(ends), bits_neon(digits)};
}

/* Any value for a mask of 0, but defined. */
#define LOWEST_BIT(mask) __builtin_ctzll((mask) | 1ull << 63)

static size_t find_neon(const char *text, size_t size, uint32_t base,
                        uint32_t *positions, unsigned char *odd)
{
  uint32_t *out = positions;

  for (size_t at = 0; at < size; at += 64) {
    struct window window;
    uint64_t mask;

    window_neon(text + at, &window);
    mask = window.tabs | window.ends;
    if (NG_UNLIKELY(size - at < 64))
      mask &= (1ull << (size - at)) - 1;
    ng_store64((char *)odd + at / 8, ~(window.tabs | window.digits));
    PUT_POSITIONS(out, mask, base + (uint32_t)at, LOWEST_BIT);
  }
  return (size_t)(out - positions);
}

#undef LOWEST_BIT
