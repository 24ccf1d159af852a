/* SPDX-License-Identifier: MIT */
/* What workers and sinks ask of a pass: its progress, whether to return, and
   how its text is to be scanned. */
#include "scan/pass.h"

/* -------------------------------------------------------------- progress -- */

/* Returns the bytes of the file that are done with. Bytes read are more if
   workers read ahead, or read some of the file twice. */
static uint64_t bytes_done(const struct ng_pass *pass)
{
  switch (pass->plan.strategy) {
  case NG_STRATEGY_POINTS:
    return atomic_load(&pass->points_bytes);
  case NG_STRATEGY_STREAM:
    return atomic_load(&pass->stream.front);
  case NG_STRATEGY_EXTENTS:
    break;
  }
  return ng_source_bytes_read(pass->source);
}

void ng_pass_note(struct ng_pass *pass, size_t text_bytes)
{
  uint64_t done;

  atomic_fetch_add(&pass->request->text_bytes, text_bytes);
  if (pass->plan.workers > 1)
    return;
  done = bytes_done(pass);
  atomic_fetch_add(&pass->request->part_bytes, done - pass->noted_bytes);
  pass->noted_bytes = done;
}

int ng_pass_ask(void *context)
{
  const struct ng_pass *pass = context;

  return ng_request_tell(pass->request, pass->options,
                         pass->source ? ng_source_size(pass->source) : 0,
                         pass->plan.workers > 1 ? bytes_done(pass) : 0);
}

/* ------------------------------------------------------------------ stop -- */

bool ng_pass_must_pause(struct ng_pass *pass)
{
  return ng_control_must_stop(&pass->control) ||
         (!pass->control.has_workers && pass->sink->ops->has_output &&
          pass->sink->ops->has_output(pass->sink));
}

/* ------------------------------------------------------------------ scan -- */

static int32_t clamp_year(int64_t year)
{
  if (year < INT32_MIN)
    return INT32_MIN;
  return year > INT32_MAX ? INT32_MAX : (int32_t)year;
}

struct ng_scanner_options ng_pass_scanner_options(const struct ng_pass *pass)
{
  const struct ngram_count_options *options = pass->options;
  /* No row has a year below 0 or above 2^31-1, so a range can be clamped, but
     one that lies outside is empty. */
  bool none = options->year_from > INT32_MAX || options->year_to < 0;

  return (struct ng_scanner_options){
      .kernel = pass->plan.kernel,
      .layout = pass->layout,
      .skip_bad_rows = options->on_error != NGRAM_ON_ERROR_FAIL,
      .wide = options->year_from > 0 || options->year_to < INT32_MAX,
      .year_from = none ? 1 : clamp_year(options->year_from),
      .year_to = none ? 0 : clamp_year(options->year_to),
      .tokens = pass->plan.tokens,
  };
}
