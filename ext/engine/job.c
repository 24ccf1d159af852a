/* SPDX-License-Identifier: MIT */
/*
 * What workers and sinks ask of a job: how far it is, whether to go on, and how
 * its text is to be scanned.
 */
#include "engine/job.h"

/* -------------------------------------------------------------- progress -- */

/* Bytes of the file that are done with. What was read is more, where workers
   read ahead, or some of it twice. */
static uint64_t bytes_done(const struct ng_job *job)
{
  switch (job->plan.way) {
  case NG_WAY_POINTS:
    return atomic_load(&job->points_bytes);
  case NG_WAY_STREAM:
    return atomic_load(&job->stream.front);
  case NG_WAY_EXTENTS:
    break;
  }
  return ng_source_bytes_read(job->source);
}

void ng_job_note(struct ng_job *job, size_t text_bytes)
{
  uint64_t done;

  atomic_fetch_add(&job->request->text_bytes, text_bytes);
  if (job->plan.workers > 1)
    return;
  done = bytes_done(job);
  atomic_fetch_add(&job->request->part_bytes, done - job->noted_bytes);
  job->noted_bytes = done;
}

int ng_job_ask(void *context)
{
  const struct ng_job *job = context;

  return ng_request_tell(job->request, job->options,
                         job->source ? ng_source_size(job->source) : 0,
                         job->plan.workers > 1 ? bytes_done(job) : 0);
}

/* ------------------------------------------------------------------ stop -- */

bool ng_job_must_pause(struct ng_job *job)
{
  return ng_control_must_stop(&job->control) ||
         (!job->control.has_workers && job->sink->ops->has_output &&
          job->sink->ops->has_output(job->sink));
}

/* ------------------------------------------------------------------ scan -- */

static int32_t clamp_year(int64_t year)
{
  if (year < INT32_MIN)
    return INT32_MIN;
  return year > INT32_MAX ? INT32_MAX : (int32_t)year;
}

struct ng_scanner_options ng_job_scan_options(const struct ng_job *job)
{
  const struct ngram_count_options *options = job->options;
  /* No year is below 0 or past 2^31-1, so clamping changes no answer, but for
     a range that lies outside: that one is empty. */
  bool none = options->year_from > INT32_MAX || options->year_to < 0;

  return (struct ng_scanner_options){
      .kernel = job->plan.kernel,
      .layout = job->layout,
      .skip_bad_rows = options->on_error != NGRAM_ON_ERROR_FAIL,
      .wide = options->year_from > 0 || options->year_to < INT32_MAX,
      .year_from = none ? 1 : clamp_year(options->year_from),
      .year_to = none ? 0 : clamp_year(options->year_to),
      .tokens = job->plan.tokens,
  };
}
