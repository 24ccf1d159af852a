/* SPDX-License-Identifier: MIT */
/*
 * The scanner once more, a line at a time and without haste: the reference
 * for ng_scanner_scan(). What a good line is, ng_line_open() says; that has
 * tests of its own.
 */
#ifndef NG_TESTS_UNIT_NAIVE_SCAN_H
#define NG_TESTS_UNIT_NAIVE_SCAN_H

#include "text/scanner.h"
#include "unit/bytes.h"

struct group_list {
  struct bytes groups; /* struct ng_word_group */
};

static inline size_t group_count(const struct group_list *list)
{
  return list->groups.size / sizeof(struct ng_word_group);
}

static inline struct ng_word_group *group_at(const struct group_list *list,
                                             size_t index)
{
  return (struct ng_word_group *)(void *)list->groups.data + index;
}

/* A put_group function; the context is a struct group_list. */
static inline bool group_append(void *context,
                                const struct ng_word_group *group)
{
  struct group_list *list = context;

  bytes_add(&list->groups, group, sizeof *group);
  return true;
}

/* At most 2^63, which stands for all that is more. */
static inline uint64_t naive_sum(uint64_t a, uint64_t b)
{
  uint64_t limit = UINT64_C(1) << 63;

  return a >= limit || b >= limit || a + b >= limit ? limit : a + b;
}

static inline bool naive_is_group_of(const struct group_list *list,
                                     const struct ng_row *row)
{
  const struct ng_word_group *last;

  if (group_count(list) == 0)
    return false;
  last = group_at(list, group_count(list) - 1);
  return last->length == row->word_length &&
         memcmp(last->word, row->word, row->word_length) == 0;
}

static inline void naive_add_row(struct group_list *list,
                                 const struct ng_scanner_options *options,
                                 const struct ng_row *row)
{
  struct ng_word_group *group;

  if (!naive_is_group_of(list, row)) {
    struct ng_word_group begun = {.word = row->word,
                                  .length = row->word_length};

    bytes_add(&list->groups, &begun, sizeof begun);
  }
  group = group_at(list, group_count(list) - 1);
  if (options->wide &&
      (row->year < options->year_from || row->year > options->year_to))
    return;
  group->total = naive_sum(group->total, row->match_count);
  if (!options->wide)
    return;
  if (group->row_count == 0 || row->year < group->first_year)
    group->first_year = row->year;
  if (group->row_count == 0 || row->year > group->last_year)
    group->last_year = row->year;
  group->volumes = naive_sum(group->volumes, row->volume_count);
  group->row_count++;
}

/* A wide group to which no row was added is none. */
static inline void naive_drop_empty(struct group_list *list)
{
  size_t count = group_count(list);
  size_t kept = 0;

  for (size_t i = 0; i < count; i++)
    if (group_at(list, i)->row_count > 0)
      *group_at(list, kept++) = *group_at(list, i);
  list->groups.size = kept * sizeof(struct ng_word_group);
}

static inline void naive_scan(const struct ng_scanner_options *options,
                              const char *text, size_t size,
                              struct ng_scanner_result *result,
                              struct group_list *list)
{
  size_t at = 0;

  *result = (struct ng_scanner_result){.lines = 0};
  list->groups.size = 0;
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
