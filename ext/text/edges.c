/* SPDX-License-Identifier: MIT */
/*
 * Edge kernels.
 *
 * Each turns a window of 64 bytes into a mask with a bit for every seam. Where
 * a bit differs from the one before it, a word begins or ends: one XOR with the
 * mask shifted by one, and the edges come in pairs. The mask becomes positions
 * as in delimiters.c; English has about 22 edges in a window, so 24 are written
 * before the first question how many there are.
 *
 * Refused: a list of seams (two of them in a row make an empty word, a branch
 * that is mispredicted at every line's end); and a loop from edge to edge that
 * counts the words as it goes (then nothing is known of the next word while one
 * waits for the memory).
 */
#include "text/edges.h"

#include "base/le.h"
#include "text/positions.h"

/* The masks of a window, bit i for its byte i. */
struct edge_window {
  uint64_t seams;
  uint64_t newlines;
  uint64_t odd;
};

bool ng_is_space(char byte)
{
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

bool ng_is_between_letters(char byte)
{
  unsigned char letter = (unsigned char)byte | 0x20;

  return (signed char)byte > 0 && !(letter >= 'a' && letter <= 'z') &&
         !(byte >= '0' && byte <= '9');
}

static char lower_of(char byte)
{
  return byte >= 'A' && byte <= 'Z' ? (char)(byte + 0x20) : byte;
}

/* The edges of a window; *before is 1 when a seam stands before it. The bits of
   bytes behind the text are dropped. */
static inline uint64_t take_window(const struct edge_window *window,
                                   size_t left, uint64_t *before,
                                   struct ng_edges *found)
{
  uint64_t valid = NG_UNLIKELY(left < 64) ? (1ull << left) - 1 : ~0ull;
  uint64_t edges = window->seams ^ (window->seams << 1 | *before);

  *before = window->seams >> 63;
  found->newlines += (size_t)__builtin_popcountll(window->newlines & valid);
  found->has_odd |= (window->odd & valid) != 0;
  return edges & valid;
}

#define PUT_EDGES(out, mask, base, NEXT_BIT)                                   \
  PUT_POSITIONS(out, mask, base, NEXT_BIT, PUT_TWENTY_FOUR, 24)

/* Without BMI there is no defined answer for a mask of 0. */
#define LOWEST_BIT(mask) __builtin_ctzll((mask) | 1ull << 63)

/*
 * The body of a kernel: READ_WINDOW(p, lower, place, &window) fills in the
 * masks of the window at p, and the lower-case text at its place where that is
 * wanted.
 */
#define FIND_EDGES(READ_WINDOW, NEXT_BIT)                                      \
  uint32_t *out = edges;                                                       \
  uint64_t before = 1;                                                         \
                                                                               \
  *found = (struct ng_edges){0, 0, false};                                     \
  for (size_t at = 0; at < size; at += 64) {                                   \
    struct edge_window window;                                                 \
    uint64_t mask;                                                             \
                                                                               \
    READ_WINDOW(text + at, lower, at, &window);                                \
    ng_le_store64((char *)odd + at / 8, window.odd);                           \
    mask = take_window(&window, size - at, &before, found);                    \
    PUT_EDGES(out, mask, (uint32_t)at, NEXT_BIT);                              \
  }                                                                            \
  found->count = (size_t)(out - edges)

/* A kernel of both, out of read_space_<name>() and read_letters_<name>().
   TARGET is an attribute or nothing. */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
#define EDGE_KERNEL(TARGET, name, NEXT_BIT)                                    \
  TARGET static void find_space_##name(                                        \
      const char *text, size_t size, char *lower, uint32_t *edges,             \
      unsigned char *odd, struct ng_edges *found)                              \
  {                                                                            \
    FIND_EDGES(read_space_##name, NEXT_BIT);                                   \
  }                                                                            \
                                                                               \
  TARGET static void find_letters_##name(                                      \
      const char *text, size_t size, char *lower, uint32_t *edges,             \
      unsigned char *odd, struct ng_edges *found)                              \
  {                                                                            \
    FIND_EDGES(read_letters_##name, NEXT_BIT);                                 \
  }                                                                            \
                                                                               \
  const struct ng_edge_kernel ng_edges_##name = {find_space_##name,            \
                                                 find_letters_##name};
/* NOLINTEND(bugprone-macro-parentheses) */

/* --------------------------------------------------------------- scalar -- */

static void read_space_scalar(const char *p, char *lower, size_t place,
                              struct edge_window *window)
{
  (void)lower;
  (void)place;
  *window = (struct edge_window){0, 0, 0};
  for (unsigned i = 0; i < 64; i++) {
    window->seams |= (uint64_t)ng_is_space(p[i]) << i;
    window->newlines |= (uint64_t)(p[i] == '\n') << i;
    window->odd |= (uint64_t)((signed char)p[i] <= 0) << i;
  }
}

static void read_letters_scalar(const char *p, char *lower, size_t place,
                                struct edge_window *window)
{
  *window = (struct edge_window){0, 0, 0};
  for (unsigned i = 0; i < 64; i++) {
    window->seams |= (uint64_t)ng_is_between_letters(p[i]) << i;
    window->newlines |= (uint64_t)(p[i] == '\n') << i;
    window->odd |= (uint64_t)((signed char)p[i] <= 0) << i;
    lower[place + i] = lower_of(p[i]);
  }
}

EDGE_KERNEL(, scalar, LOWEST_BIT)

#if defined(__x86_64__)
#include "text/edges_x86.h"
#elif defined(__aarch64__)
#include "text/edges_arm64.h"
#endif
