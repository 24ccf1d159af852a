/* SPDX-License-Identifier: MIT */
/*
 * A lock with waiting. Workers read shared state under the lock; a worker that
 * finds no work in it waits for a notice that the state has changed. A notice
 * reaches only workers that wait when it is given.
 *
 * In ng_monitor_wait() one worker at a time watches for the next notice before
 * it sleeps; the others sleep at once. If notices come every few hundred
 * microseconds the watcher takes each at once, where to wake a sleeping thread
 * costs some 50 us.
 *
 * Threads: any number at once, after ng_monitor_init() and before
 * ng_monitor_free().
 */
#ifndef NG_SCHED_MONITOR_H
#define NG_SCHED_MONITOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct ng_monitor {
  pthread_mutex_t lock;
  pthread_cond_t noticed;
  unsigned waiting; /* workers that wait; read and written under the lock */
  bool watched;     /* one of them watches; read and written under the lock */
  atomic_uint notices; /* given so far; written under the lock, read without */
};

/* Returns 0, or an errno; then there is nothing to free. */
int ng_monitor_init(struct ng_monitor *monitor);

/* No worker may hold the lock or wait. */
void ng_monitor_free(struct ng_monitor *monitor);

void ng_monitor_lock(struct ng_monitor *monitor);
void ng_monitor_unlock(struct ng_monitor *monitor);

/* The caller of the functions below holds the lock. */

/* Wait for a notice. Releases the lock while it waits, and may return without a
   notice. */
void ng_monitor_wait(struct ng_monitor *monitor);

/* The same for a wait that may be long: sleeps at once. */
void ng_monitor_sleep(struct ng_monitor *monitor);

/* Give a notice to one worker that waits, or to all of them. */
void ng_monitor_notify_one(struct ng_monitor *monitor);
void ng_monitor_notify_all(struct ng_monitor *monitor);

#endif
