/* SPDX-License-Identifier: MIT */
/*
 * The C API of rows: a job whose workers hand blocks on to a feed, and the
 * caller who takes them.
 *
 * The job is the one of a count; what its workers do with a block of text
 * differs (map.c), and the fold, which sees blocks in the order of the file and
 * knows what is wrong with it and where, hands them on (fold.c). Here is what
 * is left: threads that live from the first call to the last, one file after
 * the other, and a caller who works himself where there is no thread.
 *
 * Seek points that turn out to be wrong are no error: every row that was served
 * was proven by then (points.c). The file is read again without them, and the
 * rows that the caller has had are left out.
 *
 * Who asks for the rows of some words of a file, and then of others, and so on,
 * has it read once for its postings; from then on only the parts that may hold
 * them are read (lookup.c).
 *
 * Refused: handing rows to a callback, in the worker's thread or in the
 * caller's: SQLite asks for the next row when it likes. And a queue of rows
 * between map and caller: a row would be copied once more, and a block has to
 * be bounded anyway.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "engine/cache.h"
#include "engine/count_file.h"
#include "engine/fault.h"
#include "engine/files.h"
#include "engine/lookup.h"
#include "engine/rows_options.h"
#include "engine/run.h"
#include "ngram.h"
#include "sched/team.h"
#include "sched/wait.h"

struct ngram_rows {
  struct ng_rows_question question; /* options, and what they point to */
  struct ng_budget budget;
  struct ng_count count;
  struct ng_files files;
  size_t file; /* the one that is read */

  /* Of that file. */
  struct ng_feed feed;
  struct ng_job job;
  bool is_open;   /* the two of them */
  bool is_set_up; /* the job */
  struct ng_team team;
  struct ng_batch *batch; /* in the caller's hands */
  struct ng_lookup lookup;
  struct ng_postings *postings; /* owned, being made */
  uint64_t rows_before;         /* in the files before it */
  uint64_t served;              /* the last row that was, and 1 */

  double began;
  struct ngram_scan_stats stats; /* of the files before it */
  bool ended;                    /* there are no more rows */
  enum ngram_status status;      /* why, if that is an error */
  struct ngram_error error;
};

/* -------------------------------------------------------------- one file -- */

static void *work(void *member)
{
  ng_run_map(member);
  return NULL;
}

/* False: no thread can be made, and the caller cannot work alone. */
static bool start_workers(struct ngram_rows *rows)
{
  struct ng_job *job = &rows->job;

  rows->team.count = 0;
  rows->team.threads = NULL;
  job->worker_count = 1;
  if (job->plan.workers > 1)
    job->worker_count = ng_team_start(&rows->team, job->plan.workers, work,
                                      job->workers, sizeof *job->workers);
  if (rows->team.count > 0)
    return true;
  ng_team_join(&rows->team);
  job->worker_count = 1;
  job->in_caller = true;
  /* Between two points nobody can come back to a caller. */
  return job->plan.way != NG_WAY_POINTS;
}

static void stop_workers(struct ngram_rows *rows)
{
  ng_job_stop(&rows->job);
  ng_team_join(&rows->team);
}

static void close_file(struct ngram_rows *rows)
{
  if (!rows->is_open)
    return;
  if (rows->lookup.job)
    rows->batch = NULL; /* it is part of that */
  ng_lookup_close(&rows->lookup);
  ng_postings_free(rows->postings);
  rows->postings = NULL;
  ng_job_close(&rows->job);
  ng_feed_free_batch(&rows->feed, rows->batch);
  ng_feed_free(&rows->feed);
  rows->batch = NULL;
  rows->is_open = false;
  rows->is_set_up = false;
}

/* Standard input gives its rows once. */
static enum ngram_status spend_stdin(struct ngram_rows *rows)
{
  struct ngram_cache *cache = rows->question.options.cache;
  struct ng_source_identity identity;
  struct ng_cache_key key = ng_cache_key_of(rows->job.source, &identity);

  if (!cache || !key.is_stdin)
    return NGRAM_OK;
  if (ng_cache_has(cache, &key))
    return ng_fail(&rows->error, NGRAM_BAD_ARGUMENT,
                   "%s: standard input was read already", rows->job.path);
  ng_cache_spend_stdin(cache, &key);
  return NGRAM_OK;
}

static enum ngram_status open_job(struct ngram_rows *rows)
{
  const char *path = rows->files.paths[rows->file];
  enum ngram_status status;

  if (!ng_feed_init(&rows->feed, &rows->budget, rows->question.columns))
    return ng_fail_memory(&rows->error);
  rows->is_open = true;
  status = ng_job_open(&rows->job, path, &rows->count, &rows->question.options,
                       &rows->error);
  return status == NGRAM_OK ? spend_stdin(rows) : status;
}

