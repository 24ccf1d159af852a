/* SPDX-License-Identifier: MIT */
/* Patterns: what glob(3) does; below a root, without a look beyond. */
#ifndef NG_STORE_MATCH_H
#define NG_STORE_MATCH_H

#include "base/stop.h"
#include "ngram.h"

/* What a pattern may look at: a link to the folder that it is in makes each
   further star do all again. */
#define NG_MATCH_NAMES_MAX 1000000
/* And how much memory the paths take that fit so far. */
#define NG_MATCH_BYTES_MAX ((size_t)64 << 20)

/* Files that a pattern matches. */
struct ng_files {
  char **paths; /* owned; in the order of their bytes */
  size_t count;
};

/*
 * Find the files that a pattern matches, folders left out, in the order of
 * their bytes; as the pattern is, their paths are relative, to the root if
 * there is one, or absolute; none is "-", but "./-". `root` NULL: anywhere.
 *
 * Returns 0 or an errno: ENOENT when there are none; NG_OUTSIDE when, with a
 * root, the pattern has a `..`, or a folder that it passes through is a link
 * out of it; E2BIG past either limit; ENAMETOOLONG for a pattern of
 * PATH_MAX bytes; ECANCELED when told to stop; that of a folder that cannot be
 * read. *place is then where that was, to be freed, or NULL. The caller frees
 * the files, whatever is returned.
 */
int ng_match(const struct ngram_root *root, const char *pattern,
             const struct ng_stop *stop, struct ng_files *files, char **place);

/* Zero is allowed. */
void ng_match_free(struct ng_files *files);

#endif
