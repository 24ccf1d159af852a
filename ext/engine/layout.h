/* SPDX-License-Identifier: MIT */
/*
 * Which layout do the rows of a file have? Its first line tells, and it has to
 * be known before any block is mapped.
 */
#ifndef NG_ENGINE_LAYOUT_H
#define NG_ENGINE_LAYOUT_H

#include "engine/job.h"

/* Read the first line of the job's file, once its plan is made, and set
   job->layout by it; then the source is to be rewound. What is wrong with the
   file is left for the scan to find. */
enum ngram_status ng_layout_find(struct ng_job *job, struct ngram_error *error);

#endif
