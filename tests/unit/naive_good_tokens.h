/* SPDX-License-Identifier: MIT */
/*
 * The good words of a text, and how many bad ones are left out, in the plainest
 * way: what naive_tokens.h is where the first bad word is a fault.
 */
#ifndef NG_TESTS_UNIT_NAIVE_GOOD_TOKENS_H
#define NG_TESTS_UNIT_NAIVE_GOOD_TOKENS_H

#include "unit/naive_tokens.h"

/* A word that is being put together. */
struct naive_word {
  struct bytes folded;
  bool is_bad;
};

static inline void naive_add_folded(struct bytes *folded, int32_t code_point)
{
  utf8proc_int32_t all[8];
  int boundary = 0;
  utf8proc_ssize_t count =
      utf8proc_decompose_char(code_point, all, 8, UTF8PROC_CASEFOLD, &boundary);

  for (utf8proc_ssize_t i = 0; i < count; i++) {
    utf8proc_uint8_t bytes[4];

    bytes_add(folded, bytes, (size_t)utf8proc_encode_char(all[i], bytes));
  }
}

/* Whether the word goes on with what stands at `at`, which has `left` bytes;
 *step is how many of them that takes. */
static inline bool naive_goes_on(struct naive_word *word, const char *at,
                                 size_t left, size_t *step)
{
  utf8proc_int32_t code_point;
  utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)at,
                                           (utf8proc_ssize_t)left, &code_point);

  *step = size < 1 ? 1 : (size_t)size;
  if (size < 1 || *at == '\0') {
    word->is_bad = true;
    return true;
  }
  if (!strchr("LMN", utf8proc_category_string(code_point)[0]))
    return false;
  naive_add_folded(&word->folded, code_point);
  return true;
}

/* Put the words between two split points; returns how many are bad. */
static inline uint64_t naive_put_good(const char *text, size_t length,
                                      naive_word_fn *put, void *context)
{
  uint64_t skipped = 0;

  for (size_t at = 0; at < length;) {
    struct naive_word word = {.folded = {.data = NULL}};
    size_t step = 0;

    while (at < length && naive_goes_on(&word, text + at, length - at, &step))
      at += step;
    if (at < length)
      at += step;
    if (word.is_bad || word.folded.size > NG_LINE_MAX)
      skipped++;
    else if (word.folded.size > 0)
      put(context, (char *)word.folded.data, word.folded.size);
    bytes_free(&word.folded);
  }
  return skipped;
}

/* Put all good words of a text; returns how many are bad. */
static inline uint64_t naive_good_tokens(enum ng_tokens kind, const char *text,
                                         size_t size, naive_word_fn *put,
                                         void *context)
{
  uint64_t skipped = 0;

  for (size_t at = 0; at < size; at++) {
    size_t start = at;

    while (at < size && !naive_is_split_point(kind, text[at]))
      at++;
    if (at - start > NG_LINE_MAX)
      skipped++;
    else if (kind == NG_TOKENS_LETTERS)
      skipped += naive_put_good(text + start, at - start, put, context);
    else if (at > start && naive_judge(text + start, at - start) != NG_ROW_OK)
      skipped++;
    else if (at > start)
      put(context, text + start, at - start);
  }
  return skipped;
}

#endif
