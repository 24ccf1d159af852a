/* SPDX-License-Identifier: MIT */
/*
 * Opening files below a folder, and nowhere else: `..` and symbolic links are
 * followed as far as they stay below it. Whoever swaps names meanwhile gains
 * nothing.
 *
 * Threads: any number at once.
 */
#ifndef NG_SOURCE_BENEATH_H
#define NG_SOURCE_BENEATH_H

#include <stdbool.h>

/* The errno of these calls for what lies outside. open() has no use for it. */
#define NG_OUTSIDE EXDEV

/*
 * Open `path`, which is relative, below the folder `root`, an open descriptor;
 * `flags` as for open(2), to read, without O_NOFOLLOW. *fd is the caller's.
 * Returns 0 or an errno: NG_OUTSIDE when the path is absolute or leads outside.
 */
int ng_beneath_open(int root, const char *path, int flags, int *fd);

/*
 * The same of a regular file, and of nothing else: what else there is, is
 * looked at and not opened, for to open a FIFO lets its writer go on, and some
 * devices begin to work. Returns EISDIR for a folder, NG_OUTSIDE for the rest.
 */
int ng_beneath_open_regular(int root, const char *path, int flags, int *fd);

/* Both without openat2(2), O_PATH and /proc: what they do where the system
   lacks these. For tests. */
int ng_beneath_walk(int root, const char *path, int flags, int *fd);
int ng_beneath_walk_regular(int root, const char *path, int flags, int *fd);

/* The part of a path below the folder whose absolute path is `root`: of an
   absolute one what follows that, a relative one as it is. NULL: outside. */
const char *ng_beneath_part(const char *root, const char *path);

#endif
