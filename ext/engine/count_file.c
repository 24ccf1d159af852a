/* SPDX-License-Identifier: MIT */
/*
 * A job is opened, planned, set up, run (run.c), and closed. The caller frees
 * its sink and its request after it.
 */
#include "engine/count_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "engine/fault.h"
#include "engine/index.h"
#include "engine/layout.h"
#include "engine/map.h"
#include "engine/points.h"
#include "engine/root.h"
#include "engine/run.h"
#include "engine/stream.h"

/* --------------------------------------------------------------- set-up -- */

/* Open the file and read as much of it as tells its format. */
static enum ngram_status open_source(struct ng_job *job,
                                     struct ngram_error *error)
{
  const struct ngram_root *root = job->options->root;
  int system_error =
      root ? ng_root_open_source(root, job->path, &job->source)
           : ng_source_open_at(job->request->stays ? job->request->folder : -1,
                               job->path, &job->source);
  struct ng_gzip_block head;

  if (system_error)
    return ng_fail_open(error, job->path, system_error);
  ng_source_stop_by(job->source, &job->control.stopper);
  ng_source_keep(job->source); /* until ng_layout_find() has read */
  job->format = ng_reader_find_format(job->source, &head);
  job->is_tiny = head.last;
  return head.fault.kind == NG_GZIP_OK
             ? NGRAM_OK
             : ng_fail_gzip(error, job->path, &head.fault);
}

/* The directory of a zip archive, for all that read it. */
static enum ngram_status read_directory(struct ng_job *job,
                                        struct ngram_error *error)
{
  struct ng_gzip_fault fault;

  if (job->zip)
    return NGRAM_OK;
  job->zip =
      ng_zip_open(job->source, job->budget, &job->control.stopper, &fault);
  if (job->zip)
    return NGRAM_OK;
  if (fault.kind != NG_GZIP_READ_FAILED && ng_source_has_changed(job->source))
    return ng_fail(error, NGRAM_CHANGED,
                   "%s: the file changed while it was read", job->path);
  return ng_fail_gzip(error, job->path, &fault);
}

/* Others may use the index before the last row of a job is taken by its caller.
 */
static void find_points(struct ng_job *job)
{
  struct ngram_index *index = job->options->index;

  if (!job->sink->ops->keeps_blocks)
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
  facts.gives_rows = job->sink->ops->keeps_blocks;
  return ng_plan_make(&job->plan, job->options, &facts, error);
}

static bool make_workers(struct ng_job *job)
{
  unsigned count = job->plan.workers;

  job->workers = calloc(count, sizeof *job->workers);
  for (unsigned i = 0; job->workers && i < count; i++)
    if (!ng_worker_init(&job->workers[i], job, i))
      return false;
  return job->workers && job->sink->ops->begin(job->sink, job);
}

enum ngram_status ng_job_set_up(struct ng_job *job, struct ngram_error *error)
{
  enum ngram_status status = ng_layout_find(job, error);

  if (status != NGRAM_OK)
    return status;
  job->fold.tokens = job->plan.tokens;
  ng_source_rewind(job->source);
  ng_pool_init(&job->stream.pool, job->budget, &job->plan);
  if (!make_workers(job) ||
      (job->plan.way == NG_WAY_STREAM && !ng_stream_init(&job->stream, job)) ||
      (job->plan.way == NG_WAY_POINTS && !ng_points_init(job)))
    return ng_fail_memory(error);
  return NGRAM_OK;
}

enum ngram_status ng_job_open(struct ng_job *job, const char *path,
                              struct ng_request *request, struct ng_sink *sink,
                              const struct ngram_count_options *options,
                              struct ngram_error *error)
{
  memset(job, 0, sizeof *job);
  job->path = path;
  job->options = options;
  job->request = request;
  job->sink = sink;
  job->budget = request->budget;
  ng_control_init(&job->control, ng_job_ask, job);
  job->control.monitor = &job->stream.monitor;
  ng_monitor_init(&job->stream.monitor);
  if (!ng_fold_init(&job->fold, path, sink, options->on_error, job->budget,
                    error))
    return ng_fail_memory(error);
  job->fold.stop = &job->control.stop;
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
  for (unsigned i = 0; job->workers && i < job->plan.workers; i++)
    if (job->workers[i].job)
      ng_worker_free(&job->workers[i]);
  atomic_fetch_sub(&job->request->part_bytes, job->noted_bytes);
  free(job->workers);
  free(job->full_path);
  free(job->stretch_numbers);
  ng_stream_free(&job->stream, job);
  give_points_back(job);
  ng_fold_free(&job->fold);
  ng_zip_close(job->zip);
  ng_source_close(job->source);
  ng_control_free(&job->control);
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

enum ngram_status ng_job_run(struct ng_job *job, bool *misled,
                             struct ngram_error *error)
{
  enum ngram_status status = ng_job_set_up(job, error);

  if (status == NGRAM_OK)
    status = ng_run(job, error);
  *misled = status == NGRAM_BAD_INPUT && job->fold.misled;
  if (*misled && job->control.status == NGRAM_INTERRUPTED) {
    *misled = false;
    status = ng_fail_interrupted(error);
  }
  if (status == NGRAM_OK || *misled)
    ng_job_update_index(job);
  return status;
}
