/* SPDX-License-Identifier: MIT */
/*
 * The C API: ngram_count() makes a job of its arguments, runs it, and turns
 * its tables into a result, or takes one from the cache. The entries stay where
 * the map workers wrote them; the result takes over their arenas and an array
 * that puts them in order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/cpu.h"
#include "engine/cache.h"
#include "engine/fault.h"
#include "engine/index.h"
#include "engine/job.h"
#include "engine/layout.h"
#include "engine/map.h"
#include "engine/points.h"
#include "engine/run.h"
#include "engine/view.h"
#include "ngram.h"

/* What ngram_count() has found or counted. */
struct ng_answer {
  struct ng_result *result; /* a reference */
  bool has_more;            /* it may have more than was asked for */
  bool from_cache;
};

void ngram_count_options_init(struct ngram_count_options *options)
{
  *options = (struct ngram_count_options){
      .size = sizeof *options,
      .year_from = INT64_MIN,
      .year_to = INT64_MAX,
  };
}

static enum ngram_status
check_choices(const struct ngram_count_options *options,
              struct ngram_error *error)
{
  const unsigned all_columns = NGRAM_VOLUMES | NGRAM_YEARS | NGRAM_ROW_COUNT;

  if ((unsigned)options->tags > NGRAM_TAGS_ONLY)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "tags is %u, allowed is an enum ngram_tags",
                   (unsigned)options->tags);
  if ((unsigned)options->on_error > NGRAM_ON_ERROR_SKIP)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "on_error is %u, allowed is an enum ngram_on_error",
                   (unsigned)options->on_error);
  if (options->columns & ~all_columns)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "columns is %u, allowed is a set of enum ngram_columns",
                   options->columns);
  return NGRAM_OK;
}

static enum ngram_status
check_options(const struct ngram_count_options *options,
              struct ngram_error *error)
{
  if (options->size != sizeof *options)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "options.size is %zu, expected %zu: call "
                   "ngram_count_options_init() first",
                   options->size, sizeof *options);
  if (options->threads > NGRAM_THREADS_MAX)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "threads is %u, allowed are 1 to %d, or 0 for all CPUs",
                   options->threads, NGRAM_THREADS_MAX);
  return check_choices(options, error);
}

/* --------------------------------------------------------------- set-up -- */

static bool fill_words(struct ng_job *job)
{
  const struct ngram_count_options *options = job->options;

  if (!options->words)
    return true;
  if (!ng_word_set_init(&job->words, options->word_count))
    return false;
  for (size_t i = 0; i < options->word_count; i++)
    ng_word_set_add(&job->words, options->words[i].bytes,
                    options->words[i].length);
  return true;
}

/* Open the file and read as much of it as tells its format. */
static enum ngram_status open_source(struct ng_job *job,
                                     struct ngram_error *error)
{
  int system_error = ng_source_open(job->path, &job->source);

  if (system_error)
    return ng_fail_open(error, job->path, system_error);
  job->in_caller = true; /* while it waits for a stream's first bytes */
  ng_source_stop_by(job->source, &job->stopper);
  ng_source_keep(job->source); /* for ng_layout_find() */
  system_error = ng_source_read(job->source, job->head, sizeof job->head, 0,
                                &job->head_size);
  job->in_caller = false;
  if (system_error)
    return ng_fail_gzip(error, job->path,
                        &(struct ng_gzip_fault){NG_GZIP_READ_FAILED,
                                                job->head_size, system_error});
  return NGRAM_OK;
}

static enum ngram_status make_plan(struct ng_job *job, bool use_points,
                                   struct ngram_error *error)
{
  struct ng_plan_facts facts = {
      .format = NG_PLAIN,
      .forward_only = ng_source_is_forward_only(job->source),
      .file_bytes = ng_source_size(job->source),
      .is_tiny = job->head_size < sizeof job->head,
      .cpus = ng_cpu_count(),
      .cpu_features = ng_cpu_features(),
      .decoder_wish = getenv("NGRAM_DECODER"),
      .kernel_wish = getenv("NGRAM_KERNEL"),
      .ahead_wish = getenv("NGRAM_AHEAD"),
      .stretch_wish = getenv("NGRAM_STRETCH"),
  };

  if (ng_gzip_is_bgzf(job->head, job->head_size))
    facts.format = NG_BGZF;
  else if (ng_gzip_is_gzip(job->head, job->head_size))
    facts.format = NG_GZIP;
  if (facts.format == NG_GZIP && job->options->index && use_points)
    job->points = ng_index_find(job->options->index, job->source, job->path);
  facts.has_points = job->points != NULL;
  return ng_plan_make(&job->plan, job->options, &facts, error);
}

