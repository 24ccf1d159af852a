/* SPDX-License-Identifier: MIT */
/*
 * A mutex, a condition, and a counter of notices that a worker can read without
 * the lock. ng_monitor_wait() watches the counter, without the lock, for
 * WATCH_SECONDS, if no other worker does, and then sleeps on the condition.
 * Only one watches: more would take processor time from the workers that have
 * work. A notice to one worker goes to the watcher, if there is one, without a
 * system call.
 *
 * Each pass has a monitor (scan/stream.h). The workers of any strategy call it,
 * and so do the thread that stops the pass (scan/control.c) and the one that
 * gives blocks back (scan/map.c).
 */
#include "sched/monitor.h"

#include "base/clock.h"

/* About as long as decoding a block of text takes. */
#define WATCH_SECONDS 0.0005

int ng_monitor_init(struct ng_monitor *monitor)
{
  int error = pthread_mutex_init(&monitor->lock, NULL);

  if (error)
    return error;
  error = pthread_cond_init(&monitor->noticed, NULL);
  if (error)
    pthread_mutex_destroy(&monitor->lock);
  monitor->waiting = 0;
  monitor->watched = false;
  atomic_init(&monitor->notices, 0);
  return error;
}

void ng_monitor_free(struct ng_monitor *monitor)
{
  pthread_cond_destroy(&monitor->noticed);
  pthread_mutex_destroy(&monitor->lock);
}

void ng_monitor_lock(struct ng_monitor *monitor)
{
  pthread_mutex_lock(&monitor->lock);
}

void ng_monitor_unlock(struct ng_monitor *monitor)
{
  pthread_mutex_unlock(&monitor->lock);
}

/* Tell the processor core that this thread waits in a loop. */
static inline void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

static void spin(const struct ng_monitor *monitor, unsigned seen)
{
  double began = ng_clock_seconds();

  do
    for (int i = 0; i < 32; i++) {
      if (atomic_load(&monitor->notices) != seen)
        return;
      cpu_relax();
    }
  while (ng_clock_seconds() - began < WATCH_SECONDS);
}

/* Watch; the lock is released meanwhile. Returns false if no notice came in
   time. The notice has reset `watched`, and another worker may have set it. */
static bool watch(struct ng_monitor *monitor, unsigned seen)
{
  monitor->watched = true;
  ng_monitor_unlock(monitor);
  spin(monitor, seen);
  ng_monitor_lock(monitor);
  if (atomic_load(&monitor->notices) != seen)
    return true;
  monitor->watched = false;
  return false;
}

void ng_monitor_wait(struct ng_monitor *monitor)
{
  unsigned seen = atomic_load(&monitor->notices);

  monitor->waiting++;
  if (monitor->watched || !watch(monitor, seen))
    pthread_cond_wait(&monitor->noticed, &monitor->lock);
  monitor->waiting--;
}

void ng_monitor_sleep(struct ng_monitor *monitor)
{
  monitor->waiting++;
  pthread_cond_wait(&monitor->noticed, &monitor->lock);
  monitor->waiting--;
}

/* A notice ends the watch, so the next notice wakes another worker. */
void ng_monitor_notify_one(struct ng_monitor *monitor)
{
  atomic_fetch_add(&monitor->notices, 1);
  if (!monitor->watched)
    pthread_cond_signal(&monitor->noticed);
  monitor->watched = false;
}

void ng_monitor_notify_all(struct ng_monitor *monitor)
{
  atomic_fetch_add(&monitor->notices, 1);
  pthread_cond_broadcast(&monitor->noticed);
  monitor->watched = false;
}
