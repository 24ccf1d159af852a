/* SPDX-License-Identifier: MIT */
/* How a pass runs: its workers, and how they ended. */
#ifndef NG_SCAN_WORKERS_H
#define NG_SCAN_WORKERS_H

#include "ngram.h"
#include "scan/pass.h"

/* Make worker `number` of a planned pass ready. False: no memory; free it all
   the same. */
bool ng_worker_init(struct ng_worker *worker, struct ng_pass *pass,
                    unsigned number);
void ng_worker_free(struct ng_worker *worker);

/* Run a pass that is set up: NGRAM_OK and the sink has all of the text, or an
   error in `error`. */
enum ngram_status ng_workers_run(struct ng_pass *pass,
                                 struct ngram_error *error);

/* For a caller that runs the workers itself: what a worker does until all is
   mapped or the pass stops. In the caller's thread, it comes back when the sink
   has output, and can be called again. */
void ng_workers_map(struct ng_worker *worker);

/* The workers are gone: how did it end? */
enum ngram_status ng_workers_end(struct ng_pass *pass,
                                 struct ngram_error *error);

#endif
