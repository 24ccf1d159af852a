/* SPDX-License-Identifier: MIT */
/*
 * The scheduling of a stream. Each worker runs ng_stream_work(): under the lock
 * of the stream it chooses a step, releases the lock for the long part of it,
 * and chooses again.
 *
 * A free worker takes the first step that is possible: decode a block at the
 * front, if no other worker does and a block is spare; else fill a block with a
 * slice of an accepted speculative chunk, and map it; else cut text off the
 * decoded blocks and map it; else decode ahead; else wait. Decoding at the
 * front comes first because it is the one step that cannot be shared. The pool
 * of blocks is the back-pressure: when mapping is slower than decoding, no
 * block is spare, and the worker that decoded helps to map. So no role is
 * fixed, any number of workers is balanced, and one worker alone takes turns
 * between decoding and mapping with the same code. If the sink keeps blocks,
 * slices come before the front, because blocks that come back in the order of
 * the file have to be taken in it.
 *
 * A worker that has decoded a block also maps it, while it is in the cache of
 * its core, if another worker is waiting (sched/monitor.h) and so can go on at
 * the front. Passing every block to another core made decoding 1.2 to 1.5 times
 * as slow (2 cores, 512 KiB).
 *
 * The front stops where a speculative chunk begins (scan/speculation.h). If the
 * chunk is not ready, the worker takes other steps, and the first worker that
 * is free after the chunk is ready goes on from its end. Decoding ahead costs
 * about twice as much as decoding in order (bench/README.md), so workers wait
 * for a while before they do it.
 *
 * BGZF is cut without being decoded, so the step that cannot be shared is short
 * there: a worker cuts members off the stream, leaves the front to another
 * worker, and decodes and maps what it has cut.
 *
 * Chunks given in rows are cut by counting newlines, in order. A chunk that
 * does not end in its block stays with its worker, which takes the following
 * blocks until the chunk is complete. So huge chunks leave the other workers
 * idle.
 *
 * Memory. A block belongs to the pool, to one worker, to the list of ready
 * blocks, or to several workers that map spans of it; the last of these
 * finishes it. Then it goes back to the pool or, if the sink keeps blocks, to
 * the commit (scan/map.c). The reader, the ready blocks, the pool and all
 * chunks are freed by ng_stream_free().
 */
#include "scan/stream.h"

#include <stdlib.h>

#include "base/clock.h"
#include "scan/chunk.h"
#include "scan/map.h"
#include "scan/pass.h"
#include "scan/stream_speculation.h"

enum step {
  STEP_DECODE,    /* a block at the front */
  STEP_ACCEPT,    /* a speculative chunk at the front */
  STEP_REPLACE,   /* the markers of a slice of an accepted chunk; and map it */
  STEP_MAP,       /* text of the first ready block */
  STEP_SPECULATE, /* decode a speculative chunk */
  STEP_WAIT,
  STEP_DONE /* nothing is left for this worker */
};

bool ng_stream_init(struct ng_stream *stream, struct ng_pass *pass)
{
  stream->ready_end = &stream->ready;
  stream->chunk_size = pass->options->chunk_size;
  stream->reader =
      ng_reader_open(pass->source, pass->plan.decoder, pass->zip, pass->budget);
  if (!stream->reader)
    return false;
  if (pass->plan.salvages)
    ng_reader_stop_at_members(stream->reader);
  stream->collects = pass->options->index && !pass->points &&
                     ng_plan_format_has_points(pass->plan.format) &&
                     pass->plan.decoder->resume &&
                     !ng_source_is_forward_only(pass->source);
  stream->points.interval = pass->plan.point_bytes;
  stream->until = NG_READER_NO_LIMIT;
  if (pass->plan.speculates)
    return ng_speculation_init(&stream->speculation, pass->budget,
                               pass->plan.workers, ng_source_size(pass->source),
                               pass->plan.stretch_bytes,
                               pass->plan.block_bytes);
  return true;
}

void ng_stream_free(struct ng_stream *stream, struct ng_pass *pass)
{
  ng_reader_close(stream->reader);
  ng_block_free_list(stream->ready, pass->budget);
  ng_pool_free(&stream->pool);
  ng_speculation_free(&stream->speculation);
  ng_seek_points_free(&stream->points);
}

uint64_t ng_stream_bytes_read(const struct ng_stream *stream)
{
  return stream->reader ? ng_reader_bytes_read(stream->reader) : 0;
}

