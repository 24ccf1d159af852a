/* SPDX-License-Identifier: MIT */
/*
 * The life of a job, the count of one file.
 */
#ifndef NG_ENGINE_COUNT_FILE_H
#define NG_ENGINE_COUNT_FILE_H

#include "engine/job.h"
#include "engine/result.h"

/*
 * Ready what the jobs of a count share, for these options, which are borrowed
 * as `budget` is. What the words that are asked for take, here and earlier, may
 * be a quarter of the limit; their memory_limit becomes what is left of it.
 * NGRAM_OK, NGRAM_NO_MEMORY, NGRAM_INTERRUPTED; free it all the same.
 */
enum ngram_status ng_count_init(struct ng_count *count,
                                struct ngram_count_options *options,
                                struct ng_budget *budget,
                                struct ngram_error *error);
void ng_count_free(struct ng_count *count);

/* The files of a pattern are opened one by one, over a while: have those of a
   relative one opened from where the process is now. */
void ng_count_stay(struct ng_count *count, const char *pattern);

/* Memory ran out: if it is the budget's limit that did it, say so. */
void ng_explain_limit(const struct ng_budget *budget,
                      struct ngram_error *error);

/* Make a job and open its file. `options` are borrowed: those of the count, but
   perhaps for threads, index and poll. To be closed, whatever is returned. */
enum ngram_status ng_job_open(struct ng_job *job, const char *path,
                              struct ng_count *count,
                              const struct ngram_count_options *options,
                              struct ngram_error *error);
void ng_job_close(struct ng_job *job);

/* Plan an open job and make its workers ready, but run nothing. */
enum ngram_status ng_job_set_up(struct ng_job *job, bool use_points,
                                struct ngram_error *error);

/* Ready a planned job, of rows in this layout, for one worker who reads here
   and there, in the calling thread. False: no memory. */
bool ng_job_set_up_one(struct ng_job *job, enum ng_layout layout);

/* Leave in the index what the scan has learned of the file's seek points. */
void ng_job_update_index(struct ng_job *job);

/* Plan the job. Of use by itself to see that wishes can be met, or before
   ng_job_set_up_one(). */
enum ngram_status ng_job_plan(struct ng_job *job, bool use_points,
                              struct ngram_error *error);

/*
 * Plan and run an open job. `lent` NULL: map and reduce. Else map alone, into
 * these tables, one for each worker, of which there are no more than
 * options.threads; after an error they hold a part.
 *
 * *misled: seek points were used that are wrong; to be done again without.
 */
enum ngram_status ng_job_run(struct ng_job *job, struct ng_table *lent,
                             bool use_points, bool *misled,
                             struct ngram_error *error);

/* Make a job without a file that reduces tables, and run it. It takes the
   tables over: `tables` are empty behind this. To be closed, whatever is
   returned. */
enum ngram_status ng_job_reduce(struct ng_job *job, struct ng_count *count,
                                struct ng_table *tables, unsigned table_count,
                                struct ngram_error *error);

/* How a job went, times and peak of the whole aside. */
void ng_job_fill_stats(const struct ng_job *job,
                       struct ngram_scan_stats *stats);

/* Add how one file went to how others did. */
void ng_stats_add(struct ngram_scan_stats *into,
                  const struct ngram_scan_stats *from);

/* Hand what a job has reduced over to a result that is empty. */
enum ngram_status ng_job_finish(struct ng_job *job, struct ng_result *result,
                                struct ngram_error *error);

#endif
