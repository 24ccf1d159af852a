/* SPDX-License-Identifier: MIT */
/* How a job runs: workers, barrier and the waiting caller. */
#ifndef NG_ENGINE_RUN_H
#define NG_ENGINE_RUN_H

#include "engine/job.h"
#include "ngram.h"

/* Run the job: NGRAM_OK and all tables reduced, or an error in `error`. */
enum ngram_status ng_run(struct ng_job *job, struct ngram_error *error);

#endif