static bool make_workers(struct ng_job *job)
{
  unsigned count = job->plan.workers;

  job->workers = calloc(count, sizeof *job->workers);
  job->tables = calloc(count, sizeof *job->tables);
  if (!job->workers || !job->tables)
    return false;
  for (unsigned i = 0; i < count; i++)
    if (!ng_worker_init(&job->workers[i], job))
      return false;
  return true;
}

static enum ngram_status set_up(struct ng_job *job, bool use_points,
                                struct ngram_error *error)
{
  enum ngram_status status = make_plan(job, use_points, error);

  if (status != NGRAM_OK)
    return status;
  status = ng_layout_find(job, error);
  if (status != NGRAM_OK)
    return status;
  if (!fill_words(job) || !make_workers(job) ||
      (job->plan.way == NG_WAY_STREAM && !ng_stream_init(&job->stream, job)) ||
      (job->plan.way == NG_WAY_POINTS && !ng_points_init(job)))
    return ng_fail_memory(error);
  return NGRAM_OK;
}

static enum ngram_status job_init(struct ng_job *job, const char *path,
                                  const struct ngram_count_options *options,
                                  struct ng_budget *budget,
                                  struct ngram_error *error)
{
  memset(job, 0, sizeof *job);
  job->path = path;
  job->options = options;
  job->budget = budget;
  job->wide = options->columns != 0;
  ng_job_init_stopper(job);
  job->last_poll = ng_clock_seconds(); /* a short scan need not ask */
  pthread_mutex_init(&job->lock, NULL);
  ng_run_init(job);
  ng_monitor_init(&job->stream.monitor);
  if (!ng_fold_init(&job->fold, path, options->on_error == NGRAM_ON_ERROR_SKIP,
                    error))
    return ng_fail_memory(error);
  return NGRAM_OK;
}

static void job_free(struct ng_job *job)
{
  for (unsigned i = 0; job->workers && i < job->plan.workers; i++)
    if (job->workers[i].job)
      ng_worker_free(&job->workers[i]);
  free(job->workers);
  free(job->tables);
  free(job->stretch_numbers);
  ng_reduce_free(&job->reduce);
  ng_stream_free(&job->stream, job);
  ng_fold_free(&job->fold);
  ng_word_set_free(&job->words);
  ng_source_close(job->source);
  pthread_mutex_destroy(&job->lock);
  pthread_cond_destroy(&job->changed);
  ng_monitor_free(&job->stream.monitor);
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

static void fill_stats(struct ngram_scan_stats *stats, const struct ng_job *job)
{
  stats->format = ng_format_name(job->plan.format);
  stats->decoder = job->plan.decoder ? job->plan.decoder->name : "none";
  stats->way = ng_way_name(&job->plan);
  stats->kernel = job->plan.kernel->name;
  stats->threads = job->worker_count;
  stats->chunks = count_chunks(job);
  stats->text_bytes = job->fold.text_bytes;
  stats->compressed_bytes = job->plan.way == NG_WAY_STREAM
                                ? ng_stream_bytes_read(&job->stream)
                                : ng_source_size(job->source);
  stats->rows = job->fold.rows;
  stats->skipped = job->fold.skipped;
  for (unsigned i = 0; i < job->worker_count; i++) {
    stats->decode_seconds += job->workers[i].decode_seconds;
    stats->map_seconds += job->workers[i].map_seconds;
  }
}

/* Hand the tables, with the entries in them, over to the result. */
static bool take_tables(struct ng_result *result, struct ng_job *job)
{
  result->tables = calloc(job->worker_count, sizeof *result->tables);
  if (!result->tables)
    return false;
  for (unsigned i = 0; i < job->worker_count; i++) {
    result->tables[i] = job->workers[i].table;
    result->tables[i].stop = NULL; /* it ends with the job */
    ng_table_init(&job->workers[i].table, job->budget, job->wide);
  }
  result->table_count = job->worker_count;
  return true;
}

static enum ngram_status finish(struct ng_result *result, struct ng_job *job,
                                struct ngram_error *error)
{
  job->in_caller = true; /* the workers have ended */
  if (!ng_reduce_finish(&job->reduce, &job->stopper, &result->entries,
                        &result->entry_count) ||
      !take_tables(result, job))
    return job->status == NGRAM_INTERRUPTED ? ng_fail_interrupted(error)
                                            : ng_fail_memory(error);
  result->wide = job->wide;
  fill_stats(&result->stats, job);
  result->stats.reduce_seconds = ng_clock_seconds() - job->reduce_started;
  result->stats.peak_bytes = atomic_load(&result->budget.peak_bytes);
  return NGRAM_OK;
}

/* Leave in the index what the scan has learned of the file's seek points. */
static void update_index(struct ng_job *job)
{
  struct ngram_index *index = job->options->index;

  if (job->fold.misled)
    ng_index_forget(index, job->source, job->path);
  else if (job->fold.complete && job->stream.collects)
    ng_index_keep(index, job->source, job->path, &job->stream.points);
}

/* Count into a result that is empty. *misled: it used seek points which were
   wrong; to be counted without. */
static enum ngram_status count_file(struct ng_job *job,
                                    struct ng_result *result, bool use_points,
                                    bool *misled, struct ngram_error *error)
{
  enum ngram_status status = set_up(job, use_points, error);

  if (status == NGRAM_OK)
    status = ng_run(job, error);
  if (status == NGRAM_OK)
    status = finish(result, job, error);
  *misled = status == NGRAM_BAD_INPUT && job->fold.misled;
  if (*misled && job->status == NGRAM_INTERRUPTED) {
    *misled = false;
    status = ng_fail_interrupted(error);
  }
  if (status == NGRAM_OK || *misled)
    update_index(job);
  return status;
}

/* Look for a result in the cache; NGRAM_OK as well when there is none. */
static enum ngram_status find_kept(struct ng_answer *answer, struct ng_job *job,
                                   struct ngram_error *error)
{
  struct ngram_cache *cache = job->options->cache;

  if (!cache)
    return NGRAM_OK;
  answer->result =
      ng_cache_find(cache, job->source, job->options, &answer->has_more);
  answer->from_cache = answer->result != NULL;
  /* A wish that cannot be met is an error, whether or not it is needed. */
  if (answer->from_cache)
    return make_plan(job, false, error);
  if (ng_cache_has_stdin(cache, job->source))
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "%s: standard input was read already, with other arguments",
                   job->path);
  return NGRAM_OK;
}

