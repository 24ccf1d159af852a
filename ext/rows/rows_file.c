/* SPDX-License-Identifier: MIT */
/*
 * The current file of a reading.
 *
 * ng_rows_file_open() opens the source and asks rows_memory.c how to read it:
 *
 *   - NG_LOOKUPS_SCAN: run a pass, whose workers put rows on the queue;
 *   - NG_LOOKUPS_MAKE: make postings by a pass of their own, or have reading.c
 *     sort the rows by year (must_sort); then open the file again;
 *   - NG_LOOKUPS_READ: look the rows up (lookup.c).
 *
 * reading.c calls ng_rows_file_end() when the queue or the lookup gives no more
 * rows. It joins the workers, and reports an error of the file or goes on to
 * the next file. Three things lead to another pass over the same file, without
 * seek points: a seek point that was wrong, postings or rows by year that do
 * not agree with the file, and a lookup that has no memory. They are no errors:
 * all rows that were given before were verified (scan/points.c, lookup.c), and
 * reading.c skips them.
 *
 * The pass, queue and lookup of the file are members of struct ngram_rows.
 * Postings and rows by year belong to lookups.c as soon as they are handed in.
 */
#include "rows/rows_file.h"

#include "fault/fail.h"
#include "rows/postings_sink.h"
#include "rows/rows_memory.h"
#include "scan/stats.h"
#include "scan/workers.h"

/* -------------------------------------------------------------- one file -- */

static void *work(void *member)
{
  ng_workers_map(member);
  return NULL;
}

/* Start the workers, or have the caller be the only one. Returns false if no
   thread can be made, and the caller cannot do their work. */
static bool start_workers(struct ngram_rows *rows)
{
  struct ng_pass *pass = &rows->pass;

  rows->team = (struct ng_team){.threads = NULL};
  pass->worker_count = 1;
  if (pass->plan.workers == 1)
    return true;
  pass->control.has_workers = true;
  pass->worker_count = ng_team_start(&rows->team, pass->plan.workers, work,
                                     pass->workers, sizeof *pass->workers);
  if (pass->worker_count > 0)
    return true;
  ng_team_join(&rows->team);
  pass->control.has_workers = false;
  pass->worker_count = 1;
  /* A worker that reads between two points cannot return to the caller. */
  return pass->plan.strategy != NG_STRATEGY_POINTS;
}

static void stop_workers(struct ngram_rows *rows)
{
  ng_control_stop(&rows->pass.control);
  ng_team_join(&rows->team);
  rows->pass.control.has_workers = false;
}

/* Free all that is open of the file. No worker runs. */
static void close_file(struct ngram_rows *rows)
{
  if (!rows->is_open)
    return;
  if (rows->lookup.pass)
    rows->batch = NULL; /* owned by the lookup */
  ng_lookup_close(&rows->lookup);
  ng_row_queue_free_batch(&rows->queue, rows->batch);
  ng_row_queue_free(&rows->queue);
  ng_scan_close(&rows->pass);
  rows->batch = NULL;
  rows->is_open = false;
  rows->is_set_up = false;
}

/* Fail if the source is standard input and was read before. */
static enum ngram_status take_stdin(struct ngram_rows *rows)
{
  const struct ng_rows_memory *memory = &rows->memory;

  return !memory->take_stdin ||
                 memory->take_stdin(memory->owner, rows->pass.source)
             ? NGRAM_OK
             : ng_fail(&rows->error, NGRAM_BAD_ARGUMENT,
                       "%s: standard input was read already", rows->pass.path);
}

/* Open the queue and the pass, but plan nothing. */
static enum ngram_status open_pass(struct ngram_rows *rows)
{
  const char *path = rows->files.paths[rows->file];
  enum ngram_status status;

  if (!ng_row_queue_init(&rows->queue, &rows->budget, rows->question.columns))
    return ng_fail_memory(&rows->error);
  rows->is_open = true;
  status = ng_scan_open(&rows->pass, path, &rows->request, &rows->queue.sink,
                        &rows->question.options, &rows->error);
  return status == NGRAM_OK ? take_stdin(rows) : status;
}