/* Start the workers on an open job. */
static enum ngram_status start_scan(struct ngram_rows *rows, bool use_points)
{
  enum ngram_status status;

  rows->job.fold.postings = rows->postings;
  status = ng_job_set_up(&rows->job, use_points, &rows->error);
  if (status != NGRAM_OK)
    return status;
  rows->is_set_up = true;
  if (start_workers(rows))
    return NGRAM_OK;
  close_file(rows);
  status = open_job(rows);
  return status == NGRAM_OK ? start_scan(rows, false) : status;
}

/* Open the file, to read it whole. */
static enum ngram_status open_scan(struct ngram_rows *rows, bool use_points)
{
  enum ngram_status status = open_job(rows);

  return status == NGRAM_OK ? start_scan(rows, use_points) : status;
}

static void fill_stats(const struct ngram_rows *rows,
                       struct ngram_scan_stats *stats)
{
  const struct ng_job *job = &rows->job;

  if (rows->lookup.job) {
    ng_lookup_fill_stats(&rows->lookup, stats);
    return;
  }
  ng_job_fill_stats(job, stats);
  if (!job->fold.complete) {
    uint64_t read = ng_source_bytes_read(job->source);

    if (read < stats->compressed_bytes)
      stats->compressed_bytes = read;
  }
}

static void add_stats(struct ngram_rows *rows)
{
  struct ngram_scan_stats stats = {.words = 0};

  if (!rows->is_set_up)
    return;
  fill_stats(rows, &stats);
  ng_stats_add(&rows->stats, &stats);
  rows->stats.way = rows->files.count > 1 ? "files" : stats.way;
  if (stats.threads > rows->stats.threads)
    rows->stats.threads = stats.threads;
}

/* ---------------------------------------------------------------- lookup -- */

/* For more words than this a file is read. */
#define LOOKUP_WORDS_MAX 16

/* The file in which words are asked for, if there are so few of them, and if
   anything can be known of it. */
static bool may_look_up(const struct ngram_rows *rows,
                        struct ng_source_identity *file)
{
  const struct ngram_count_options *options = &rows->question.options;
  struct ng_cache_key key;

  if (!options->cache || !options->words ||
      options->word_count > LOOKUP_WORDS_MAX)
    return false;
  key = ng_cache_key_of(rows->job.source, file);
  return key.file_count > 0 && !key.is_stdin;
}

/* What the cache has room for, and not much of what the scan may hold. */
static uint64_t postings_room(const struct ngram_rows *rows)
{
  const struct ngram_count_options *options = &rows->question.options;
  uint64_t room = ngram_cache_limit(options->cache) / 2;

  room -= room < NG_LOOKUPS_ENTRY_BYTES ? room : NG_LOOKUPS_ENTRY_BYTES;
  return options->memory_limit > 0 && options->memory_limit / 4 < room
             ? options->memory_limit / 4
             : room;
}

static enum ng_lookup_way choose_way(struct ngram_rows *rows,
                                     const struct ng_postings **postings)
{
  const struct ngram_count_options *options = &rows->question.options;
  struct ng_source_identity file;
  enum ng_lookup_way way = NG_LOOKUP_SCAN;

  if (may_look_up(rows, &file))
    way = ng_lookups_ask(ng_cache_lookups(options->cache), &file,
                         options->on_error, postings_room(rows), postings);
  if (way == NG_LOOKUP_SCAN && options->cache)
    ngram_cache_trim(options->cache);
  return way;
}

static enum ngram_status open_lookup(struct ngram_rows *rows,
                                     const struct ng_postings *postings)
{
  bool far;
  enum ngram_status status =
      ng_lookup_open(&rows->lookup, &rows->job, postings,
                     rows->question.columns, &far, &rows->error);

  if (status == NGRAM_NO_MEMORY || (status == NGRAM_OK && far)) {
    close_file(rows);
    return open_scan(rows, true);
  }
  if (status != NGRAM_OK)
    return status;
  rows->team.count = 0;
  rows->team.threads = NULL;
  rows->is_set_up = true;
  return NGRAM_OK;
}

static enum ngram_status open_file(struct ngram_rows *rows)
{
  const struct ng_postings *postings;
  enum ngram_status status = open_job(rows);

  if (status != NGRAM_OK)
    return status;
  switch (choose_way(rows, &postings)) {
  case NG_LOOKUP_READ:
    return open_lookup(rows, postings);
  case NG_LOOKUP_MAKE:
    rows->postings = ng_postings_new(postings_room(rows));
    break;
  case NG_LOOKUP_SCAN:
    break;
  }
  return start_scan(rows, true);
}

