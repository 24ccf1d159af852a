/* SPDX-License-Identifier: MIT */
/*
 * A pass whose sink hands blocks of rows on, and the caller that takes them.
 * Threads live from the first call to the last of a file, one file after the
 * other; where there is no thread, the caller works itself.
 *
 * Refused: handing rows to a callback, in the worker's thread or in the
 * caller's: SQLite asks for the next row when it likes. And a queue of rows
 * between map and caller: a row would be copied once more, and a block has to
 * be bounded anyway.
 */
#include "rows/reading.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "fault/fail.h"
#include "rows/rows_file.h"
#include "rows/rows_sort.h"
#include "scan/workers.h"
#include "sched/cond.h"

/* --------------------------------------------------------------- batches -- */

/* Whether no more batches will come. The commit's lock is held. */
static bool is_over(struct ng_pass *pass)
{
  return ng_commit_has_ended(&pass->commit) || atomic_load(&pass->control.stop);
}

/* Wait for the workers, and ask the host in between. */
static struct ng_batch *wait_for_batch(struct ngram_rows *rows)
{
  struct ng_pass *pass = &rows->pass;
  struct ng_batch *batch;

  pthread_mutex_lock(&pass->commit.lock);
  while (!(batch = ng_row_queue_take(&rows->queue)) && !is_over(pass)) {
    pthread_mutex_unlock(&pass->commit.lock);
    ng_row_queue_flush(&rows->queue);
    pthread_mutex_lock(&pass->commit.lock);
    if (rows->queue.first || is_over(pass))
      continue;
    ng_cond_wait_ms(&rows->queue.changed, &pass->commit.lock, NG_POLL_MS);
    pthread_mutex_unlock(&pass->commit.lock);
    ng_control_poll(&pass->control);
    pthread_mutex_lock(&pass->commit.lock);
  }
  pthread_mutex_unlock(&pass->commit.lock);
  return batch;
}

/* The next batch of the file; NULL: there is none. */
static struct ng_batch *take_batch(struct ngram_rows *rows)
{
  struct ng_pass *pass = &rows->pass;
  struct ng_batch *batch;

  if (rows->lookup.pass)
    return ng_lookup_next(&rows->lookup, &rows->error);
  pass->control.poll.asked = ng_clock_seconds(); /* it has just been heard */
  if (pass->control.has_workers)
    return wait_for_batch(rows);
  batch = ng_row_queue_take(&rows->queue);
  if (batch || is_over(pass))
    return batch;
  ng_row_queue_flush(&rows->queue);
  ng_workers_map(&pass->workers[0]);
  return ng_row_queue_take(&rows->queue);
}

/* The number of row i among those that were read with it. */
static uint64_t number_of(const struct ng_batch *batch, size_t i)
{
  return batch->rows.number ? batch->rows.number[i] : i;
}

/* How many rows of a batch the caller has had before the file was read again.
 */
static size_t count_served(const struct ngram_rows *rows,
                           const struct ng_batch *batch)
{
  size_t count = 0;

  while (count < batch->rows.count &&
         batch->first + number_of(batch, count) < rows->served)
    count++;
  return count;
}

/* The columns from row `skip` on; NULL stays what it is. */
static void lend_columns(const struct ng_row_columns *from, size_t skip,
                         struct ngram_row_batch *to)
{
  if (from->word_at) {
    to->word_at = from->word_at + skip;
    to->word_length = from->word_length + skip;
  }
  if (from->year)
    to->year = from->year + skip;
  if (from->match_count)
    to->match_count = from->match_count + skip;
  if (from->volume_count)
    to->volume_count = from->volume_count + skip;
  if (from->number)
    to->number = from->number + skip;
}

/* Lend a batch to the caller. False: nothing of it is left for him. */
static bool lend(struct ngram_rows *rows, struct ng_batch *from,
                 struct ngram_row_batch *to)
{
  const struct ng_row_columns *all = &from->rows;
  size_t skip = count_served(rows, from);

  rows->batch = from;
  if (skip == all->count)
    return false;
  to->count = all->count - skip;
  to->text = all->text;
  to->first = rows->rows_before + from->first + (all->number ? 0 : skip);
  lend_columns(all, skip, to);
  rows->served = from->first + number_of(from, all->count - 1) + 1;
  return true;
}

static void give_back(struct ngram_rows *rows)
{
  if (rows->batch && !rows->lookup.pass)
    ng_row_queue_give_back(&rows->queue, rows->batch);
  rows->batch = NULL;
}

/* ------------------------------------------------------------------ open -- */

static enum ngram_status give_error(const struct ngram_rows *rows,
                                    struct ngram_error *error)
{
  if (error)
    *error = rows->error;
  return rows->status;
}

/* In a child of fork() there are no workers, and their locks may be taken for
   ever. */
static bool is_orphaned(const struct ngram_rows *rows)
{
  return rows->team.count > 0 && rows->process != getpid();
}

static void fail_orphaned(struct ngram_rows *rows)
{
  rows->ended = true;
  rows->status = ng_fail(&rows->error, NGRAM_IO_ERROR,
                         "%s: its readers are in the process that was forked",
                         rows->pass.path);
}

typedef enum ngram_status find_function(struct ngram_rows *rows,
                                        const char *path);

