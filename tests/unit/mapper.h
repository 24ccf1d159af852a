/* SPDX-License-Identifier: MIT */
/* A worker that maps blocks, without a job that runs. */
#ifndef NG_TESTS_UNIT_MAPPER_H
#define NG_TESTS_UNIT_MAPPER_H

#include "engine/fold.h"
#include "engine/job.h"
#include "engine/map.h"
#include "unit/test.h"

/* As much of a job as a map needs. */
struct mapper {
  struct ngram_count_options options;
  struct ngram_error error;
  struct ng_budget budget;
  struct ng_count count;
  struct ng_job job;
  struct ng_worker worker;
  struct ng_feed feed;
};

/* All but the worker, which goes by what the job and its plan say. */
static inline void mapper_prepare(struct mapper *mapper, enum ng_layout layout,
                                  bool skip)
{
  memset(mapper, 0, sizeof *mapper);
  ngram_count_options_init(&mapper->options);
  mapper->options.on_error = skip ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL;
  ng_budget_init(&mapper->budget);
  mapper->job.options = &mapper->options;
  mapper->job.budget = &mapper->budget;
  mapper->job.count = &mapper->count;
  mapper->job.layout = layout;
  mapper->job.plan.kernel = ng_text_kernel_at(0);
  mapper->job.source = ng_source_from_memory("", 0);
  CHECK(ng_fold_init(&mapper->job.fold, "a.gz",
                     skip ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL,
                     &mapper->budget, &mapper->error));
}

static inline void mapper_start(struct mapper *mapper)
{
  CHECK(ng_worker_init(&mapper->worker, &mapper->job));
}

static inline void mapper_init(struct mapper *mapper, enum ng_layout layout,
                               bool skip)
{
  mapper_prepare(mapper, layout, skip);
  mapper_start(mapper);
}

/* Rows are wanted one by one, in all columns. */
static inline void mapper_feed(struct mapper *mapper)
{
  CHECK(ng_feed_init(&mapper->feed, &mapper->budget, 31));
  mapper->job.feed = &mapper->feed;
  mapper->job.fold.feed = &mapper->feed;
}

static inline void mapper_free(struct mapper *mapper)
{
  ng_worker_free(&mapper->worker);
  ng_fold_free(&mapper->job.fold);
  ng_source_close(mapper->job.source);
  if (mapper->job.feed)
    ng_feed_free(&mapper->feed);
  CHECK_EQ(mapper->budget.held_bytes, 0);
}

#endif
