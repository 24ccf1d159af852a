/* SPDX-License-Identifier: MIT */
/*
 * What a word is: valid UTF-8 without NUL; and which words carry a
 * part-of-speech tag.
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
 * Whether some token of the n-gram (tokens are parted by spaces) carries a
 * tag of the 2012 release: watch_VERB, ._. and the placeholder _NOUN_ do,
 * _START_ and snake_case do not.
 */
bool ng_word_is_tagged(const char *word, size_t length);

#endif
