/* SPDX-License-Identifier: MIT */
/*
 * Where the TABs and newlines of rows are, and which bytes belong to no number:
 * the first half of parsing.
 *
 * A kernel reads the text in windows of 64 bytes, so the text is followed by
 * NG_TEXT_PAD readable bytes (text_kernel.h).
 */
#ifndef NG_TEXT_DELIMITERS_H
#define NG_TEXT_DELIMITERS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Write base + i, modulo 2^32, for every i below `size` where text[i] is a TAB
 * or newline, in ascending order. Returns how many there are. `positions` has
 * room for size + 64; those after the last are undefined.
 *
 * `odd` gets bit i % 8 of byte i / 8 for text[i]: 1 if it is neither a digit
 * nor a TAB. It has room for size + 64 bits.
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

/* The number of newlines. Reads no byte after the text. */
size_t ng_delimiters_count_newlines(const char *text, size_t size);

#endif
