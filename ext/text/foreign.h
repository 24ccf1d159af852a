/* SPDX-License-Identifier: MIT */
/*
 * Formats that are not read, recognized by the first bytes of a file or of the
 * text that it unpacks to, so that an error can name the format and say what
 * helps.
 *
 * Threads: any number at once.
 */
#ifndef NG_TEXT_FOREIGN_H
#define NG_TEXT_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

/* How a file packs its text. */
enum ng_packing {
  NG_PACKED_NOT,
  NG_PACKED_GZ,
  NG_PACKED_ZIP
};

#define NG_PACKINGS 3

/* All strings are static. */
struct ng_foreign {
  const char *name; /* with its article: "a zstd file" */
  /* What the user can do about it, for each packing of the file; NULL: in that
     packing the extension reads the format. */
  const char *hints[NG_PACKINGS];
};

/*
 * The format that begins with these `size` bytes, static; it has a hint for
 * `packing`. Returns NULL if no format is recognized. If `is_prose`, the text
 * may be any prose, so formats that are text themselves (HTML) are not foreign.
 */
const struct ng_foreign *ng_foreign_find(const char *text, size_t size,
                                         bool is_prose,
                                         enum ng_packing packing);

/* "", " within a gz" or " within a zip archive", to follow the name of a
   format; static. */
const char *ng_foreign_packing_phrase(enum ng_packing packing);

#endif
