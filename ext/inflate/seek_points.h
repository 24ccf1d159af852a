/* SPDX-License-Identifier: MIT */
/*
 * Seek points: places of a gzip file where decoding can be taken up, each with
 * the 32 KiB of text that matches behind it may reach back to (as zlib's
 * examples/zran.c has it). They part a file into stretches that can be decoded
 * side by side.
 *
 * A point need not be trusted: decoding the stretch before it must arrive at
 * its bit with its window, and if each stretch does, from the beginning of the
 * file on, then what was decoded is what one decoder would have given.
 *
 * Threads: one at a time; points that are only read, any number.
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

/* At first, a point for so many bytes of text. */
#define NG_SEEK_POINT_BYTES ((uint64_t)4 << 20)

/* In the order of the file. Zeroed but for the interval, it is empty and
   ready. */
struct ng_seek_points {
  struct ng_seek_point *points;
  size_t count;
  uint64_t interval; /* bytes of text from point to point, about */
  bool failed;       /* there was no memory: they are not complete */
};

void ng_seek_points_free(struct ng_seek_points *points);

/* Whether text up to here is worth a point. */
bool ng_seek_points_wants(const struct ng_seek_points *points, uint64_t text);

/* Add a point, whose window is copied. When there are too many, every other one
   goes, and they stand twice as far apart from then on. Without memory, sets
   `failed`. */
void ng_seek_points_add(struct ng_seek_points *points,
                        const struct ng_seek_point *point);

/* Add the last place of a block of text, if one is wanted there and the block
   holds its window; `text` and `members` count what was before the block. */
void ng_seek_points_offer(struct ng_seek_points *points, const char *bytes,
                          const struct ng_gzip_block *block, uint64_t text,
                          uint64_t members);

#endif
