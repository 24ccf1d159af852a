/* SPDX-License-Identifier: MIT */
/*
 * A monotonic clock, for measuring how long something takes.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_CLOCK_H
#define NG_BASE_CLOCK_H

#include <time.h>

/* Seconds since a fixed moment of unknown date. */
static inline double ng_clock_seconds(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#endif
