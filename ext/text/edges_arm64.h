/* SPDX-License-Identifier: MIT */
/* The edge kernel for arm64, included by edges.c alone. */
#include <arm_neon.h>

/* 64 lanes, each all ones or all zeros, to 64 bits, as in
   delimiters_arm64.h. */
static inline uint64_t edge_bits_neon(const uint8x16_t yes[4])
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

static inline uint8x16_t in_range_neon(uint8x16_t bytes, uint8_t low,
                                       uint8_t span)
{
  return vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(low)), vdupq_n_u8(span));
}

/* All masks but the seams. */
static inline void read64_neon(const char *p, uint8x16_t bytes[4],
                               struct edge_window *window)
{
  uint8x16_t newlines[4];
  uint8x16_t odd[4];

  for (int i = 0; i < 4; i++) {
    bytes[i] = vld1q_u8((const uint8_t *)p + 16 * i);
    newlines[i] = vceqq_u8(bytes[i], vdupq_n_u8('\n'));
    odd[i] = vcleq_s8(vreinterpretq_s8_u8(bytes[i]), vdupq_n_s8(0));
  }
  window->newlines = edge_bits_neon(newlines);
  window->odd = edge_bits_neon(odd);
}

static inline void read_space_neon(const char *p, char *lower, size_t place,
                                   struct edge_window *window)
{
  uint8x16_t bytes[4];
  uint8x16_t seams[4];

  (void)lower;
  (void)place;
  read64_neon(p, bytes, window);
  for (int i = 0; i < 4; i++)
    seams[i] = vorrq_u8(vceqq_u8(bytes[i], vdupq_n_u8(' ')),
                        in_range_neon(bytes[i], '\t', '\r' - '\t'));
  window->seams = edge_bits_neon(seams);
}

static inline void read_letters_neon(const char *p, char *lower, size_t place,
                                     struct edge_window *window)
{
  uint8x16_t bytes[4];
  uint8x16_t plain[4];

  read64_neon(p, bytes, window);
  for (int i = 0; i < 4; i++) {
    uint8x16_t upper = in_range_neon(bytes[i], 'A', 25);
    uint8x16_t low = vorrq_u8(bytes[i], vandq_u8(upper, vdupq_n_u8(0x20)));

    vst1q_u8((uint8_t *)lower + place + 16 * i, low);
    plain[i] =
        vorrq_u8(in_range_neon(low, 'a', 25), in_range_neon(bytes[i], '0', 9));
  }
  window->seams = ~(edge_bits_neon(plain) | window->odd);
}

static void find_space_neon(const char *text, size_t size, char *lower,
                            uint32_t *edges, unsigned char *odd,
                            struct ng_edges *found)
{
  FIND_EDGES(read_space_neon, LOWEST_BIT);
}

static void find_letters_neon(const char *text, size_t size, char *lower,
                              uint32_t *edges, unsigned char *odd,
                              struct ng_edges *found)
{
  FIND_EDGES(read_letters_neon, LOWEST_BIT);
}

const struct ng_edge_kernel ng_edges_neon = {find_space_neon,
                                             find_letters_neon};
