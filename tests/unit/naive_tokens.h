/* SPDX-License-Identifier: MIT */
/*
 * The words of a text in the plainest way: byte by byte, and with libutf8proc
 * asked for each code point. The reference for tokenizers, faults included.
 */
#ifndef NG_TESTS_UNIT_NAIVE_TOKENS_H
#define NG_TESTS_UNIT_NAIVE_TOKENS_H

#include <ctype.h>
#include <utf8proc.h>

#include "text/line.h"
#include "text/tokenizer.h"
#include "unit/bytes.h"
#include "unit/test.h"

typedef void naive_word_fn(void *context, const char *word, size_t length);

/* What is wrong, and with what; kind NG_ROW_OK: nothing. */
struct naive_fault {
  enum ng_row_fault_kind kind;
  size_t start;
  size_t end;
};

static inline bool naive_is_split_point(enum ng_tokens kind, char byte)
{
  if (kind == NG_TOKENS_SPACE)
    return byte != '\0' && strchr(" \t\n\v\f\r", byte);
  return (signed char)byte > 0 && !isalnum(byte); /* of the C locale */
}

static inline enum ng_row_fault_kind naive_judge(const char *text,
                                                 size_t length)
{
  const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
  const utf8proc_uint8_t *end = at + length;

  if (length > NG_LINE_MAX)
    return NG_ROW_WORD_TOO_LONG;
  if (memchr(text, '\0', length))
    return NG_ROW_WORD_HAS_NUL;
  while (at < end) {
    utf8proc_int32_t code_point;
    utf8proc_ssize_t step = utf8proc_iterate(at, end - at, &code_point);

    if (step < 1)
      return NG_ROW_WORD_NOT_UTF8;
    at += step;
  }
  return NG_ROW_OK;
}

/* The runs of letters, marks and digits between two split points, folded.
   False: one is too long. */
static inline bool naive_fold(const char *text, size_t length,
                              naive_word_fn *put, void *context)
{
  const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
  const utf8proc_uint8_t *end = at + length;
  char *word = test_memory(4 * length + 16);
  size_t size = 0;
  bool good = true;

  while (at < end) {
    utf8proc_int32_t code_point;
    utf8proc_int32_t folded[8];
    utf8proc_ssize_t count;
    int boundary = 0;

    at += utf8proc_iterate(at, end - at, &code_point);
    count = utf8proc_decompose_char(code_point, folded, 8, UTF8PROC_CASEFOLD,
                                    &boundary);
    if (strchr("LMN", utf8proc_category_string(code_point)[0])) {
      for (utf8proc_ssize_t i = 0; i < count; i++)
        size += (size_t)utf8proc_encode_char(folded[i],
                                             (utf8proc_uint8_t *)word + size);
      if (at < end)
        continue;
    }
    good = good && size <= NG_LINE_MAX;
    if (size > 0 && good)
      put(context, word, size);
    size = 0;
  }
  free(word);
  return good;
}

/* Put all words of a text, up to the first fault. */
static inline void naive_tokens(enum ng_tokens kind, const char *text,
                                size_t size, naive_word_fn *put, void *context,
                                struct naive_fault *fault)
{
  size_t at = 0;

  *fault = (struct naive_fault){.kind = NG_ROW_OK};
  while (at < size && fault->kind == NG_ROW_OK) {
    size_t start = at;

    while (at < size && !naive_is_split_point(kind, text[at]))
      at++;
    if (at > start) {
      fault->kind = naive_judge(text + start, at - start);
      fault->start = start;
      fault->end = at;
      if (fault->kind == NG_ROW_OK && kind == NG_TOKENS_SPACE)
        put(context, text + start, at - start);
      else if (fault->kind == NG_ROW_OK &&
               !naive_fold(text + start, at - start, put, context))
        fault->kind = NG_ROW_WORD_TOO_LONG;
    }
    at++;
  }
}

static inline uint64_t naive_newlines(const char *text, size_t size)
{
  uint64_t count = 0;

  for (size_t i = 0; i < size; i++)
    count += text[i] == '\n';
  return count;
}

/* A naive_word_fn: append the word to a struct bytes, its length before it. */
static inline void bytes_add_word(void *bytes, const char *word, size_t length)
{
  bytes_add(bytes, &length, sizeof length);
  bytes_add(bytes, word, length);
}

/* The same of those that an ng_put_words_fn gets. */
static inline bool bytes_add_words(void *bytes, const char *base,
                                   const uint32_t *boundaries, size_t count)
{
  for (size_t i = 0; i < 2 * count; i += 2)
    bytes_add_word(bytes, base + boundaries[i],
                   boundaries[i + 1] - boundaries[i]);
  return true;
}

/* ------------------------------------------------------------ their texts --
 */

/* Letters, marks and digits of all lengths, those that fold to more or fewer
   bytes or to several code points, and what is none. */
static const char *const token_pieces[] = {
    "a",
    "Z",
    "0",
    "the",
    "Word",
    "'s",
    "\xC3\xA9",
    "\xC3\x9F" /* folds to ss */,
    "\xC4\xB0" /* folds to i and a dot */,
    "\xCE\x90" /* folds to three */,
    "\xCC\x81" /* a mark */,
    "\xD0\xAF",
    "\xD1\x8F",
    "\xE4\xB8\xAD",
    "\xEF\xAC\x83" /* folds to ffi */,
    "\xE1\xBA\x9E" /* folds to ss */,
    "\xE2\x85\xA7" /* a number that is a letter */,
    "\xC2\xBD" /* a number that is none */,
    "\xF0\x90\x90\x80" /* folds to another of four bytes */,
    "\xE2\x84\xAA" /* the Kelvin sign, folds to k */,
    "\xE2\x80\x94" /* a dash */,
    "\xC2\xA0" /* a space that is no white space here */,
    "\xE3\x80\x82" /* a full stop */,
    "\xE2\x80\x8D" /* a joiner */,
    "\xF0\x9F\x98\x80" /* a face */,
    "-",
    "_",
    ",",
    "/",
    "\x7F",
    "\x01",
};

/* What is no UTF-8, or a NUL. */
static const struct bad_piece {
  const char *bytes;
  size_t size;
} bad_pieces[] = {
    {"\0", 1},       {"\x80", 1},         {"\xC3", 1},
    {"\xC0\xAF", 2}, {"\xED\xA0\x80", 3}, {"\xF4\x90\x80\x80", 4},
    {"\xE2\x80", 2}, {"\xF0\x9F\x98", 3}, {"\xFF", 1},
    {"\0\x80", 2},
};

/* A random text of at most `size` bytes, bad pieces once in `bad`, 0: never;
   how many it has. */
static inline size_t make_token_text(char *text, size_t size, size_t bad)
{
  size_t ascii = random_below(3); /* 0: hardly any other; 1: none */
  size_t spaces = 1 + random_below(10);
  size_t used = 0;

  while (used + 8 <= size) {
    const char *piece = token_pieces[random_below(COUNT(token_pieces))];
    size_t length;

    if (ascii == 1 || (ascii == 0 && !random_once_in(100)))
      piece = token_pieces[random_below(6)];
    length = strlen(piece);
    if (random_once_in(spaces + 1)) {
      piece = &" \t\n\v\f\r"[random_below(6)];
      length = 1;
    }
    if (bad > 0 && random_once_in(bad)) {
      const struct bad_piece *one =
          &bad_pieces[random_below(COUNT(bad_pieces))];

      piece = one->bytes;
      length = one->size;
    }
    memcpy(text + used, piece, length);
    used += length;
  }
  return used;
}

#endif
