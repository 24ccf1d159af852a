/* SPDX-License-Identifier: MIT */
/*
 * Who does what next?
 *
 * A worker that is free looks for a step in this order: decode a block, if
 * nobody else does and one is spare; else cut a chunk off the decoded text and
 * map it; else decode ahead; else wait. Decoding at the front goes first
 * because it is the one step that cannot be shared. The pool of blocks is the
 * back-pressure: when mapping falls behind, no block is spare, and the decoding
 * worker helps to map. So no role is fixed, every number of workers is balanced
 * by itself, and one worker alone takes turns between decoding and mapping with
 * the same code.
 *
 * A worker that has decoded a block maps it too, while it is in its core's
 * cache, if somebody waits to decode the next one (sched/monitor.h says how).
 * Passing every block to another core made decoding 1.2 to 1.5 times as slow
 * (2 cores, 512 KiB).
 *
 * The front stops where a guess begins (scan/speculation.h). If it is not ready
 * yet its worker is free for other steps, and whoever is free when it is goes
 * on from its end. Decoding ahead costs about twice as much (bench/README.md),
 * so a worker waits a while before it does.
 *
 * BGZF is cut without being decoded, so there the one step that cannot be
 * shared is short: a worker cuts members off the stream, lets the next one do
 * so, and decodes and maps what it has.
 *
 * If the sink keeps blocks, one that was mapped goes with its report and comes
 * back to the pool from there (scan/map.c).
 *
 * Chunks given in rows are cut by counting newlines, in order. One that does
 * not end in its block stays with its worker, which takes the blocks that
 * follow until the chunk is complete: huge chunks leave the other workers
 * idle, as they would in any MapReduce.
 */
#include "scan/stream.h"

#include <stdlib.h>

#include "base/clock.h"
#include "scan/chunk.h"
#include "scan/map.h"
#include "scan/pass.h"
#include "scan/stream_speculation.h"

enum step {
  STEP_DECODE,  /* at the front */
  STEP_TAKE,    /* a guess, at the front */
  STEP_REPLACE, /* a slice of a guess that was taken, and map it */
  STEP_MAP,
  STEP_SPECULATE,
  STEP_WAIT,
  STEP_DONE
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
    return ng_speculation_init(&stream->ahead, pass->budget, pass->plan.workers,
                               ng_source_size(pass->source),
                               pass->plan.stretch_bytes,
                               pass->plan.block_bytes);
  return true;
}

static void free_blocks(struct ng_block *block, struct ng_budget *budget)
{
  while (block) {
    struct ng_block *next = block->next;

    ng_block_free(block, budget);
    block = next;
  }
}

void ng_stream_free(struct ng_stream *stream, struct ng_pass *pass)
{
  ng_reader_close(stream->reader);
  free_blocks(stream->ready, pass->budget);
  ng_pool_free(&stream->pool);
  ng_speculation_free(&stream->ahead);
  ng_seek_points_free(&stream->points);
}

uint64_t ng_stream_bytes_read(const struct ng_stream *stream)
{
  return stream->reader ? ng_reader_bytes_read(stream->reader) : 0;
}

/* A step has become possible: one worker is enough for it, unless only the
   owner of a chunk can take it. */
static void notify(struct ng_stream *stream)
{
  if (stream->chunk_size || stream->ended)
    ng_monitor_notify_all(&stream->monitor);
  else
    ng_monitor_notify_one(&stream->monitor);
}

/* -------------------------------------------------------------- decode -- */

/* What is known of a block before it goes its way. */
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

/* ----------------------------------------------------------------- map -- */

/* Go on with the batch of chunks begun, or begin one, as far as the block
   reaches. */
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

/* Map a span, and finish its block if it was the last one; the lock is held,
   but not meanwhile. False: the scan is to stop. */
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
    stream->ended = true; /* by a member whose CRC-32 does not match */
  if (!handed_on) {
    ng_pool_give(&stream->pool, block);
    notify(stream);
  }
  return ok;
}

/* -------------------------------------------------------------- worker -- */

static bool take_map(struct ng_stream *stream, struct ng_worker *worker)
{
  struct ng_span span = cut(stream, worker);

  if (stream->ready && !stream->chunk_owner)
    notify(stream);
  return map_span(stream, worker, &span);
}

/* Should the worker that decoded a block map it as well? Not if nobody would
   decode meanwhile; and chunks given in rows are cut in order. */
static bool keeps_block(const struct ng_stream *stream)
{
  return !stream->chunk_size &&
         (stream->monitor.waiting > 0 || stream->ended || !has_spare(stream));
}

static bool fail_memory(struct ng_stream *stream, struct ng_pass *pass)
{
  ng_control_fail(&pass->control, NGRAM_NO_MEMORY);
  ng_monitor_lock(&stream->monitor);
  return false;
}

