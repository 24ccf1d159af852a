/* SPDX-License-Identifier: MIT */
/*
 * The index behind struct ngram_index: seek points of the files that were
 * counted last, and a folder that keeps them longer.
 *
 * Threads: one at a time; points that were found may be read by any number.
 */
#ifndef NG_STORE_INDEX_H
#define NG_STORE_INDEX_H

#include <stdbool.h>

#include "inflate/seek_points.h"
#include "ngram.h"
#include "source/source.h"

/* The points of the file that `source` reads; NULL: none are known. They are
   borrowed until the next call. */
const struct ng_seek_points *ng_index_find(struct ngram_index *index,
                                           struct ng_source *source,
                                           const char *path);

/* The same, but take them out of the index, for a scan that others may run
   beside. False: none are known. */
bool ng_index_take(struct ngram_index *index, struct ng_source *source,
                   const char *path, struct ng_seek_points *points);
/* Put back what was taken; takes the points over. */
void ng_index_put_back(struct ngram_index *index, struct ng_source *source,
                       struct ng_seek_points *points);

/* Keep the points of a file that was read to its end; takes them over. */
void ng_index_keep(struct ngram_index *index, struct ng_source *source,
                   const char *path, struct ng_seek_points *points);

/* The points of the file were wrong: forget them. */
void ng_index_forget(struct ngram_index *index, struct ng_source *source,
                     const char *path);

#endif
