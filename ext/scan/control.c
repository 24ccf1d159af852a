/* SPDX-License-Identifier: MIT */
/*
 * The stop flag is an atomic that only goes from false to true; workers check
 * it once a block. A stop also wakes workers that wait at the monitor. In
 * ng_control_run() the calling thread waits for workers at `changed`, and wakes
 * up every NG_POLL_MS to ask the host. A thread never holds two locks at once.
 */
#include "scan/control.h"

#include "sched/cond.h"

static bool must_stop(void *control)
{
  return ng_control_must_stop(control);
}

void ng_control_init(struct ng_control *control, int (*ask)(void *context),
                     void *context)
{
  *control = (struct ng_control){.poll = ng_poll_begin(ask, context),
                                 .stopper = {must_stop, control}};
  pthread_mutex_init(&control->lock, NULL);
  ng_cond_init(&control->changed);
}

void ng_control_free(struct ng_control *control)
{
  pthread_cond_destroy(&control->changed);
  pthread_mutex_destroy(&control->lock);
}

/* ------------------------------------------------------------------ stop -- */

void ng_control_stop(struct ng_control *control)
{
  struct ng_monitor *monitor = control->monitor;

  atomic_store(&control->stop, true);
  if (monitor) {
    ng_monitor_lock(monitor);
    ng_monitor_notify_all(monitor);
    ng_monitor_unlock(monitor);
  }
}

void ng_control_fail(struct ng_control *control, enum ngram_status status)
{
  pthread_mutex_lock(&control->lock);
  if (control->status == NGRAM_OK)
    control->status = status;
  pthread_mutex_unlock(&control->lock);
  ng_control_stop(control);
}

void ng_control_poll(struct ng_control *control)
{
  if (ng_poll_asked(&control->poll))
    ng_control_fail(control, NGRAM_INTERRUPTED);
}

bool ng_control_must_stop(struct ng_control *control)
{
  if (!control->has_workers && !atomic_load(&control->stop))
    ng_control_poll(control);
  return atomic_load(&control->stop);
}

/* ------------------------------------------------------------------- run -- */

void ng_control_end(struct ng_control *control)
{
  pthread_mutex_lock(&control->lock);
  control->ended++;
  pthread_cond_signal(&control->changed);
  pthread_mutex_unlock(&control->lock);
}

static void wait_and_poll(struct ng_control *control, unsigned workers)
{
  bool done = false;

  while (!done) {
    pthread_mutex_lock(&control->lock);
    if (control->ended < workers)
      ng_cond_wait_ms(&control->changed, &control->lock, NG_POLL_MS);
    done = control->ended == workers;
    pthread_mutex_unlock(&control->lock);
    if (!done && !atomic_load(&control->stop))
      ng_control_poll(control);
  }
}

unsigned ng_control_run(struct ng_control *control, unsigned count,
                        ng_team_fn *work, void *members, size_t stride)
{
  struct ng_team team;
  unsigned started;

  control->ended = 0;
  if (count == 1) {
    work(members);
    return 1;
  }
  control->has_workers = true;
  started = ng_team_start(&team, count, work, members, stride);
  if (started > 0)
    wait_and_poll(control, started);
  ng_team_join(&team);
  control->has_workers = false;
  if (started > 0)
    return started;
  work(members);
  return 1;
}
