/* SPDX-License-Identifier: MIT */
/*
 * Asks the host whether to stop, at most once in NG_POLL_MS however often a
 * loop checks.
 *
 * Threads: only the one in which the host called ngram.h, as its callback
 * expects.
 */
#ifndef NG_BASE_POLL_H
#define NG_BASE_POLL_H

#include <stdbool.h>

#include "base/stop.h"

/* An interrupt takes effect within this time. The host's callback takes less
   than a hundredth of it. */
#define NG_POLL_MS 10

struct ng_poll {
  int (*ask)(void *context); /* returns not 0 to stop; NULL if there is none */
  void *context;             /* borrowed, for ask() */
  double asked; /* time of the last ask(), by ng_clock_seconds(); 0: long ago */
  bool told;    /* the host has told to stop, and is not asked again */
};

/* Returns a poll whose host is first asked NG_POLL_MS from now. */
struct ng_poll ng_poll_begin(int (*ask)(void *context), void *context);

/* Ask the host: now, or only if NG_POLL_MS have passed since it was last asked.
   Returns true if it tells to stop, or has told before. */
bool ng_poll_now(struct ng_poll *poll);
bool ng_poll_asked(struct ng_poll *poll);

/* Returns ng_poll_asked() as a stop; it borrows `poll`. */
struct ng_stop ng_poll_stop(struct ng_poll *poll);

#endif
