/* SPDX-License-Identifier: MIT */
/*
 * The bytes at which a text may be cut without cutting a word or a row.
 *
 * Of rows, that is a newline. Of free text, it depends on the tokenizer: white
 * space (isspace of the C locale), or all of ASCII but letters, digits and NUL.
 * NUL and the bytes above 127 are never split points.
 *
 * Threads: any number at once.
 */
#ifndef NG_TEXT_SPLIT_POINTS_H
#define NG_TEXT_SPLIT_POINTS_H

#include <stdbool.h>
#include <stddef.h>

/* What a text consists of. tokenizer.h says what the words of each are. */
enum ng_tokens {
  NG_TOKENS_NONE, /* rows */
  NG_TOKENS_SPACE,
  NG_TOKENS_LETTERS,
};

static inline bool ng_split_point_is_space(char byte)
{
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static inline bool ng_split_point_is_between_letters(char byte)
{
  unsigned char letter = (unsigned char)byte | 0x20;

  return (signed char)byte > 0 && !(letter >= 'a' && letter <= 'z') &&
         !(byte >= '0' && byte <= '9');
}

static inline bool ng_split_point_is(enum ng_tokens tokens, char byte)
{
  switch (tokens) {
  case NG_TOKENS_SPACE:
    return ng_split_point_is_space(byte);
  case NG_TOKENS_LETTERS:
    return ng_split_point_is_between_letters(byte);
  case NG_TOKENS_NONE:
    break;
  }
  return byte == '\n';
}

/*
 * Find the first and the last split point of `size` bytes. *after_first and
 * *after_last are the offsets of the bytes after them. Returns false, and sets
 * neither, if there is no split point.
 */
bool ng_split_points_find(enum ng_tokens tokens, const char *text, size_t size,
                          size_t *after_first, size_t *after_last);

#endif
