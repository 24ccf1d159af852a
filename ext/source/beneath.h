/* SPDX-License-Identifier: MIT */
/*
 * Opening files below a folder, and nowhere else: `..` and symbolic links are
 * followed as far as they stay below it. A program that renames files or
 * changes links meanwhile cannot make these calls leave the folder.
 *
 * Threads: any number at once.
 */
#ifndef NG_SOURCE_BENEATH_H
#define NG_SOURCE_BENEATH_H

#include <stdbool.h>

/* The errno of these calls for a file outside. open() never sets it. */
#define NG_OUTSIDE EXDEV

/*
 * Open the relative `path` below the folder of the descriptor `root`. `flags`
 * are those of open(2), to read, without O_NOFOLLOW. The caller closes *fd.
 * Returns 0, or an errno and *fd is -1: NG_OUTSIDE if the path is absolute or
 * leads outside.
 */
int ng_beneath_open(int root, const char *path, int flags, int *fd);

/*
 * The same for regular files only. Returns EISDIR for a folder and NG_OUTSIDE
 * for all other types, and does not open them: opening a FIFO lets its writer
 * go on, and opening some devices starts them.
 */
int ng_beneath_open_regular(int root, const char *path, int flags, int *fd);

/* For tests: both as they work without openat2(2), O_PATH and /proc. */
int ng_beneath_walk(int root, const char *path, int flags, int *fd);
int ng_beneath_walk_regular(int root, const char *path, int flags, int *fd);

/* Returns the part of `path` below the folder whose absolute path is `root`, a
   pointer into `path` or ".": an absolute path without the root, a relative one
   as it is. Returns NULL if an absolute path is outside. Reads no file. */
const char *ng_beneath_part(const char *root, const char *path);

#endif
