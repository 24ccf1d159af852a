/* SPDX-License-Identifier: MIT */
/*
 * Workers run from the first byte to the last, in one thread each; with one
 * worker, or where the system gives no thread, the calling thread is it. Which
 * of three ways they take through the file the plan says.
 */
#include "engine/run.h"

#include "engine/fault.h"
#include "engine/map.h"
#include "engine/points.h"
#include "engine/stream.h"

bool ng_worker_init(struct ng_worker *worker, struct ng_job *job,
                    unsigned number)
{
  worker->job = job;
  worker->number = number;
  if (job->plan.cuts_members &&
      !ng_bgzf_init(&worker->bgzf, job->plan.decoder, job->budget))
    return false;
  return !job->plan.decodes_ahead ||
         ng_speculative_context_init(&worker->guesser, job->source, job->zip,
                                     job->budget);
}

void ng_worker_free(struct ng_worker *worker)
{
  ng_bgzf_free(&worker->bgzf);
  ng_speculative_context_free(&worker->guesser, worker->job->budget);
}

void ng_run_map(struct ng_worker *worker)
{
  struct ng_job *job = worker->job;

  switch (job->plan.way) {
  case NG_WAY_EXTENTS:
    ng_map_extents(worker);
    break;
  case NG_WAY_POINTS:
    ng_points_work(worker);
    break;
  case NG_WAY_STREAM:
    ng_stream_work(&job->stream, worker);
    break;
  }
}

static void *work(void *member)
{
  struct ng_worker *worker = member;
  struct ng_sink *sink = worker->job->sink;

  ng_run_map(worker);
  if (sink->ops->finish)
    sink->ops->finish(sink, worker->number);
  ng_control_end(&worker->job->control);
  return NULL;
}

/* --------------------------------------------------------------- caller -- */

/* The one reason for an end without result. */
static enum ngram_status find_status(struct ng_job *job,
                                     struct ngram_error *error)
{
  enum ngram_status failed = job->control.status;
  /* A read or a growing table that was told to stop is not the reason. */
  bool cancelled =
      (job->fold.status == NGRAM_INTERRUPTED && failed != NGRAM_OK) ||
      (job->fold.status == NGRAM_NO_MEMORY && failed == NGRAM_INTERRUPTED);

  if (job->fold.status != NGRAM_OK && !cancelled)
    return job->fold.status; /* *error has been filled in */
  switch (failed) {
  case NGRAM_OK:
    if (!job->fold.complete) /* whatever went wrong, no half result */
      return ng_fail(error, NGRAM_BAD_INPUT, "%s: not read to its end",
                     job->path);
    break;
  case NGRAM_INTERRUPTED:
    return ng_fail_interrupted(error);
  default:
    return ng_fail_memory(error);
  }
  return NGRAM_OK;
}

enum ngram_status ng_run_end(struct ng_job *job, struct ngram_error *error)
{
  enum ngram_status status = find_status(job, error);

  if ((status == NGRAM_OK || status == NGRAM_BAD_INPUT) &&
      ng_source_has_changed(job->source))
    return ng_fail(error, NGRAM_CHANGED,
                   "%s: the file changed while it was read", job->path);
  return status;
}

enum ngram_status ng_run(struct ng_job *job, struct ngram_error *error)
{
  job->worker_count = ng_control_run(&job->control, job->plan.workers, work,
                                     job->workers, sizeof *job->workers);
  return ng_run_end(job, error);
}
