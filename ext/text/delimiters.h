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

/* By the names of struct ng_text_kernel. */
ng_find_delimiters_fn ng_delimiters_find_scalar;
ng_find_delimiters_fn ng_delimiters_find_sse2;
ng_find_delimiters_fn ng_delimiters_find_avx2;
ng_find_delimiters_fn ng_delimiters_find_avx512;
ng_find_delimiters_fn ng_delimiters_find_neon;

/* How many newlines there are. Needs no pad. */
size_t ng_delimiters_count_newlines(const char *text, size_t size);

#endif
