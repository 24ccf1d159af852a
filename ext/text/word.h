/* SPDX-License-Identifier: MIT */
/*
 * What a word is: valid UTF-8 without NUL, not empty. And which words carry a
 * part-of-speech tag, or are not printed so in a book.
 *
 * Threads: any number at once.
 */
#ifndef NG_TEXT_WORD_H
#define NG_TEXT_WORD_H

#include <stdbool.h>
#include <stddef.h>

enum ng_word_fault {
  NG_WORD_OK,
  NG_WORD_EMPTY,
  NG_WORD_HAS_NUL,
  NG_WORD_NOT_UTF8,
};

/* Check a word of any length. One with both faults has a NUL. */
enum ng_word_fault ng_word_check(const char *word, size_t length);

/*
 * An n-gram is tokens with a space between them. In a dependency arc it is `=>`
 * in place of the space, with at least one byte of a token before and after it:
 * `=>` alone, `=>x` and `x=>` are printed tokens.
 *
 * Whether a token of the n-gram carries a tag: watch_VERB, ._. and the
 * placeholder _NOUN_ do; _START_, snake_case, _VERB and x_NOUN_ do not.
 */
bool ng_word_is_tagged(const char *word, size_t length);

/* Whether the n-gram is printed so in a book: no token carries a tag or is
   _START_, _END_ or _ROOT_, and it is no arc. */
bool ng_word_is_plain(const char *word, size_t length);

#endif