/* Hand the postings in, or say that there are none within so much room. */
static void keep_postings(struct ngram_rows *rows, uint64_t room)
{
  const struct ngram_count_options *options = &rows->question.options;
  struct ng_source_identity file;

  if (may_look_up(rows, &file))
    ng_lookups_keep(ng_cache_lookups(options->cache), &file, options->on_error,
                    room, rows->postings);
  else
    ng_postings_free(rows->postings);
  rows->postings = NULL;
  ngram_cache_trim(options->cache);
}

/* The file was read for its postings. If it is bad there are none, and whoever
   wants its rows will meet the error where it is. */
static enum ngram_status end_making(struct ngram_rows *rows,
                                    enum ngram_status status)
{
  const struct ng_fold *fold = &rows->job.fold;
  uint64_t room = status == NGRAM_OK ? postings_room(rows) : UINT64_MAX;

  if (status == NGRAM_INTERRUPTED)
    return status;
  if (status != NGRAM_OK || !ng_postings_end(rows->postings, fold->text_bytes,
                                             fold->rows, rows->job.layout)) {
    ng_postings_free(rows->postings);
    rows->postings = NULL;
  }
  keep_postings(rows, room);
  close_file(rows);
  return open_file(rows);
}

/* Looking up has failed for lack of memory, or because something kept is wrong,
   which goes then: read the file instead. */
static enum ngram_status end_failed_lookup(struct ngram_rows *rows)
{
  enum ngram_status status = rows->lookup.status;

  if (status != NGRAM_NO_MEMORY && status != NGRAM_BAD_INPUT)
    return status;
  if (status == NGRAM_BAD_INPUT) {
    rows->job.fold.misled = true;
    ng_job_update_index(&rows->job);
    keep_postings(rows, 0); /* they may be made again */
  }
  close_file(rows);
  return open_scan(rows, false);
}

/* ------------------------------------------------------------------ ends -- */

/* Go on behind a file that had so many rows. */
static enum ngram_status next_file(struct ngram_rows *rows, uint64_t count)
{
  rows->rows_before += count;
  rows->served = 0;
  close_file(rows);
  rows->ended = ++rows->file == rows->files.count;
  if (rows->ended)
    return NGRAM_OK;
  return ng_count_poll(&rows->count) ? open_file(rows)
                                     : ng_fail_interrupted(&rows->error);
}

static enum ngram_status end_scan(struct ngram_rows *rows)
{
  struct ng_job *job = &rows->job;
  enum ngram_status status;
  bool misled;

  stop_workers(rows);
  ng_source_stop_by(job->source, NULL); /* the index may look at the file */
  status = ng_run_end(job, &rows->error);
  misled = status == NGRAM_BAD_INPUT && job->fold.misled;
  if (misled && job->status == NGRAM_INTERRUPTED)
    return ng_fail_interrupted(&rows->error);
  if (status == NGRAM_OK || misled)
    ng_job_update_index(job);
  if (misled) {
    close_file(rows);
    return open_scan(rows, false);
  }
  if (rows->postings)
    return end_making(rows, status);
  if (status != NGRAM_OK)
    return status;
  add_stats(rows);
  return next_file(rows, job->fold.rows);
}

/* All batches of the file are taken: go on with the next file, or end. */
static enum ngram_status end_file(struct ngram_rows *rows)
{
  if (!rows->lookup.job)
    return end_scan(rows);
  if (rows->lookup.status != NGRAM_OK)
    return end_failed_lookup(rows);
  add_stats(rows);
  return next_file(rows, rows->lookup.file_rows);
}

/* --------------------------------------------------------------- batches -- */

/* Has everything been handed on that will be? The fold's lock is held. */
static bool is_over(struct ng_job *job)
{
  return job->fold.complete || job->fold.status != NGRAM_OK ||
         atomic_load(&job->stop);
}

/* Wait for the workers, and ask the host in between. */
static struct ng_batch *wait_for_batch(struct ngram_rows *rows)
{
  struct ng_job *job = &rows->job;
  struct ng_batch *batch;

  pthread_mutex_lock(&job->fold.lock);
  while (!(batch = ng_feed_take(&rows->feed)) && !is_over(job)) {
    pthread_mutex_unlock(&job->fold.lock);
    ng_feed_flush(job);
    pthread_mutex_lock(&job->fold.lock);
    if (rows->feed.first || is_over(job))
      continue;
    ng_cond_wait_ms(&rows->feed.changed, &job->fold.lock, NG_POLL_MS);
    pthread_mutex_unlock(&job->fold.lock);
    ng_job_poll(job);
    pthread_mutex_lock(&job->fold.lock);
  }
  pthread_mutex_unlock(&job->fold.lock);
  return batch;
}

