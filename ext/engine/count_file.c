/* SPDX-License-Identifier: MIT */
/*
 * A job is made, planned, run, and taken apart. What runs it is in run.c.
 *
 * The entries stay where the map workers wrote them: a result takes over their
 * arenas, and an array that puts them in order.
 */
#include "engine/count_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/le.h"
#include "engine/close_files.h"
#include "engine/fault.h"
#include "engine/index.h"
#include "engine/layout.h"
#include "engine/map.h"
#include "engine/points.h"
#include "engine/root.h"
#include "engine/run.h"
#include "sched/cond.h"

/* A set of the words that are asked for. */
static enum ngram_status make_set(struct ng_count *count,
                                  struct ngram_error *error)
{
  const struct ng_stop stop = ng_poll_stop(&count->poll);
  const struct ngram_count_options *options = count->options;

  if (!ng_word_set_init(&count->words, count->budget, options->word_count))
    return ng_fail_memory(error);
  if (!ng_word_set_ready(&count->words, &stop))
    return ng_fail_interrupted(error);
  for (size_t i = 0; i < options->word_count; i++) {
    ng_word_set_add(&count->words, options->words[i].bytes,
                    options->words[i].length);
    if (ng_stop_asked_at(&stop, i))
      return ng_fail_interrupted(error);
  }
  return NGRAM_OK;
}

/* Plan with what is left of the limit. False: it is too little. */
static bool leave_memory(struct ng_budget *budget, uint64_t *memory_limit)
{
  uint64_t held = atomic_load(&budget->held_bytes);

  if (*memory_limit == 0)
    return true;
  if (held > *memory_limit / 4) {
    atomic_store(&budget->refused, true);
    return false;
  }
  *memory_limit -= held;
  return true;
}

enum ngram_status ng_count_init(struct ng_count *count,
                                struct ngram_count_options *options,
                                struct ng_budget *budget,
                                struct ngram_error *error)
{
  enum ngram_status status;

  *count = (struct ng_count){.options = options,
                             .budget = budget,
                             .began = ng_clock_seconds(),
                             .poll = ng_poll_begin(ng_count_ask, count)};
  if (!options->words)
    return NGRAM_OK;
  status = make_set(count, error);
  if (status == NGRAM_OK && !leave_memory(budget, &options->memory_limit))
    status = ng_fail_memory(error);
  return status;
}

void ng_explain_limit(const struct ng_budget *budget, struct ngram_error *error)
{
  if (atomic_load(&budget->refused))
    ng_fail(error, NGRAM_NO_MEMORY,
            "needs more memory than the memory_limit of %" PRIu64
            " bytes allows; raise it, or use fewer threads",
            budget->limit_bytes);
}

void ng_count_free(struct ng_count *count)
{
  ng_word_set_free(&count->words);
  if (count->stays)
    close(count->folder);
  count->stays = false;
}

/* A folder that cannot be opened is done without. */
void ng_count_stay(struct ng_count *count, const char *pattern)
{
  if (!count->options->root && pattern[0] != '/')
    count->stays = ng_root_open_folder(NULL, ".", &count->folder) == 0;
}

/* --------------------------------------------------------------- set-up -- */

/* Open the file and read as much of it as tells its format. */
static enum ngram_status open_source(struct ng_job *job,
                                     struct ngram_error *error)
{
  const struct ngram_root *root = job->options->root;
  int system_error =
      root ? ng_root_open_source(root, job->path, &job->source)
           : ng_source_open_at(job->count->stays ? job->count->folder : -1,
                               job->path, &job->source);
  struct ng_gzip_block head;

  if (system_error)
    return ng_fail_open(error, job->path, system_error);
  job->in_caller = true; /* while it waits for a stream's first bytes */
  ng_source_stop_by(job->source, &job->stopper);
  ng_source_keep(job->source); /* until ng_layout_find() has read */
  job->format = ng_reader_find_format(job->source, &head);
  job->is_tiny = head.last;
  job->in_caller = false;
  return head.fault.kind == NG_GZIP_OK
             ? NGRAM_OK
             : ng_fail_gzip(error, job->path, &head.fault);
}

