/* SPDX-License-Identifier: MIT */
/*
 * The control of threads that work for one call: whether they have to stop and
 * why, and the host that is asked.
 *
 * Threads: one thread, the caller's, makes and frees a control and runs
 * ng_control_run(). The rest may be called by any thread.
 */
#ifndef NG_SCAN_CONTROL_H
#define NG_SCAN_CONTROL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/poll.h"
#include "base/stop.h"
#include "ngram.h"
#include "sched/monitor.h"
#include "sched/team.h"

struct ng_control {
  /* Written by the calling thread while no other one works. */
  struct ng_monitor *monitor; /* borrowed: workers that wait there are woken by
                                 a stop; NULL: none wait */
  struct ng_stop stopper;     /* asks ng_control_must_stop(), for lower rooms */
  bool has_workers; /* threads work, and the calling thread asks the host in
                       between; else each look at the stop asks it */

  struct ng_poll poll; /* of the calling thread */
  atomic_bool stop;    /* set once, by any thread */

  /* Guarded by `lock`. */
  pthread_mutex_t lock;
  pthread_cond_t changed;   /* a worker has ended */
  unsigned ended;           /* workers of ng_control_run() */
  enum ngram_status status; /* of the first failure that has no position in a
                               file: memory, interrupt */
};

/* The host is asked by ask(context), which is not 0 to stop; NULL: it never
   says so. */
void ng_control_init(struct ng_control *control, int (*ask)(void *context),
                     void *context);
void ng_control_free(struct ng_control *control);

/* Stop all workers. The reason is known elsewhere. */
void ng_control_stop(struct ng_control *control);

/* Stop all workers for a reason that has no position in a file; the first one
   counts. */
void ng_control_fail(struct ng_control *control, enum ngram_status status);

/* Whether to stop. Without workers, also asks the host, every NG_POLL_MS. */
bool ng_control_must_stop(struct ng_control *control);

/* Ask the host, every NG_POLL_MS. In the calling thread only. */
void ng_control_poll(struct ng_control *control);

/*
 * Run work(members + i * stride) for i below `count`, each in a thread of its
 * own, and wait for them all; the host is asked meanwhile. If `count` is 1, or
 * the system gives no thread, member 0 works in the calling thread. If it gives
 * too few, the first members work. Each calls ng_control_end() last. Returns
 * how many members worked, at least 1.
 */
unsigned ng_control_run(struct ng_control *control, unsigned count,
                        ng_team_fn *work, void *members, size_t stride);
void ng_control_end(struct ng_control *control);

#endif
