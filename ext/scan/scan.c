/* SPDX-License-Identifier: MIT */
/*
 * A pass is opened, planned, set up, run (scan/workers.c) and closed, in this
 * order, by one thread: that of api/counts.c, rows/rows_file.c, or a reader of
 * tally/count_files.c. The struct belongs to that caller, as do sink, request
 * and options; ng_scan_close() frees all that the pass has made, after any
 * error and at any stage.
 *
 *   - open: init control, monitor and commit; open the file, read its first
 *     bytes, find its format.
 *   - plan: read the directory of a zip archive, look for seek points in the
 *     index, make the plan from facts and environment.
 *   - set up: find the layout, rewind, make the pool and the workers, call
 *     sink->begin(), prepare the strategy.
 *   - run: run the workers, update the index.
 */
#include "scan/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "fault/fail.h"
#include "scan/layout.h"
#include "scan/map.h"
#include "scan/points.h"
#include "scan/stream.h"
#include "scan/workers.h"
#include "store/index.h"
#include "store/root.h"

/* ---------------------------------------------------------------- set-up -- */

/* Open the file, and read the first bytes to find its format. */
static enum ngram_status open_source(struct ng_pass *pass,
                                     struct ngram_error *error)
{
  const struct ngram_root *root = pass->options->root;
  int system_error =
      root
          ? ng_root_open_source(root, pass->path, &pass->source)
          : ng_source_open_at(pass->request->stays ? pass->request->folder : -1,
                              pass->path, &pass->source);
  struct ng_gzip_block head;

  if (system_error)
    return ng_fail_open(error, pass->path, system_error);
  ng_source_stop_by(pass->source, &pass->control.stopper);
  ng_source_keep(pass->source); /* until ng_layout_find() has read */
  pass->format = ng_reader_find_format(pass->source, &head);
  pass->is_tiny = head.last;
  return head.fault.kind == NG_GZIP_OK
             ? NGRAM_OK
             : ng_fail_gzip(error, pass->path, &head.fault);
}

/* Read the directory of a zip archive; all readers of the pass share it. */
static enum ngram_status read_directory(struct ng_pass *pass,
                                        struct ngram_error *error)
{
  struct ng_gzip_fault fault;

  pass->zip =
      ng_zip_open(pass->source, pass->budget, &pass->control.stopper, &fault);
  if (pass->zip)
    return NGRAM_OK;
  if (fault.kind != NG_GZIP_READ_FAILED && ng_source_has_changed(pass->source))
    return ng_fail_changed(error, pass->path);
  return ng_fail_gzip(error, pass->path, &fault);
}

/* Look for seek points in the index. A pass whose sink keeps blocks may last
   while other calls use the index, so it takes the points out. */
static void find_points(struct ng_pass *pass)
{
  struct ngram_index *index = pass->options->index;

  if (!pass->sink->ops->keeps_blocks)
    pass->points = ng_index_find(index, pass->source, pass->full_path);
  else if (ng_index_take(index, pass->source, pass->full_path, &pass->taken))
    pass->points = &pass->taken;
}

/* What is known without a file. */
static struct ng_plan_facts facts_of_machine(void)
{
  return (struct ng_plan_facts){
      .cpus = ng_cpu_count(),
      .cpu_features = ng_cpu_features(),
      .decoder_override = getenv("NGRAM_DECODER"),
      .kernel_override = getenv("NGRAM_KERNEL"),
      .ahead_override = getenv("NGRAM_AHEAD"),
      .stretch_override = getenv("NGRAM_STRETCH"),
  };
}

enum ngram_status
ng_scan_check_overrides(const struct ngram_count_options *options,
                        struct ngram_error *error)
{
  const struct ng_plan_facts facts = facts_of_machine();
  struct ng_plan plan;

  return ng_plan_make(&plan, options, &facts, error);
}

enum ngram_status ng_scan_plan(struct ng_pass *pass, bool use_points,
                               struct ngram_error *error)
{
  struct ng_plan_facts facts = facts_of_machine();

  facts.format = pass->format;
  facts.forward_only = ng_source_is_forward_only(pass->source);
  facts.file_bytes = ng_source_size(pass->source);
  facts.is_tiny = pass->is_tiny;
  if (facts.format == NG_ZIP) {
    enum ngram_status status = read_directory(pass, error);

    if (status != NGRAM_OK)
      return status;
  }
  if (ng_plan_format_has_points(facts.format) && pass->options->index &&
      use_points)
    find_points(pass);
  facts.has_points = pass->points != NULL;
  facts.gives_rows = pass->sink->ops->keeps_blocks;
  return ng_plan_make(&pass->plan, pass->options, &facts, error);
}

