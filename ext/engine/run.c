/* SPDX-License-Identifier: MIT */
/*
 * The life of a job: map, one barrier, reduce.
 *
 * Workers run from the first byte to the last partition in one thread each,
 * so threads are made once. The last worker that has nothing left to map
 * opens the barrier, if the whole input was folded without an error. The
 * calling thread waits, asks the host every few milliseconds whether to stop,
 * and joins all workers before it returns; with one worker it does the work
 * itself and asks in between.
 */
#include "engine/run.h"

#include "base/le.h"
#include "engine/fault.h"
#include "engine/map.h"
#include "engine/points.h"
#include "sched/cond.h"
#include "sched/team.h"

/* -------------------------------------------------------------- workers -- */

/* All is mapped: ready the reduce. The lock is held. */
static void begin_reduce(struct ng_job *job)
{
  for (unsigned i = 0; i < job->plan.workers; i++)
    job->tables[i] = &job->workers[i].table;
  job->reduce_started = ng_clock_seconds();
  if (ng_reduce_init(&job->reduce, job->budget, job->tables, job->plan.workers,
                     job->plan.workers)) {
    job->reducing = true;
  } else {
    job->status = NGRAM_NO_MEMORY;
    atomic_store(&job->stop, true);
  }
  pthread_cond_broadcast(&job->changed);
}

/* The barrier. False: there is nothing to reduce. */
static bool meet(struct ng_job *job)
{
  bool reducing;

  pthread_mutex_lock(&job->lock);
  if (++job->arrived == job->worker_count && !atomic_load(&job->stop))
    begin_reduce(job);
  while (!job->reducing && !atomic_load(&job->stop))
    pthread_cond_wait(&job->changed, &job->lock);
  reducing = job->reducing;
  pthread_mutex_unlock(&job->lock);
  return reducing;
}

static void reduce(struct ng_worker *worker)
{
  struct ng_job *job = worker->job;
  unsigned number = (unsigned)(worker - job->workers);
  bool more = true;

  while (more && !ng_job_must_stop(job))
    if (!ng_reduce_step(&job->reduce, number, &more)) {
      ng_job_fail(job, NGRAM_NO_MEMORY);
      break;
    }
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
  case NG_WAY_NONE:
    break;
  }
}

/* A table that has spilled gives all of its memory to the reduce. */
static void finish_map(struct ng_worker *worker)
{
  struct ng_table *table = &worker->table;

  ng_hot_words_finish(&worker->hot);
  if (worker->job->maps_only || !ng_table_has_spilled(table) ||
      ng_job_must_stop(worker->job))
    return;
  if (table->word_count > 0 && !ng_table_spill(table))
    ng_job_fail(worker->job, NGRAM_NO_MEMORY);
  else
    ng_table_drop_slots(table);
}

static void *work(void *member)
{
  struct ng_worker *worker = member;
  struct ng_job *job = worker->job;

  ng_run_map(worker);
  finish_map(worker);
  if (!job->maps_only && meet(job))
    reduce(worker);
  pthread_mutex_lock(&job->lock);
  job->ended++;
  pthread_cond_broadcast(&job->changed);
  pthread_mutex_unlock(&job->lock);
  return NULL;
}

/* --------------------------------------------------------------- caller -- */

/* Wait for the workers, and ask the host in between. */
static void wait_and_poll(struct ng_job *job)
{
  bool done = false;

  while (!done) {
    pthread_mutex_lock(&job->lock);
    if (job->ended < job->worker_count)
      ng_cond_wait_ms(&job->changed, &job->lock, NG_POLL_MS);
    done = job->ended == job->worker_count;
    pthread_mutex_unlock(&job->lock);
    if (!done && !atomic_load(&job->stop))
      ng_job_poll(job);
  }
}

static void run_in_caller(struct ng_job *job)
{
  job->in_caller = true;
  job->worker_count = 1;
  work(&job->workers[0]);
}

/* Start the workers. When the system gives fewer threads than planned, those
   that are there may already wait at the barrier for the rest. */
static void run_workers(struct ng_job *job)
{
  struct ng_team team;
  unsigned started;

  job->worker_count = job->plan.workers;
  started = ng_team_start(&team, job->plan.workers, work, job->workers,
                          sizeof *job->workers);
  if (started < job->plan.workers) {
    pthread_mutex_lock(&job->lock);
    job->worker_count = started;
    if (started > 0 && !job->maps_only && job->arrived == started &&
        !atomic_load(&job->stop))
      begin_reduce(job);
    pthread_mutex_unlock(&job->lock);
  }
  if (started > 0)
    wait_and_poll(job);
  ng_team_join(&team);
  if (started == 0)
    run_in_caller(job);
}

/* The one reason for an end without result. */
static enum ngram_status find_status(struct ng_job *job,
                                     struct ngram_error *error)
{
  /* A read or a growing table that was told to stop is not the reason. */
  bool cancelled =
      (job->fold.status == NGRAM_INTERRUPTED && job->status != NGRAM_OK) ||
      (job->fold.status == NGRAM_NO_MEMORY && job->status == NGRAM_INTERRUPTED);

  if (job->fold.status != NGRAM_OK && !cancelled)
    return job->fold.status; /* *error has been filled in */
  switch (job->status) {
  case NGRAM_OK:
    if (!job->fold.complete) /* cannot be; no half result if it is */
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

/* The errno of a temporary file that failed; 0: none did. */
static int spill_error(const struct ng_job *job)
{
  for (unsigned i = 0; job->workers && i < job->plan.workers; i++) {
    const struct ng_spill *spill = job->workers[i].table.spill;

    if (spill && spill->error)
      return spill->error;
  }
  return job->reduce.spilled ? atomic_load(&job->reduce.spilled->error) : 0;
}

static bool has_overflowed(struct ng_job *job)
{
  if (job->reduce.spilled && atomic_load(&job->reduce.spilled->overflowed))
    return true;
  for (unsigned i = 0; i < job->plan.workers; i++)
    if (job->workers[i].table.overflowed)
      return true;
  return atomic_load(&job->reduce.overflowed);
}

enum ngram_status ng_run_end(struct ng_job *job, struct ngram_error *error)
{
  enum ngram_status status = find_status(job, error);
  int system_error = spill_error(job);

  if (status == NGRAM_NO_MEMORY && system_error)
    return ng_fail_spill(error, system_error);
  if ((status == NGRAM_OK || status == NGRAM_BAD_INPUT) && job->source &&
      ng_source_has_changed(job->source))
    return ng_fail(error, NGRAM_CHANGED,
                   "%s: the file changed while it was read", job->path);
  return status;
}

enum ngram_status ng_run(struct ng_job *job, struct ngram_error *error)
{
  enum ngram_status status;

  if (job->plan.workers == 1)
    run_in_caller(job);
  else
    run_workers(job);
  status = ng_run_end(job, error);
  if (status == NGRAM_OK && !job->maps_only && has_overflowed(job))
    return ng_fail(error, NGRAM_OVERFLOW, "integer overflow");
  return status;
}
