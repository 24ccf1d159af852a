/* SPDX-License-Identifier: MIT */
/*
 * Seek points in a folder: one file for each file that was counted, named after
 * its path.
 *
 * Numbers are little-endian. A header: the magic "NGRAMIX1", size and time of
 * change of the counted file (seconds, nanoseconds), CRC-32 of its first and of
 * its last 64 KiB, the number of points and their interval. Each point: bit,
 * text, members, size of window, window. Last, the CRC-32 of all that.
 *
 * A file that does not hold together, or belongs to another state of the
 * counted file, is as good as none. One that was made to lie is found out by
 * those who use the points.
 */
#ifndef NG_STORE_INDEX_FILE_H
#define NG_STORE_INDEX_FILE_H

#include <stdbool.h>

#include "inflate/seek_points.h"
#include "source/source.h"

/* False: there are none, and *points stays empty. */
bool ng_index_file_read(const char *folder, struct ng_source *source,
                        const char *path, struct ng_seek_points *points);

/* Written as a whole or not at all. An error costs no more than the points. */
void ng_index_file_write(const char *folder, struct ng_source *source,
                         const char *path, const struct ng_seek_points *points);

/*
 * Remove what processes have left in the folder that were killed while they
 * wrote: files named as they are until they are whole, and last written to an
 * hour before the folder was. Some are left for the next call where there are
 * more than a thousand. Any number of processes may share the folder; one
 * that does write for so long loses the file, as by any error.
 */
void ng_index_file_clear(const char *folder);

void ng_index_file_remove(const char *folder, const char *path);

#endif
