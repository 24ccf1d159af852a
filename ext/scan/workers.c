/* SPDX-License-Identifier: MIT */
/*
 * A worker follows the strategy of the plan until no text of the file is left.
 * Each worker has a thread of its own; with one worker, or if the system gives
 * no thread, the caller of the pass works in its own.
 *
 * ng_scan_run() calls ng_workers_run(). rows/rows_file.c, whose caller takes
 * rows while workers run, starts threads itself; each calls ng_workers_map().
 *
 * The pass owns the array of workers. Each worker owns the decoders that its
 * strategy needs, and only it writes its seconds.
 */
#include "scan/workers.h"

#include "fault/fail.h"
#include "scan/map.h"
#include "scan/points.h"
#include "scan/stream.h"

bool ng_worker_init(struct ng_worker *worker, struct ng_pass *pass,
                    unsigned number)
{
  worker->pass = pass;
  worker->number = number;
  if (pass->plan.cuts_members &&
      !ng_bgzf_init(&worker->bgzf, pass->plan.decoder, pass->budget))
    return false;
  return !pass->plan.speculates ||
         ng_speculative_context_init(&worker->speculative, pass->source,
                                     pass->zip, pass->budget);
}

void ng_worker_free(struct ng_worker *worker)
{
  ng_bgzf_free(&worker->bgzf);
  ng_speculative_context_free(&worker->speculative, worker->pass->budget);
}

void ng_workers_map(struct ng_worker *worker)
{
  struct ng_pass *pass = worker->pass;

  switch (pass->plan.strategy) {
  case NG_STRATEGY_EXTENTS:
    ng_map_extents(worker);
    break;
  case NG_STRATEGY_POINTS:
    ng_points_work(worker);
    break;
  case NG_STRATEGY_STREAM:
    ng_stream_work(&pass->stream, worker);
    break;
  }
}

static void *work(void *member)
{
  struct ng_worker *worker = member;
  struct ng_sink *sink = worker->pass->sink;

  ng_workers_map(worker);
  if (sink->ops->finish)
    sink->ops->finish(sink, worker->number);
  ng_control_end(&worker->pass->control);
  return NULL;
}

/* ---------------------------------------------------------------- caller -- */

/* Returns the one reason for an end without result, or NGRAM_OK. */
static enum ngram_status find_status(struct ng_pass *pass,
                                     struct ngram_error *error)
{
  enum ngram_status failed = pass->control.status;
  /* A read, or a table that grows, fails when it is told to stop. Then it is
     not the reason. */
  bool cancelled =
      (pass->commit.status == NGRAM_INTERRUPTED && failed != NGRAM_OK) ||
      (pass->commit.status == NGRAM_NO_MEMORY && failed == NGRAM_INTERRUPTED);

  if (pass->commit.status != NGRAM_OK && !cancelled)
    return pass->commit.status; /* *error has been filled in */
  switch (failed) {
  case NGRAM_OK:
    if (!pass->commit.complete) /* never return a part of the text as all */
      return ng_fail(error, NGRAM_BAD_INPUT, "%s: not read to its end",
                     pass->path);
    break;
  case NGRAM_INTERRUPTED:
    return ng_fail_interrupted(error);
  default:
    return ng_fail_memory(error);
  }
  return NGRAM_OK;
}

enum ngram_status ng_workers_end(struct ng_pass *pass,
                                 struct ngram_error *error)
{
  enum ngram_status status = find_status(pass, error);

  if ((status == NGRAM_OK || status == NGRAM_BAD_INPUT) &&
      ng_source_has_changed(pass->source))
    return ng_fail_changed(error, pass->path);
  return status;
}

enum ngram_status ng_workers_run(struct ng_pass *pass,
                                 struct ngram_error *error)
{
  pass->worker_count = ng_control_run(&pass->control, pass->plan.workers, work,
                                      pass->workers, sizeof *pass->workers);
  return ng_workers_end(pass, error);
}