static bool make_workers(struct ng_pass *pass)
{
  unsigned count = pass->plan.workers;

  pass->workers = calloc(count, sizeof *pass->workers);
  for (unsigned i = 0; pass->workers && i < count; i++)
    if (!ng_worker_init(&pass->workers[i], pass, i))
      return false;
  return pass->workers && pass->sink->ops->begin(pass->sink, pass);
}

enum ngram_status ng_scan_set_up(struct ng_pass *pass,
                                 struct ngram_error *error)
{
  enum ngram_status status = ng_layout_find(pass, error);

  if (status != NGRAM_OK)
    return status;
  pass->commit.tokens = pass->plan.tokens;
  ng_source_rewind(pass->source);
  ng_pool_init(&pass->stream.pool, pass->budget, &pass->plan);
  if (!make_workers(pass) ||
      (pass->plan.strategy == NG_STRATEGY_STREAM &&
       !ng_stream_init(&pass->stream, pass)) ||
      (pass->plan.strategy == NG_STRATEGY_POINTS && !ng_points_init(pass)))
    return ng_fail_memory(error);
  return NGRAM_OK;
}

enum ngram_status ng_scan_open(struct ng_pass *pass, const char *path,
                               struct ng_request *request, struct ng_sink *sink,
                               const struct ngram_count_options *options,
                               struct ngram_error *error)
{
  memset(pass, 0, sizeof *pass);
  pass->path = path;
  pass->options = options;
  pass->request = request;
  pass->sink = sink;
  pass->budget = request->budget;
  ng_control_init(&pass->control, ng_pass_ask, pass);
  pass->control.monitor = &pass->stream.monitor;
  ng_monitor_init(&pass->stream.monitor);
  ng_commit_init(&pass->commit, path, sink, options->on_error, pass->budget,
                 error);
  pass->commit.stop = &pass->control.stop;
  pass->full_path = ng_root_full_path(options->root, path);
  if (!pass->full_path)
    return ng_fail_memory(error);
  return open_source(pass, error);
}

static void give_points_back(struct ng_pass *pass)
{
  if (pass->taken.count > 0 && !pass->commit.has_bad_point)
    ng_index_put_back(pass->options->index, pass->source, &pass->taken);
  else
    ng_seek_points_free(&pass->taken);
}

void ng_scan_close(struct ng_pass *pass)
{
  for (unsigned i = 0; pass->workers && i < pass->plan.workers; i++)
    if (pass->workers[i].pass)
      ng_worker_free(&pass->workers[i]);
  atomic_fetch_sub(&pass->request->part_bytes, pass->noted_bytes);
  free(pass->workers);
  free(pass->full_path);
  free(pass->stretch_numbers);
  ng_stream_free(&pass->stream, pass);
  give_points_back(pass);
  ng_commit_free(&pass->commit);
  ng_zip_close(pass->zip);
  ng_source_close(pass->source);
  ng_control_free(&pass->control);
  ng_monitor_free(&pass->stream.monitor);
}

/* ------------------------------------------------------------------- run -- */

void ng_scan_update_index(struct ng_pass *pass)
{
  struct ngram_index *index = pass->options->index;

  if (pass->commit.has_bad_point)
    ng_index_forget(index, pass->source, pass->full_path);
  else if (pass->commit.complete && !pass->commit.salvaged &&
           pass->stream.collects)
    ng_index_keep(index, pass->source, pass->full_path, &pass->stream.points);
}

enum ngram_status ng_scan_run(struct ng_pass *pass, bool *has_bad_point,
                              struct ngram_error *error)
{
  enum ngram_status status = ng_scan_set_up(pass, error);

  if (status == NGRAM_OK)
    status = ng_workers_run(pass, error);
  *has_bad_point = status == NGRAM_BAD_INPUT && pass->commit.has_bad_point;
  if (*has_bad_point && pass->control.status == NGRAM_INTERRUPTED) {
    *has_bad_point = false;
    status = ng_fail_interrupted(error);
  }
  if (status == NGRAM_OK || *has_bad_point)
    ng_scan_update_index(pass);
  return status;
}
