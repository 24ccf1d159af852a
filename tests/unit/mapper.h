/* SPDX-License-Identifier: MIT */
/* A worker that maps blocks, without a job that runs. */
#ifndef NG_TESTS_UNIT_MAPPER_H
#define NG_TESTS_UNIT_MAPPER_H

#include "engine/feed.h"
#include "engine/fold.h"
#include "engine/job.h"
#include "engine/map.h"
#include "engine/run.h"
#include "engine/tally.h"
#include "unit/test.h"

/* As much of a job as a map needs. */
struct mapper {
  struct ngram_count_options options;
  struct ngram_error error;
  struct ng_budget budget;
  struct ng_request request;
  struct ng_job job;
  struct ng_worker worker;
  struct ng_table table;
  struct ng_tally tally;
  struct ng_feed feed;
  bool feeds;
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
  mapper->job.request = &mapper->request;
  mapper->job.layout = layout;
  mapper->job.plan.kernel = ng_text_kernel_at(0);
  mapper->job.source = ng_source_from_memory("", 0);
  ng_control_init(&mapper->job.control, NULL, NULL);
  ng_table_init(&mapper->table, &mapper->budget, false);
  ng_tally_init(&mapper->tally);
  mapper->tally.tables = &mapper->table;
  mapper->job.sink = &mapper->tally.sink;
  CHECK(ng_fold_init(&mapper->job.fold, "a.gz", mapper->job.sink,
                     skip ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL,
                     &mapper->budget, &mapper->error));
}

static inline void mapper_start(struct mapper *mapper)
{
  mapper->job.plan.workers = 1;
  mapper->job.fold.tokens = mapper->job.plan.tokens;
  CHECK(ng_worker_init(&mapper->worker, &mapper->job, 0));
  CHECK(mapper->job.sink->ops->begin(mapper->job.sink, &mapper->job));
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
  mapper->job.sink = mapper->job.fold.sink = &mapper->feed.sink;
  mapper->feeds = true;
  CHECK(mapper->feed.sink.ops->begin(&mapper->feed.sink, &mapper->job));
}

static inline void mapper_free(struct mapper *mapper)
{
  ng_worker_free(&mapper->worker);
  ng_tally_free(&mapper->tally);
  if (mapper->feeds)
    ng_feed_free(&mapper->feed);
  ng_table_free(&mapper->table);
  ng_fold_free(&mapper->job.fold);
  ng_control_free(&mapper->job.control);
  ng_source_close(mapper->job.source);
  CHECK_EQ(mapper->budget.held_bytes, 0);
}

#endif
