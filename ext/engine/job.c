/* SPDX-License-Identifier: MIT */
/*
 * What everybody may do with a job: look whether to stop, stop it, and say why.
 */
#include "engine/job.h"

#include "base/le.h"

void ng_job_stop(struct ng_job *job)
{
  atomic_store(&job->stop, true);
  ng_monitor_lock(&job->stream.monitor);
  ng_monitor_notify_all(&job->stream.monitor);
  ng_monitor_unlock(&job->stream.monitor);
  pthread_mutex_lock(&job->lock);
  pthread_cond_broadcast(&job->changed);
  pthread_mutex_unlock(&job->lock);
}

void ng_job_fail(struct ng_job *job, enum ngram_status status)
{
  pthread_mutex_lock(&job->lock);
  if (job->status == NGRAM_OK)
    job->status = status;
  pthread_mutex_unlock(&job->lock);
  ng_job_stop(job);
}

/* -------------------------------------------------------------- progress -- */

/* Bytes of the file that are done with. What was read is more, where workers
   read ahead, or some of it twice. */
static uint64_t bytes_done(const struct ng_job *job)
{
  switch (job->plan.way) {
  case NG_WAY_POINTS:
    return atomic_load(&job->points_bytes);
  case NG_WAY_STREAM:
    return atomic_load(&job->stream.front);
  case NG_WAY_EXTENTS:
  case NG_WAY_NONE:
    break;
  }
  return job->source ? ng_source_bytes_read(job->source) : 0;
}

void ng_job_note(struct ng_job *job, size_t text_bytes)
{
  uint64_t done;

  atomic_fetch_add(&job->count->text_bytes, text_bytes);
  if (job->plan.workers > 1)
    return;
  done = bytes_done(job);
  atomic_fetch_add(&job->count->part_bytes, done - job->noted_bytes);
  job->noted_bytes = done;
}

/* Tell the host how far the count is: `more_bytes` beside those that are noted,
   of `size_bytes`, unless it is of many files. Whether it says stop. */
static bool ask(const struct ng_count *count,
                const struct ngram_count_options *options, uint64_t size_bytes,
                uint64_t more_bytes)
{
  struct ngram_progress progress = {
      .size_bytes = count->total_bytes ? count->total_bytes : size_bytes,
      .read_bytes = atomic_load(&count->done_bytes) +
                    atomic_load(&count->part_bytes) + more_bytes,
      .text_bytes = atomic_load(&count->text_bytes),
      .seconds = ng_clock_seconds() - count->began,
  };

  if (progress.size_bytes > 0 && progress.read_bytes > progress.size_bytes)
    progress.read_bytes = progress.size_bytes; /* the file grew */
  if (options->progress)
    options->progress(options->progress_context, &progress);
  return options->poll && options->poll(options->poll_context);
}

int ng_count_ask(void *count)
{
  const struct ng_count *asking = count;

  return ask(asking, asking->options, 0, 0);
}

static int ask_host(void *context)
{
  const struct ng_job *job = context;

  return ask(job->count, job->options,
             job->source ? ng_source_size(job->source) : 0,
             job->plan.workers > 1 ? bytes_done(job) : 0);
}

void ng_job_poll(struct ng_job *job)
{
  if (ng_poll_asked(&job->poll))
    ng_job_fail(job, NGRAM_INTERRUPTED);
}

/* ------------------------------------------------------------------ stop -- */

bool ng_job_must_stop(struct ng_job *job)
{
  if (job->in_caller && !atomic_load(&job->stop))
    ng_job_poll(job);
  return atomic_load(&job->stop);
}

bool ng_job_must_pause(struct ng_job *job)
{
  return ng_job_must_stop(job) ||
         (job->in_caller && job->feed && job->feed->first);
}

static bool ask_job(void *job)
{
  return ng_job_must_stop(job);
}

void ng_job_init_stops(struct ng_job *job)
{
  job->poll = ng_poll_begin(ask_host, job);
  job->stopper = (struct ng_stop){ask_job, job};
}
