/* SPDX-License-Identifier: MIT */
/*
 * Word boundary kernels. scan/plan.c chooses one for a pass, and tokenizer.c
 * calls it once for each tile of 16 KiB.
 *
 * A kernel turns a window of 64 bytes into a mask with a bit for every split
 * point. Where a bit differs from the one before it, a word begins or ends: one
 * XOR with the mask shifted by one gives the boundaries, and they come in
 * pairs. The mask becomes positions as in delimiters.c; English has about 22
 * boundaries in a window, so 24 are written before the first test of how many
 * there are.
 *
 * All memory is the caller's.
 *
 * Refused: a list of split points (two in a row make an empty word, a branch
 * that is mispredicted at every line's end); and a loop from boundary to
 * boundary that counts the words as it goes (then the next word is not known
 * while the count of this one waits for memory).
 */
#include "text/boundaries.h"

#include "base/hints.h"
#include "base/le.h"
#include "text/positions.h"
#include "text/split_points.h"

/* The masks of a window, bit i for its byte i. */
struct boundary_window {
  uint64_t splits;
  uint64_t newlines;
  uint64_t odd;
};

static char lower_of(char byte)
{
  return byte >= 'A' && byte <= 'Z' ? (char)(byte + 0x20) : byte;
}

/* The boundaries of a window, without those after the text, of which `left`
   bytes are left. *before is 1 if the byte before the window is a split point,
   and is set for the next window. */
static inline uint64_t take_window(const struct boundary_window *window,
                                   size_t left, uint64_t *before,
                                   struct ng_boundaries *found)
{
  uint64_t valid = NG_UNLIKELY(left < 64) ? (1ull << left) - 1 : ~0ull;
  uint64_t boundaries = window->splits ^ (window->splits << 1 | *before);

  *before = window->splits >> 63;
  found->newlines += (size_t)__builtin_popcountll(window->newlines & valid);
  found->has_odd |= (window->odd & valid) != 0;
  return boundaries & valid;
}

#define PUT_BOUNDARIES(out, mask, base, NEXT_BIT)                              \
  PUT_POSITIONS(out, mask, base, NEXT_BIT, PUT_TWENTY_FOUR, 24)

/* Without BMI there is no defined answer for a mask of 0. */
#define LOWEST_BIT(mask) __builtin_ctzll((mask) | 1ull << 63)

/*
 * The body of a kernel: READ_WINDOW(p, lower, position, &window) fills in the
 * masks of the window at p and, if the kernel is for letters, writes its text
 * in lower case at lower + position.
 */
#define FIND_BOUNDARIES(READ_WINDOW, NEXT_BIT)                                 \
  uint32_t *out = boundaries;                                                  \
  uint64_t before = 1;                                                         \
                                                                               \
  *found = (struct ng_boundaries){0, 0, false};                                \
  for (size_t at = 0; at < size; at += 64) {                                   \
    struct boundary_window window;                                             \
    uint64_t mask;                                                             \
                                                                               \
    READ_WINDOW(text + at, lower, at, &window);                                \
    ng_le_store64((char *)odd + at / 8, window.odd);                           \
    mask = take_window(&window, size - at, &before, found);                    \
    PUT_BOUNDARIES(out, mask, (uint32_t)at, NEXT_BIT);                         \
  }                                                                            \
  found->count = (size_t)(out - boundaries)

/* Both functions of a kernel, made of read_space_<name>() and
   read_letters_<name>(). TARGET is an attribute or nothing. */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
#define BOUNDARY_KERNEL(TARGET, name, NEXT_BIT)                                \
  TARGET static void find_space_##name(                                        \
      const char *text, size_t size, char *lower, uint32_t *boundaries,        \
      unsigned char *odd, struct ng_boundaries *found)                         \
  {                                                                            \
    FIND_BOUNDARIES(read_space_##name, NEXT_BIT);                              \
  }                                                                            \
                                                                               \
  TARGET static void find_letters_##name(                                      \
      const char *text, size_t size, char *lower, uint32_t *boundaries,        \
      unsigned char *odd, struct ng_boundaries *found)                         \
  {                                                                            \
    FIND_BOUNDARIES(read_letters_##name, NEXT_BIT);                            \
  }                                                                            \
                                                                               \
  const struct ng_boundary_kernel ng_boundaries_##name = {                     \
      find_space_##name, find_letters_##name};
/* NOLINTEND(bugprone-macro-parentheses) */

/* --------------------------------------------------------------- scalar -- */

static void read_space_scalar(const char *p, char *lower, size_t position,
                              struct boundary_window *window)
{
  (void)lower;
  (void)position;
  *window = (struct boundary_window){0, 0, 0};
  for (unsigned i = 0; i < 64; i++) {
    window->splits |= (uint64_t)ng_split_point_is_space(p[i]) << i;
    window->newlines |= (uint64_t)(p[i] == '\n') << i;
    window->odd |= (uint64_t)((signed char)p[i] <= 0) << i;
  }
}

static void read_letters_scalar(const char *p, char *lower, size_t position,
                                struct boundary_window *window)
{
  *window = (struct boundary_window){0, 0, 0};
  for (unsigned i = 0; i < 64; i++) {
    window->splits |= (uint64_t)ng_split_point_is_between_letters(p[i]) << i;
    window->newlines |= (uint64_t)(p[i] == '\n') << i;
    window->odd |= (uint64_t)((signed char)p[i] <= 0) << i;
    lower[position + i] = lower_of(p[i]);
  }
}

BOUNDARY_KERNEL(, scalar, LOWEST_BIT)

#if defined(__x86_64__)
#include "text/boundaries_x86.h"
#elif defined(__aarch64__)
#include "text/boundaries_arm64.h"
#endif
