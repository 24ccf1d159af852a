/* SPDX-License-Identifier: MIT */
/*
 * A UTF-8 byte order mark (the Unicode Standard, section 23.8) at the start of
 * a file is no part of its text. Editors and spreadsheets of Windows write one.
 */
#ifndef NG_TEXT_BOM_H
#define NG_TEXT_BOM_H

#include <stddef.h>
#include <string.h>

#define NG_BOM_BYTES ((size_t)3)

/* The bytes of the mark at the start of a text: 0 or NG_BOM_BYTES. */
static inline size_t ng_bom_size(const char *text, size_t size)
{
  return size >= NG_BOM_BYTES && memcmp(text, "\xEF\xBB\xBF", NG_BOM_BYTES) == 0
             ? NG_BOM_BYTES
             : 0;
}

#endif
