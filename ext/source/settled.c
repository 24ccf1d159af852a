/* SPDX-License-Identifier: MIT */
/*
 * The time of the last status change decides, because no program can set it. A
 * file system without that time gives 0, or one older than the time of
 * modification; then the time of modification decides. A time of modification
 * in the future, which a program has set, does not.
 */
#include "source/settled.h"

/* The longest step of a clock of fine times: a tick of the kernel. */
#define TICK_SECONDS 0.01

double ng_settled_step(const struct timespec *time)
{
  if (time->tv_nsec % 100000000 != 0)
    return TICK_SECONDS;
  if (time->tv_nsec != 0)
    return 0.1;
  return time->tv_sec % 60 == 0 ? 60 : 2;
}

static double seconds_between(const struct timespec *from,
                              const struct timespec *to)
{
  return difftime(to->tv_sec, from->tv_sec) +
         1e-9 * (double)(to->tv_nsec - from->tv_nsec);
}

bool ng_settled_at(const struct timespec *modified,
                   const struct timespec *changed,
                   const struct timespec *seen_at)
{
  const struct timespec *last = changed;

  if (changed->tv_sec == 0 || (seconds_between(changed, modified) > 0 &&
                               seconds_between(modified, seen_at) >= 0))
    last = modified;
  return seconds_between(last, seen_at) >
         ng_settled_step(last) + NG_WRITE_SECONDS;
}
