/* SPDX-License-Identifier: MIT */
/*
 * A list of batches. Those of blocks are part of them; those of lines that were
 * joined, one for some 25,000 rows, are made one by one.
 */
#include "engine/feed.h"

#include <stdlib.h>
#include <string.h>

#include "engine/job.h"
#include "sched/cond.h"

bool ng_feed_init(struct ng_feed *feed, struct ng_budget *budget,
                  unsigned columns)
{
  *feed = (struct ng_feed){.budget = budget, .columns = columns};
  feed->end = &feed->first;
  return ng_cond_init(&feed->changed) == 0;
}

void ng_feed_free_batch(struct ng_feed *feed, struct ng_batch *batch)
{
  if (!batch)
    return;
  if (batch->block) {
    ng_block_free(batch->block, feed->budget); /* it is part of that */
    return;
  }
  ng_rows_free(&batch->rows);
  ng_budget_give(feed->budget, batch->line, batch->line_bytes);
  free(batch);
}

static void free_blocks(struct ng_block *block, struct ng_budget *budget)
{
  while (block) {
    struct ng_block *next = block->next;

    ng_block_free(block, budget);
    block = next;
  }
}

void ng_feed_free(struct ng_feed *feed)
{
  struct ng_batch *batch;

  while ((batch = ng_feed_take(feed)))
    ng_feed_free_batch(feed, batch);
  ng_feed_free_batch(feed, feed->joined);
  free_blocks(feed->spent, feed->budget);
  free_blocks(feed->used, feed->budget);
  pthread_cond_destroy(&feed->changed);
}

/* ---------------------------------------------------------------- workers --
 */

/* The stream's lock is held. */
static bool may_take(struct ng_job *job, uint64_t number)
{
  unsigned count = ng_pool_count(&job->stream.pool);

  return count > 1 ||
         (count == 1 && number == atomic_load(&job->fold.next_number));
}

struct ng_block *ng_feed_wait_for_block(struct ng_job *job, uint64_t number)
{
  struct ng_stream *stream = &job->stream;
  struct ng_block *block = NULL;

  ng_monitor_lock(&stream->monitor);
  while (!atomic_load(&job->stop) && !may_take(job, number))
    ng_monitor_sleep(&stream->monitor);
  if (!atomic_load(&job->stop))
    block = ng_pool_take(&stream->pool);
  ng_monitor_unlock(&stream->monitor);
  if (!block && !atomic_load(&job->stop))
    ng_job_fail(job, NGRAM_NO_MEMORY);
  return block;
}

/* Give a list of blocks back, and tell everybody: only one of those who wait
   may be allowed to take the next. Or only tell them that the fold has gone on,
   and that only if there is a block to be taken. */
static void give_back(struct ng_job *job, struct ng_block *blocks)
{
  struct ng_stream *stream = &job->stream;

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

void ng_feed_return(struct ng_job *job, struct ng_block *block)
{
  block->next = NULL;
  give_back(job, block);
}

void ng_feed_settle(struct ng_job *job)
{
  struct ng_block *spent;

  pthread_mutex_lock(&job->fold.lock);
  spent = job->feed->spent;
  job->feed->spent = NULL;
  pthread_mutex_unlock(&job->fold.lock);
  if (spent || job->plan.way != NG_WAY_STREAM)
    give_back(job, spent);
}

/* --------------------------------------------------------------- the fold --
 */

static void put(struct ng_feed *feed, struct ng_batch *batch)
{
  batch->next = NULL;
  *feed->end = batch;
  feed->end = &batch->next;
  pthread_cond_signal(&feed->changed);
}

bool ng_feed_begin_line(struct ng_feed *feed, struct ng_scanner *scanner,
                        const char *line, uint64_t first)
{
  if (!feed->joined) {
    feed->joined = calloc(1, sizeof *feed->joined);
    if (!feed->joined)
      return false;
    ng_rows_init(&feed->joined->rows, feed->budget, feed->columns);
  }
  feed->joined->first = first;
  feed->joined->rows.count = 0;
  feed->joined->rows.text = line;
  scanner->rows = &feed->joined->rows;
  return true;
}

bool ng_feed_end_line(struct ng_feed *feed, size_t size)
{
  struct ng_batch *joined = feed->joined;

  if (joined->rows.count == 0)
    return true;
  joined->line = ng_budget_take(feed->budget, size);
  if (!joined->line)
    return false;
  joined->line_bytes = size;
  memcpy(joined->line, joined->rows.text, size);
  joined->rows.text = joined->line;
  return true;
}

void ng_feed_drop_line(struct ng_feed *feed)
{
  ng_feed_free_batch(feed, feed->joined);
  feed->joined = NULL;
}

bool ng_feed_put_line(struct ng_feed *feed)
{
  if (!feed->joined || feed->joined->rows.count == 0)
    return false;
  put(feed, feed->joined);
  feed->joined = NULL;
  return true;
}

void ng_feed_put_block(struct ng_feed *feed, struct ng_block *block)
{
  put(feed, &block->batch);
}

void ng_feed_spend(struct ng_feed *feed, struct ng_block *block)
{
  block->next = feed->spent;
  feed->spent = block;
}

/* ------------------------------------------------------------- the caller --
 */

struct ng_batch *ng_feed_take(struct ng_feed *feed)
{
  struct ng_batch *batch = feed->first;

  if (!batch)
    return NULL;
  feed->first = batch->next;
  if (!feed->first)
    feed->end = &feed->first;
  return batch;
}

void ng_feed_give_back(struct ng_job *job, struct ng_batch *batch)
{
  struct ng_feed *feed = job->feed;

  if (!batch->block) {
    ng_feed_free_batch(feed, batch);
    return;
  }
  batch->block->next = feed->used;
  feed->used = batch->block;
  if (++feed->used_count * 2 >= job->plan.blocks)
    ng_feed_flush(job);
}

void ng_feed_flush(struct ng_job *job)
{
  struct ng_feed *feed = job->feed;

  if (feed->used)
    give_back(job, feed->used);
  feed->used = NULL;
  feed->used_count = 0;
}
