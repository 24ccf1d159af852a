/* SPDX-License-Identifier: MIT */
#include "sched/cond.h"

#include <time.h>

/* On macOS a condition cannot use another clock. */
#ifdef __APPLE__
#define WAIT_CLOCK CLOCK_REALTIME
#else
#define WAIT_CLOCK CLOCK_MONOTONIC
#endif

int ng_cond_init(pthread_cond_t *condition)
{
  pthread_condattr_t attributes;
  int error = pthread_condattr_init(&attributes);

  if (error)
    return error;
#ifndef __APPLE__
  pthread_condattr_setclock(&attributes, WAIT_CLOCK);
#endif
  error = pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
  return error;
}

void ng_cond_wait_ms(pthread_cond_t *condition, pthread_mutex_t *lock, long ms)
{
  struct timespec moment;

  clock_gettime(WAIT_CLOCK, &moment);
  moment.tv_nsec += ms * 1000000;
  moment.tv_sec += moment.tv_nsec / 1000000000;
  moment.tv_nsec %= 1000000000;
  pthread_cond_timedwait(condition, lock, &moment);
}