/* The next batch of the file; NULL: there is none. */
static struct ng_batch *take_batch(struct ngram_rows *rows)
{
  struct ng_job *job = &rows->job;
  struct ng_batch *batch;

  if (rows->lookup.job)
    return ng_lookup_next(&rows->lookup, &rows->error);
  job->last_poll = ng_clock_seconds(); /* the host has just been heard */
  if (!job->in_caller)
    return wait_for_batch(rows);
  batch = ng_feed_take(&rows->feed);
  if (batch || is_over(job))
    return batch;
  ng_feed_flush(job);
  ng_run_map(&job->workers[0]);
  return ng_feed_take(&rows->feed);
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
static void lend_columns(const struct ng_rows *from, size_t skip,
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
  const struct ng_rows *all = &from->rows;
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
  if (rows->batch && !rows->lookup.job)
    ng_feed_give_back(&rows->job, rows->batch);
  rows->batch = NULL;
}

/* ---------------------------------------------------------------- the API --
 */

static enum ngram_status give_error(const struct ngram_rows *rows,
                                    struct ngram_error *error)
{
  if (error)
    *error = rows->error;
  return rows->status;
}

static enum ngram_status find_files(struct ngram_rows *rows, const char *path)
{
  const struct ngram_root *root = rows->question.options.root;

  if (ng_path_is_pattern(root, path))
    return ng_files_match(root, path, &rows->files, &rows->error);
  rows->files.paths = calloc(1, sizeof *rows->files.paths);
  if (rows->files.paths)
    rows->files.paths[0] = strdup(path);
  if (!rows->files.paths || !rows->files.paths[0])
    return ng_fail_memory(&rows->error);
  rows->files.count = 1;
  return NGRAM_OK;
}

static enum ngram_status begin(struct ngram_rows *rows, const char *path,
                               const struct ngram_rows_options *options)
{
  enum ngram_status status;

  rows->began = ng_clock_seconds();
  ng_budget_init(&rows->budget);
  rows->budget.limit_bytes = options->memory_limit;
  status = ng_rows_question_init(&rows->question, options, &rows->error);
  if (status == NGRAM_OK &&
      !ng_count_init(&rows->count, &rows->question.options, &rows->budget))
    status = ng_fail_memory(&rows->error);
  rows->count.feed = &rows->feed;
  if (status == NGRAM_OK)
    status = find_files(rows, path);
  if (status == NGRAM_OK)
    status = open_file(rows);
  if (status == NGRAM_NO_MEMORY)
    ng_explain_limit(&rows->budget, &rows->error);
  return status;
}

enum ngram_status ngram_rows_open(const char *path,
                                  const struct ngram_rows_options *options,
                                  struct ngram_rows **rows,
                                  struct ngram_error *error)
{
  struct ngram_rows *opened = calloc(1, sizeof *opened);
  enum ngram_status status;

  *rows = NULL;
  if (!opened)
    return ng_fail_memory(error);
  status = begin(opened, path, options);
  if (status == NGRAM_OK) {
    *rows = opened;
    return NGRAM_OK;
  }
  if (error)
    *error = opened->error;
  ngram_rows_close(opened, NULL);
  return status;
}

enum ngram_status ngram_rows_next(struct ngram_rows *rows,
                                  struct ngram_row_batch *batch,
                                  struct ngram_error *error)
{
  *batch = (struct ngram_row_batch){.count = 0};
  while (!rows->ended) {
    struct ng_batch *next;

    give_back(rows);
    next = take_batch(rows);
    if (next && lend(rows, next, batch))
      return NGRAM_OK;
    if (next)
      continue;
    rows->status = end_file(rows);
    if (rows->status == NGRAM_NO_MEMORY)
      ng_explain_limit(&rows->budget, &rows->error);
    rows->ended |= rows->status != NGRAM_OK;
  }
  return rows->status == NGRAM_OK ? NGRAM_OK : give_error(rows, error);
}

void ngram_rows_close(struct ngram_rows *rows, struct ngram_scan_stats *stats)
{
  if (!rows)
    return;
  if (rows->is_set_up)
    stop_workers(rows);
  add_stats(rows);
  close_file(rows);
  rows->stats.seconds = ng_clock_seconds() - rows->began;
  rows->stats.peak_bytes = atomic_load(&rows->budget.peak_bytes);
  if (stats)
    *stats = rows->stats;
  ng_files_free(&rows->files);
  ng_count_free(&rows->count);
  ng_rows_question_free(&rows->question);
  free(rows);
}