/* The directory of a zip archive, for all that read it. */
static enum ngram_status read_directory(struct ng_job *job,
                                        struct ngram_error *error)
{
  bool in_caller = job->in_caller;
  struct ng_gzip_fault fault;

  if (job->zip)
    return NGRAM_OK;
  job->in_caller = true;
  job->zip = ng_zip_open(job->source, job->budget, &job->stopper, &fault);
  job->in_caller = in_caller;
  if (job->zip)
    return NGRAM_OK;
  if (fault.kind != NG_GZIP_READ_FAILED && ng_source_has_changed(job->source))
    return ng_fail(error, NGRAM_CHANGED,
                   "%s: the file changed while it was read", job->path);
  return ng_fail_gzip(error, job->path, &fault);
}

/* Others may use the index before the last row of a job is taken. */
static void find_points(struct ng_job *job)
{
  struct ngram_index *index = job->options->index;

  if (!job->feed)
    job->points = ng_index_find(index, job->source, job->full_path);
  else if (ng_index_take(index, job->source, job->full_path, &job->taken))
    job->points = &job->taken;
}

enum ngram_status ng_job_plan(struct ng_job *job, bool use_points,
                              struct ngram_error *error)
{
  struct ng_plan_facts facts = {
      .format = job->format,
      .forward_only = ng_source_is_forward_only(job->source),
      .file_bytes = ng_source_size(job->source),
      .is_tiny = job->is_tiny,
      .cpus = ng_cpu_count(),
      .cpu_features = ng_cpu_features(),
      .decoder_wish = getenv("NGRAM_DECODER"),
      .kernel_wish = getenv("NGRAM_KERNEL"),
      .ahead_wish = getenv("NGRAM_AHEAD"),
      .stretch_wish = getenv("NGRAM_STRETCH"),
  };

  if (facts.format == NG_ZIP) {
    enum ngram_status status = read_directory(job, error);

    if (status != NGRAM_OK)
      return status;
  }
  if (ng_format_has_points(facts.format) && job->options->index && use_points)
    find_points(job);
  facts.has_points = job->points != NULL;
  facts.gives_rows = job->feed != NULL;
  return ng_plan_make(&job->plan, job->options, &facts, error);
}

static bool make_workers(struct ng_job *job)
{
  unsigned count = job->plan.workers;

  job->workers = calloc(count, sizeof *job->workers);
  job->tables = calloc(count, sizeof *job->tables);
  /* Whatever fails below, each worker can be freed. */
  for (unsigned i = 0; job->workers && i < count; i++)
    job->workers[i].job = job;
  if (!job->workers || !job->tables)
    return false;
  for (unsigned i = 0; i < count; i++)
    if (!ng_worker_init(&job->workers[i], job))
      return false;
  return true;
}

/* Exchange the workers' tables, which are empty, for those that are lent, or
   back. */
static void swap_tables(struct ng_job *job, struct ng_table *lent)
{
  for (unsigned i = 0; lent && i < job->plan.workers; i++) {
    struct ng_table table = job->workers[i].table;

    job->workers[i].table = lent[i];
    lent[i] = table;
    ng_worker_attach_table(&job->workers[i]);
    ng_worker_detach_table(&lent[i]);
  }
}

enum ngram_status ng_job_set_up(struct ng_job *job, bool use_points,
                                struct ngram_error *error)
{
  enum ngram_status status = ng_job_plan(job, use_points, error);

  if (status != NGRAM_OK)
    return status;
  status = ng_layout_find(job, error);
  if (status != NGRAM_OK)
    return status;
  ng_source_rewind(job->source);
  ng_pool_init(&job->stream.pool, job->budget, &job->plan);
  if (!make_workers(job) ||
      (job->plan.way == NG_WAY_STREAM && !ng_stream_init(&job->stream, job)) ||
      (job->plan.way == NG_WAY_POINTS && !ng_points_init(job)))
    return ng_fail_memory(error);
  return NGRAM_OK;
}

bool ng_job_set_up_one(struct ng_job *job, enum ng_layout layout)
{
  job->plan.workers = job->worker_count = 1;
  job->plan.cuts_members = job->plan.decodes_ahead = false;
  job->layout = layout;
  job->in_caller = true;
  return make_workers(job);
}

