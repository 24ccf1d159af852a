/* SPDX-License-Identifier: MIT */
/*
 * A team of threads that is made for one job and gone after it.
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
 * block all signals, so that those reach the host's own threads. Returns how
 * many were started: fewer when the system gives no more.
 */
unsigned ng_team_start(struct ng_team *team, unsigned count, ng_team_fn *work,
                       void *members, size_t stride);

/* Wait for all of them to end, and free the team. */
void ng_team_join(struct ng_team *team);

#endif