/* A step has become possible. One worker is enough for it, unless only the
   owner of a chunk can take it. */
static void notify(struct ng_stream *stream)
{
  if (stream->chunk_size || stream->ended)
    ng_monitor_notify_all(&stream->monitor);
  else
    ng_monitor_notify_one(&stream->monitor);
}

/* ---------------------------------------------------------------- decode -- */

/* Add a block that was decoded at the front to what is known of the text before
   the front. */
static void account(struct ng_stream *stream, const struct ng_block *block)
{
  if (stream->collects)
    ng_seek_points_offer(&stream->points, block->text, &block->in, stream->text,
                         stream->members);
  stream->text += block->in.size;
  stream->members += block->in.end_count;
}

static void decode(struct ng_worker *worker, struct ng_block *block)
{
  struct ng_stream *stream = &worker->pass->stream;
  double began = ng_clock_seconds();

  ng_reader_read_until(stream->reader, block->text, block->capacity,
                       stream->until, &block->in);
  account(stream, block);
  ng_block_begin(block, stream->next_number++);
  worker->decode_seconds += ng_clock_seconds() - began;
}

static bool has_spare(const struct ng_stream *stream)
{
  return ng_pool_count(&stream->pool) > 0;
}

static bool keeps_blocks(const struct ng_pass *pass)
{
  return pass->sink->ops->keeps_blocks;
}

/* ------------------------------------------------------------------- map -- */

/* End the span where the batch of chunks ends, which is begun here if there is
   none, or with the block. */
static void cut_rows(struct ng_stream *stream, struct ng_worker *worker,
                     struct ng_span *span)
{
  uint64_t batch_rows = ng_chunk_batch_rows(stream->chunk_size);
  uint64_t before;

  if (!stream->chunk_owner)
    stream->rows_left = batch_rows;
  before = stream->rows_left;
  span->chunk_rows = (batch_rows - before) % stream->chunk_size;
  span->to = ng_chunk_skip_rows(span->block, span->from, &stream->rows_left);
  span->block->cut_lines += before - stream->rows_left;
  stream->chunk_owner = stream->rows_left > 0 ? worker : NULL;
}

/* Cut a span off the first ready block: all that is left of it, or a batch of
   chunks. The caller holds the lock. */
static struct ng_span cut(struct ng_stream *stream, struct ng_worker *worker)
{
  struct ng_block *block = stream->ready;
  struct ng_span span = {block, block->cut_at, block->in.size, block->cut_lines,
                         0};

  if (stream->chunk_size)
    cut_rows(stream, worker, &span);
  block->cut_at = span.to;
  block->spans_open++;
  if (block->cut_at == block->in.size) {
    stream->ready = block->next;
    if (!stream->ready)
      stream->ready_end = &stream->ready;
  }
  return span;
}

static bool map(struct ng_stream *stream, struct ng_worker *worker,
                const struct ng_span *span, struct ng_mapped *result)
{
  double began = ng_clock_seconds();
  bool ok = stream->chunk_size
                ? ng_chunk_map(worker, span, stream->chunk_size, result)
                : ng_map_span(worker, span, result);

  worker->map_seconds += ng_clock_seconds() - began;
  return ok;
}

/* Map a span, and finish its block if it was the last one of it. The caller
   holds the lock, which is released meanwhile. Returns false if the pass is to
   stop. */
static bool map_span(struct ng_stream *stream, struct ng_worker *worker,
                     const struct ng_span *span)
{
  struct ng_block *block = span->block;
  struct ng_mapped result;
  bool handed_on = false;
  bool ok;

  ng_monitor_unlock(&stream->monitor);
  ok = map(stream, worker, span, &result);
  ng_monitor_lock(&stream->monitor);
  ng_block_add_mapped(&block->mapped, &result);
  if (--block->spans_open > 0 || block->cut_at < block->in.size)
    return ok;
  ng_monitor_unlock(&stream->monitor);
  if (ok) {
    ok = ng_map_finish(worker, block);
    handed_on = keeps_blocks(worker->pass);
  }
  ng_monitor_lock(&stream->monitor);
  if (worker->pass->plan.salvages && worker->pass->commit.salvaged)
    stream->ended = true; /* at a member whose CRC-32 does not match */
  if (!handed_on) {
    ng_pool_give(&stream->pool, block);
    notify(stream);
  }
  return ok;
}

