/* SPDX-License-Identifier: MIT */
/*
 * A block is mapped: the sink scans its text, its report goes to the commit,
 * and the block to its next use. Where the sink keeps blocks, one goes with its
 * report and comes back to the pool from there; so the pool bounds how far
 * workers run ahead.
 *
 * No worker waits for ever: of the blocks that are not committed yet, the
 * earliest one can always be had. In a stream blocks are taken in their order,
 * so a worker that finds none knows that all earlier ones are on their way.
 * Where they are not (from extents and seek points), the last block of the pool
 * is for the number that the commit waits for.
 */
#include "scan/map.h"

#include "base/clock.h"
#include "text/scanner.h"

/* ---------------------------------------------------------------- blocks -- */

/* Give a list of blocks back, and tell all workers: only one of those that wait
   may be allowed to take the next. Or only tell them that the commit has gone
   on, and that only if there is a block to be taken. */
void ng_map_give_back(struct ng_pass *pass, struct ng_block *blocks)
{
  struct ng_stream *stream = &pass->stream;

  ng_monitor_lock(&stream->monitor);
  while (blocks) {
    struct ng_block *next = blocks->next;

    ng_pool_give(&stream->pool, blocks);
    blocks = next;
  }
  if (ng_pool_count(&stream->pool) > 0)
    ng_monitor_notify_all(&stream->monitor);
  ng_monitor_unlock(&stream->monitor);
}

static void give_back_one(struct ng_pass *pass, struct ng_block *block)
{
  block->next = NULL;
  ng_map_give_back(pass, block);
}

/* The stream's lock is held. */
static bool may_take(struct ng_pass *pass, uint64_t number)
{
  unsigned count = ng_pool_count(&pass->stream.pool);

  return count > 1 ||
         (count == 1 && number == atomic_load(&pass->commit.next_number));
}

/* Wait until a block may be taken for text number `number`. NULL: the pass is
   to stop. */
static struct ng_block *wait_for_block(struct ng_pass *pass, uint64_t number)
{
  struct ng_stream *stream = &pass->stream;
  const atomic_bool *stop = &pass->control.stop;
  struct ng_block *block = NULL;

  ng_monitor_lock(&stream->monitor);
  while (!atomic_load(stop) && !may_take(pass, number))
    ng_monitor_sleep(&stream->monitor);
  if (!atomic_load(stop))
    block = ng_pool_take(&stream->pool);
  ng_monitor_unlock(&stream->monitor);
  if (!block && !atomic_load(stop))
    ng_control_fail(&pass->control, NGRAM_NO_MEMORY);
  return block;
}

bool ng_map_take_block(struct ng_worker *worker, uint64_t number,
                       struct ng_block **block)
{
  struct ng_pass *pass = worker->pass;

  if (pass->sink->ops->keeps_blocks) { /* the one before went with its report */
    *block = wait_for_block(pass, number);
  } else if (!*block) {
    *block =
        ng_block_new(pass->budget, pass->plan.block_bytes, pass->plan.tokens);
    if (!*block)
      ng_control_fail(&pass->control, NGRAM_NO_MEMORY);
  }
  return *block != NULL;
}

void ng_map_drop_block(struct ng_worker *worker, struct ng_block *block)
{
  if (!worker->pass->sink->ops->keeps_blocks)
    ng_block_free(block, worker->pass->budget);
}

bool ng_map_may_begin(struct ng_pass *pass, uint64_t number)
{
  if (!ng_commit_is_full(&pass->commit))
    return true;
  ng_commit_wait_for_room(&pass->commit, number);
  return atomic_load(&pass->commit.next_number) == number ||
         !ng_commit_is_full(&pass->commit);
}

/* ------------------------------------------------------------------- map -- */

/* Say it in terms of the block, in which the scanned text begins at `start`,
   behind `lines_before` lines. */
static void take_fault(struct ng_block_fault *fault,
                       const struct ng_scanner_result *scan, size_t start,
                       uint64_t lines_before)
{
  size_t hopeless = scan->fault_start + NG_LINE_MAX + 2;
  size_t known_at = scan->fault_end + 1;

  fault->row = scan->fault;
  fault->line = lines_before + scan->lines;
  fault->position = start + (known_at < hopeless ? known_at : hopeless);
}

