/* SPDX-License-Identifier: MIT */
/*
 * Seek points: positions of a gzip file at which decoding can be resumed, each
 * with its window, the 32 KiB of text before it (as in zlib's examples/zran.c).
 * They divide a file into stretches that can be decoded in parallel.
 *
 * A stretch goes from one point to the next. A point need not be trusted: the
 * pass (scan/points.c) verifies that decoding the stretch before it arrives at
 * its bit with its window. If each stretch does, from the start of the file on,
 * then the text is the one that a single decoder gives.
 *
 * Threads: one at a time; any number may read points that do not change.
 */
#ifndef NG_INFLATE_SEEK_POINTS_H
#define NG_INFLATE_SEEK_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inflate/reader.h"

struct ng_seek_point {
  uint64_t bit;          /* of the file */
  uint64_t text;         /* bytes of text before it */
  uint64_t members;      /* that end before it */
  size_t window_size;    /* at most NG_WINDOW_BYTES */
  unsigned char *window; /* owned */
};

/* The most points that are kept: 16 MiB of windows. */
#define NG_SEEK_POINTS_MAX 512

/* The usual interval at first, in bytes of text. */
#define NG_SEEK_POINT_BYTES ((uint64_t)4 << 20)

/* Points in the order of the file. Zeroed but for the interval, it is empty and
   ready for use; ng_seek_points_free() leaves it zeroed. */
struct ng_seek_points {
  struct ng_seek_point *points; /* owned */
  size_t count;
  uint64_t interval; /* the least bytes of text from point to point */
  bool failed;       /* there was no memory: points are missing */
};

void ng_seek_points_free(struct ng_seek_points *points);

/* Whether a point with `text` bytes of text before it is far enough from the
   last one. */
bool ng_seek_points_wants(const struct ng_seek_points *points, uint64_t text);

/* Add a point; its window is copied. If there are NG_SEEK_POINTS_MAX already,
   every other one is dropped and the interval doubled. Sets `failed` if there
   is no memory. */
void ng_seek_points_add(struct ng_seek_points *points,
                        const struct ng_seek_point *point);

/* Add block->position, the last one of a block of text, if a point is wanted
   there and the block holds its window. `bytes` is the text of the block;
   `text` and `members` count bytes of text and ends of members before the
   block. */
void ng_seek_points_offer(struct ng_seek_points *points, const char *bytes,
                          const struct ng_gzip_block *block, uint64_t text,
                          uint64_t members);

#endif
