/* SPDX-License-Identifier: MIT */
/*
 * A list of batches. Those of blocks are part of them; those of lines that were
 * joined, one for some 25,000 rows, are made one by one. No more lines wait
 * than there are blocks, for a line goes with the block that ends it.
 *
 * Workers append the rows of a block to its columns; the commit, which knows
 * what is wrong with the file and where, cuts off those that do not count and
 * puts the block on the list.
 */
#include "engine/feed.h"

#include <stdlib.h>
#include <string.h>

#include "engine/fold.h"
#include "engine/map.h"
#include "sched/cond.h"

static struct ng_feed *feed_of(struct ng_sink *sink)
{
  return (struct ng_feed *)(void *)sink;
}

/* --------------------------------------------------------------- batches -- */

void ng_feed_free_batch(struct ng_feed *feed, struct ng_batch *batch)
{
  if (!batch)
    return;
  if (batch->block) {
    ng_block_free(batch->block, feed->budget); /* it is part of that */
    return;
  }
  ng_row_columns_free(&batch->rows);
  ng_budget_give(feed->budget, batch->line, batch->line_bytes);
  free(batch);
}

static void put(struct ng_feed *feed, struct ng_batch *batch)
{
  batch->next = NULL;
  *feed->end = batch;
  feed->end = &batch->next;
  pthread_cond_signal(&feed->changed);
}

static void drop_line(struct ng_feed *feed)
{
  ng_feed_free_batch(feed, feed->joined);
  feed->joined = NULL;
}

/* Hand the rows of the joined line on. True: there are some. */
static bool put_line(struct ng_feed *feed)
{
  if (!feed->joined || feed->joined->rows.count == 0)
    return false;
  put(feed, feed->joined);
  feed->joined = NULL;
  return true;
}

/* ------------------------------------------------------------------ scan -- */

static bool wants_word(void *filter, const char *word, size_t length)
{
  return ng_word_filter_wants(filter, word, length);
}

bool ng_feed_scanner_init(struct ng_scanner *scanner, const struct ng_job *job,
                          enum ng_layout layout, struct ng_word_filter *filter)
{
  struct ng_scanner_options options = ng_job_scan_options(job);

  options.layout = layout;
  if (!ng_scanner_init(scanner, &options, NULL, NULL))
    return false;
  scanner->filter = (struct ng_row_filter){wants_word, filter,
                                           options.year_from, options.year_to};
  return true;
}

static bool begin(struct ng_sink *sink, struct ng_job *job)
{
  struct ng_feed *feed = feed_of(sink);
  unsigned count = job->plan.workers;

  feed->job = job;
  feed->filter = (struct ng_word_filter){job->options, &job->request->words};
  feed->scanners = calloc(count, sizeof *feed->scanners);
  for (unsigned i = 0; feed->scanners && i < count; i++)
    if (!ng_feed_scanner_init(&feed->scanners[i], job, job->layout,
                              &feed->filter))
      return false;
  return feed->scanners != NULL;
}

static void scan_text(struct ng_sink *sink, unsigned worker,
                      struct ng_block *block, size_t from, size_t to,
                      struct ng_scanner_result *result)
{
  struct ng_feed *feed = feed_of(sink);

  block->batch.rows.columns = feed->columns;
  feed->scanners[worker].rows = &block->batch.rows;
  ng_scanner_scan(&feed->scanners[worker], block->text + from, to - from,
                  result);
}

/* Copy the text of a joined line that has rows. False: no memory. */
static bool keep_text(struct ng_feed *feed, struct ng_batch *joined,
                      const char *text, size_t size)
{
  if (joined->rows.count == 0)
    return true;
  joined->line = ng_budget_take(feed->budget, size);
  if (!joined->line)
    return false;
  joined->line_bytes = size;
  memcpy(joined->line, text, size);
  joined->rows.text = joined->line;
  return true;
}

static void scan_line(struct ng_sink *sink, unsigned worker,
                      const struct ng_fold *fold, const char *text, size_t size,
                      struct ng_scanner_result *result)
{
  struct ng_feed *feed = feed_of(sink);
  struct ng_scanner *scanner = &feed->scanners[worker];

