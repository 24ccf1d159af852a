/* SPDX-License-Identifier: MIT */
/*
 * How often a host is asked whether to stop: at most once in NG_POLL_MS,
 * however often a loop wants to know.
 *
 * Threads: one, that in which the host called.
 */
#ifndef NG_BASE_POLL_H
#define NG_BASE_POLL_H

#include <stdbool.h>

#include "base/stop.h"

/* An interrupt is seen within this time, and what the host does to look costs
   less than a hundredth of it. */
#define NG_POLL_MS 10

struct ng_poll {
  int (*ask)(void *context); /* not 0: stop. NULL: the host never says so */
  void *context;             /* borrowed, for ask() */
  double asked; /* when, by ng_clock_seconds(); 0: it is due at once */
  bool told;    /* the host has said stop, and is not asked again */
};

/* The host, which has just been heard: it is asked NG_POLL_MS from now. */
struct ng_poll ng_poll_begin(int (*ask)(void *context), void *context);

/* Ask now, or if it is time to. True: stop, now or before. */
bool ng_poll_now(struct ng_poll *poll);
bool ng_poll_asked(struct ng_poll *poll);

/* ng_poll_asked() as a question of others; `poll` is borrowed. */
struct ng_stop ng_poll_stop(struct ng_poll *poll);

#endif
