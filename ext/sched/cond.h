/* SPDX-License-Identifier: MIT */
/* Waiting for a condition with a time limit, by a clock that nobody sets. */
#ifndef NG_SCHED_COND_H
#define NG_SCHED_COND_H

#include <pthread.h>
#include <stdbool.h>

/* Returns 0, or an errno. To be destroyed by pthread_cond_destroy(). */
int ng_cond_init(pthread_cond_t *condition);

/* Wait as pthread_cond_wait() does, at most about `ms` milliseconds. May return
   early. */
void ng_cond_wait_ms(pthread_cond_t *condition, pthread_mutex_t *lock, long ms);

#endif
