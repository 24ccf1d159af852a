/* SPDX-License-Identifier: MIT */
/*
 * A team of threads that run one function and are joined when it has returned:
 * the workers of a pass, or threads that sort parts of a result.
 *
 * Threads: one owns a team, and starts and joins it.
 */
#ifndef NG_SCHED_TEAM_H
#define NG_SCHED_TEAM_H

#include <pthread.h>
#include <stddef.h>

struct ng_team {
  pthread_t *threads;
  unsigned count;
};

typedef void *ng_team_fn(void *member);

/*
 * Start up to `count` threads; thread i runs work(members + i * stride). They
 * block all signals, so that signals reach the host's own threads. Returns the
 * number of threads started: fewer than `count`, down to 0, if the system gives
 * no more.
 */
unsigned ng_team_start(struct ng_team *team, unsigned count, ng_team_fn *work,
                       void *members, size_t stride);

/* Wait until all threads have ended, and free the team. */
void ng_team_join(struct ng_team *team);

#endif