/* ---------------------------------------------------------------- worker -- */

static bool take_map(struct ng_stream *stream, struct ng_worker *worker)
{
  struct ng_span span = cut(stream, worker);

  if (stream->ready && !stream->chunk_owner)
    notify(stream);
  return map_span(stream, worker, &span);
}

/* Returns whether the worker that decoded a block maps it as well: if another
   worker is waiting, which goes on at the front, or if nothing can be decoded
   there now. Not if chunks are given in rows, as these are cut in order. */
static bool keeps_block(const struct ng_stream *stream)
{
  return !stream->chunk_size &&
         (stream->monitor.waiting > 0 || stream->ended || !has_spare(stream));
}

/* Returns false, with the lock held again. */
static bool fail_memory(struct ng_stream *stream, struct ng_pass *pass)
{
  ng_control_fail(&pass->control, NGRAM_NO_MEMORY);
  ng_monitor_lock(&stream->monitor);
  return false;
}

/* Map a block that this worker has filled. As map_span(). */
static bool map_whole(struct ng_stream *stream, struct ng_worker *worker,
                      struct ng_block *block)
{
  struct ng_span whole = {block, 0, block->in.size, 0, 0};

  block->cut_at = block->in.size;
  block->spans_open = 1;
  return map_span(stream, worker, &whole);
}

/* Decode the members that this worker has cut off the stream. */
static void decode_cut(struct ng_worker *worker, struct ng_block *block,
                       uint64_t number)
{
  double began = ng_clock_seconds();

  ng_bgzf_decode(&worker->bgzf, block->text, block->capacity, &block->in);
  ng_block_begin(block, number);
  worker->decode_seconds += ng_clock_seconds() - began;
}

/* Leave the front to other workers, decode the members that were cut off, and
   map them. The caller holds the lock, which is released meanwhile. */
static bool take_cut(struct ng_stream *stream, struct ng_worker *worker,
                     struct ng_block *block, uint64_t number)
{
  stream->decoding = false;
  stream->ended = worker->bgzf.last;
  stream->front = ng_reader_offset(stream->reader);
  notify(stream);
  ng_monitor_unlock(&stream->monitor);
  decode_cut(worker, block, number);
  ng_monitor_lock(&stream->monitor);
  return map_whole(stream, worker, block);
}

static bool cut_members(struct ng_worker *worker, const struct ng_block *block)
{
  struct ng_pass *pass = worker->pass;

  return pass->plan.cuts_members &&
         ng_bgzf_cut(&worker->bgzf, pass->stream.reader, block->capacity);
}

/* Decode into a spare block, and map it or append it to the ready blocks. A
   block without text has only to be finished. */
static bool take_decode(struct ng_stream *stream, struct ng_worker *worker)
{
  struct ng_block *block = ng_pool_take(&stream->pool);

  stream->decoding = true;
  ng_monitor_unlock(&stream->monitor);
  if (!block)
    return fail_memory(stream, worker->pass);
  if (!cut_members(worker, block)) {
    decode(worker, block);
    ng_monitor_lock(&stream->monitor);
  } else if (!stream->chunk_size) {
    uint64_t number = stream->next_number++;

    ng_monitor_lock(&stream->monitor);
    return take_cut(stream, worker, block, number);
  } else {
    decode_cut(worker, block, stream->next_number++);
    ng_monitor_lock(&stream->monitor);
  }
  stream->decoding = false;
  stream->ended = block->in.last;
  stream->front = ng_reader_offset(stream->reader);
  stream->position = block->in.arrived ? block->in.position.bit : 0;
  if (block->in.size == 0 || keeps_block(stream)) {
    notify(stream);
    return map_whole(stream, worker, block);
  }
  block->next = NULL;
  *stream->ready_end = block;
  stream->ready_end = &block->next;
  notify(stream);
  return true;
}

/* Fill a spare block with the next slice of an accepted chunk, and map it. */
static bool take_slice(struct ng_stream *stream, struct ng_worker *worker)
{
  struct ng_speculation_slot *slot = stream->speculation.first;
  size_t index = ng_speculation_draw(&stream->speculation);
  struct ng_block *block = ng_pool_take(&stream->pool);

  ng_monitor_unlock(&stream->monitor);
  if (!block)
    return fail_memory(stream, worker->pass);
  ng_stream_speculation_replace(worker, block, slot, index);
  ng_monitor_lock(&stream->monitor);
  ng_speculation_replaced(slot);
  return map_whole(stream, worker, block);
}

