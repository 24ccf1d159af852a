/* SPDX-License-Identifier: MIT */
/* How a job runs: its workers, and how they ended. */
#ifndef NG_ENGINE_RUN_H
#define NG_ENGINE_RUN_H

#include "engine/job.h"
#include "ngram.h"

/* Make worker `number` of a planned job ready. False: no memory; free it all
   the same. */
bool ng_worker_init(struct ng_worker *worker, struct ng_job *job,
                    unsigned number);
void ng_worker_free(struct ng_worker *worker);

/* Run a job that is set up: NGRAM_OK and the sink has all of the text, or an
   error in `error`. */
enum ngram_status ng_run(struct ng_job *job, struct ngram_error *error);

/* For a caller that runs the workers itself: what a worker does until all is
   mapped or the job stops. In the caller's thread, it comes back when the sink
   has output, and can be called again. */
void ng_run_map(struct ng_worker *worker);

/* The workers are gone: how did it end? */
enum ngram_status ng_run_end(struct ng_job *job, struct ngram_error *error);

#endif
