/* SPDX-License-Identifier: MIT */
/*
 * The files that a path of a caller names: one, or those that a pattern
 * matches.
 *
 * Threads: any number at once.
 */
#ifndef NG_STORE_FILES_H
#define NG_STORE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/stop.h"
#include "ngram.h"
#include "store/match.h"

/* Whether the path is a pattern: it has a `*`, `?` or `[`, no file has it as
   its name, and it does not lead out of the root. A backslash alone does not
   make a pattern. Here and below, `root` may be NULL for no root. */
bool ng_files_is_pattern(const struct ngram_root *root, const char *path);

/*
 * Find the files that a pattern matches, without folders, as ng_match() does.
 * The caller calls ng_match_free() for them, whatever is returned. Returns
 * NGRAM_OK if there is at least one; NGRAM_CANNOT_OPEN if there is none, if a
 * folder cannot be read, or past a limit; NGRAM_FORBIDDEN if the pattern leads
 * out of the root; NGRAM_INTERRUPTED; NGRAM_NO_MEMORY.
 */
enum ngram_status ng_files_match(const struct ngram_root *root,
                                 const char *pattern,
                                 const struct ng_stop *stop,
                                 struct ng_files *files,
                                 struct ngram_error *error);

#endif