bool ng_map_span(struct ng_worker *worker, const struct ng_span *span,
                 struct ng_mapped *result)
{
  struct ng_sink *sink = worker->pass->sink;
  struct ng_block *block = span->block;
  bool at_start = span->from == 0;
  size_t start = at_start ? block->head_size : span->from;
  size_t stop = span->to < block->tail_start ? span->to : block->tail_start;
  uint64_t lines_before =
      span->lines_before + (at_start ? block->head_lines : 0);
  struct ng_scanner_result scan;

  *result = (struct ng_mapped){.lines = 0};
  if (start >= stop)
    return true;
  sink->ops->text(sink, worker->number, block, start, stop, &scan);
  result->lines = scan.lines;
  result->skipped = scan.skipped;
  result->rows = scan.rows;
  if (scan.fault.kind != NG_ROW_OK)
    take_fault(&result->fault, &scan, start, lines_before);
  if (scan.stopped)
    ng_control_fail(&worker->pass->control, NGRAM_NO_MEMORY);
  return !scan.stopped;
}

/* Tell workers that the commit has gone on, and give back blocks that the sink
   did not take. In a stream blocks are taken in their order, so only a block
   that has come back is news there. */
static void give_back_spent(struct ng_pass *pass)
{
  struct ng_block *spent = ng_commit_take_spent(&pass->commit);

  if (spent || pass->plan.strategy != NG_STRATEGY_STREAM)
    ng_map_give_back(pass, spent);
}

bool ng_map_finish(struct ng_worker *worker, struct ng_block *block)
{
  struct ng_pass *pass = worker->pass;
  struct ng_sink *sink = pass->sink;
  bool keeps_blocks = sink->ops->keeps_blocks;
  double began = ng_clock_seconds();
  struct ng_report *report =
      ng_block_report(block, pass->plan.format != NG_PLAIN);
  bool ok;

  if (!report) {
    if (keeps_blocks)
      give_back_one(pass, block);
    ng_control_fail(&pass->control, NGRAM_NO_MEMORY);
    return false;
  }
  ng_pass_note(pass, block->in.size);
  if (sink->ops->scanned)
    sink->ops->scanned(sink, worker->number, block);
  if (keeps_blocks)
    report->block = block;
  ok = ng_commit_add(&pass->commit, report, worker->number);
  worker->map_seconds += ng_clock_seconds() - began;
  if (!ok)
    ng_control_stop(&pass->control);
  if (keeps_blocks)
    give_back_spent(pass);
  return ok;
}

bool ng_map_block(struct ng_worker *worker, struct ng_block *block)
{
  struct ng_span span = {block, 0, block->in.size, 0, 0};
  double began = ng_clock_seconds();
  bool ok = ng_map_span(worker, &span, &block->mapped);

  worker->map_seconds += ng_clock_seconds() - began;
  if (!ok && worker->pass->sink->ops->keeps_blocks)
    give_back_one(worker->pass, block);
  return ok && ng_map_finish(worker, block);
}

/* --------------------------------------------------------------- extents -- */

/* Read extent number `number` into the block. */
static void read_extent(struct ng_worker *worker, struct ng_block *block,
                        uint64_t number)
{
  struct ng_pass *pass = worker->pass;
  uint64_t offset = number * pass->plan.block_bytes;
  double began = ng_clock_seconds();

  ng_reader_read_plain(pass->source, offset, block->text,
                       pass->plan.block_bytes, &block->in);
  worker->decode_seconds += ng_clock_seconds() - began;
  block->in.last =
      block->in.fault.kind != NG_GZIP_OK ||
      offset + pass->plan.block_bytes >= ng_source_size(pass->source);
  ng_block_begin(block, number);
}

void ng_map_extents(struct ng_worker *worker)
{
  struct ng_pass *pass = worker->pass;
  struct ng_block *block = NULL;
  uint64_t extents =
      (ng_source_size(pass->source) + pass->plan.block_bytes - 1) /
      pass->plan.block_bytes;
  bool ok = true;

  while (ok && !ng_pass_must_pause(pass)) {
    uint64_t number;

    if (!ng_map_may_begin(pass, atomic_load(&pass->next_extent)))
      continue;
    number = atomic_fetch_add(&pass->next_extent, 1);
    if (number >= extents || !ng_map_take_block(worker, number, &block))
      break;
    read_extent(worker, block, number);
    ok = ng_map_block(worker, block);
  }
  ng_map_drop_block(worker, block);
}
