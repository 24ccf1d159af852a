/* SPDX-License-Identifier: MIT */
/*
 * Conditions to wait for with a time limit, by the monotonic clock: setting the
 * time of the machine does not change how long a wait lasts (but on macOS).
 *
 * Threads: as pthread_cond_wait().
 */
#ifndef NG_SCHED_COND_H
#define NG_SCHED_COND_H

#include <pthread.h>
#include <stdbool.h>

/* Initialise a condition for ng_cond_wait_ms(). Returns 0, or an errno. The
   caller destroys it by pthread_cond_destroy(). */
int ng_cond_init(pthread_cond_t *condition);

/* Wait as pthread_cond_wait() does, for at most about `ms` milliseconds. May
   return early. */
void ng_cond_wait_ms(pthread_cond_t *condition, pthread_mutex_t *lock, long ms);

#endif
