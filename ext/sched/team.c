/* SPDX-License-Identifier: MIT */
/*
 * A thread inherits the signal mask of the thread that creates it, so that mask
 * is filled before and restored after.
 */
#include "sched/team.h"

#include <signal.h>
#include <stdlib.h>

unsigned ng_team_start(struct ng_team *team, unsigned count, ng_team_fn *work,
                       void *members, size_t stride)
{
  sigset_t all;
  sigset_t before;

  team->count = 0;
  team->threads = malloc(count * sizeof *team->threads);
  if (!team->threads)
    return 0;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (team->count < count &&
         pthread_create(&team->threads[team->count], NULL, work,
                        (char *)members + team->count * stride) == 0)
    team->count++;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return team->count;
}

void ng_team_join(struct ng_team *team)
{
  for (unsigned i = 0; i < team->count; i++)
    pthread_join(team->threads[i], NULL);
  free(team->threads);
  team->threads = NULL;
  team->count = 0;
}
