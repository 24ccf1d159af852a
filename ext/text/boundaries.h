/* SPDX-License-Identifier: MIT */
/*
 * Where the words of free text begin and end: the first half of counting them,
 * as delimiters.h is of reading rows.
 *
 * A byte is a seam or belongs to a word. Seams are white space (isspace of the
 * C locale); or, for letters, all of ASCII but letters, digits and NUL. NUL and
 * the bytes above 127 belong to words, for somebody else to judge: they are
 * odd.
 *
 * A kernel looks at 64 bytes at a time and reads in whole windows, so a text
 * must have 64 readable bytes behind it (their content is ignored).
 */
#ifndef NG_TEXT_BOUNDARIES_H
#define NG_TEXT_BOUNDARIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a kernel has found in a text. */
struct ng_boundaries {
  size_t count;    /* of the edges; odd when the text ends within a word */
  size_t newlines; /* in the text */
  bool has_odd;    /* a NUL or a byte above 127 */
};

/*
 * Write every i below `size` where a word begins or the seam behind it, in
 * ascending order, as if a seam stood before the text. `edges` takes size + 64
 * of them; what stands behind the last is undefined.
 *
 * `odd` is a set of bits, bit i % 8 of byte i / 8 for text[i]. It takes size +
 * 64 of them. `lower` gets the text with A to Z as a to z and takes size + 64
 * bytes; a kernel for white space leaves it alone.
 */
typedef void ng_find_boundaries_fn(const char *text, size_t size, char *lower,
                                   uint32_t *boundaries, unsigned char *odd,
                                   struct ng_boundaries *found);

struct ng_boundary_kernel {
  ng_find_boundaries_fn *find_space;
  ng_find_boundaries_fn *find_letters;
};

/* By the names of struct ng_text_kernel, whose list they are in. */
extern const struct ng_boundary_kernel ng_boundaries_scalar;
extern const struct ng_boundary_kernel ng_boundaries_sse2;
extern const struct ng_boundary_kernel ng_boundaries_avx2;
extern const struct ng_boundary_kernel ng_boundaries_avx512;
extern const struct ng_boundary_kernel ng_boundaries_neon;

#endif
