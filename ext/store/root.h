/* SPDX-License-Identifier: MIT */
/* A root folder, in the library: see "root" in ngram.h. NULL: none. */
#ifndef NG_STORE_ROOT_H
#define NG_STORE_ROOT_H

#include <stdbool.h>

#include "ngram.h"
#include "source/source.h"

/* One reference more, to be freed as well; from any thread. Returns its
   argument. */
struct ngram_root *ng_root_hold(struct ngram_root *root);

/* As ng_source_open(), below the root if there is one; NG_OUTSIDE is an errno
   of this call. */
int ng_root_open_source(const struct ngram_root *root, const char *path,
                        struct ng_source **source);

/* The path as it would be without a root, to tell files apart by; to be freed.
   Nothing may be opened by it. NULL: no memory. */
char *ng_root_full_path(const struct ngram_root *root, const char *path);

/* Open what is at a path, below a root that is not NULL, to be looked at; *fd
   is the caller's. Returns 0 or an errno, NG_OUTSIDE too. */
int ng_root_look(const struct ngram_root *root, const char *path, int *fd);
/* The same of a folder to be listed, below the root if there is one. */
int ng_root_open_folder(const struct ngram_root *root, const char *path,
                        int *fd);

/* As ng_source_identify_path(), below the root if there is one. */
bool ng_root_identify(const struct ngram_root *root, const char *path,
                      struct ng_source_identity *identity);

/* A path without what is the root's own, if it begins with that. NULL: it is
   absolute, and not below the root. */
const char *ng_root_part(const struct ngram_root *root, const char *path);

#endif
