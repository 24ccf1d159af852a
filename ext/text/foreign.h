/* SPDX-License-Identifier: MIT */
/*
 * Formats that are not read, told by the first bytes of a file or of the text
 * that it unpacks to, so that an error can name them and say what helps.
 */
#ifndef NG_TEXT_FOREIGN_H
#define NG_TEXT_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

struct ng_foreign {
  const char *name; /* with its article: "a zstd file" */
  const char *hint; /* what the user can do about it; static as `name` */
};

/* So many first bytes tell. */
#define NG_FOREIGN_BYTES ((size_t)512)

/*
 * What `size` first bytes are the beginning of; NULL: nothing that is known
 * here. `is_prose`: the text may be any prose, so formats that are text
 * themselves (HTML) are not foreign. Threads: any number at once.
 */
const struct ng_foreign *ng_foreign_find(const char *text, size_t size,
                                         bool is_prose);

#endif
