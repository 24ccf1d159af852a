/* SPDX-License-Identifier: MIT */
/*
 * The sink of rows.
 *
 * A worker that scans a block appends the wanted rows to the columns of the
 * batch in that block. The commit scans the line that it joined before the
 * block to a batch of its own, puts that on the list, removes the rows of the
 * block that come after an error, and puts the batch of the block on the list.
 * So the queue has all rows of the file in order, up to the first error.
 *
 * A block without wanted rows is left to the commit, which gives it back to the
 * pool. But if the line before it has rows the block goes with the line, so
 * that the list never has more lines than the pool has blocks.
 *
 * A batch of a block is part of the block. A batch of a line, one for some
 * 25,000 rows, is allocated, and has a copy of the line. The queue owns what is
 * on its lists; the caller owns a batch from take to give back.
 */
#include "rows/row_queue.h"

#include <stdlib.h>
#include <string.h>

#include "scan/commit.h"
#include "scan/map.h"
#include "sched/cond.h"

static struct ng_row_queue *queue_of(struct ng_sink *sink)
{
  return (struct ng_row_queue *)(void *)sink;
}

/* --------------------------------------------------------------- batches -- */

void ng_row_queue_free_batch(struct ng_row_queue *queue, struct ng_batch *batch)
{
  if (!batch)
    return;
  if (batch->block) {
    ng_block_free(batch->block, queue->budget); /* has the batch in it */
    return;
  }
  ng_row_columns_free(&batch->rows);
  ng_budget_give(queue->budget, batch->line, batch->line_bytes);
  free(batch);
}

/* Append a batch to the list and wake the caller. The commit's lock is held. */
static void put(struct ng_row_queue *queue, struct ng_batch *batch)
{
  batch->next = NULL;
  *queue->end = batch;
  queue->end = &batch->next;
  pthread_cond_signal(&queue->changed);
}

static void drop_line(struct ng_row_queue *queue)
{
  ng_row_queue_free_batch(queue, queue->joined);
  queue->joined = NULL;
}

/* Append the joined line to the list, if it has rows. Returns whether it has.
 */
static bool put_line(struct ng_row_queue *queue)
{
  if (!queue->joined || queue->joined->rows.count == 0)
    return false;
  put(queue, queue->joined);
  queue->joined = NULL;
  return true;
}

/* ------------------------------------------------------------------ scan -- */

static bool wants_word(void *filter, const char *word, size_t length)
{
  return ng_word_filter_wants(filter, word, length);
}

bool ng_row_queue_scanner_init(struct ng_scanner *scanner,
                               const struct ng_pass *pass,
                               enum ng_layout layout,
                               struct ng_word_filter *filter)
{
  struct ng_scanner_options options = ng_pass_scanner_options(pass);

  options.layout = layout;
  if (!ng_scanner_init(scanner, &options, NULL, NULL))
    return false;
  scanner->filter = (struct ng_row_filter){wants_word, filter,
                                           options.year_from, options.year_to};
  return true;
}

static bool begin(struct ng_sink *sink, struct ng_pass *pass)
{
  struct ng_row_queue *queue = queue_of(sink);
  unsigned count = pass->plan.workers;

  queue->pass = pass;
  queue->filter = (struct ng_word_filter){pass->options, &pass->request->words};
  queue->scanners = calloc(count, sizeof *queue->scanners);
  for (unsigned i = 0; queue->scanners && i < count; i++)
    if (!ng_row_queue_scanner_init(&queue->scanners[i], pass, pass->layout,
                                   &queue->filter))
      return false;
  return queue->scanners != NULL;
}

static void scan_text(struct ng_sink *sink, unsigned worker,
                      struct ng_block *block, size_t from, size_t to,
                      struct ng_scanner_result *result)
{
  struct ng_row_queue *queue = queue_of(sink);

  block->batch.rows.columns = queue->columns;
  queue->scanners[worker].rows = &block->batch.rows;
  ng_scanner_scan(&queue->scanners[worker], block->text + from, to - from,
                  result);
}

/* Copy the text of a joined line that has rows. Returns false if there is no
   memory. */
static bool keep_text(struct ng_row_queue *queue, struct ng_batch *joined,
                      const char *text, size_t size)
{
  if (joined->rows.count == 0)
    return true;
  joined->line = ng_budget_take(queue->budget, size);
  if (!joined->line)
    return false;
  joined->line_bytes = size;
  memcpy(joined->line, text, size);
  joined->rows.text = joined->line;
  return true;
}

