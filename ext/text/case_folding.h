/* SPDX-License-Identifier: MIT */
/*
 * The code points that belong to words, and their full case folding, as the
 * Unicode Standard has them.
 *
 * Threads: any number at once.
 */
#ifndef NG_TEXT_CASE_FOLDING_H
#define NG_TEXT_CASE_FOLDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One byte of UTF-8 folds to at most this many bytes: U+0390 has two bytes and
   becomes three code points of two. */
#define NG_FOLD_GROWTH 3

/* The version of Unicode, static: "15.0.0". */
const char *ng_case_folding_unicode(void);

/*
 * Read the code point at *text, which is well-formed UTF-8, and move *text
 * after it. If it belongs to a word (general category L, M or N), write what it
 * folds to at *out, and move *out after that. Writes at most NG_FOLD_GROWTH
 * times the bytes of the code point, rounded up to a multiple of 4. Returns
 * whether it belongs to a word.
 */
bool ng_case_folding_next(const char **text, char **out);

#endif
