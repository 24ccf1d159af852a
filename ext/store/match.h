/* SPDX-License-Identifier: MIT */
/*
 * Matching patterns as glob(3) does, and with a root without looking outside.
 *
 * Threads: any number at once.
 */
#ifndef NG_STORE_MATCH_H
#define NG_STORE_MATCH_H

#include "base/stop.h"
#include "ngram.h"

/* The most names that a pattern may examine. A link to its own folder
   multiplies the names with each further star. */
#define NG_MATCH_NAMES_MAX 1000000
/* The most memory of the paths that fit so far. */
#define NG_MATCH_BYTES_MAX ((size_t)64 << 20)

/* Files that a pattern matches. */
struct ng_files {
  char **paths; /* owned; in the order of their bytes */
  size_t count;
};

/*
 * Find the files that a pattern matches, without folders. Their paths are
 * relative (to the root if there is one) or absolute, as the pattern is; a file
 * called "-" is "./-". `root` may be NULL for no root, and `stop` for never.
 * The caller calls ng_match_free(), whatever is returned.
 *
 * Returns 0 or an errno: ENOENT if no file matches; NG_OUTSIDE if, with a root,
 * the pattern has a `..` or passes through a link out of it; E2BIG past either
 * limit; ENAMETOOLONG for a pattern of PATH_MAX bytes or more; ECANCELED if
 * told to stop; ENOMEM; else that of a folder that cannot be read. *failed is
 * the path of the folder, which the caller frees, or NULL if the error is of
 * the pattern.
 */
int ng_match(const struct ngram_root *root, const char *pattern,
             const struct ng_stop *stop, struct ng_files *files, char **failed);

/* Free the paths and leave *files empty, as it may be before. */
void ng_match_free(struct ng_files *files);

#endif
