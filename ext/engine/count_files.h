/* SPDX-License-Identifier: MIT */
/* Many files, counted together. */
#ifndef NG_ENGINE_COUNT_FILES_H
#define NG_ENGINE_COUNT_FILES_H

#include "engine/cache.h"
#include "engine/count_file.h"
#include "engine/files.h"
#include "engine/result.h"

/*
 * Count the files into a result that is empty; key->files are what they were
 * when they were looked at, and tell their sizes. If one that was opened is
 * another, the key has no files behind this: nothing is to be kept. After an
 * error in some of them, the one whose name comes first is told. *misled: as
 * with ng_job_run().
 */
enum ngram_status ng_count_files(const struct ng_files *files,
                                 struct ng_cache_key *key,
                                 struct ng_request *request,
                                 struct ng_result *result, bool use_points,
                                 bool *misled, struct ngram_error *error);

#endif
