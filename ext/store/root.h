/* SPDX-License-Identifier: MIT */
/*
 * A root folder, below which all paths of a caller are opened: see "root" in
 * ngram.h. `root` may be NULL for no root unless a function says otherwise.
 *
 * Threads: any number at once.
 */
#ifndef NG_STORE_ROOT_H
#define NG_STORE_ROOT_H

#include <stdbool.h>

#include "ngram.h"
#include "source/source.h"

/* Take one more reference, which the caller gives back by ngram_root_free().
   Returns its argument. */
struct ngram_root *ng_root_hold(struct ngram_root *root);

/* As ng_source_open(), below the root if there is one. With a root the errno is
   NG_OUTSIDE for a path outside, for "-", and for a FIFO or a device. */
int ng_root_open_source(const struct ngram_root *root, const char *path,
                        struct ng_source **source);

/* Returns a path that leads to the same file without a root: a relative one is
   put after the root's path. The caller frees it; NULL if there is no memory.
   It tells files apart; nothing may be opened by it. */
char *ng_root_full_path(const struct ngram_root *root, const char *path);

/* Open a path to be examined, not read. `root` is not NULL. Returns 0, and the
   caller closes *fd; or an errno, which may be NG_OUTSIDE, and *fd is -1. */
int ng_root_look(const struct ngram_root *root, const char *path, int *fd);
/* The same for a folder to be listed; `root` may be NULL. */
int ng_root_open_folder(const struct ngram_root *root, const char *path,
                        int *fd);

/* As ng_source_identify_path(), below the root if there is one. */
bool ng_root_identify(const struct ngram_root *root, const char *path,
                      struct ng_source_identity *identity);

/* Returns the part of `path` below the root, as ng_beneath_part() does, or NULL
   if an absolute path is outside. `root` is not NULL. */
const char *ng_root_part(const struct ngram_root *root, const char *path);

#endif
