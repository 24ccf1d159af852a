/* SPDX-License-Identifier: MIT */
#include "inflate/seek_points.h"

#include <stdlib.h>
#include <string.h>

void ng_seek_points_free(struct ng_seek_points *points)
{
  for (size_t i = 0; i < points->count; i++)
    free(points->points[i].window);
  free(points->points);
  *points = (struct ng_seek_points){.count = 0};
}

bool ng_seek_points_wants(const struct ng_seek_points *points, uint64_t text)
{
  uint64_t before =
      points->count > 0 ? points->points[points->count - 1].text : 0;

  return !points->failed && text - before >= points->interval;
}

/* Drop every other point. */
static void thin_out(struct ng_seek_points *points)
{
  size_t kept = 0;

  for (size_t i = 0; i < points->count; i++)
    if (i % 2 == 1)
      points->points[kept++] = points->points[i];
    else
      free(points->points[i].window);
  points->count = kept;
  points->interval *= 2;
}

static bool make_room(struct ng_seek_points *points)
{
  if (points->count == NG_SEEK_POINTS_MAX)
    thin_out(points);
  if (points->points)
    return true;
  points->points = malloc(NG_SEEK_POINTS_MAX * sizeof *points->points);
  return points->points != NULL;
}

void ng_seek_points_add(struct ng_seek_points *points,
                        const struct ng_seek_point *point)
{
  unsigned char *window = malloc(point->window_size + 1);

  if (!window || !make_room(points)) {
    free(window);
    points->failed = true;
    return;
  }
  memcpy(window, point->window, point->window_size);
  points->points[points->count] = *point;
  points->points[points->count++].window = window;
}

/* How much text before the position the block holds of the same member.
 *members counts the members that end before the position. */
static size_t text_before(const struct ng_gzip_block *block, size_t *members)
{
  size_t start = 0;

  *members = 0;
  for (size_t i = 0; i < block->end_count; i++)
    if (block->ends[i].file_offset * 8 < block->position.bit) {
      start = block->ends[i].text_end;
      ++*members;
    }
  return block->position.text - start;
}

void ng_seek_points_offer(struct ng_seek_points *points, const char *bytes,
                          const struct ng_gzip_block *block, uint64_t text,
                          uint64_t members)
{
  const struct ng_gzip_position *position = &block->position;
  size_t inside;
  size_t size;

  if (position->bit == 0 ||
      !ng_seek_points_wants(points, text + position->text))
    return;
  size = text_before(block, &inside);
  if (size < NG_WINDOW_BYTES && inside == 0 && text > 0)
    return; /* the window begins in an earlier block */
  size = size < NG_WINDOW_BYTES ? size : NG_WINDOW_BYTES;
  ng_seek_points_add(
      points, &(struct ng_seek_point){
                  position->bit, text + position->text, members + inside, size,
                  (unsigned char *)(uintptr_t)(bytes + position->text - size)});
}
