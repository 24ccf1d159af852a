/* SPDX-License-Identifier: MIT */
/*
 * The control of threads that work for one call: whether they are to stop and
 * why, and the question to the host whether to go on. A pass has one, and so
 * has a count of many files.
 *
 * The host is asked only in the calling thread, which made the control. That
 * thread asks while it waits for workers (in ng_control_run(), or by
 * ng_control_poll() in a wait of its own) or, if it works itself, when it
 * checks for a stop.
 *
 * Threads: the calling thread inits, frees, polls and runs. Any thread may call
 * the others.
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
  /* Written by the calling thread while no other thread works. */
  struct ng_monitor *monitor; /* borrowed; workers that wait at it are woken by
                                 a stop; NULL: none wait */
  struct ng_stop stopper;     /* asks ng_control_must_stop(), for lower rooms */
  bool has_workers; /* threads work, so ng_control_must_stop() does not ask the
                       host */

  struct ng_poll poll; /* used by the calling thread only */
  atomic_bool stop;    /* set by any thread, and never cleared */

  /* Written under `lock`. */
  pthread_mutex_t lock;
  pthread_cond_t changed;   /* a worker has ended */
  unsigned ended;           /* workers of ng_control_run() that have ended */
  enum ngram_status status; /* of the first failure without a position in a
                               file: NGRAM_NO_MEMORY, NGRAM_INTERRUPTED; read
                               without lock after the workers have ended */
};

/* ask(context) asks the host; it returns not 0 to stop. NULL: there is no host.
   `context` is borrowed. */
void ng_control_init(struct ng_control *control, int (*ask)(void *context),
                     void *context);
void ng_control_free(struct ng_control *control);

/* Stop all workers, for a reason that is recorded elsewhere. */
void ng_control_stop(struct ng_control *control);

/* Stop all workers for a reason without a position in a file. The first such
   reason is kept. */
void ng_control_fail(struct ng_control *control, enum ngram_status status);

/* Returns whether to stop. If no threads work, also asks the host, at most once
   in NG_POLL_MS. */
bool ng_control_must_stop(struct ng_control *control);

/* Ask the host, at most once in NG_POLL_MS. In the calling thread only. */
void ng_control_poll(struct ng_control *control);

/*
 * Run work(members + i * stride) for each i below `count`, each in a thread of
 * its own, ask the host meanwhile, and wait for them all. If `count` is 1, or
 * the system gives no thread, member 0 works in the calling thread. If it gives
 * fewer than `count`, the first members work. work() calls ng_control_end()
 * last. Returns how many members worked, at least 1.
 */
unsigned ng_control_run(struct ng_control *control, unsigned count,
                        ng_team_fn *work, void *members, size_t stride);

/* The calling member has ended. */
void ng_control_end(struct ng_control *control);

#endif