static void scan_line(struct ng_sink *sink, unsigned worker,
                      const struct ng_commit *commit, const char *text,
                      size_t size, struct ng_scanner_result *result)
{
  struct ng_row_queue *queue = queue_of(sink);
  struct ng_scanner *scanner = &queue->scanners[worker];

  if (!queue->joined) {
    queue->joined = calloc(1, sizeof *queue->joined);
    if (!queue->joined) {
      result->stopped = true;
      return;
    }
    ng_row_columns_init(&queue->joined->rows, queue->budget, queue->columns);
  }
  queue->joined->first = commit->rows;
  queue->joined->rows.count = 0;
  queue->joined->rows.text = text;
  scanner->rows = &queue->joined->rows;
  ng_scanner_scan(scanner, text, size, result);
  if (!result->stopped)
    result->stopped = !keep_text(queue, queue->joined, text, size);
}

/* ---------------------------------------------------------------- commit -- */

/* Remove the rows of a block that do not end within its first `good_size`
   bytes, by scanning the block again up to there. */
static void cut_rows(struct ng_block *block, size_t good_size,
                     struct ng_scanner *scanner)
{
  struct ng_scanner_result result;

  if (good_size >= block->in.size || block->batch.rows.count == 0)
    return;
  while (good_size > 0 && block->text[good_size - 1] != '\n')
    good_size--;
  block->batch.rows.count = 0;
  scanner->rows = &block->batch.rows; /* which have room for all */
  if (good_size > block->head_size)
    ng_scanner_scan(scanner, block->text + block->head_size,
                    good_size - block->head_size, &result);
}

static void commit(struct ng_sink *sink, unsigned worker,
                   const struct ng_commit *commit, struct ng_report *report,
                   size_t good_size)
{
  struct ng_row_queue *queue = queue_of(sink);
  struct ng_block *block = report->block;
  bool has_line = false;

  if (good_size >= report->head_size)
    has_line = put_line(queue);
  else
    drop_line(queue);
  block->batch.first = commit->rows;
  cut_rows(block, good_size, &queue->scanners[worker]);
  if (block->batch.rows.count > 0 || has_line) {
    report->block = NULL;
    put(queue, &block->batch);
  }
}

static void end(struct ng_sink *sink, bool complete)
{
  struct ng_row_queue *queue = queue_of(sink);

  if (complete)
    put_line(queue);
  pthread_cond_signal(&queue->changed);
}

static bool has_output(const struct ng_sink *sink)
{
  return ((const struct ng_row_queue *)(const void *)sink)->first != NULL;
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

bool ng_row_queue_init(struct ng_row_queue *queue, struct ng_budget *budget,
                       unsigned columns)
{
  *queue = (struct ng_row_queue){
      .sink = {&ops}, .budget = budget, .columns = columns};
  queue->end = &queue->first;
  return ng_cond_init(&queue->changed) == 0;
}

void ng_row_queue_free(struct ng_row_queue *queue)
{
  struct ng_batch *batch;

  while ((batch = ng_row_queue_take(queue)))
    ng_row_queue_free_batch(queue, batch);
  drop_line(queue);
  ng_block_free_list(queue->used, queue->budget);
  for (unsigned i = 0; queue->scanners && i < queue->pass->plan.workers; i++)
    ng_scanner_free(&queue->scanners[i]);
  free(queue->scanners);
  pthread_cond_destroy(&queue->changed);
}

struct ng_batch *ng_row_queue_take(struct ng_row_queue *queue)
{
  struct ng_batch *batch = queue->first;

  if (!batch)
    return NULL;
  queue->first = batch->next;
  if (!queue->first)
    queue->end = &queue->first;
  return batch;
}

void ng_row_queue_give_back(struct ng_row_queue *queue, struct ng_batch *batch)
{
  if (!batch->block) {
    ng_row_queue_free_batch(queue, batch);
    return;
  }
  batch->block->next = queue->used;
  queue->used = batch->block;
  if (++queue->used_count * 2 >= queue->pass->plan.blocks)
    ng_row_queue_flush(queue);
}

void ng_row_queue_flush(struct ng_row_queue *queue)
{
  if (queue->used)
    ng_map_give_back(queue->pass, queue->used);
  queue->used = NULL;
  queue->used_count = 0;
}
