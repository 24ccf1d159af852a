/* SPDX-License-Identifier: MIT */
/* Random texts of rows, as real ones and as bad ones as can be. */
#ifndef NG_TESTS_UNIT_ROWS_MAKE_H
#define NG_TESTS_UNIT_ROWS_MAKE_H

#include "text/line.h"
#include "unit/bytes.h"

/* How much of what a text has; each is once in so many rows, 0: never. */
struct rows_taste {
  enum ng_layout layout;
  size_t new_word;   /* another word than the row before */
  size_t crlf;       /* ends with CR LF */
  size_t mutated;    /* some byte is changed, lost or doubled */
  size_t odd_number; /* of up to 20 digits */
  size_t long_word;  /* up to 40,000 bytes */
  size_t junk;       /* no row at all */
};

static inline bool rows_want(size_t once_in)
{
  return once_in > 0 && random_once_in(once_in);
}

static inline void rows_add_word(struct bytes *word,
                                 const struct rows_taste *taste)
{
  static const char *const odd[] = {"\"",
                                    "\"\"",
                                    "a\"b",
                                    "'s",
                                    " ",
                                    "a b c",
                                    "\xc3\x98verst_ADV",
                                    "\xe4\xbd\xa0\xe5\xa5\xbd",
                                    "\xf0\x9f\x98\x80",
                                    "watch_VERB",
                                    "_NOUN_",
                                    "drinks_VERB=>water",
                                    "drinks=>water",
                                    "_START_",
                                    "=>",
                                    "\r",
                                    "x\r",
                                    "0",
                                    "1900"};

  word->size = 0;
  if (rows_want(taste->long_word))
    bytes_fill(word, (int)('a' + random_below(26)), 1 + random_below(40000));
  else if (random_once_in(4))
    bytes_add_text(word, odd[random_below(COUNT(odd))]);
  else
    for (size_t left = 1 + random_below(random_below(30) + 1); left > 0; left--)
      bytes_fill(word, (int)('a' + random_below(3)), 1);
}

static inline void rows_add_number(struct bytes *text, size_t digits_max)
{
  size_t digits = 1 + random_below(digits_max);

  for (size_t i = 0; i < digits; i++)
    bytes_fill(text, (int)('0' + random_below(10)), 1);
}

static inline void rows_mutate(struct bytes *text, size_t start)
{
  static const char bytes[] = "\t\t\n\r 0a\x80\xff\xc3-+.,,";
  size_t at = start + random_below(text->size - start);
  unsigned char byte = (unsigned char)bytes[random_below(sizeof bytes)];

  switch (random_below(3)) {
  case 0:
    text->data[at] = byte;
    break;
  case 1:
    memmove(text->data + at, text->data + at + 1, text->size - at - 1);
    text->size--;
    break;
  default:
    bytes_add(text, "", 1);
    memmove(text->data + at + 1, text->data + at, text->size - at - 1);
    text->data[at] = byte;
  }
}

/* year, match_count and so on, each after its separator. */
static inline void rows_add_numbers(struct bytes *text, int count,
                                    const char *separator,
                                    const struct rows_taste *taste)
{
  for (int number = 0; number < count; number++) {
    bytes_add_text(text, number == 0 ? "\t" : separator);
    if (rows_want(taste->odd_number))
      rows_add_number(text, 20);
    else if (number == 0)
      bytes_print(text, "%zu", 1500 + random_below(520));
    else
      rows_add_number(text, 6);
  }
}

static inline void rows_add_row(struct bytes *text, const struct bytes *word,
                                const struct rows_taste *taste)
{
  size_t start = text->size;

  bytes_add(text, word->data, word->size);
  if (taste->layout == NG_LAYOUT_2020)
    for (size_t left = 1 + random_below(random_once_in(20) ? 2000 : 20);
         left > 0; left--)
      rows_add_numbers(text, 3, ",", taste);
  else
    rows_add_numbers(text, taste->layout == NG_LAYOUT_2009 ? 4 : 3, "\t",
                     taste);
  if (rows_want(taste->crlf))
    bytes_add(text, "\r", 1);
  bytes_add(text, "\n", 1);
  if (rows_want(taste->mutated))
    rows_mutate(text, start);
}

static inline void rows_add_junk(struct bytes *text)
{
  static const char *const junk[] = {
      "\n",     "\r\n",        "\t\n",  "\t\t\n",       "\t\t\t\n", "a\n",
      "\n\n\n", "\t1\t1\t1\n", "a\t\n", "a\t1,1,1\t\n", "a\t1,1\n"};

  bytes_add_text(text, junk[random_below(COUNT(junk))]);
}

/* Add some `size` bytes of whole lines. */
static inline void rows_add(struct bytes *text, size_t size,
                            const struct rows_taste *taste)
{
  size_t end = text->size + size;
  struct bytes word = {.data = NULL};

  rows_add_word(&word, taste);
  while (text->size < end) {
    if (rows_want(taste->new_word))
      rows_add_word(&word, taste);
    if (rows_want(taste->junk))
      rows_add_junk(text);
    rows_add_row(text, &word, taste);
  }
  if (text->size > 0 && text->data[text->size - 1] != '\n')
    bytes_add(text, "\n", 1);
  bytes_free(&word);
}

#endif
