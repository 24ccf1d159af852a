/* SPDX-License-Identifier: MIT */
/*
 * Sorts all rows of a file by year.
 *
 * reading.c calls ng_rows_sort() when rows_file.c has set rows->must_sort: the
 * file is open, and nothing of it was read. A second reading of the same file,
 * without a filter, gives all rows, which are added to a struct ng_by_year
 * (by_year.c). The first reading waits meanwhile. Both must have opened the
 * same file in the same state.
 *
 * Memory: the two segments come from the budget of the first reading, and what
 * is left of the limit goes to the second one. The result is handed to
 * lookups.c by the caller.
 */
#include "rows/rows_sort.h"

#include "fault/fail.h"
#include "scan/stats.h"

/* Bounds of the bytes of a segment. Two are held at once, besides MORE_BYTES.
 */
#define SEGMENT_MAX ((size_t)8 << 20)
#define SEGMENT_MIN ((size_t)256 << 10)
#define MORE_BYTES ((uint64_t)256 << 10)
/* The lowest memory limit with room for both that and a pass. */
#define LIMIT_MIN (2 * (uint64_t)NGRAM_MEMORY_LIMIT_MIN)
/* Rows by year take about this times the bytes of a compressed file. */
#define GZ_GROWTH 4

/* The poll of the second reading: asks the host of the first. */
static int poll_request(void *context)
{
  struct ng_request *request = context;

  return ng_poll_now(&request->poll);
}

/* Open a second reading: all rows of the current file. */
static enum ngram_status open_all_rows(struct ngram_rows *rows,
                                       const struct ng_rows_sort_reader *reader,
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
  return reader->open(rows->files.paths[rows->file], &options, all,
                      &rows->error);
}

/* Whether two readings have the same file open in the same state. */
static bool is_same_file(const struct ngram_rows *a, const struct ngram_rows *b)
{
  struct ng_source_identity one;
  struct ng_source_identity other;

  return ng_source_identify(a->pass.source, &one) &&
         ng_source_identify(b->pass.source, &other) &&
         ng_source_is_same(&one, &other);
}

/* Estimate the bytes that the rows of a file will take by year. */
static uint64_t by_year_bytes(const struct ng_pass *pass)
{
  uint64_t size = ng_source_size(pass->source);

  return pass->plan.format == NG_PLAIN ? size : GZ_GROWTH * size;
}

/* Add all rows. Returns false if that failed: *status is that of the second
   reading, which may be NGRAM_OK. */
static bool add_rows(struct ngram_rows *rows,
                     const struct ng_rows_sort_reader *reader,
                     struct ngram_rows *all, struct ng_by_year *by_year,
                     enum ngram_status *status)
{
  struct ngram_row_batch batch = {.count = 1};
  enum ng_layout layout = NG_LAYOUT_2012;

  while (batch.count > 0) {
    layout = all->pass.layout;
    *status = ng_poll_asked(&rows->request.poll)
                  ? ng_fail_interrupted(&rows->error)
                  : reader->next(all, &batch, &rows->error);
    if (*status != NGRAM_OK || !ng_by_year_add(by_year, &batch))
      return false;
  }
  return ng_by_year_end(by_year, layout);
}

/* Close the second reading, and add to the statistics of the first what it held
   and wrote, and, if the sort succeeded, what it read. */
static void close_all_rows(struct ngram_rows *rows,
                           const struct ng_rows_sort_reader *reader,
                           struct ngram_rows *all,
                           const struct ng_by_year *by_year, bool good)
{
  struct ngram_scan_stats stats = {.words = 0};
  uint64_t held = atomic_load(&rows->budget.peak_bytes);

  reader->close(all, &stats);
  if (rows->stats.peak_bytes < stats.peak_bytes + held)
    rows->stats.peak_bytes = stats.peak_bytes + held;
  rows->stats.spilled_bytes += ng_by_year_file_bytes(by_year);
  if (good)
    ng_stats_add(&rows->stats, &stats);
}

/* Read all rows into `by_year`. As add_rows(). */
static bool sort_all_rows(struct ngram_rows *rows,
                          const struct ng_rows_sort_reader *reader,
                          struct ng_by_year *by_year, uint64_t memory_limit,
                          enum ngram_status *status)
{
  struct ngram_rows *all;
  bool good;

  *status = open_all_rows(rows, reader, memory_limit, &all);
  if (*status != NGRAM_OK)
    return false;
  good = is_same_file(rows, all) &&
         ng_by_year_has_room(by_year, by_year_bytes(&all->pass)) &&
         add_rows(rows, reader, all, by_year, status);
  close_all_rows(rows, reader, all, by_year, good);
  return good;
}

/* Returns the bytes of a segment: two take an eighth of the limit. */
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
                               const struct ng_rows_sort_reader *reader,
                               uint64_t room_bytes, struct ng_by_year **by_year,
                               bool *never)
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
  if (sort_all_rows(rows, reader, *by_year, limit, &status))
    return NGRAM_OK;
  *never = ng_by_year_is_odd(*by_year) ||
           (status != NGRAM_OK && status != NGRAM_NO_MEMORY);
  ng_by_year_release(*by_year);
  *by_year = NULL;
  return status == NGRAM_INTERRUPTED ? status : NGRAM_OK;
}
