/* SPDX-License-Identifier: MIT */
/*
 * Index files: the seek points of one counted file each, in a folder, named
 * after the real path of the counted file.
 *
 * Numbers are little-endian, of 8 bytes unless noted:
 *
 *   header      the magic "NGRAMIX1"; of the counted file: size, time of
 *               modification (seconds, nanoseconds), CRC-32 of its first and
 *               of its last 64 KiB (4 bytes each); number of points; interval
 *   each point  bit, text, members, size of the window, the window
 *   end         CRC-32 of all before it (4 bytes)
 *
 * An index file that is damaged, or of another state of the counted file, is
 * treated as if it were not there. A forged one may be accepted: then the pass
 * that uses its points finds the point that is wrong.
 *
 * Threads: any number at once. Any number of processes may share a folder.
 */
#ifndef NG_STORE_INDEX_FILE_H
#define NG_STORE_INDEX_FILE_H

#include <stdbool.h>

#include "inflate/seek_points.h"
#include "source/source.h"

/* Read the points of the file that `source` reads into *points, which is empty,
   for the caller to free. Returns false if there are none; *points is empty
   then. */
bool ng_index_file_read(const char *folder, struct ng_source *source,
                        const char *path, struct ng_seek_points *points);

/* Write the points, replacing those of the same path. After an error there is
   the previous index file, or none, but never a part of one. */
void ng_index_file_write(const char *folder, struct ng_source *source,
                         const char *path, const struct ng_seek_points *points);

/*
 * Remove the unfinished files of processes that were killed while they wrote:
 * those last written to more than an hour before the folder was. At most a
 * thousand are examined; the rest is left to the next call. A process that
 * takes longer than an hour to write one index file loses it.
 */
void ng_index_file_clear(const char *folder);

/* Remove the index file of a path, if there is one. */
void ng_index_file_remove(const char *folder, const char *path);

#endif
