/* SPDX-License-Identifier: MIT */
/* Patterns below a root folder: what glob(3) does, without a look beyond. */
#ifndef NG_ENGINE_MATCH_H
#define NG_ENGINE_MATCH_H

#include "engine/files.h"
#include "ngram.h"

/* What a pattern may look at: a link to the folder that it is in makes each
   further star do all again. */
#define NG_MATCH_NAMES_MAX 1000000

/*
 * Find the files that a pattern matches, folders left out, in the order of
 * their bytes; as the pattern is, their paths are relative to the root or
 * absolute.
 *
 * Returns 0 or an errno: ENOENT when there are none; NG_OUTSIDE when the
 * pattern has a `..`, or a folder that it passes through is a link out of the
 * root; E2BIG past NG_MATCH_NAMES_MAX; that of a folder that cannot be read.
 * *place is then where that was, to be freed, or NULL. The caller frees the
 * files, whatever is returned.
 */
int ng_match_below(const struct ngram_root *root, const char *pattern,
                   struct ng_files *files, char **place);

#endif
