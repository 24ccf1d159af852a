/* SPDX-License-Identifier: MIT */
/*
 * Case folding by libutf8proc: https://juliastrings.github.io/utf8proc/
 *
 * libutf8proc is called once for each code point that occurs in a text. Its
 * answer is kept in 32 bits, in a static array with an entry for each code
 * point of Unicode; only the pages of those that have occurred take memory. Any
 * thread may store an answer without a lock: all threads compute the same one,
 * and it is one atomic word, so the order of loads and stores does not matter.
 * A static array needs no initialization and is never freed; fork() and
 * unloading need no care. Nearly all code points fold to one code point. Those
 * that fold to several (U+00DF and 102 others) are looked up each time.
 *
 * tokenizer.c calls ng_case_folding_next() for each code point of a word that
 * has a byte above 127.
 *
 * Folding is the full one of CaseFolding.txt (statuses C and F), code point by
 * code point: it depends on no neighbour and no language, so a word folds the
 * same wherever it stands. Nothing is composed or decomposed.
 *
 * Refused: lower case instead of folding (the sigma at the end of a Greek word
 * has a lower case of its own).
 */
#include "text/case_folding.h"

#include <stdatomic.h>
#include <utf8proc.h>

#include "base/hints.h"
#include "text/utf8.h"

#define CODE_POINTS 0x110000

/* An answer: the code point that this one folds to, or itself if it folds to
   several; and these bits. It is 0 until the code point occurs. */
#define IS_KNOWN (UINT32_C(1) << 31)
#define IS_LETTER (UINT32_C(1) << 30)
#define FOLDS_TO_SEVERAL (UINT32_C(1) << 29)
#define CODE_POINT_MASK UINT32_C(0x1FFFFF)

static _Atomic(uint32_t) known[CODE_POINTS];

/* Full folding gives at most three code points. */
#define FOLDED_MAX 4

const char *ng_case_folding_unicode(void)
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

/* Write what a code point folds to; `folded` takes FOLDED_MAX. Returns how many
   code points that are. */
static unsigned fold(uint32_t code_point, utf8proc_int32_t *folded)
{
  int bound_class = 0;

  return (unsigned)utf8proc_decompose_char((utf8proc_int32_t)code_point, folded,
                                           FOLDED_MAX, UTF8PROC_CASEFOLD,
                                           &bound_class);
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

static NG_COLD char *put_several(char *out, uint32_t code_point)
{
  utf8proc_int32_t folded[FOLDED_MAX];
  unsigned count = fold(code_point, folded);

  for (unsigned i = 0; i < count; i++)
    out = ng_utf8_put(out, (uint32_t)folded[i]);
  return out;
}

bool ng_case_folding_next(const char **text, char **out)
{
  uint32_t code_point = ng_utf8_take(text);
  uint32_t answer =
      atomic_load_explicit(&known[code_point], memory_order_relaxed);

  if (NG_UNLIKELY(answer == 0))
    answer = look_up(code_point);
  if (!(answer & IS_LETTER))
    return false;
  if (NG_UNLIKELY(answer & FOLDS_TO_SEVERAL))
    *out = put_several(*out, answer & CODE_POINT_MASK);
  else
    *out = ng_utf8_put(*out, answer & CODE_POINT_MASK);
  return true;
}
