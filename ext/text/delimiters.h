/* SPDX-License-Identifier: MIT */
/*
 * Where the TABs and newlines of a text are, and which bytes belong to no
 * number: the first half of parsing.
 *
 * A kernel looks at 64 bytes at a time and reads in whole windows, so a text
 * must have NG_TEXT_PAD readable bytes behind it (their content is ignored).
 */
#ifndef NG_TEXT_DELIMITERS_H
#define NG_TEXT_DELIMITERS_H

#include <stddef.h>
#include <stdint.h>

#include "text/boundaries.h"

/* Readable bytes that every text of this room has before and behind it. */
#define NG_TEXT_PAD 64

/*
 * Write base + i for every i below `size` where text[i] is a TAB or newline,
 * in ascending order, and return how many. `positions` takes size + 64 of
 * them; what stands behind the last is undefined.
 *
 * `odd` is a set of bits, bit i % 8 of byte i / 8 for text[i]: is it anything
 * but a digit or a TAB? It takes size + 64 of them.
 */
typedef size_t ng_find_delimiters_fn(const char *text, size_t size,
                                     uint32_t base, uint32_t *positions,
                                     unsigned char *odd);

struct ng_text_kernel {
  const char *name;  /* as NGRAM_KERNEL has it */
  unsigned features; /* set of enum ng_cpu_feature that it needs */
  ng_find_delimiters_fn *find_delimiters;
  const struct ng_boundary_kernel *boundaries; /* for words of free text */
};

/* All kernels of this binary, the slowest first; NULL past the end. The
   first, "scalar", runs everywhere. */
const struct ng_text_kernel *ng_text_kernel_at(size_t index);

/* How many newlines there are. Needs no pad. */
size_t ng_delimiters_count_newlines(const char *text, size_t size);

#endif
