/* SPDX-License-Identifier: MIT */
/*
 * Words are checked once for every run of rows, and nearly all are ASCII
 * letters: eight bytes at a time are enough to see that. The rest goes
 * through a checker that follows table 3-7 of the Unicode standard (well-
 * formed UTF-8 byte sequences: no overlong forms, no surrogates, nothing past
 * U+10FFFF).
 *
 * Tags: http://storage.googleapis.com/books/ngrams/books/datasetsv2.html
 */
#include "text/word.h"

#include <stdint.h>
#include <string.h>

#include "base/bits.h"

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define TOP_BITS (EACH_BYTE * 0x80)

/* No byte of the eight is NUL or above 127. */
static bool is_plain(uint64_t bytes)
{
  return (((bytes - EACH_BYTE) | bytes) & TOP_BITS) == 0;
}

static bool is_plain_word(const char *word, size_t length)
{
  size_t i = 0;

  for (; i + 8 <= length; i += 8)
    if (!is_plain(ng_load64(word + i)))
      return false;
  for (; i < length; i++)
    if ((signed char)word[i] <= 0)
      return false;
  return true;
}

static bool is_between(unsigned char byte, unsigned low, unsigned high)
{
  return byte >= low && byte <= high;
}

/* The length of the well-formed sequence at p, 0 if it is none. */
static size_t sequence_length(const unsigned char *p, size_t left)
{
  unsigned char lead = p[0];
  size_t length;

  if (lead < 0x80)
    return 1;
  length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (!is_between(lead, 0xC2, 0xF4) || length > left)
    return 0;
  if (!is_between(p[1],
                  lead == 0xE0   ? 0xA0
                  : lead == 0xF0 ? 0x90
                                 : 0x80,
                  lead == 0xED   ? 0x9F
                  : lead == 0xF4 ? 0x8F
                                 : 0xBF))
    return 0;
  for (size_t i = 2; i < length; i++)
    if (!is_between(p[i], 0x80, 0xBF))
      return 0;
  return length;
}

static bool is_utf8(const char *word, size_t length)
{
  const unsigned char *p = (const unsigned char *)word;
  const unsigned char *end = p + length;

  while (p < end) {
    size_t step = sequence_length(p, (size_t)(end - p));

    if (step == 0)
      return false;
    p += step;
  }
  return true;
}

enum ng_word_fault ng_word_check(const char *word, size_t length)
{
  if (length == 0)
    return NG_WORD_EMPTY;
  if (NG_LIKELY(is_plain_word(word, length)))
    return NG_WORD_OK;
  if (memchr(word, '\0', length))
    return NG_WORD_HAS_NUL;
  return is_utf8(word, length) ? NG_WORD_OK : NG_WORD_NOT_UTF8;
}

static bool is_tag(const char *name, size_t length)
{
  static const char *const tags[] = {"NOUN", "VERB", "ADJ", "ADV",
                                     "PRON", "DET",  "ADP", "NUM",
                                     "CONJ", "PRT",  ".",   "X"};

  for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
    if (strlen(tags[i]) == length && memcmp(tags[i], name, length) == 0)
      return true;
  return false;
}

static bool is_tagged_token(const char *token, size_t length)
{
  size_t tag = length;

  if (length >= 3 && token[0] == '_' && token[length - 1] == '_')
    return is_tag(token + 1, length - 2);
  while (tag > 0 && token[tag - 1] != '_')
    tag--;
  return tag >= 2 && is_tag(token + tag, length - tag);
}

bool ng_word_is_tagged(const char *word, size_t length)
{
  const char *end = word + length;

  while (word < end) {
    const char *space = memchr(word, ' ', (size_t)(end - word));
    const char *stop = space ? space : end;

    if (is_tagged_token(word, (size_t)(stop - word)))
      return true;
    word = stop + 1;
  }
  return false;
}
