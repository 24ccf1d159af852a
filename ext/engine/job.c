/* SPDX-License-Identifier: MIT */
/*
 * What everybody may do with a job: look whether to stop, stop it, and say why.
 */
#include "engine/job.h"

#include "base/bits.h"

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

void ng_job_poll(struct ng_job *job)
{
  double now = ng_clock_seconds();

  if (!job->options->poll || now - job->last_poll < NG_POLL_MS / 1000.0)
    return;
  job->last_poll = now;
  if (job->options->poll(job->options->poll_context))
    ng_job_fail(job, NGRAM_INTERRUPTED);
}

bool ng_job_must_stop(struct ng_job *job)
{
  if (job->in_caller && !atomic_load(&job->stop))
    ng_job_poll(job);
  return atomic_load(&job->stop);
}

static bool ask_job(void *job)
{
  return ng_job_must_stop(job);
}

void ng_job_init_stopper(struct ng_job *job)
{
  job->stopper = (struct ng_stop){ask_job, job};
}
