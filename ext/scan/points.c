/* SPDX-License-Identifier: MIT */
/*
 * A stretch is the part of the file between two neighbouring seek points:
 * stretch k lies between point k - 1, or the beginning of the file, and point
 * k, or its end. ng_workers_map() calls ng_points_work() in each worker, which
 * draws stretches in order, resumes its reader at the point where each begins,
 * and maps block after block (scan/map.h) until the reader arrives at the next
 * point. If it arrives elsewhere, the last block has the fault
 * NG_GZIP_BAD_POINT, and the commit decides whether an earlier error counts.
 *
 * Sequence numbers. Blocks of one stretch are numbered while earlier stretches
 * are still being read. How many blocks a stretch has is known from its text,
 * but for blocks that end early, full of member ends. So each stretch has as
 * many numbers as it can need, and the last of its blocks says by next_number
 * that the rest is left out.
 *
 * Each worker owns its reader and, unless the sink keeps blocks, its block.
 */
#include "scan/points.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "scan/map.h"

/* A stretch while a worker reads it. */
struct stretch {
  const struct ng_seek_point *to; /* NULL: the end of the file */
  uint64_t text;                  /* of the file, before the next block */
  uint64_t members;               /* that end before the next block */
  uint64_t number;                /* of the next block */
  uint64_t next_stretch_number;   /* of the first block of the next stretch */
  bool ended;
};

static uint64_t most_blocks(const struct ng_pass *pass, uint64_t text,
                            uint64_t members)
{
  return text / pass->plan.block_bytes + members / NG_MEMBER_ENDS_MAX + 2;
}

bool ng_points_init(struct ng_pass *pass)
{
  const struct ng_seek_points *points = pass->points;
  uint64_t *numbers = malloc((points->count + 1) * sizeof *numbers);
  struct ng_seek_point before = {.bit = 0};

  pass->stretch_numbers = numbers;
  if (!numbers)
    return false;
  numbers[0] = 0;
  for (size_t i = 0; i < points->count; i++) {
    const struct ng_seek_point *point = &points->points[i];

    numbers[i + 1] = numbers[i] + most_blocks(pass, point->text - before.text,
                                              point->members - before.members);
    before = *point;
  }
  return true;
}

/* Returns whether the reader has arrived at the end of the stretch, in all that
   it can tell. */
static bool is_there(const struct stretch *stretch,
                     const struct ng_gzip_block *in, struct ng_reader *reader)
{
  const struct ng_seek_point *to = stretch->to;
  unsigned char window[NG_WINDOW_BYTES];

  return in->arrived && in->position.bit == to->bit &&
         stretch->text == to->text && stretch->members == to->members &&
         ng_reader_window(reader, window) == to->window_size &&
         memcmp(window, to->window, to->window_size) == 0;
}

/* After a block: check whether the stretch has ended, and if so, at its point.
 */
static void check_end(struct stretch *stretch, struct ng_gzip_block *in,
                      struct ng_reader *reader)
{
  bool has_fault = in->fault.kind != NG_GZIP_OK;
  bool used_up = stretch->to && stretch->text == stretch->to->text &&
                 in->end_count < NG_MEMBER_ENDS_MAX;

  stretch->ended =
      in->last || in->arrived || used_up ||
      (stretch->to && stretch->number + 1 == stretch->next_stretch_number);
  if (!stretch->ended || has_fault || !stretch->to)
    return;
  in->last = false;
  if (!is_there(stretch, in, reader)) {
    in->last = true;
    in->fault =
        (struct ng_gzip_fault){NG_GZIP_BAD_POINT, ng_reader_offset(reader), 0};
  }
}

static void read_block(struct ng_worker *worker, struct ng_reader *reader,
                       struct stretch *stretch, struct ng_block *block)
{
  const struct ng_seek_point *to = stretch->to;
  uint64_t left = to ? to->text - stretch->text : UINT64_MAX;
  double began = ng_clock_seconds();

  ng_reader_read_until(reader, block->text,
                       left < block->capacity ? (size_t)left : block->capacity,
                       to ? to->bit : NG_READER_NO_LIMIT, &block->in);
  stretch->text += block->in.size;
  stretch->members += block->in.end_count;
  check_end(stretch, &block->in, reader);
  ng_block_begin(block, stretch->number++);
  if (stretch->ended && to)
    block->next_number = stretch->next_stretch_number;
  worker->decode_seconds += ng_clock_seconds() - began;
}

static struct stretch begin_stretch(const struct ng_pass *pass,
                                    struct ng_reader *reader, uint64_t number)
{
  const struct ng_seek_points *points = pass->points;
  struct stretch stretch = {.number = pass->stretch_numbers[number]};

  if (number > 0) {
    const struct ng_seek_point *from = &points->points[number - 1];

    stretch.text = from->text;
    stretch.members = from->members;
    ng_reader_resume(reader, from->bit, from->window, from->window_size);
  } else {
    ng_reader_seek(reader, 0);
  }
  if (number < points->count) {
    stretch.to = &points->points[number];
    stretch.next_stretch_number = pass->stretch_numbers[number + 1];
  }
  return stretch;
}

/* Returns the bytes of the file in a stretch. */
static uint64_t stretch_bytes(const struct ng_pass *pass, uint64_t number)
{
  const struct ng_seek_points *points = pass->points;
  uint64_t from = number > 0 ? points->points[number - 1].bit / 8 : 0;
  uint64_t to = number < points->count ? points->points[number].bit / 8
                                       : ng_source_size(pass->source);

  return to > from ? to - from : 0;
}

/* Returns false if the pass is to stop. */
static bool map_stretch(struct ng_worker *worker, struct ng_reader *reader,
                        struct ng_block **block, uint64_t number)
{
  struct stretch stretch = begin_stretch(worker->pass, reader, number);
  bool ok = true;

  while (ok && !stretch.ended &&
         !ng_control_must_stop(&worker->pass->control)) {
    if (!ng_map_may_begin(worker->pass, stretch.number))
      continue;
    if (!ng_map_take_block(worker, stretch.number, block))
      return false;
    read_block(worker, reader, &stretch, *block);
    ok = ng_map_block(worker, *block);
  }
  return ok;
}

void ng_points_work(struct ng_worker *worker)
{
  struct ng_pass *pass = worker->pass;
  struct ng_block *block = NULL;
  struct ng_reader *reader =
      ng_reader_open(pass->source, pass->plan.decoder, pass->zip, pass->budget);
  bool ok = reader != NULL;

  if (!ok)
    ng_control_fail(&pass->control, NGRAM_NO_MEMORY);
  while (ok && !ng_control_must_stop(&pass->control)) {
    uint64_t number = atomic_fetch_add(&pass->next_extent, 1);

    if (number > pass->points->count)
      break;
    ok = map_stretch(worker, reader, &block, number);
    atomic_fetch_add(&pass->points_bytes, stretch_bytes(pass, number));
  }
  ng_reader_close(reader);
  ng_map_drop_block(worker, block);
}
