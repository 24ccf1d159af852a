/* SPDX-License-Identifier: MIT */
/* UTF-8, one code point at a time. */
#ifndef NG_TEXT_UTF8_H
#define NG_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/le.h"

static inline bool ng_utf8_is_between(unsigned char byte, unsigned low,
                                      unsigned high)
{
  return byte >= low && byte <= high;
}

/*
 * The length of the well-formed sequence that begins at `bytes`, of which
 * `left`, at least one, can be read. Returns 0 if none begins there. NUL is a
 * sequence of one byte.
 *
 * Well-formed is what table 3-7 of the Unicode Standard lists: no overlong
 * form, no surrogate, nothing past U+10FFFF.
 */
static inline size_t ng_utf8_sequence(const char *bytes, size_t left)
{
  const unsigned char *p = (const unsigned char *)bytes;
  unsigned char lead = p[0];
  size_t length;

  if (lead < 0x80)
    return 1;
  length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (!ng_utf8_is_between(lead, 0xC2, 0xF4) || length > left)
    return 0;
  if (!ng_utf8_is_between(p[1],
                          lead == 0xE0   ? 0xA0
                          : lead == 0xF0 ? 0x90
                                         : 0x80,
                          lead == 0xED   ? 0x9F
                          : lead == 0xF4 ? 0x8F
                                         : 0xBF))
    return 0;
  for (size_t i = 2; i < length; i++)
    if (!ng_utf8_is_between(p[i], 0x80, 0xBF))
      return 0;
  return length;
}

/* Decode the well-formed sequence at *text, and move *text after it. */
static inline uint32_t ng_utf8_take(const char **text)
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

/* Encode a code point at `out`, and return where its sequence ends. Writes four
   bytes, however long the sequence is. */
static inline char *ng_utf8_put(char *out, uint32_t c)
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

#endif
