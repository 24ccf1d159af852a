/* SPDX-License-Identifier: MIT */
/*
 * The sink scans a block's text, and the block's report goes to the commit. For
 * the block itself there are two cases:
 *
 *   - If the sink does not keep blocks, a worker of extents or points has one
 *     block of its own, which it fills again and again and frees at its end.
 *   - If the sink keeps blocks, each comes from the pool and goes with its
 *     report to the commit and the sink. It comes back to the pool as a spent
 *     block, which the sink did not take, or from the caller of the pass. So
 *     the pool bounds how far workers run ahead.
 *
 * A stream takes its blocks from the pool in both cases (scan/stream.c).
 *
 * Workers that wait for a block do not deadlock: the earliest block that is not
 * committed always gets its memory. A stream takes blocks in the order of their
 * numbers, so all earlier ones have theirs when none is left. Extents and
 * stretches are drawn in order but read in any order; there the last block of
 * the pool is for the number that the commit waits for (may_take()).
 */
#include "scan/map.h"

#include "base/clock.h"
#include "text/scanner.h"

/* ---------------------------------------------------------------- blocks -- */

/* All workers are woken: perhaps only one of them may take the next block. If
   no block can be taken, none is woken. */
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

/* Returns whether a block may be taken for the text of sequence number
   `number`. The caller holds the stream's lock. */
static bool may_take(struct ng_pass *pass, uint64_t number)
{
  unsigned count = ng_pool_count(&pass->stream.pool);

  return count > 1 ||
         (count == 1 && number == atomic_load(&pass->commit.next_number));
}

/* Wait until a block may be taken for that text, and take it. Returns NULL if
   the pass is to stop, or has failed for lack of memory. */
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

  if (pass->sink->ops->keeps_blocks) { /* the last one went with its report */
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

/* Convert a fault of a scan to one of the block, in which the scanned text
   begins at `start` and after `lines_before` lines. */
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

/* The commit has gone on: give back blocks that the sink did not take, and have
   workers check again whether they may take one. In a stream they depend on
   the pool alone, so without a block there is nothing to check. */
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