/* ---------------------------------------------------------------- choice -- */

/* Choose the step at the front: decode up to the bit at which the next
   speculative chunk begins, or may begin; there, wait until the chunk is ready,
   and accept it. Chunks that the front has passed are dropped. */
static enum step choose_at_front(struct ng_stream *stream)
{
  struct ng_speculation_slot *slot;

  stream->until = NG_READER_NO_LIMIT;
  while ((slot = ng_speculation_next(&stream->speculation))) {
    uint64_t start = ng_speculation_start(&stream->speculation, slot);

    /* The reader stops at a position in the byte of `until`, or after it. */
    if (stream->position / 8 < start / 8) {
      stream->until = start;
      break;
    }
    if (slot->state == NG_SPECULATIVE_RUNNING)
      return STEP_WAIT;
    if (stream->position == start)
      return STEP_ACCEPT;
    ng_speculation_drop(&stream->speculation, slot);
  }
  return has_spare(stream) ? STEP_DECODE : STEP_WAIT;
}

/* Returns whether blocks are missing because the caller of the pass takes rows
   slowly. Then decoding ahead does not help. */
static bool waits_for_caller(const struct ng_stream *stream,
                             const struct ng_pass *pass)
{
  return keeps_blocks(pass) && !has_spare(stream);
}

/* Choose the next step of this worker. The caller holds the lock. */
static enum step choose_step(struct ng_stream *stream,
                             const struct ng_worker *worker)
{
  bool may_cut = !stream->chunk_owner || stream->chunk_owner == worker;
  bool keeps = keeps_blocks(worker->pass);
  /* Blocks that the sink keeps come back in the order of the file, so they must
     be taken in it: slices before what the front decodes after them. */
  bool slices_first = keeps && stream->speculation.first;
  /* Reports wait for blocks that are ready or that a worker has. */
  bool full = !keeps && ng_commit_is_full(&worker->pass->commit);

  if (!stream->decoding && !stream->ended && !slices_first && !full) {
    enum step step = choose_at_front(stream);

    if (step != STEP_WAIT)
      return step;
  }
  if (stream->speculation.first && has_spare(stream))
    return STEP_REPLACE;
  if (stream->ready && may_cut)
    return STEP_MAP;
  if (stream->ended && !stream->ready && !stream->speculation.first)
    return STEP_DONE;
  if (!stream->ended && !full && !waits_for_caller(stream, worker->pass) &&
      ng_speculation_may_begin(&stream->speculation, stream->front))
    return STEP_SPECULATE;
  return STEP_WAIT;
}

/* Wait until a step may have become possible. The caller holds the lock. Time
   that is lost to a slow caller does not pay for speculation. */
static void wait_for_step(struct ng_stream *stream, const struct ng_pass *pass)
{
  double began = ng_clock_seconds();

  if (waits_for_caller(stream, pass)) {
    ng_monitor_sleep(&stream->monitor);
    return;
  }
  ng_monitor_wait(&stream->monitor);
  ng_speculation_waited(&stream->speculation, ng_clock_seconds() - began);
}

/* Take the next step. The caller holds the lock; the step releases it while it
   works or waits. Returns false if this worker has to end. */
static bool take_step(struct ng_stream *stream, struct ng_worker *worker)
{
  switch (choose_step(stream, worker)) {
  case STEP_DECODE:
    return take_decode(stream, worker);
  case STEP_ACCEPT:
    ng_stream_speculation_accept(stream, worker);
    return true;
  case STEP_REPLACE:
    return take_slice(stream, worker);
  case STEP_MAP:
    return take_map(stream, worker);
  case STEP_SPECULATE:
    ng_stream_speculation_decode(stream, worker);
    return true;
  case STEP_WAIT:
    wait_for_step(stream, worker->pass);
    return true;
  case STEP_DONE:
    break;
  }
  return false;
}

void ng_stream_work(struct ng_stream *stream, struct ng_worker *worker)
{
  bool ok = true;

  while (ok && !ng_pass_must_pause(worker->pass)) {
    ng_monitor_lock(&stream->monitor);
    ok = !atomic_load(&worker->pass->control.stop) && take_step(stream, worker);
    ng_monitor_unlock(&stream->monitor);
  }
}
