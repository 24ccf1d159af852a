/* SPDX-License-Identifier: MIT */
/*
 * What Unicode says of a code point: whether it belongs to a word, and what
 * it becomes when case is folded.
 *
 * Threads: a struct ng_letters belongs to one thread at a time.
 */
#ifndef NG_TEXT_LETTERS_H
#define NG_TEXT_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that one byte of UTF-8 may fold to, at most: U+0390 has two and
   becomes three code points of two. */
#define NG_FOLD_GROWTH 3

/* What is known so far; looked up once for each code point. */
struct ng_letters {
  uint32_t *known; /* owned; see letters.c */
};

/* The version of Unicode that is asked, static: "15.0.0". */
const char *ng_letters_unicode(void);

/* False: no memory. */
bool ng_letters_init(struct ng_letters *letters);
void ng_letters_free(struct ng_letters *letters);

/*
 * Read the code point at *text, which is well-formed UTF-8, and step behind it.
 * If it belongs to a word (general category L, M or N), append what it folds
 * to at *out and step behind that: at most NG_FOLD_GROWTH times its own bytes,
 * rounded up to 4. Returns whether it belongs to a word.
 */
bool ng_letters_take(struct ng_letters *letters, const char **text, char **out);

#endif
