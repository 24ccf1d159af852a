/* SPDX-License-Identifier: MIT */
/*
 * The functions of struct ngram_index: the seek points of the files used last,
 * in memory, and in index files if a folder is set. `path` is the counted
 * file's path as ng_root_full_path() gives it; the name of the index file is
 * made from it.
 *
 * Threads: one at a time; any number may read points that ng_index_find()
 * returned.
 */
#ifndef NG_STORE_INDEX_H
#define NG_STORE_INDEX_H

#include <stdbool.h>

#include "inflate/seek_points.h"
#include "ngram.h"
#include "source/source.h"

/* Returns the points of the file that `source` reads, borrowed until the next
   call for the index, or NULL if none are known. */
const struct ng_seek_points *ng_index_find(struct ngram_index *index,
                                           struct ng_source *source,
                                           const char *path);

/* The same, but move the points to *points: other passes may use the index
   while this one runs. Returns false if none are known. */
bool ng_index_take(struct ngram_index *index, struct ng_source *source,
                   const char *path, struct ng_seek_points *points);
/* Put back points that were taken. Takes them over; *points is empty then. */
void ng_index_put_back(struct ngram_index *index, struct ng_source *source,
                       struct ng_seek_points *points);

/* Keep the points of a file that was read to its end. Takes them over; *points
   is empty then. Points of which some are missing are not kept. */
void ng_index_keep(struct ngram_index *index, struct ng_source *source,
                   const char *path, struct ng_seek_points *points);

/* Forget the points of a file, because one was wrong. */
void ng_index_forget(struct ngram_index *index, struct ng_source *source,
                     const char *path);

#endif
