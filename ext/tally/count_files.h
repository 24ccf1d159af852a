/* SPDX-License-Identifier: MIT */
/* Many files, counted together. */
#ifndef NG_TALLY_COUNT_FILES_H
#define NG_TALLY_COUNT_FILES_H

#include "scan/scan.h"
#include "store/files.h"
#include "tally/result.h"

/*
 * Count the files into a result that is empty; `looked_at` is what each was
 * when it was looked at, and tells its size. *has_moved: one that was opened is
 * another, so nothing is to be kept. After an error in some of them, the one
 * whose name comes first is told.
 */
enum ngram_status ng_count_files(const struct ng_files *files,
                                 const struct ng_source_identity *looked_at,
                                 bool *has_moved, struct ng_request *request,
                                 struct ng_result *result,
                                 struct ngram_error *error);

#endif
