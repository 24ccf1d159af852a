/* SPDX-License-Identifier: MIT */
/*
 * The reading of rows: open, next batch, close, as api/rows.c passes them on.
 *
 * A reading goes through its files in order. rows_file.c opens each of them as
 * a pass, whose sink is a queue of batches (row_queue.c), or as a lookup
 * (lookup.c), which makes batches on demand. Each call of ng_reading_next()
 * gives the batch of the call before back, takes the next one, and lends it to
 * the caller. When a file has no more batches, ng_rows_file_end() goes on to
 * the next file, or begins a new pass over the same file, because a seek point,
 * postings or rows by year were wrong, or a lookup had no memory. Rows that the
 * caller has had are skipped then.
 *
 * The workers of a pass live until its last batch was taken; they decode and
 * scan ahead of the caller, within the pool of blocks. While the caller waits
 * for them it asks the host. Without workers the caller scans one batch at a
 * time itself. If rows_file.c says that the file has to be sorted by year,
 * settle_file() has rows_sort.c do that, by a second reading, and opens the
 * file again.
 *
 * The reading owns everything in struct ngram_rows but what is borrowed there.
 *
 * Refused: a callback for each row, because SQLite asks for the next row when
 * it likes; and a queue of single rows, because each row would be copied once
 * more and blocks have to be bounded all the same.
 */
#include "rows/reading.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "fault/fail.h"
#include "rows/rows_file.h"
#include "rows/rows_memory.h"
#include "rows/rows_sort.h"
#include "scan/workers.h"
#include "sched/cond.h"

/* --------------------------------------------------------------- batches -- */

/* Whether no more batches will come. The commit's lock is held. */
static bool is_over(struct ng_pass *pass)
{
  return ng_commit_has_ended(&pass->commit) || atomic_load(&pass->control.stop);
}

/* Wait until the workers have put a batch on the queue, and ask the host
   meanwhile. Returns NULL if no more will come. */
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

/* Returns the next batch of the file, or NULL if there are no more. */
static struct ng_batch *take_batch(struct ngram_rows *rows)
{
  struct ng_pass *pass = &rows->pass;
  struct ng_batch *batch;

  if (rows->lookup.pass)
    return ng_lookup_next(&rows->lookup, &rows->error);
  pass->control.poll.asked = ng_clock_seconds(); /* the host has just called */
  if (pass->control.has_workers)
    return wait_for_batch(rows);
  batch = ng_row_queue_take(&rows->queue);
  if (batch || is_over(pass))
    return batch;
  ng_row_queue_flush(&rows->queue);
  ng_workers_map(&pass->workers[0]);
  return ng_row_queue_take(&rows->queue);
}

/* Returns the number of row `i`, from batch->first on. */
static uint64_t number_of(const struct ng_batch *batch, size_t i)
{
  return batch->rows.number ? batch->rows.number[i] : i;
}

/* Returns how many rows of a batch the caller had before the file was read
   again. */
static size_t count_served(const struct ngram_rows *rows,
                           const struct ng_batch *batch)
{
  size_t count = 0;

  while (count < batch->rows.count &&
         batch->first + number_of(batch, count) < rows->served)
    count++;
  return count;
}

/* Lend the columns from row `skip` on. Columns that are not kept stay NULL. */
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

/* Lend a batch to the caller. Returns false if it has no row that is new to the
   caller. */
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

/* End the loan of the last batch. */
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

/* Whether this is a child of fork(). The workers do not exist in it, and their
   locks may be held for ever. */
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

/* Lists the files that a path stands for in rows->files. */
typedef enum ngram_status find_function(struct ngram_rows *rows,
                                        const char *path);

/* The file of that path, even if it looks like a pattern. */
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

/* The file of that path, or the files that it matches as a pattern. */
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

static const struct ng_rows_sort_reader reader = {open_one, ng_reading_next,
                                                  ng_reading_close};

/* If the current file has to be sorted by year, sort it and open it again. */
static enum ngram_status settle_file(struct ngram_rows *rows,
                                     enum ngram_status status)
{
  while (status == NGRAM_OK && rows->must_sort) {
    struct ng_by_year *by_year;
    bool never;

    rows->must_sort = false;
    status = ng_rows_sort(rows, &reader, ng_rows_memory_room(rows), &by_year,
                          &never);
    ng_rows_memory_keep_years(rows, by_year, never);
    if (status == NGRAM_OK)
      status = ng_rows_file_reopen(rows);
  }
  return status;
}

/* Fill a zeroed reading, and open its first file. */
static enum ngram_status begin(struct ngram_rows *rows, const char *path,
                               find_function *find,
                               const struct ngram_rows_options *options)
{
  enum ngram_status status;

  rows->process = getpid();
  rows->began = ng_clock_seconds();
  ng_budget_init(&rows->budget);
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

/* As ng_reading_open(), but for one file even if its path looks like a pattern,
   and without a memory. */
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
    next = rows->must_make_postings ? NULL : take_batch(rows);
    if (next && lend(rows, next, batch))
      return NGRAM_OK;
    if (next)
      continue;
    rows->status = settle_file(rows, rows->must_make_postings
                                         ? ng_rows_file_make_postings(rows)
                                         : ng_rows_file_end(rows));
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
    return; /* memory is left as it is: locks in it may be held */
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