/* Plan and set up an open pass, and start its workers. If no thread can be made
   for seek points, the file is opened again without them. */
static enum ngram_status start_scan(struct ngram_rows *rows, bool use_points)
{
  enum ngram_status status;

  status = ng_scan_plan(&rows->pass, use_points, &rows->error);
  if (status == NGRAM_OK)
    status = ng_scan_set_up(&rows->pass, &rows->error);
  if (status != NGRAM_OK)
    return status;
  rows->is_set_up = true;
  if (start_workers(rows))
    return NGRAM_OK;
  close_file(rows);
  status = open_pass(rows);
  return status == NGRAM_OK ? start_scan(rows, false) : status;
}

/* Open the file and start a pass. */
static enum ngram_status open_scan(struct ngram_rows *rows, bool use_points)
{
  enum ngram_status status = open_pass(rows);

  return status == NGRAM_OK ? start_scan(rows, use_points) : status;
}

static void fill_stats(const struct ngram_rows *rows,
                       struct ngram_scan_stats *stats)
{
  const struct ng_pass *pass = &rows->pass;

  if (rows->lookup.pass) {
    ng_lookup_fill_stats(&rows->lookup, stats);
    return;
  }
  ng_stats_fill(stats, pass);
  if (!pass->commit.complete) {
    uint64_t read = ng_source_bytes_read(pass->source);

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
  rows->stats.strategy = rows->files.count > 1 ? "files" : stats.strategy;
  if (stats.threads > rows->stats.threads)
    rows->stats.threads = stats.threads;
}

/* ---------------------------------------------------------------- lookup -- */

/* Open a lookup, or start a pass if that is better. */
static enum ngram_status open_lookup(struct ngram_rows *rows,
                                     const struct ng_rows_memory_known *known)
{
  unsigned columns = rows->question.columns;
  bool far = false;
  enum ngram_status status =
      known->by_year
          ? ng_lookup_open_year(&rows->lookup, &rows->pass, known->by_year,
                                columns, &rows->error)
          : ng_lookup_open(&rows->lookup, &rows->pass, known->postings, columns,
                           &far, &rows->error);

  if (status == NGRAM_NO_MEMORY || (status == NGRAM_OK && far)) {
    close_file(rows);
    return open_scan(rows, true);
  }
  if (status != NGRAM_OK)
    return status;
  rows->team = (struct ng_team){.threads = NULL};
  rows->is_set_up = true;
  return NGRAM_OK;
}

enum ngram_status ng_rows_file_open(struct ngram_rows *rows)
{
  struct ng_rows_memory_known known;
  enum ngram_status status = open_pass(rows);

  if (status != NGRAM_OK)
    return status;
  switch (ng_rows_memory_ask(rows, &known)) {
  case NG_LOOKUPS_READ:
    return open_lookup(rows, &known);
  case NG_LOOKUPS_MAKE:
    if (ng_rows_memory_asks_for_words(rows))
      rows->must_make_postings = true;
    else
      rows->must_sort = true;
    return NGRAM_OK;
  case NG_LOOKUPS_SCAN:
    break;
  }
  return start_scan(rows, true);
}

/* Run a pass over the open file that fills the postings. Returns whether they
   are complete. */
static bool fill_postings(struct ngram_rows *rows, struct ng_postings *postings,
                          bool use_points, bool *has_bad_point,
                          enum ngram_status *status)
{
  struct ng_pass *pass = &rows->pass;
  struct ng_postings_sink sink;

  *has_bad_point = false;
  ng_postings_sink_init(&sink, postings);
  pass->sink = pass->commit.sink = &sink.sink;
  *status = ng_scan_plan(pass, use_points, &rows->error);
  rows->team = (struct ng_team){.threads = NULL};
  rows->is_set_up = *status == NGRAM_OK; /* a stop is accounted for */
  if (*status == NGRAM_OK)
    *status = ng_scan_run(pass, has_bad_point, &rows->error);
  ng_postings_sink_free(&sink);
  return *status == NGRAM_OK &&
         ng_postings_end(postings, pass->commit.text_bytes, pass->commit.rows,
                         pass->layout);
}

enum ngram_status ng_rows_file_make_postings(struct ngram_rows *rows)
{
  uint64_t room = ng_rows_memory_room(rows);
  struct ng_postings *postings = ng_postings_new(room);
  enum ngram_status status = NGRAM_NO_MEMORY;
  bool has_bad_point = false;
  bool good =
      postings && fill_postings(rows, postings, true, &has_bad_point, &status);

