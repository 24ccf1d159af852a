/* SPDX-License-Identifier: MIT */
/*
 * The delimiter kernel for arm64, included by delimiters.c alone.
 */
#include "text/positions_arm64.h"

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

size_t ng_delimiters_find_neon(const char *text, size_t size, uint32_t base,
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
    ng_le_store64((char *)odd + at / 8, ~(window.tabs | window.digits));
    PUT_POSITIONS(out, mask, base + (uint32_t)at, LOWEST_BIT, PUT_SIXTEEN, 16);
  }
  return (size_t)(out - positions);
}

#undef LOWEST_BIT
