/* SPDX-License-Identifier: MIT */
/*
 * Counts many files to one result.
 *
 * Threads: one, the caller's. Workers are made and joined here.
 */
#ifndef NG_TALLY_COUNT_FILES_H
#define NG_TALLY_COUNT_FILES_H

#include "scan/scan.h"
#include "store/files.h"
#include "tally/result.h"

/*
 * Count `files`, in the order of names, into `result`, which is empty.
 * `looked_at` has the identity and size of each, from before the call. All
 * arguments are borrowed.
 *
 * *has_moved tells whether a file had another identity when it was opened: the
 * result must not be kept in the cache then. request->has_bad_point tells
 * whether a seek point was wrong: the caller counts again without seek points.
 * If several files have errors, the one whose name comes first is reported.
 * After an error `result` is empty but for statistics.
 */
enum ngram_status ng_count_files(const struct ng_files *files,
                                 const struct ng_source_identity *looked_at,
                                 bool *has_moved, struct ng_request *request,
                                 struct ng_result *result,
                                 struct ngram_error *error);

#endif
