/* SPDX-License-Identifier: MIT */
/*
 * Letters by libutf8proc: https://juliastrings.github.io/utf8proc/
 *
 * Its tables are asked once for each code point that a text holds; the answer
 * is kept in 32 bits, in an array as long as Unicode whose pages are there only
 * where a text has been. There is one for the process. Any thread may fill in
 * an answer: it is the same whoever asks, and is all in one atomic word, so the
 * order of loads and stores does not matter. The array is static, so that
 * nothing has to be made, freed, or kept over fork() and unloading. Nearly all
 * code points fold to one code point. Those that fold to several (U+00DF, 102
 * others) are looked up each time.
 *
 * Folding is the full one of CaseFolding.txt (statuses C and F), code point by
 * code point: it depends on no neighbour and no language, so a word folds the
 * same wherever it stands. Nothing is composed or decomposed.
 *
 * Refused: lower case in place of folding (the sigma at the end of a Greek word
 * has a lower case of its own).
 */
#include "text/letters.h"

#include <stdatomic.h>
#include <utf8proc.h>

#include "base/le.h"

#define CODE_POINTS 0x110000

/* An answer: a code point, and these. 0: not asked yet. */
#define IS_KNOWN (UINT32_C(1) << 31)
#define IS_LETTER (UINT32_C(1) << 30)
#define FOLDS_TO_SEVERAL (UINT32_C(1) << 29)
#define CODE_POINT_MASK UINT32_C(0x1FFFFF)

static _Atomic(uint32_t) known[CODE_POINTS];

/* Full folding gives three at most. */
#define FOLDED_MAX 4

const char *ng_letters_unicode(void)
{
  return utf8proc_unicode_version();
}

static bool is_letter(uint32_t code_point)
{
  switch (utf8proc_category((utf8proc_int32_t)code_point)) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
  case UTF8PROC_CATEGORY_LM:
  case UTF8PROC_CATEGORY_LO:
  case UTF8PROC_CATEGORY_MN:
  case UTF8PROC_CATEGORY_MC:
  case UTF8PROC_CATEGORY_ME:
  case UTF8PROC_CATEGORY_ND:
  case UTF8PROC_CATEGORY_NL:
  case UTF8PROC_CATEGORY_NO:
    return true;
  default:
    return false;
  }
}

/* How many code points it folds to; `folded` takes FOLDED_MAX. */
static unsigned fold(uint32_t code_point, utf8proc_int32_t *folded)
{
  int bound_class = 0;
  utf8proc_ssize_t count =
      utf8proc_decompose_char((utf8proc_int32_t)code_point, folded, FOLDED_MAX,
                              UTF8PROC_CASEFOLD, &bound_class);

  if (count < 1 || count > FOLDED_MAX) { /* cannot be */
    folded[0] = (utf8proc_int32_t)code_point;
    count = 1;
  }
  return (unsigned)count;
}

static uint32_t answer_of(uint32_t code_point)
{
  utf8proc_int32_t folded[FOLDED_MAX];

  if (!is_letter(code_point))
    return IS_KNOWN;
  if (fold(code_point, folded) > 1)
    return IS_KNOWN | IS_LETTER | FOLDS_TO_SEVERAL | code_point;
  return IS_KNOWN | IS_LETTER | (uint32_t)folded[0];
}

static NG_COLD uint32_t look_up(uint32_t code_point)
{
  uint32_t answer = answer_of(code_point);

  atomic_store_explicit(&known[code_point], answer, memory_order_relaxed);
  return answer;
}

/* Decode well-formed UTF-8. */
static inline uint32_t take_code_point(const char **text)
{
  const unsigned char *p = (const unsigned char *)*text;

  if (p[0] < 0x80) {
    *text += 1;
    return p[0];
  }
  if (p[0] < 0xE0) {
    *text += 2;
    return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
  }
  if (p[0] < 0xF0) {
    *text += 3;
    return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
  }
  *text += 4;
  return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 |
         (p[3] & 0x3Fu);
}

/* Writes four bytes, whatever the length. */
static inline char *put_code_point(char *out, uint32_t c)
{
  if (c < 0x80) {
    ng_le_store32(out, c);
    return out + 1;
  }
  if (c < 0x800) {
    ng_le_store32(out, (0xC0 | c >> 6) | (0x80 | (c & 0x3F)) << 8);
    return out + 2;
  }
  if (c < 0x10000) {
    ng_le_store32(out, (0xE0 | c >> 12) | (0x80 | (c >> 6 & 0x3F)) << 8 |
                           (0x80 | (c & 0x3F)) << 16);
    return out + 3;
  }
  ng_le_store32(out, (0xF0 | c >> 18) | (0x80 | (c >> 12 & 0x3F)) << 8 |
                         (0x80 | (c >> 6 & 0x3F)) << 16 |
                         (0x80 | (c & 0x3F)) << 24);
  return out + 4;
}

static NG_COLD char *put_several(char *out, uint32_t code_point)
{
  utf8proc_int32_t folded[FOLDED_MAX];
  unsigned count = fold(code_point, folded);

  for (unsigned i = 0; i < count; i++)
    out = put_code_point(out, (uint32_t)folded[i]);
  return out;
}

bool ng_letters_take(const char **text, char **out)
{
  uint32_t code_point = take_code_point(text);
  uint32_t answer =
      atomic_load_explicit(&known[code_point], memory_order_relaxed);

  if (NG_UNLIKELY(answer == 0))
    answer = look_up(code_point);
  if (!(answer & IS_LETTER))
    return false;
  if (NG_UNLIKELY(answer & FOLDS_TO_SEVERAL))
    *out = put_several(*out, answer & CODE_POINT_MASK);
  else
    *out = put_code_point(*out, answer & CODE_POINT_MASK);
  return true;
}
