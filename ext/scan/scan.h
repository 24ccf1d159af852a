/* SPDX-License-Identifier: MIT */
/*
 * The life of a pass, one pass over one file: open, plan, run (or set up and
 * let the caller run it), close.
 *
 * Threads: one, the caller's; those that work are made and joined here.
 */
#ifndef NG_SCAN_SCAN_H
#define NG_SCAN_SCAN_H

#include "scan/pass.h"

/* Make a pass for a sink, and open its file. `options` are borrowed: those of
   the request, but perhaps for threads, index and poll. To be closed, whatever
   is returned. */
enum ngram_status ng_scan_open(struct ng_pass *pass, const char *path,
                               struct ng_request *request, struct ng_sink *sink,
                               const struct ngram_count_options *options,
                               struct ngram_error *error);
void ng_scan_close(struct ng_pass *pass);

/* Plan an open pass. Call alone to validate the environment overrides. */
enum ngram_status ng_scan_plan(struct ng_pass *pass, bool use_points,
                               struct ngram_error *error);

/* Make a planned pass and its sink ready, but run nothing. */
enum ngram_status ng_scan_set_up(struct ng_pass *pass,
                                 struct ngram_error *error);

/*
 * Set up and run a planned pass. After an error the sink has had a part of the
 * text.
 *
 * *has_bad_point: seek points were used that are wrong; to be done again
 * without.
 */
enum ngram_status ng_scan_run(struct ng_pass *pass, bool *has_bad_point,
                              struct ngram_error *error);

/* Leave in the index what the pass has learned of the file's seek points. */
void ng_scan_update_index(struct ng_pass *pass);

#endif
