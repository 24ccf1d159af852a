/* SPDX-License-Identifier: MIT */
/*
 * The life of a pass:
 *
 *     ng_scan_open()    the file is open, and its format known
 *     ng_scan_plan()    pass->plan is made
 *     ng_scan_run()     the sink has had the text; all workers have ended
 *     ng_scan_close()
 *
 * A caller that takes rows while the pass runs calls ng_scan_set_up() in place
 * of ng_scan_run(), starts the workers itself, and calls ng_workers_end() and
 * ng_scan_update_index() after they have ended (scan/workers.h).
 *
 * Threads: all functions are called by one thread, the caller of the pass,
 * while no worker of the pass runs.
 */
#ifndef NG_SCAN_SCAN_H
#define NG_SCAN_SCAN_H

#include "scan/pass.h"

/* Make a pass for a sink, and open its file. All arguments are borrowed until
   the pass is closed. `options` are those of the request, or a copy with other
   threads, index or poll. The caller closes the pass, whatever is returned. */
enum ngram_status ng_scan_open(struct ng_pass *pass, const char *path,
                               struct ng_request *request, struct ng_sink *sink,
                               const struct ngram_count_options *options,
                               struct ngram_error *error);
void ng_scan_close(struct ng_pass *pass);

/* Plan an open pass. `use_points`: use seek points of the file, if the index
   has any. */
enum ngram_status ng_scan_plan(struct ng_pass *pass, bool use_points,
                               struct ngram_error *error);

/* Whether the environment overrides can be met, without a file. NGRAM_OK or
   NGRAM_BAD_ARGUMENT. */
enum ngram_status
ng_scan_check_overrides(const struct ngram_count_options *options,
                        struct ngram_error *error);

/* Prepare a planned pass, its workers and its sink, but run nothing. */
enum ngram_status ng_scan_set_up(struct ng_pass *pass,
                                 struct ngram_error *error);

/*
 * Set up and run a planned pass, and update the index. If it returns an error,
 * the sink may have had a part of the text.
 *
 * If *has_bad_point is set to true, a seek point was wrong. The status is then
 * NGRAM_BAD_INPUT, *error is not set, and the caller makes another pass without
 * points.
 */
enum ngram_status ng_scan_run(struct ng_pass *pass, bool *has_bad_point,
                              struct ngram_error *error);

/* Store in the index the seek points that the pass has found or, if one of
   those that it used was wrong, remove them. */
void ng_scan_update_index(struct ng_pass *pass);

#endif
