/* SPDX-License-Identifier: MIT */
/*
 * What a word is: valid UTF-8 without NUL; and which words carry a
 * part-of-speech tag, or are no printed text at all.
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

/* NUL goes before UTF-8 when a word has both faults. */
enum ng_word_fault ng_word_check(const char *word, size_t length);

/*
 * An n-gram is tokens, which a space parts, or in a dependency arc a `=>` that
 * has something of its token before and behind it: `=>` alone, `=>x` and `x=>`
 * are printed tokens.
 *
 * Whether some token carries a tag: watch_VERB, ._. and the placeholder _NOUN_
 * do; _START_, snake_case, _VERB and x_NOUN_ do not.
 */
bool ng_word_is_tagged(const char *word, size_t length);

/* Whether all tokens stand so in a book: none carries a tag or is _START_,
   _END_ or _ROOT_, and there is no arc. */
bool ng_word_is_plain(const char *word, size_t length);

#endif
