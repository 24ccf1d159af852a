/* SPDX-License-Identifier: MIT */
/*
 * The files that a path names: one, or those that a pattern matches.
 */
#ifndef NG_STORE_FILES_H
#define NG_STORE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/stop.h"
#include "ngram.h"
#include "store/match.h"

/* Whether the path is a pattern: it has a `*`, `?` or `[`, and names no file.
   `root` NULL, here and below: anywhere. */
bool ng_files_is_pattern(const struct ngram_root *root, const char *path);

/* Find the files that a pattern matches, folders left out. None is
   NGRAM_CANNOT_OPEN; NGRAM_FORBIDDEN: it leads out of the root;
   NGRAM_INTERRUPTED: told to stop. The caller frees them, whatever is
   returned. */
enum ngram_status ng_files_match(const struct ngram_root *root,
                                 const char *pattern,
                                 const struct ng_stop *stop,
                                 struct ng_files *files,
                                 struct ngram_error *error);

#endif
