/* SPDX-License-Identifier: MIT */
/*
 * A lock with waiting: workers look at shared state under the lock, and when
 * there is nothing for them they wait for a notice that it has changed.
 *
 * The first worker that waits watches for the next notice for a while before
 * it sleeps. Notices that come every few hundred microseconds are then taken
 * at once, where waking a sleeper costs some 50 us each time.
 */
#ifndef NG_SCHED_MONITOR_H
#define NG_SCHED_MONITOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct ng_monitor {
  pthread_mutex_t lock;
  pthread_cond_t noticed;
  unsigned waiting;    /* workers that wait; under the lock */
  bool watched;        /* one of them watches; under the lock */
  atomic_uint notices; /* given so far; changed under the lock */
};

/* Returns 0, or an errno. */
int ng_monitor_init(struct ng_monitor *monitor);
void ng_monitor_free(struct ng_monitor *monitor);

void ng_monitor_lock(struct ng_monitor *monitor);
void ng_monitor_unlock(struct ng_monitor *monitor);

/* The rest is called with the lock held. */

/* Wait for a notice; the lock is free meanwhile. May return without one. */
void ng_monitor_wait(struct ng_monitor *monitor);

/* The same, for what may take long: sleeps at once. */
void ng_monitor_sleep(struct ng_monitor *monitor);

/* One worker is enough for what has changed. */
void ng_monitor_notify_one(struct ng_monitor *monitor);
void ng_monitor_notify_all(struct ng_monitor *monitor);

#endif
