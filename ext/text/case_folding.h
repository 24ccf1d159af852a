/* SPDX-License-Identifier: MIT */
/*
 * What Unicode says of a code point: whether it belongs to a word, and what
 * it becomes when case is folded.
 *
 * Threads: any.
 */
#ifndef NG_TEXT_CASE_FOLDING_H
#define NG_TEXT_CASE_FOLDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that one byte of UTF-8 may fold to, at most: U+0390 has two and
   becomes three code points of two. */
#define NG_FOLD_GROWTH 3

/* The version of Unicode that is asked, static: "15.0.0". */
const char *ng_case_folding_unicode(void);

/*
 * Read the code point at *text, which is well-formed UTF-8, and step behind it.
 * If it belongs to a word (general category L, M or N), append what it folds
 * to at *out and step behind that: at most NG_FOLD_GROWTH times its own bytes,
 * rounded up to 4. Returns whether it belongs to a word.
 */
bool ng_case_folding_next(const char **text, char **out);

#endif
