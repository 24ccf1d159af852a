/* SPDX-License-Identifier: MIT */
/* How a job runs: workers, barrier and the waiting caller. */
#ifndef NG_ENGINE_RUN_H
#define NG_ENGINE_RUN_H

#include "engine/job.h"
#include "ngram.h"

/* Run the job: NGRAM_OK and all tables reduced, or an error in `error`. */
enum ngram_status ng_run(struct ng_job *job, struct ngram_error *error);

/* For who runs the workers himself: what a worker does until all is mapped or
   the job stops. In a job that runs in the caller, it comes back when there are
   rows to be taken, and can be called again. */
void ng_run_map(struct ng_worker *worker);

/* The workers are gone: how did it end? */
enum ngram_status ng_run_end(struct ng_job *job, struct ngram_error *error);

#endif