/* Make a job that has no file yet. False: no memory. */
static bool job_init(struct ng_job *job, const char *path,
                     struct ng_count *count,
                     const struct ngram_count_options *options,
                     struct ngram_error *error)
{
  memset(job, 0, sizeof *job);
  job->path = path;
  job->options = options;
  job->count = count;
  job->feed = count->feed;
  job->budget = count->budget;
  job->wide = options->columns != 0;
  ng_job_init_stops(job);
  pthread_mutex_init(&job->lock, NULL);
  ng_cond_init(&job->changed);
  ng_monitor_init(&job->stream.monitor);
  if (!ng_fold_init(&job->fold, path, options->on_error, count->budget, error))
    return false;
  job->fold.feed = job->feed;
  job->fold.stop = &job->stop;
  return true;
}

enum ngram_status ng_job_open(struct ng_job *job, const char *path,
                              struct ng_count *count,
                              const struct ngram_count_options *options,
                              struct ngram_error *error)
{
  if (!job_init(job, path, count, options, error))
    return ng_fail_memory(error);
  job->full_path = ng_root_full_path(options->root, path);
  if (!job->full_path)
    return ng_fail_memory(error);
  return open_source(job, error);
}

static void give_points_back(struct ng_job *job)
{
  if (job->taken.count > 0 && !job->fold.misled)
    ng_index_put_back(job->options->index, job->source, &job->taken);
  else
    ng_seek_points_free(&job->taken);
}

void ng_job_close(struct ng_job *job)
{
  if (job->workers)
    ng_close_files(&job->workers[0].table, sizeof *job->workers,
                   job->plan.workers, job->reduce.spilled);
  for (unsigned i = 0; job->workers && i < job->plan.workers; i++)
    if (job->workers[i].job)
      ng_worker_free(&job->workers[i]);
  atomic_fetch_sub(&job->count->part_bytes, job->noted_bytes);
  free(job->workers);
  free(job->tables);
  free(job->full_path);
  free(job->stretch_numbers);
  ng_reduce_free(&job->reduce);
  ng_stream_free(&job->stream, job);
  give_points_back(job);
  ng_fold_free(&job->fold);
  ng_zip_close(job->zip);
  ng_source_close(job->source);
  pthread_mutex_destroy(&job->lock);
  pthread_cond_destroy(&job->changed);
  ng_monitor_free(&job->stream.monitor);
}

/* ------------------------------------------------------------------ run -- */

void ng_job_update_index(struct ng_job *job)
{
  struct ngram_index *index = job->options->index;

  if (job->fold.misled)
    ng_index_forget(index, job->source, job->full_path);
  else if (job->fold.complete && !job->fold.salvaged && job->stream.collects)
    ng_index_keep(index, job->source, job->full_path, &job->stream.points);
}

/* Hold the workers' own tables to their share of the memory limit. */
static bool limit_tables(struct ng_job *job)
{
  uint64_t bytes = job->plan.table_bytes;

  for (unsigned i = 0; bytes > 0 && i < job->plan.workers; i++)
    if (!ng_table_limit(&job->workers[i].table, bytes, job->plan.workers))
      return false;
  return true;
}

enum ngram_status ng_job_run(struct ng_job *job, struct ng_table *lent,
                             bool use_points, bool *misled,
                             struct ngram_error *error)
{
  enum ngram_status status = ng_job_set_up(job, use_points, error);

  job->maps_only = lent != NULL;
  if (status == NGRAM_OK && !lent && !limit_tables(job))
    status = ng_fail_memory(error);
  if (status == NGRAM_OK) { /* else some workers may not be ready */
    swap_tables(job, lent);
    status = ng_run(job, error);
    swap_tables(job, lent);
  }
  *misled = status == NGRAM_BAD_INPUT && job->fold.misled;
  if (*misled && job->status == NGRAM_INTERRUPTED) {
    *misled = false;
    status = ng_fail_interrupted(error);
  }
  if (status == NGRAM_OK || *misled)
    ng_job_update_index(job);
  return status;
}

