/* SPDX-License-Identifier: MIT */
/*
 * Where the words of free text begin and end: the first half of counting them,
 * as delimiters.h is of reading rows.
 *
 * A byte is a split point (split_points.h) or belongs to a word. NUL and the
 * bytes above 127 belong to words. A kernel marks them as odd, and the
 * tokenizer judges them. (In delimiters.h other bytes are odd.)
 *
 * A kernel reads the text in windows of 64 bytes, so the text is followed by
 * NG_TEXT_PAD readable bytes (text_kernel.h).
 */
#ifndef NG_TEXT_BOUNDARIES_H
#define NG_TEXT_BOUNDARIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a kernel has found in a text. */
struct ng_boundaries {
  size_t count;    /* of boundaries; odd if the text ends within a word */
  size_t newlines; /* in the text */
  bool has_odd;    /* a NUL or a byte above 127 */
};

/*
 * Write every i below `size` where text[i] is the first byte of a word or the
 * split point after one, in ascending order, as if a split point stood before
 * the text. `boundaries` has room for size + 64; those after the last are
 * undefined.
 *
 * `odd` gets bit i % 8 of byte i / 8 for text[i]. It has room for size + 64
 * bits. `lower` gets the text with A to Z as a to z, and has room for size + 64
 * bytes; a kernel for white space does not write to it.
 */
typedef void ng_find_boundaries_fn(const char *text, size_t size, char *lower,
                                   uint32_t *boundaries, unsigned char *odd,
                                   struct ng_boundaries *found);

struct ng_boundary_kernel {
  ng_find_boundaries_fn *find_space;
  ng_find_boundaries_fn *find_letters;
};

/* By the names of struct ng_text_kernel. */
extern const struct ng_boundary_kernel ng_boundaries_scalar;
extern const struct ng_boundary_kernel ng_boundaries_sse2;
extern const struct ng_boundary_kernel ng_boundaries_avx2;
extern const struct ng_boundary_kernel ng_boundaries_avx512;
extern const struct ng_boundary_kernel ng_boundaries_neon;

#endif
