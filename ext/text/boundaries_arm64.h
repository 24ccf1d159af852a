/* SPDX-License-Identifier: MIT */
/* The word boundary kernel for arm64, included by boundaries.c alone. */
#include "text/positions_arm64.h"

static inline uint8x16_t in_range_neon(uint8x16_t bytes, uint8_t low,
                                       uint8_t span)
{
  return vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(low)), vdupq_n_u8(span));
}

/* Load a window, and set its masks, but for the split points. */
static inline void read64_neon(const char *p, uint8x16_t bytes[4],
                               struct boundary_window *window)
{
  uint8x16_t newlines[4];
  uint8x16_t odd[4];

  for (int i = 0; i < 4; i++) {
    bytes[i] = vld1q_u8((const uint8_t *)p + 16 * i);
    newlines[i] = vceqq_u8(bytes[i], vdupq_n_u8('\n'));
    odd[i] = vcleq_s8(vreinterpretq_s8_u8(bytes[i]), vdupq_n_s8(0));
  }
  window->newlines = bits_neon(newlines);
  window->odd = bits_neon(odd);
}

static inline void read_space_neon(const char *p, char *lower, size_t position,
                                   struct boundary_window *window)
{
  uint8x16_t bytes[4];
  uint8x16_t splits[4];

  (void)lower;
  (void)position;
  read64_neon(p, bytes, window);
  for (int i = 0; i < 4; i++)
    splits[i] = vorrq_u8(vceqq_u8(bytes[i], vdupq_n_u8(' ')),
                         in_range_neon(bytes[i], '\t', '\r' - '\t'));
  window->splits = bits_neon(splits);
}

static inline void read_letters_neon(const char *p, char *lower,
                                     size_t position,
                                     struct boundary_window *window)
{
  uint8x16_t bytes[4];
  uint8x16_t plain[4];

  read64_neon(p, bytes, window);
  for (int i = 0; i < 4; i++) {
    uint8x16_t upper = in_range_neon(bytes[i], 'A', 25);
    uint8x16_t low = vorrq_u8(bytes[i], vandq_u8(upper, vdupq_n_u8(0x20)));

    vst1q_u8((uint8_t *)lower + position + 16 * i, low);
    plain[i] =
        vorrq_u8(in_range_neon(low, 'a', 25), in_range_neon(bytes[i], '0', 9));
  }
  window->splits = ~(bits_neon(plain) | window->odd);
}

BOUNDARY_KERNEL(, neon, LOWEST_BIT)