enum ngram_status ng_job_reduce(struct ng_job *job, struct ng_count *count,
                                struct ng_table *tables, unsigned table_count,
                                struct ngram_error *error)
{
  if (!job_init(job, "", count, count->options, error))
    return ng_fail_memory(error);
  job->plan = (struct ng_plan){.way = NG_WAY_NONE,
                               .workers = table_count,
                               .kernel = ng_text_kernel_at(0)};
  job->fold.complete = true;
  if (!make_workers(job))
    return ng_fail_memory(error);
  swap_tables(job, tables);
  return ng_run(job, error);
}

/* --------------------------------------------------------------- result -- */

/* A chunk is a block of text, or so many rows, the last one perhaps fewer. */
static uint64_t count_chunks(const struct ng_job *job)
{
  uint64_t size = job->options->chunk_size;

  if (size == 0)
    return job->fold.blocks;
  return job->fold.lines / size + (job->fold.lines % size > 0);
}

void ng_job_fill_stats(const struct ng_job *job, struct ngram_scan_stats *stats)
{
  stats->format = ng_format_name(job->plan.format);
  stats->decoder = job->plan.decoder ? job->plan.decoder->name : "none";
  stats->strategy = ng_way_name(&job->plan);
  stats->kernel = job->plan.kernel->name;
  stats->threads = job->worker_count;
  stats->chunks = count_chunks(job);
  stats->text_bytes = job->fold.text_bytes;
  stats->compressed_bytes = job->plan.way == NG_WAY_STREAM
                                ? ng_stream_bytes_read(&job->stream)
                                : ng_source_size(job->source);
  /* Free text has no rows but lines. */
  stats->rows =
      job->plan.tokens == NG_TOKENS_NONE ? job->fold.rows : job->fold.lines;
  stats->skipped = job->fold.skipped;
  stats->salvaged_at = job->fold.salvaged_at;
  for (unsigned i = 0; i < job->worker_count; i++) {
    stats->decode_seconds += job->workers[i].decode_seconds;
    stats->map_seconds += job->workers[i].map_seconds;
  }
}

/* Hand the tables, with the entries in them, over to the result. */
static bool take_tables(struct ng_result *result, struct ng_job *job)
{
  result->tables = calloc(job->plan.workers, sizeof *result->tables);
  if (!result->tables)
    return false;
  for (unsigned i = 0; i < job->plan.workers; i++) {
    result->tables[i] = job->workers[i].table;
    ng_worker_detach_table(&result->tables[i]);
    ng_table_init(&job->workers[i].table, job->budget, job->wide);
  }
  result->table_count = job->plan.workers;
  return true;
}

enum ngram_status ng_job_finish(struct ng_job *job, struct ng_result *result,
                                struct ngram_error *error)
{
  result->wide = job->wide;
  if (job->reduce.spilled) {
    result->spilled = ng_reduce_take_spilled(&job->reduce);
    result->entry_count = (size_t)result->spilled->words;
    result->stats.reduce_seconds = ng_clock_seconds() - job->reduce_started;
    return NGRAM_OK;
  }
  job->in_caller = true; /* the workers have ended */
  if (!ng_reduce_finish(&job->reduce, &job->stopper, &result->entries,
                        &result->entry_count) ||
      !take_tables(result, job))
    return job->status == NGRAM_INTERRUPTED ? ng_fail_interrupted(error)
                                            : ng_fail_memory(error);
  result->stats.reduce_seconds = ng_clock_seconds() - job->reduce_started;
  return NGRAM_OK;
}

/* ---------------------------------------------------------- many files -- */

/* What differs from file to file becomes "mixed". */
static const char *merge_name(const char *a, const char *b)
{
  return !a || strcmp(a, b) == 0 ? b : "mixed";
}

void ng_stats_add(struct ngram_scan_stats *into,
                  const struct ngram_scan_stats *from)
{
  into->format = merge_name(into->format, from->format);
  into->decoder = merge_name(into->decoder, from->decoder);
  into->kernel = from->kernel;
  into->chunks += from->chunks;
  into->compressed_bytes += from->compressed_bytes;
  into->text_bytes += from->text_bytes;
  into->rows += from->rows;
  into->skipped += from->skipped;
  if (from->salvaged_at > 0)
    into->salvaged_at = from->salvaged_at;
  into->decode_seconds += from->decode_seconds;
  into->map_seconds += from->map_seconds;
}