/* Map a block that this worker has decoded; the lock is held. */
static bool map_whole(struct ng_stream *stream, struct ng_worker *worker,
                      struct ng_block *block)
{
  struct ng_span whole = {block, 0, block->in.size, 0, 0};

  block->cut_at = block->in.size;
  block->spans_open = 1;
  return map_span(stream, worker, &whole);
}

/* Decode what this worker has cut off the stream. */
static void decode_cut(struct ng_worker *worker, struct ng_block *block,
                       uint64_t number)
{
  double began = ng_clock_seconds();

  ng_bgzf_decode(&worker->bgzf, block->text, block->capacity, &block->in);
  ng_block_begin(block, number);
  worker->decode_seconds += ng_clock_seconds() - began;
}

/* Decode a cut, while others go on with the stream, and map it; the lock is
   held, but not meanwhile. */
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

/* Decode into a spare block, and map that or pass it on. A block without text
   has only to be finished. */
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
  stream->place = block->in.arrived ? block->in.position.bit : 0;
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

static bool take_slice(struct ng_stream *stream, struct ng_worker *worker)
{
  struct ng_speculation_slot *slot = stream->ahead.first;
  size_t index = ng_speculation_draw(&stream->ahead);
  struct ng_block *block = ng_pool_take(&stream->pool);

  ng_monitor_unlock(&stream->monitor);
  if (!block)
    return fail_memory(stream, worker->pass);
  ng_stream_speculation_replace(worker, block, slot, index);
  ng_monitor_lock(&stream->monitor);
  ng_speculation_replaced(slot);
  return map_whole(stream, worker, block);
}

/* --------------------------------------------------------------- choice -- */

/* What the decoder at the front can do: decode up to where the next guess
   begins, or may begin; there, wait until it is ready, and take it. */
static enum step choose_at_front(struct ng_stream *stream)
{
  struct ng_speculation_slot *slot;

  stream->until = NG_READER_NO_LIMIT;
  while ((slot = ng_speculation_next(&stream->ahead))) {
    uint64_t start = ng_speculation_start(&stream->ahead, slot);

    /* Reading stops at a byte, and may have stopped elsewhere. */
    if (stream->place / 8 < start / 8) {
      stream->until = start;
      break;
    }
    if (slot->state == NG_SPECULATIVE_RUNNING)
      return STEP_WAIT;
    if (stream->place == start)
      return STEP_TAKE;
    ng_speculation_drop(&stream->ahead, slot);
  }
  return has_spare(stream) ? STEP_DECODE : STEP_WAIT;
}

/* Whether blocks do not come back because the caller of the pass takes rows too
   slowly. Then to decode ahead is no help. */
static bool waits_for_caller(const struct ng_stream *stream,
                             const struct ng_pass *pass)
{
  return keeps_blocks(pass) && !has_spare(stream);
}

/* The next step for this worker; the lock is held. */
static enum step choose_step(struct ng_stream *stream,
                             const struct ng_worker *worker)
{
  bool may_cut = !stream->chunk_owner || stream->chunk_owner == worker;
  bool keeps = keeps_blocks(worker->pass);
  /* Blocks that are kept come back in the order of the file, so they are taken
     in it: slices come before what the front decodes after them. */
  bool slices_first = keeps && stream->ahead.first;
  /* Too much waits for blocks that are in hands, ready or taken: those first.
   */
  bool full = !keeps && ng_commit_is_full(&worker->pass->commit);

  if (!stream->decoding && !stream->ended && !slices_first && !full) {
    enum step step = choose_at_front(stream);

    if (step != STEP_WAIT)
      return step;
  }
  if (stream->ahead.first && has_spare(stream))
    return STEP_REPLACE;
  if (stream->ready && may_cut)
    return STEP_MAP;
  if (stream->ended && !stream->ready && !stream->ahead.first)
    return STEP_DONE;
  if (!stream->ended && !full && !waits_for_caller(stream, worker->pass) &&
      ng_speculation_may_begin(&stream->ahead, stream->front))
    return STEP_SPECULATE;
  return STEP_WAIT;
}

static void wait_for_step(struct ng_stream *stream, const struct ng_pass *pass)
{
  double began = ng_clock_seconds();

  if (waits_for_caller(stream, pass)) {
    ng_monitor_sleep(&stream->monitor);
    return;
  }
  ng_monitor_wait(&stream->monitor);
  ng_speculation_waited(&stream->ahead, ng_clock_seconds() - began);
}

/* False: this worker has to stop. The lock is held, and waited with. */
static bool take_step(struct ng_stream *stream, struct ng_worker *worker)
{
  switch (choose_step(stream, worker)) {
  case STEP_DECODE:
    return take_decode(stream, worker);
  case STEP_TAKE:
    ng_stream_speculation_take(stream, worker);
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
