/* SPDX-License-Identifier: MIT */
/*
 * Matches the names of files with patterns. The matcher steps through pattern
 * and name together, one character at a time. After a `*` it tries the rest of
 * the pattern at each position of the name. On a mismatch it goes back to the
 * last `*` only: that one can take all that an earlier `*` could still take. So
 * it needs no recursion and no memory.
 *
 * store/match.c calls it for each entry of the folders that it searches.
 */
#include "base/pattern.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A byte that is no UTF-8 counts as a character past all code points. */
#define BYTE_BASE UINT32_C(0x110000)

static bool is_continuation(unsigned char byte)
{
  return (byte & 0xC0) == 0x80;
}

/* Returns the character at *text, which must not be the end, and moves *text
   past it. */
static uint32_t take(const char **text)
{
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char *p = (const unsigned char *)*text;
  size_t length = p[0] < 0x80   ? 1
                  : p[0] < 0xC2 ? 0
                  : p[0] < 0xE0 ? 2
                  : p[0] < 0xF0 ? 3
                  : p[0] < 0xF5 ? 4
                                : 0;
  uint32_t point = length < 2 ? p[0] : p[0] & (0x7Fu >> length);

  for (size_t i = 1; i < length; i++) {
    if (!is_continuation(p[i])) {
      length = 0;
      break;
    }
    point = point << 6 | (p[i] & 0x3Fu);
  }
  if (length > 1 && (point < least[length] || point >= BYTE_BASE ||
                     (point >= 0xD800 && point < 0xE000)))
    length = 0;
  *text += length ? length : 1;
  return length ? point : BYTE_BASE + p[0];
}

/* ------------------------------------------------------------- brackets -- */

static bool is_between(uint32_t c, uint32_t low, uint32_t high)
{
  return c >= low && c <= high;
}

/* Whether a character is in the class whose name has `length` bytes. A class of
   unknown name is empty. */
static bool is_of_class(uint32_t c, const char *name, size_t length)
{
  const bool upper = is_between(c, 'A', 'Z');
  const bool lower = is_between(c, 'a', 'z');
  const bool digit = is_between(c, '0', '9');
  const bool graph = is_between(c, 0x21, 0x7E);
  const struct {
    const char *name;
    bool holds;
  } classes[] = {
      {"alnum", upper || lower || digit},
      {"alpha", upper || lower},
      {"blank", c == ' ' || c == '\t'},
      {"cntrl", c < 0x20 || c == 0x7F},
      {"digit", digit},
      {"graph", graph},
      {"lower", lower},
      {"print", graph || c == ' '},
      {"punct", graph && !upper && !lower && !digit},
      {"space", c == ' ' || is_between(c, '\t', '\r')},
      {"upper", upper},
      {"xdigit", digit || is_between(c, 'A', 'F') || is_between(c, 'a', 'f')},
  };

  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
    if (strlen(classes[i].name) == length &&
        memcmp(classes[i].name, name, length) == 0)
      return classes[i].holds;
  return false;
}

/* Returns the end of the "[:name:]", "[=a=]" or "[.a.]" that begins at `at`, or
   NULL if none does. */
static const char *end_of_named(const char *at)
{
  const char *end;

  if (at[0] != '[' || at[1] == '\0' || !strchr(":=.", at[1]))
    return NULL;
  for (end = at + 2; *end && *end != '/'; end++)
    if (end[0] == at[1] && end[1] == ']')
      return end + 2;
  return NULL;
}

/* Take one character of a bracket, which may be escaped or in [. .] or [= =],
   and move *at past it. Returns false if the pattern ends. */
static bool take_member(const char **at, uint32_t *c)
{
  const char *end = end_of_named(*at);

  if (end && (*at)[1] != ':') {
    *at += 2;
    *c = take(at);
    *at = end;
    return true;
  }
  if (**at == '\\')
    (*at)++;
  if (**at == '\0')
    return false;
  *c = take(at);
  return true;
}

/* Take one item of a bracket: a class, a range or a character. Sets *holds if c
   is in it. Returns false if the pattern ends. */
static bool try_item(const char **at, uint32_t c, bool *holds)
{
  const char *end = end_of_named(*at);
  uint32_t low;
  uint32_t high;

  if (end && (*at)[1] == ':') {
    *holds |= is_of_class(c, *at + 2, (size_t)(end - *at) - 4);
    *at = end;
    return true;
  }
  if (!take_member(at, &low))
    return false;
  high = low;
  if ((*at)[0] == '-' && (*at)[1] != ']' && (*at)[1] != '\0') {
    (*at)++;
    if (!take_member(at, &high))
      return false;
  }
  *holds |= is_between(c, low, high);
  return true;
}

/* Match c with the bracket whose `[` is before *at, and move *at past its `]`.
   Returns false, and leaves *at, if the bracket is never closed. */
static bool try_bracket(const char **at, uint32_t c, bool *fits)
{
  const char *p = *at;
  bool negated = *p == '!' || *p == '^';
  bool holds = false;

  p += negated;
  do
    if (!try_item(&p, c, &holds))
      return false;
  while (*p != ']');
  *at = p + 1;
  *fits = holds != negated;
  return true;
}

/* -------------------------------------------------------------- pattern -- */

/* Whether the next character of the pattern, which must not be a `*`, fits c;
   moves *pattern past it. */
static bool try_one(const char **pattern, uint32_t c)
{
  bool fits;

  switch (**pattern) {
  case '\0':
    return false;
  case '?':
    (*pattern)++;
    return true;
  case '[':
    (*pattern)++;
    if (try_bracket(pattern, c, &fits))
      return fits;
    return c == '[';
  case '\\':
    (*pattern)++;
    return **pattern && take(pattern) == c;
  default:
    return take(pattern) == c;
  }
}

bool ng_pattern_is_one(const char *text)
{
  return strpbrk(text, "*?[\\") != NULL;
}

bool ng_pattern_fits(const char *pattern, const char *name)
{
  const char *star = NULL;      /* the pattern after the last one */
  const char *star_name = NULL; /* where that is tried */

  if (*name == '.' && *pattern != '.' &&
      (pattern[0] != '\\' || pattern[1] != '.'))
    return false;
  while (*name) {
    const char *next = name;
    uint32_t c;

    if (*pattern == '*') {
      star = ++pattern;
      star_name = name;
      continue;
    }
    c = take(&next);
    if (try_one(&pattern, c)) {
      name = next;
      continue;
    }
    if (!star)
      return false;
    pattern = star;
    take(&star_name);
    name = star_name;
  }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}
