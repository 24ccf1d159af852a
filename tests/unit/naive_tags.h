/* SPDX-License-Identifier: MIT */
/*
 * What the tokens of an n-gram carry, in the plainest way: it is taken apart
 * from the front, and each token is compared with all that a tag or a mark may
 * look like.
 */
#ifndef NG_TESTS_UNIT_NAIVE_TAGS_H
#define NG_TESTS_UNIT_NAIVE_TAGS_H

#include <stdbool.h>
#include <string.h>

#include "ngram.h"
#include "unit/test.h"

static const char *const naive_tags[] = {"NOUN", "VERB", "ADJ", "ADV",
                                         "PRON", "DET",  "ADP", "NUM",
                                         "CONJ", "PRT",  ".",   "X"};

static inline bool naive_equals(const char *token, size_t length,
                                const char *text)
{
  return length == strlen(text) && memcmp(token, text, length) == 0;
}

/* _TAG_, or a word before _TAG. */
static inline bool naive_token_is_tagged(const char *token, size_t length)
{
  for (size_t i = 0; i < COUNT(naive_tags); i++) {
    const char *tag = naive_tags[i];
    size_t size = strlen(tag);

    if (length == size + 2 && token[0] == '_' && token[length - 1] == '_' &&
        naive_equals(token + 1, size, tag))
      return true;
    if (length > size + 1 && token[length - size - 1] == '_' &&
        naive_equals(token + length - size, size, tag))
      return true;
  }
  return false;
}

/* Where the token ends; *parted: an arc goes on behind it. */
static inline size_t naive_token_size(const char *token, size_t length,
                                      bool *parted)
{
  size_t whole = 0;

  while (whole < length && token[whole] != ' ')
    whole++;
  *parted = false;
  for (size_t i = 1; i + 2 < whole; i++)
    if (memcmp(token + i, "=>", 2) == 0) {
      *parted = true;
      return i;
    }
  return whole;
}

/* Whether these n-grams are wanted. */
static inline bool naive_wants_tags(enum ngram_tags tags, const char *word,
                                    size_t length)
{
  bool tagged = false;
  bool plain = true;

  if (tags == NGRAM_TAGS_KEEP)
    return true;
  for (size_t at = 0; at < length;) {
    bool parted;
    size_t size = naive_token_size(word + at, length - at, &parted);
    bool is_tagged = naive_token_is_tagged(word + at, size);

    tagged |= is_tagged;
    plain &= !is_tagged && !parted &&
             !naive_equals(word + at, size, "_START_") &&
             !naive_equals(word + at, size, "_END_") &&
             !naive_equals(word + at, size, "_ROOT_");
    at += size + (parted ? 2 : 1);
  }
  return (tags == NGRAM_TAGS_DROP && !tagged) ||
         (tags == NGRAM_TAGS_ONLY && tagged) ||
         (tags == NGRAM_TAGS_PLAIN && plain);
}

#endif
