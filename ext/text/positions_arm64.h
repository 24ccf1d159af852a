/* SPDX-License-Identifier: MIT */
/*
 * A mask out of NEON registers. NEON has no movemask: each lane keeps the bit
 * of its position in eight, and pairs are added until 64 bytes have become 64
 * bits.
 */
#ifndef NG_TEXT_POSITIONS_ARM64_H
#define NG_TEXT_POSITIONS_ARM64_H

#include <arm_neon.h>
#include <stdint.h>

/* 64 lanes, each all ones or all zeros, to 64 bits. */
static inline uint64_t bits_neon(const uint8x16_t yes[4])
{
  static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                   1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t weights = vld1q_u8(bits);
  uint8x16_t low =
      vpaddq_u8(vandq_u8(yes[0], weights), vandq_u8(yes[1], weights));
  uint8x16_t high =
      vpaddq_u8(vandq_u8(yes[2], weights), vandq_u8(yes[3], weights));
  uint8x16_t sum = vpaddq_u8(low, high);

  sum = vpaddq_u8(sum, sum);
  return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

#endif
