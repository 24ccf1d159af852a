/* SPDX-License-Identifier: MIT */
/*
 * Checks of words, and their tags.
 *
 * The scanner checks a word once for each word group, and nearly all are ASCII
 * letters: eight bytes at a time are enough to see that. Other words go through
 * utf8.h. scan/word_filter.c asks for tags once for each group, if the host
 * wants tagged words left out or alone. Nothing is allocated.
 *
 * An n-gram file of 2012 or 2020 holds each n-gram as it is printed, and again
 * with tags: the twelve of the Universal Part-of-Speech Tagset (Petrov, Das,
 * McDonald, LREC 2012), put after a word (watch_VERB) or, between two
 * underscores, in its position (_VERB_). _START_ and _END_ stand around a
 * sentence. A dependency arc, which 2012 keeps in files of 0-grams, is
 * head=>modifier. Each of the two may have a tag. _ROOT_ is the head of a
 * sentence.
 * (Lin et al., Syntactic Annotations for the Google Books Ngram Corpus, ACL
 * 2012; https://books.google.com/ngrams/info; the lists of files are
 * https://storage.googleapis.com/books/ngrams/books/datasetsv2.html and
 * datasetsv3.html.)
 *
 * Each tag and mark has an underscore and each arc a `=`, so a search for these
 * bytes settles most words.
 */
#include "text/word.h"

#include <stdint.h>
#include <string.h>

#include "base/hints.h"
#include "base/le.h"
#include "text/utf8.h"

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
    if (!is_plain(ng_le_load64(word + i)))
      return false;
  for (; i < length; i++)
    if ((signed char)word[i] <= 0)
      return false;
  return true;
}

static bool is_utf8(const char *word, size_t length)
{
  const char *end = word + length;

  while (word < end) {
    size_t step = ng_utf8_sequence(word, (size_t)(end - word));

    if (step == 0)
      return false;
    word += step;
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

static bool is_one_of(const char *const *names, size_t count, const char *name,
                      size_t length)
{
  for (size_t i = 0; i < count; i++)
    if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
      return true;
  return false;
}

static bool is_tag(const char *name, size_t length)
{
  static const char *const tags[] = {"NOUN", "VERB", "ADJ", "ADV",
                                     "PRON", "DET",  "ADP", "NUM",
                                     "CONJ", "PRT",  ".",   "X"};

  return is_one_of(tags, sizeof tags / sizeof *tags, name, length);
}

static bool is_mark(const char *token, size_t length)
{
  static const char *const marks[] = {"_START_", "_END_", "_ROOT_"};

  return is_one_of(marks, sizeof marks / sizeof *marks, token, length);
}

static bool is_tagged(const char *token, size_t length)
{
  size_t tag = length;

  if (length >= 3 && token[0] == '_' && token[length - 1] == '_')
    return is_tag(token + 1, length - 2);
  while (tag > 0 && token[tag - 1] != '_')
    tag--;
  return tag >= 2 && is_tag(token + tag, length - tag);
}

/* The end of the token at `token`: the space or `=>` after it, or the end of
   the n-gram. */
static const char *token_end(const char *token, const char *end)
{
  const char *at = token;

  while (at < end && *at != ' ') {
    if (*at == '=' && at > token && end - at > 2 && at[1] == '>' &&
        at[2] != ' ')
      return at;
    at++;
  }
  return at;
}

/* The token after the one that ends at `stop`. */
static const char *next_token(const char *stop)
{
  return stop + (*stop == '=' ? 2 : 1);
}

bool ng_word_is_tagged(const char *word, size_t length)
{
  const char *end = word + length;

  if (!memchr(word, '_', length))
    return false;
  while (word < end) {
    const char *stop = token_end(word, end);

    if (is_tagged(word, (size_t)(stop - word)))
      return true;
    if (stop == end)
      break;
    word = next_token(stop);
  }
  return false;
}

bool ng_word_is_plain(const char *word, size_t length)
{
  const char *end = word + length;

  if (!memchr(word, '_', length) && !memchr(word, '=', length))
    return true;
  while (word < end) {
    const char *stop = token_end(word, end);
    size_t size = (size_t)(stop - word);

    if (is_tagged(word, size) || is_mark(word, size))
      return false;
    if (stop == end)
      break;
    if (*stop == '=')
      return false;
    word = next_token(stop);
  }
  return true;
}