  if (!feed->joined) {
    feed->joined = calloc(1, sizeof *feed->joined);
    if (!feed->joined) {
      result->stopped = true;
      return;
    }
    ng_row_columns_init(&feed->joined->rows, feed->budget, feed->columns);
  }
  feed->joined->first = fold->rows;
  feed->joined->rows.count = 0;
  feed->joined->rows.text = text;
  scanner->rows = &feed->joined->rows;
  ng_scanner_scan(scanner, text, size, result);
  if (!result->stopped)
    result->stopped = !keep_text(feed, feed->joined, text, size);
}

/* ---------------------------------------------------------------- commit -- */

/* Keep the rows of the block's body that ended within its first `good_size`
   bytes: scan it once more, up to there. */
static void cut_rows(struct ng_block *block, size_t good_size,
                     struct ng_scanner *scanner)
{
  struct ng_scanner_result result;

  if (good_size >= block->in.size || block->batch.rows.count == 0)
    return;
  while (good_size > 0 && block->text[good_size - 1] != '\n')
    good_size--;
  block->batch.rows.count = 0;
  scanner->rows = &block->batch.rows; /* which has room for all of them */
  if (good_size > block->head_size)
    ng_scanner_scan(scanner, block->text + block->head_size,
                    good_size - block->head_size, &result);
}

static void commit(struct ng_sink *sink, unsigned worker,
                   const struct ng_fold *fold, struct ng_report *report,
                   size_t good_size)
{
  struct ng_feed *feed = feed_of(sink);
  struct ng_block *block = report->block;
  bool has_line = false;

  if (good_size >= report->head_size)
    has_line = put_line(feed);
  else
    drop_line(feed);
  block->batch.first = fold->rows;
  cut_rows(block, good_size, &feed->scanners[worker]);
  if (block->batch.rows.count > 0 || has_line) {
    report->block = NULL;
    put(feed, &block->batch);
  }
}

static void end(struct ng_sink *sink, bool complete)
{
  struct ng_feed *feed = feed_of(sink);

  if (complete)
    put_line(feed);
  pthread_cond_signal(&feed->changed);
}

static bool has_output(const struct ng_sink *sink)
{
  return ((const struct ng_feed *)(const void *)sink)->first != NULL;
}

static const struct ng_sink_ops ops = {
    .keeps_blocks = true,
    .begin = begin,
    .text = scan_text,
    .line = scan_line,
    .commit = commit,
    .end = end,
    .has_output = has_output,
};

/* ------------------------------------------------------------ the caller -- */

bool ng_feed_init(struct ng_feed *feed, struct ng_budget *budget,
                  unsigned columns)
{
  *feed =
      (struct ng_feed){.sink = {&ops}, .budget = budget, .columns = columns};
  feed->end = &feed->first;
  return ng_cond_init(&feed->changed) == 0;
}

static void free_used(struct ng_feed *feed)
{
  while (feed->used) {
    struct ng_block *next = feed->used->next;

    ng_block_free(feed->used, feed->budget);
    feed->used = next;
  }
}

void ng_feed_free(struct ng_feed *feed)
{
  struct ng_batch *batch;

  while ((batch = ng_feed_take(feed)))
    ng_feed_free_batch(feed, batch);
  drop_line(feed);
  free_used(feed);
  for (unsigned i = 0; feed->scanners && i < feed->job->plan.workers; i++)
    ng_scanner_free(&feed->scanners[i]);
  free(feed->scanners);
  pthread_cond_destroy(&feed->changed);
}

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

void ng_feed_give_back(struct ng_feed *feed, struct ng_batch *batch)
{
  if (!batch->block) {
    ng_feed_free_batch(feed, batch);
    return;
  }
  batch->block->next = feed->used;
  feed->used = batch->block;
  if (++feed->used_count * 2 >= feed->job->plan.blocks)
    ng_feed_flush(feed);
}

void ng_feed_flush(struct ng_feed *feed)
{
  if (feed->used)
    ng_map_give_back(feed->job, feed->used);
  feed->used = NULL;
  feed->used_count = 0;
}