static enum ngram_status take_file(struct ngram_rows *rows, const char *path)
{
  rows->files.paths = calloc(1, sizeof *rows->files.paths);
  if (rows->files.paths)
    rows->files.paths[0] = strdup(path);
  if (!rows->files.paths || !rows->files.paths[0])
    return ng_fail_memory(&rows->error);
  rows->files.count = 1;
  return NGRAM_OK;
}

static enum ngram_status find_files(struct ngram_rows *rows, const char *path)
{
  const struct ngram_root *root = rows->question.options.root;
  const struct ng_stop stop = ng_poll_stop(&rows->request.poll);

  if (!ng_files_is_pattern(root, path))
    return take_file(rows, path);
  ng_request_stay(&rows->request, path);
  return ng_files_match(root, path, &stop, &rows->files, &rows->error);
}

static enum ngram_status open_one(const char *path,
                                  const struct ngram_rows_options *options,
                                  struct ngram_rows **rows,
                                  struct ngram_error *error);

/* Sort the rows of each file that is to be sorted, and begin it anew. */
static enum ngram_status settle_file(struct ngram_rows *rows,
                                     enum ngram_status status)
{
  while (status == NGRAM_OK && rows->must_sort) {
    struct ng_by_year *by_year;
    bool never;

    rows->must_sort = false;
    status =
        ng_rows_sort(rows, open_one, ng_rows_file_room(rows), &by_year, &never);
    ng_rows_file_keep_years(rows, by_year, never);
    if (status == NGRAM_OK)
      status = ng_rows_file_reopen(rows);
  }
  return status;
}

/* `find` says which files a path stands for. */
static enum ngram_status begin(struct ngram_rows *rows, const char *path,
                               find_function *find,
                               const struct ngram_rows_options *options)
{
  enum ngram_status status;

  rows->process = getpid();
  rows->began = ng_clock_seconds();
  ng_budget_init(&rows->budget);
  rows->budget.limit_bytes = options->memory_limit;
  status = ng_rows_question_init(&rows->question, options, &rows->budget,
                                 &rows->error);
  if (status == NGRAM_OK)
    status = ng_request_init(&rows->request, &rows->question.options,
                             &rows->budget, &rows->error);
  if (status == NGRAM_OK)
    status = find(rows, path);
  if (status == NGRAM_OK)
    status = settle_file(rows, ng_rows_file_open(rows));
  if (status == NGRAM_NO_MEMORY)
    ng_request_explain_limit(&rows->budget, &rows->error);
  return status;
}

static enum ngram_status open_rows(const char *path, find_function *find,
                                   const struct ngram_rows_options *options,
                                   const struct ng_rows_memory *memory,
                                   struct ngram_rows **rows,
                                   struct ngram_error *error)
{
  struct ngram_rows *opened = calloc(1, sizeof *opened);
  enum ngram_status status;

  *rows = NULL;
  if (!opened)
    return ng_fail_memory(error);
  ng_hash_draw_key();
  opened->memory = *memory;
  status = begin(opened, path, find, options);
  if (status == NGRAM_OK) {
    *rows = opened;
    return NGRAM_OK;
  }
  if (error)
    *error = opened->error;
  ng_reading_close(opened, NULL);
  return status;
}

enum ngram_status ng_reading_open(const char *path,
                                  const struct ngram_rows_options *options,
                                  const struct ng_rows_memory *memory,
                                  struct ngram_rows **rows,
                                  struct ngram_error *error)
{
  return open_rows(path, find_files, options, memory, rows, error);
}

/* As ng_reading_open(), of one file, whatever pattern its path looks like, and
   remembering nothing. */
static enum ngram_status open_one(const char *path,
                                  const struct ngram_rows_options *options,
                                  struct ngram_rows **rows,
                                  struct ngram_error *error)
{
  static const struct ng_rows_memory none;

  return open_rows(path, take_file, options, &none, rows, error);
}

/* ------------------------------------------------------------------ read -- */

enum ngram_status ng_reading_next(struct ngram_rows *rows,
                                  struct ngram_row_batch *batch,
                                  struct ngram_error *error)
{
  *batch = (struct ngram_row_batch){.count = 0};
  if (!rows->ended && is_orphaned(rows))
    fail_orphaned(rows);
  while (!rows->ended) {
    struct ng_batch *next;

    give_back(rows);
    next = take_batch(rows);
    if (next && lend(rows, next, batch))
      return NGRAM_OK;
    if (next)
      continue;
    rows->status = settle_file(rows, ng_rows_file_end(rows));
    if (rows->status == NGRAM_NO_MEMORY)
      ng_request_explain_limit(&rows->budget, &rows->error);
    rows->ended |= rows->status != NGRAM_OK;
  }
  return rows->status == NGRAM_OK ? NGRAM_OK : give_error(rows, error);
}

void ng_reading_close(struct ngram_rows *rows, struct ngram_scan_stats *stats)
{
  if (!rows)
    return;
  if (is_orphaned(rows)) {
    if (stats)
      *stats = rows->stats;
    return; /* what they hold is lost to this process */
  }
  ng_rows_file_close(rows);
  rows->stats.seconds = ng_clock_seconds() - rows->began;
  if (rows->stats.peak_bytes < atomic_load(&rows->budget.peak_bytes))
    rows->stats.peak_bytes = atomic_load(&rows->budget.peak_bytes);
  if (stats)
    *stats = rows->stats;
  ng_match_free(&rows->files);
  ng_request_free(&rows->request);
  ng_rows_question_free(&rows->question);
  free(rows);
}