/* Count, and leave the result in the cache. */
static enum ngram_status count_new(struct ng_answer *answer, struct ng_job *job,
                                   struct ng_result *result, bool use_points,
                                   bool *misled, struct ngram_error *error)
{
  enum ngram_status status = count_file(job, result, use_points, misled, error);

  if (status != NGRAM_OK)
    return status;
  if (job->options->cache)
    ng_cache_keep(job->options->cache, job->source, job->options, result);
  answer->result = ng_result_hold(result);
  return NGRAM_OK;
}

/* A result that the cache has, or one counted. */
static enum ngram_status
find_or_count(struct ng_answer *answer, const char *path,
              const struct ngram_count_options *options, bool use_points,
              bool *misled, struct ngram_error *error)
{
  struct ng_result *result = ng_result_new();
  enum ngram_status status;
  struct ng_job job;

  *misled = false;
  if (!result)
    return ng_fail_memory(error);
  status = job_init(&job, path, options, &result->budget, error);
  if (status == NGRAM_OK)
    status = open_source(&job, error);
  if (status == NGRAM_OK)
    status = find_kept(answer, &job, error);
  if (status == NGRAM_OK && !answer->result)
    status = count_new(answer, &job, result, use_points, misled, error);
  job_free(&job);
  ng_result_release(result);
  if (status != NGRAM_OK) {
    ng_result_release(answer->result);
    answer->result = NULL;
  }
  return status;
}

enum ngram_status ngram_count(const char *path,
                              const struct ngram_count_options *options,
                              struct ngram_counts **counts,
                              struct ngram_error *error)
{
  double began = ng_clock_seconds();
  struct ng_answer answer = {.result = NULL};
  enum ngram_status status;
  bool misled = false;

  *counts = NULL;
  status = check_options(options, error);
  if (status == NGRAM_OK)
    status = find_or_count(&answer, path, options, true, &misled, error);
  if (status == NGRAM_BAD_INPUT && misled)
    status = find_or_count(&answer, path, options, false, &misled, error);
  if (status != NGRAM_OK)
    return status;
  *counts = ng_view_new(answer.result, answer.has_more, options);
  if (!*counts)
    return ng_fail_memory(error);
  (*counts)->stats.from_cache = answer.from_cache;
  (*counts)->stats.seconds = ng_clock_seconds() - began;
  return NGRAM_OK;
}
