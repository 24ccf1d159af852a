/* SPDX-License-Identifier: MIT */
/*
 * The rows come from the C API, as they would to anybody else: a second reading
 * of the file within the first one, which waits meanwhile.
 */
#include "engine/rows_sort.h"

#include "engine/fault.h"

/* A segment has so many bytes. Two are held at once, and some more beside. */
#define SEGMENT_MAX ((size_t)8 << 20)
#define SEGMENT_MIN ((size_t)256 << 10)
#define MORE_BYTES ((uint64_t)256 << 10)
/* Below this there is no room for both that and a scan. */
#define LIMIT_MIN (2 * (uint64_t)NGRAM_MEMORY_LIMIT_MIN)
/* By year, rows take so many times the bytes of a gz. */
#define GZ_GROWTH 4

/* The rows of the same file, all of them, as the question is about. */
static enum ngram_status open_all_rows(struct ngram_rows *rows,
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
  options.poll = from->poll;
  options.poll_context = from->poll_context;
  return ngram_rows_open(rows->files.paths[rows->file], &options, all,
                         &rows->error);
}

/* Whether the two of them read the same file in the same state. */
static bool is_same_file(const struct ngram_rows *a, const struct ngram_rows *b)
{
  struct ng_source_identity one;
  struct ng_source_identity other;

  return ng_source_identify(a->job.source, &one) &&
         ng_source_identify(b->job.source, &other) &&
         ng_source_is_same(&one, &other);
}

/* What the rows of a file will take by year, about. */
static uint64_t by_year_bytes(const struct ng_job *job)
{
  uint64_t size = ng_source_size(job->source);

  return job->plan.format == NG_PLAIN ? size : GZ_GROWTH * size;
}

/* Read all rows into `by_year`. *good: it has them. */
static enum ngram_status sort_all_rows(struct ngram_rows *rows,
                                       struct ng_by_year *by_year,
                                       uint64_t memory_limit, bool *good)
{
  struct ngram_row_batch batch = {.count = 1};
  enum ng_layout layout = NG_LAYOUT_2012;
  struct ngram_rows *all;
  enum ngram_status status = open_all_rows(rows, memory_limit, &all);

  *good = status == NGRAM_OK && is_same_file(rows, all) &&
          ng_by_year_has_room(by_year, by_year_bytes(&all->job));
  while (*good && batch.count > 0) {
    layout = all->job.layout;
    status = ng_count_poll(&rows->count)
                 ? ngram_rows_next(all, &batch, &rows->error)
                 : ng_fail_interrupted(&rows->error);
    *good = status == NGRAM_OK && ng_by_year_add(by_year, &batch);
  }
  ngram_rows_close(all, NULL);
  *good = *good && ng_by_year_end(by_year, layout);
  return status;
}

/* A segment, twice, is held beside what a scan holds. */
static size_t segment_bytes(uint64_t memory_limit)
{
  uint64_t bytes = memory_limit / 16;

  if (memory_limit == 0 || bytes > SEGMENT_MAX)
    return SEGMENT_MAX;
  return (size_t)(bytes > SEGMENT_MIN ? bytes : SEGMENT_MIN);
}

bool ng_rows_sort(struct ngram_rows *rows, uint64_t room_bytes,
                  struct ng_by_year **by_year)
{
  uint64_t limit = rows->question.options.memory_limit;
  size_t segment = segment_bytes(limit);
  enum ngram_status status;
  bool good;

  *by_year = NULL;
  if (limit > 0 && limit < LIMIT_MIN)
    return true;
  *by_year = ng_by_year_new(&rows->budget, segment, room_bytes);
  if (!*by_year)
    return true;
  if (limit > 0)
    limit -= 2 * segment + MORE_BYTES;
  status = sort_all_rows(rows, *by_year, limit, &good);
  if (!good) {
    ng_by_year_release(*by_year);
    *by_year = NULL;
  }
  return status != NGRAM_INTERRUPTED;
}
