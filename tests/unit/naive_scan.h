/* SPDX-License-Identifier: MIT */
/*
 * The scanner once more, a line at a time and without haste: the reference
 * for ng_scan(). What a good line is, ng_line_open() says; that has tests of
 * its own.
 */
#ifndef NG_TESTS_UNIT_NAIVE_SCAN_H
#define NG_TESTS_UNIT_NAIVE_SCAN_H

#include "text/scan.h"
#include "unit/bytes.h"

struct run_list {
  struct bytes runs; /* struct ng_run */
};

static inline size_t run_count(const struct run_list *list)
{
  return list->runs.size / sizeof(struct ng_run);
}

static inline struct ng_run *run_at(const struct run_list *list, size_t index)
{
  return (struct ng_run *)(void *)list->runs.data + index;
}

/* A put_run function; the context is a struct run_list. */
static inline bool run_append(void *context, const struct ng_run *run)
{
  struct run_list *list = context;

  bytes_add(&list->runs, run, sizeof *run);
  return true;
}

/* At most 2^63, which stands for all that is more. */
static inline uint64_t naive_sum(uint64_t a, uint64_t b)
{
  uint64_t limit = UINT64_C(1) << 63;

  return a >= limit || b >= limit || a + b >= limit ? limit : a + b;
}

static inline bool naive_is_run_of(const struct run_list *list,
                                   const struct ng_row *row)
{
  const struct ng_run *last;

  if (run_count(list) == 0)
    return false;
  last = run_at(list, run_count(list) - 1);
  return last->length == row->word_length &&
         memcmp(last->word, row->word, row->word_length) == 0;
}

static inline void naive_add_row(struct run_list *list,
                                 const struct ng_scan_options *options,
                                 const struct ng_row *row)
{
  struct ng_run *run;

  if (!naive_is_run_of(list, row)) {
    struct ng_run begun = {.word = row->word, .length = row->word_length};

    bytes_add(&list->runs, &begun, sizeof begun);
  }
  run = run_at(list, run_count(list) - 1);
  if (options->wide &&
      (row->year < options->year_from || row->year > options->year_to))
    return;
  run->total = naive_sum(run->total, row->match_count);
  if (!options->wide)
    return;
  if (run->row_count == 0 || row->year < run->first_year)
    run->first_year = row->year;
  if (run->row_count == 0 || row->year > run->last_year)
    run->last_year = row->year;
  run->volumes = naive_sum(run->volumes, row->volume_count);
  run->row_count++;
}

/* A wide run to which no row was added is none. */
static inline void naive_drop_empty(struct run_list *list)
{
  size_t count = run_count(list);
  size_t kept = 0;

  for (size_t i = 0; i < count; i++)
    if (run_at(list, i)->row_count > 0)
      *run_at(list, kept++) = *run_at(list, i);
  list->runs.size = kept * sizeof(struct ng_run);
}

static inline void naive_scan(const struct ng_scan_options *options,
                              const char *text, size_t size,
                              struct ng_scan_result *result,
                              struct run_list *list)
{
  size_t at = 0;

  *result = (struct ng_scan_result){.lines = 0};
  list->runs.size = 0;
  while (at < size) {
    size_t start = at;
    size_t end;
    struct ng_row_fault fault;
    struct ng_line line;
    struct ng_row row;

    while (text[at] != '\n')
      at++;
    end = at > start && text[at - 1] == '\r' ? at - 1 : at;
    if (ng_line_open(&line, options->layout, text + start, end - start,
                     &fault)) {
      for (; ng_line_next(&line, &row); result->rows++)
        naive_add_row(list, options, &row);
    } else if (options->skip_bad_rows) {
      result->skipped++;
    } else {
      result->fault = fault;
      result->fault_start = start;
      result->fault_end = at;
      return;
    }
    result->lines++;
    at++;
  }
  if (options->wide)
    naive_drop_empty(list);
}

#endif
