/* SPDX-License-Identifier: MIT */
/*
 * The rows come from the C API, as they would to anybody else: a second reading
 * of the file within the first one, which waits meanwhile.
 */
#include "rows/rows_sort.h"

#include "fault/fail.h"
#include "scan/stats.h"

/* A segment has so many bytes. Two are held at once, and some more beside. */
#define SEGMENT_MAX ((size_t)8 << 20)
#define SEGMENT_MIN ((size_t)256 << 10)
#define MORE_BYTES ((uint64_t)256 << 10)
/* Below this there is no room for both that and a scan. */
#define LIMIT_MIN (2 * (uint64_t)NGRAM_MEMORY_LIMIT_MIN)
/* By year, rows take so many times the bytes of a gz. */
#define GZ_GROWTH 4

/* The host of the reading of all rows: that of the rows that are asked for. */
static int poll_request(void *context)
{
  struct ng_request *request = context;

  return ng_poll_now(&request->poll);
}

/* The rows of the same file, all of them, as the question is about. */
static enum ngram_status open_all_rows(struct ngram_rows *rows,
                                       ng_rows_sort_open_fn *open,
                                       uint64_t memory_limit,
                                       struct ngram_rows **all)
{
  const struct ngram_count_options *from = &rows->question.options;
  struct ngram_rows_options options;

  ngram_rows_options_init(&options);
  options.threads = from->threads;
  options.on_error = from->on_error;
  options.index = from->index;
  options.root = from->root;
  options.memory_limit = memory_limit;
  options.poll = poll_request;
  options.poll_context = &rows->request;
  return open(rows->files.paths[rows->file], &options, all, &rows->error);
}

/* Whether the two of them read the same file in the same state. */
static bool is_same_file(const struct ngram_rows *a, const struct ngram_rows *b)
{
  struct ng_source_identity one;
  struct ng_source_identity other;

  return ng_source_identify(a->pass.source, &one) &&
         ng_source_identify(b->pass.source, &other) &&
         ng_source_is_same(&one, &other);
}

/* What the rows of a file will take by year, about. */
static uint64_t by_year_bytes(const struct ng_pass *pass)
{
  uint64_t size = ng_source_size(pass->source);

  return pass->plan.format == NG_PLAIN ? size : GZ_GROWTH * size;
}

/* Hand all rows over. False: not all of them, and *status is that of reading.
 */
static bool add_rows(struct ngram_rows *rows, struct ngram_rows *all,
                     struct ng_by_year *by_year, enum ngram_status *status)
{
  struct ngram_row_batch batch = {.count = 1};
  enum ng_layout layout = NG_LAYOUT_2012;

  while (batch.count > 0) {
    layout = all->pass.layout;
    *status = ng_poll_asked(&rows->request.poll)
                  ? ng_fail_interrupted(&rows->error)
                  : ngram_rows_next(all, &batch, &rows->error);
    if (*status != NGRAM_OK || !ng_by_year_add(by_year, &batch))
      return false;
  }
  return ng_by_year_end(by_year, layout);
}

/* Account for what was read and written with who asked, if it serves him. */
static void close_all_rows(struct ngram_rows *rows, struct ngram_rows *all,
                           const struct ng_by_year *by_year, bool good)
{
  struct ngram_scan_stats stats = {.words = 0};
  uint64_t held = atomic_load(&rows->budget.peak_bytes);

  ngram_rows_close(all, &stats);
  if (rows->stats.peak_bytes < stats.peak_bytes + held)
    rows->stats.peak_bytes = stats.peak_bytes + held;
  rows->stats.spilled_bytes += ng_by_year_file_bytes(by_year);
  if (good)
    ng_stats_add(&rows->stats, &stats);
}

/* Read all rows into `by_year`. False: not all of them. */
static bool sort_all_rows(struct ngram_rows *rows, ng_rows_sort_open_fn *open,
                          struct ng_by_year *by_year, uint64_t memory_limit,
                          enum ngram_status *status)
{
  struct ngram_rows *all;
  bool good;

  *status = open_all_rows(rows, open, memory_limit, &all);
  if (*status != NGRAM_OK)
    return false;
  good = is_same_file(rows, all) &&
         ng_by_year_has_room(by_year, by_year_bytes(&all->pass)) &&
         add_rows(rows, all, by_year, status);
  close_all_rows(rows, all, by_year, good);
  return good;
}

/* A segment, twice, is held beside what a scan holds. */
static size_t segment_bytes(uint64_t memory_limit)
{
  uint64_t bytes = memory_limit / 16;

  if (memory_limit == 0 || bytes > SEGMENT_MAX)
    return SEGMENT_MAX;
  return (size_t)(bytes > SEGMENT_MIN ? bytes : SEGMENT_MIN);
}

bool ng_rows_sort_fits(const struct ngram_rows *rows)
{
  uint64_t limit = rows->question.options.memory_limit;

  return limit == 0 || limit >= LIMIT_MIN;
}

enum ngram_status ng_rows_sort(struct ngram_rows *rows,
                               ng_rows_sort_open_fn *open, uint64_t room_bytes,
                               struct ng_by_year **by_year, bool *never)
{
  uint64_t used_bytes = ng_lookups_by_year_bytes(rows->memory.lookups);
  uint64_t limit = rows->question.options.memory_limit;
  size_t segment = segment_bytes(limit);
  enum ngram_status status;

  *never = false;
  *by_year = ng_by_year_new(&rows->budget, segment, room_bytes, used_bytes);
  if (!*by_year)
    return NGRAM_OK;
  if (limit > 0)
    limit -= 2 * segment + MORE_BYTES + room_bytes;
  if (sort_all_rows(rows, open, *by_year, limit, &status))
    return NGRAM_OK;
  *never = ng_by_year_is_odd(*by_year) ||
           (status != NGRAM_OK && status != NGRAM_NO_MEMORY);
  ng_by_year_release(*by_year);
  *by_year = NULL;
  return status == NGRAM_INTERRUPTED ? status : NGRAM_OK;
}
