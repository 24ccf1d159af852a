/* SPDX-License-Identifier: MIT */
/*
 * The workers of a pass: made by ng_scan_set_up(), run here or by the caller of
 * the pass, and freed by ng_scan_close().
 *
 * Threads: the caller of the pass calls all but ng_workers_map(), while no
 * worker runs.
 */
#ifndef NG_SCAN_WORKERS_H
#define NG_SCAN_WORKERS_H

#include "ngram.h"
#include "scan/pass.h"

/* Prepare worker `number` of a planned pass, which is zeroed. Returns false if
   there is no memory; the worker is freed all the same. */
bool ng_worker_init(struct ng_worker *worker, struct ng_pass *pass,
                    unsigned number);
void ng_worker_free(struct ng_worker *worker);

/* Run a pass that is set up, until all its workers have ended. Returns as
   ng_workers_end(). */
enum ngram_status ng_workers_run(struct ng_pass *pass,
                                 struct ngram_error *error);

/* For a caller that runs the workers itself: the work of one worker, until all
   text is mapped or the pass stops. In the thread of the caller it also returns
   if the sink has output, and is called again after that, unless the strategy
   is points: a worker of that strategy cannot return before its end. */
void ng_workers_map(struct ng_worker *worker);

/* The workers have ended: returns NGRAM_OK if the sink has had all text; else
   the one reason, and *error. If commit.has_bad_point, that is NGRAM_BAD_INPUT
   and *error is not set. */
enum ngram_status ng_workers_end(struct ng_pass *pass,
                                 struct ngram_error *error);

#endif
