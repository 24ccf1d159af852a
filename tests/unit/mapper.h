/* SPDX-License-Identifier: MIT */
/*
 * A worker that maps blocks, of a pass that does not run: it has no file and no
 * plan but what a test sets. Its sink is a tally or, after mapper_queue_rows(),
 * a row queue.
 *
 * mapper_init() and mapper_free(); or mapper_prepare(), changes to mapper.pass,
 * mapper_start(), mapper_free().
 */
#ifndef NG_TESTS_UNIT_MAPPER_H
#define NG_TESTS_UNIT_MAPPER_H

#include "rows/row_queue.h"
#include "scan/commit.h"
#include "scan/map.h"
#include "scan/pass.h"
#include "scan/workers.h"
#include "tally/tally.h"
#include "unit/test.h"

struct mapper {
  struct ngram_count_options options;
  struct ngram_error error;
  struct ng_budget budget;
  struct ng_request request;
  struct ng_pass pass;
  struct ng_worker worker;
  struct ng_table table;
  struct ng_tally tally;
  struct ng_row_queue queue;
  bool queues_rows;
};

/* Prepare all but the worker and the sink, which depend on the plan. */
static inline void mapper_prepare(struct mapper *mapper, enum ng_layout layout,
                                  bool skip)
{
  memset(mapper, 0, sizeof *mapper);
  ngram_count_options_init(&mapper->options);
  mapper->options.on_error = skip ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL;
  ng_budget_init(&mapper->budget);
  mapper->pass.options = &mapper->options;
  mapper->pass.budget = &mapper->budget;
  mapper->pass.request = &mapper->request;
  mapper->pass.layout = layout;
  mapper->pass.plan.kernel = ng_text_kernel_at(0);
  mapper->pass.source = ng_source_from_memory("", 0);
  ng_control_init(&mapper->pass.control, NULL, NULL);
  ng_table_init(&mapper->table, &mapper->budget, false);
  ng_tally_init(&mapper->tally);
  mapper->tally.tables = &mapper->table;
  mapper->pass.sink = &mapper->tally.sink;
  ng_commit_init(&mapper->pass.commit, "a.gz", mapper->pass.sink,
                 skip ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL,
                 &mapper->budget, &mapper->error);
}

static inline void mapper_start(struct mapper *mapper)
{
  mapper->pass.plan.workers = 1;
  mapper->pass.commit.tokens = mapper->pass.plan.tokens;
  CHECK(ng_worker_init(&mapper->worker, &mapper->pass, 0));
  CHECK(mapper->pass.sink->ops->begin(mapper->pass.sink, &mapper->pass));
}

static inline void mapper_init(struct mapper *mapper, enum ng_layout layout,
                               bool skip)
{
  mapper_prepare(mapper, layout, skip);
  mapper_start(mapper);
}

/* Replace the sink by a row queue of all columns. */
static inline void mapper_queue_rows(struct mapper *mapper)
{
  CHECK(ng_row_queue_init(&mapper->queue, &mapper->budget, 31));
  mapper->pass.sink = mapper->pass.commit.sink = &mapper->queue.sink;
  mapper->queues_rows = true;
  CHECK(mapper->queue.sink.ops->begin(&mapper->queue.sink, &mapper->pass));
}

static inline void mapper_free(struct mapper *mapper)
{
  ng_worker_free(&mapper->worker);
  ng_tally_free(&mapper->tally);
  if (mapper->queues_rows)
    ng_row_queue_free(&mapper->queue);
  ng_table_free(&mapper->table);
  ng_commit_free(&mapper->pass.commit);
  ng_control_free(&mapper->pass.control);
  ng_source_close(mapper->pass.source);
  CHECK_EQ(mapper->budget.held_bytes, 0);
}

#endif
