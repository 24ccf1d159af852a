/* SPDX-License-Identifier: MIT */
/*
 * The life of a job, one pass over one file: open, plan, run (or set up and let
 * the caller run it), close.
 *
 * Threads: one, the caller's; those that work are made and joined here.
 */
#ifndef NG_ENGINE_COUNT_FILE_H
#define NG_ENGINE_COUNT_FILE_H

#include "engine/job.h"

/* Make a job for a sink, and open its file. `options` are borrowed: those of
   the request, but perhaps for threads, index and poll. To be closed, whatever
   is returned. */
enum ngram_status ng_job_open(struct ng_job *job, const char *path,
                              struct ng_request *request, struct ng_sink *sink,
                              const struct ngram_count_options *options,
                              struct ngram_error *error);
void ng_job_close(struct ng_job *job);

/* Plan an open job. Call alone to validate the environment overrides. */
enum ngram_status ng_job_plan(struct ng_job *job, bool use_points,
                              struct ngram_error *error);

/* Make a planned job and its sink ready, but run nothing. */
enum ngram_status ng_job_set_up(struct ng_job *job, struct ngram_error *error);

/*
 * Set up and run a planned job. After an error the sink has had a part of the
 * text.
 *
 * *misled: seek points were used that are wrong; to be done again without.
 */
enum ngram_status ng_job_run(struct ng_job *job, bool *misled,
                             struct ngram_error *error);

/* Leave in the index what the pass has learned of the file's seek points. */
void ng_job_update_index(struct ng_job *job);

#endif