  rows->must_make_postings = false;
  if (has_bad_point) {
    ng_postings_free(postings);
    postings = ng_postings_new(room);
    close_file(rows);
    status = open_pass(rows);
    if (status != NGRAM_OK) {
      ng_postings_free(postings);
      return status;
    }
    good = postings &&
           fill_postings(rows, postings, false, &has_bad_point, &status);
  }
  if (!good) {
    ng_postings_free(postings);
    postings = NULL;
  }
  if (status == NGRAM_INTERRUPTED)
    return status;
  /* A file with an error never has postings; one for which there was no memory
     may have them when there is more room. */
  ng_rows_memory_keep_postings(
      rows, postings,
      status == NGRAM_OK || status == NGRAM_NO_MEMORY ? room : UINT64_MAX);
  close_file(rows);
  return ng_rows_file_open(rows);
}

enum ngram_status ng_rows_file_reopen(struct ngram_rows *rows)
{
  close_file(rows);
  return ng_rows_file_open(rows);
}

/* The lookup has failed. If that was for lack of memory, or because what was
   kept is wrong, which is dropped then, start a pass instead. */
static enum ngram_status end_failed_lookup(struct ngram_rows *rows)
{
  enum ngram_status status = rows->lookup.status;

  if (status != NGRAM_NO_MEMORY && status != NGRAM_BAD_INPUT)
    return status;
  if (status == NGRAM_BAD_INPUT && rows->lookup.years.by_year) {
    ng_rows_memory_keep_years(rows, NULL, false);
  } else if (status == NGRAM_BAD_INPUT) {
    rows->pass.commit.has_bad_point = true;
    ng_scan_update_index(&rows->pass);
    ng_rows_memory_keep_postings(rows, NULL, 0); /* 0: they may be made again */
  }
  close_file(rows);
  return open_scan(rows, false);
}

/* ------------------------------------------------------------------ ends -- */

/* Open the file after the current one, which had `count` rows. */
static enum ngram_status next_file(struct ngram_rows *rows, uint64_t count)
{
  rows->rows_before += count;
  rows->served = 0;
  close_file(rows);
  rows->ended = ++rows->file == rows->files.count;
  if (rows->ended)
    return NGRAM_OK;
  return ng_poll_asked(&rows->request.poll) ? ng_fail_interrupted(&rows->error)
                                            : ng_rows_file_open(rows);
}

/* The pass has given all of its rows, or an error. */
static enum ngram_status end_scan(struct ngram_rows *rows)
{
  struct ng_pass *pass = &rows->pass;
  enum ngram_status status;
  bool has_bad_point;

  stop_workers(rows);
  ng_source_stop_by(pass->source, NULL); /* the index may look at the file */
  status = ng_workers_end(pass, &rows->error);
  has_bad_point = status == NGRAM_BAD_INPUT && pass->commit.has_bad_point;
  if (has_bad_point && pass->control.status == NGRAM_INTERRUPTED)
    return ng_fail_interrupted(&rows->error);
  if (status == NGRAM_OK || has_bad_point)
    ng_scan_update_index(pass);
  if (has_bad_point) {
    close_file(rows);
    return open_scan(rows, false);
  }
  if (status != NGRAM_OK)
    return status;
  ng_rows_memory_note_scan(rows);
  add_stats(rows);
  return next_file(rows, pass->commit.rows);
}

enum ngram_status ng_rows_file_end(struct ngram_rows *rows)
{
  if (!rows->lookup.pass)
    return end_scan(rows);
  if (rows->lookup.status != NGRAM_OK)
    return end_failed_lookup(rows);
  add_stats(rows);
  return next_file(rows, rows->lookup.file_rows);
}

void ng_rows_file_close(struct ngram_rows *rows)
{
  if (rows->is_set_up)
    stop_workers(rows);
  add_stats(rows);
  close_file(rows);
}
