/* SPDX-License-Identifier: MIT */
/*
 * A naive reader of totals: line by line, each first parted into all of its
 * cells.
 */
#ifndef NG_TESTS_UNIT_NAIVE_TOTALS_H
#define NG_TESTS_UNIT_NAIVE_TOTALS_H

#include <strings.h>

#include "text/totals_parser.h"
#include "unit/bytes.h"

struct naive_cell {
  const char *start;
  const char *end;
  bool begins_block;
};

struct naive_totals {
  struct bytes blocks; /* int64_t[NG_TOTAL_NUMBERS] each */
  bool is_bad;         /* after them, at: */
  uint64_t line;
  uint64_t block;
  /* the layout */
  bool has_heading;
  char separator;
  struct bytes columns; /* an int each: which number, or -1 */
  struct bytes cells;   /* struct naive_cell, of a line */
};

static inline bool naive_is_blank(char c)
{
  return c != 0 && strchr(" \t\r\n", c) != NULL;
}

static inline void naive_trim(const char **start, const char **end)
{
  while (*start < *end && naive_is_blank(**start))
    ++*start;
  while (*start < *end && naive_is_blank((*end)[-1]))
    --*end;
}

static inline void naive_add_cell(struct naive_totals *totals,
                                  const char *start, const char *end,
                                  bool begins_block)
{
  struct naive_cell cell = {start, end, begins_block};

  naive_trim(&cell.start, &cell.end);
  bytes_add(&totals->cells, &cell, sizeof cell);
}

/* Part at runs of blanks that are not in quotes. Whether the first cell begins
   a block, and whether each of the others does. */
static inline void naive_part_at_blanks(struct naive_totals *totals,
                                        const char *start, const char *end,
                                        bool begins, bool others_begin)
{
  naive_trim(&start, &end);
  for (bool first = true;; first = false) {
    const char *at = start;
    bool quoted = false;

    for (; at < end && (quoted || !naive_is_blank(*at)); at++)
      quoted = *at == '"' ? !quoted : quoted;
    naive_add_cell(totals, start, at, first ? begins : others_begin);
    if (at == end)
      return;
    start = at;
    naive_trim(&start, &end);
  }
}

/* Part at separators that are not in quotes. */
static inline void naive_part(struct naive_totals *totals, const char *start,
                              const char *end, bool at_blanks_too)
{
  for (bool begins = true;; begins = false) {
    const char *at = start;
    bool quoted = false;

    for (; at < end && (quoted || *at != totals->separator); at++)
      quoted = *at == '"' ? !quoted : quoted;
    if (at_blanks_too)
      naive_part_at_blanks(totals, start, at, begins, true);
    else
      naive_add_cell(totals, start, at, begins);
    if (at == end)
      return;
    start = at + 1;
  }
}

/* All cells of a line. */
static inline void naive_part_line(struct naive_totals *totals,
                                   const char *start, const char *end)
{
  const char *first = start;
  const char *last = end;

  totals->cells.size = 0;
  naive_trim(&first, &last);
  if (first == last)
    return;
  if (totals->separator == '\t')
    naive_part(totals, start, end, false);
  else if (totals->separator == ' ')
    naive_part_at_blanks(totals, first, last, true, false);
  else if (totals->has_heading)
    naive_part(totals, first, last, true);
  else
    for (const char *at = first; at < last;) {
      for (start = at; at < last && !naive_is_blank(*at);)
        at++;
      naive_part(totals, start, at, false);
      while (at < last && naive_is_blank(*at))
        at++;
    }
}

/* The next block of the line, of *count cells; *from is moved past it. */
static inline struct naive_cell *naive_next_block(struct naive_totals *totals,
                                                  size_t *from, size_t *count)
{
  struct naive_cell *cells = (void *)totals->cells.data;
  size_t total = totals->cells.size / sizeof *cells;
  size_t to = *from + 1;

  if (*from >= total)
    return NULL;
  while (to < total && !cells[to].begins_block)
    to++;
  cells += *from;
  *count = to - *from;
  *from = to;
  return cells;
}

static inline void naive_unquote(struct naive_cell *cell)
{
  size_t size = (size_t)(cell->end - cell->start);

  if (size > 1 && *cell->start == '"' && cell->end[-1] == '"') {
    cell->start++;
    cell->end--;
  }
}

static inline bool naive_number(struct naive_cell cell, uint64_t max,
                                int64_t *number)
{
  char digits[24];
  size_t size;

  naive_unquote(&cell);
  if (cell.start == cell.end)
    return false;
  for (const char *at = cell.start; at < cell.end; at++)
    if (*at < '0' || *at > '9')
      return false;
  while (cell.start < cell.end - 1 && *cell.start == '0')
    cell.start++;
  size = (size_t)(cell.end - cell.start);
  if (size > 19)
    return false;
  memcpy(digits, cell.start, size);
  digits[size] = 0;
  if (strtoull(digits, NULL, 10) > max)
    return false;
  *number = strtoll(digits, NULL, 10);
  return true;
}

static inline bool naive_take_block(struct naive_totals *totals,
                                    const struct naive_cell *cells,
                                    size_t count)
{
  const int *columns = (void *)totals->columns.data;
  int64_t numbers[NG_TOTAL_NUMBERS] = {-1, -1, -1, -1};
  bool is_empty = totals->has_heading;

  for (size_t i = 0; i < count; i++)
    is_empty &= cells[i].start == cells[i].end;
  if (is_empty)
    return true;
  if (count != totals->columns.size / sizeof *columns)
    return false;
  for (size_t i = 0; i < count; i++)
    if (columns[i] >= 0 &&
        !naive_number(cells[i], columns[i] == 0 ? INT32_MAX : INT64_MAX,
                      &numbers[columns[i]]))
      return false;
  bytes_add(&totals->blocks, numbers, sizeof numbers);
  return true;
}

/* Which number a name is of; -1: none has it. */
static inline int naive_name(const struct naive_cell *cell)
{
  static const char names[][2][16] = {
      {"year", "0"},         {"match_count", "1"}, {"total", "1"},
      {"count", "1"},        {"page_count", "2"},  {"pages", "2"},
      {"volume_count", "3"}, {"volumes", "3"},     {"books", "3"}};
  size_t size = (size_t)(cell->end - cell->start);

  for (size_t i = 0; i < COUNT(names); i++)
    if (size == strlen(names[i][0]) &&
        strncasecmp(cell->start, names[i][0], size) == 0)
      return names[i][1][0] - '0';
  return -1;
}

static inline bool naive_take_heading(struct naive_totals *totals,
                                      struct naive_cell *cells, size_t count)
{
  unsigned seen = 0;

  for (size_t i = 0; i < count; i++) {
    int number;

    naive_unquote(&cells[i]);
    number = naive_name(&cells[i]);
    if (number >= 0 ? seen & 1u << number : cells[i].start < cells[i].end)
      return false;
    seen |= number >= 0 ? 1u << number : 0;
    bytes_add(&totals->columns, &number, sizeof number);
  }
  return (seen & 3) == 3;
}

static inline bool naive_is_heading(const struct naive_cell *cells,
                                    size_t count)
{
  bool has_name = false;

  for (size_t i = 0; i < count; i++) {
    struct naive_cell cell = cells[i];

    naive_unquote(&cell);
    if (cell.start == cell.end)
      continue;
    if (*cell.start >= '0' && *cell.start <= '9')
      return false;
    has_name = true;
  }
  return has_name;
}

/* Of a table whose heading stands in [start, end). */
static inline char naive_separator(const char *start, const char *end)
{
  char found = ' ';

  for (; start < end; start++)
    if (*start == ',' || (*start == ';' && found != ',') ||
        (*start == '\t' && found == ' '))
      found = *start;
  return found;
}

static inline bool naive_has_comma(const char *at, const char *end)
{
  while (at < end && *at != ',' && !naive_is_blank(*at))
    at++;
  return at < end && *at == ',';
}

/* What the first line that is not blank tells. *skip: blocks that are its
   heading. */
static inline bool naive_take_layout(struct naive_totals *totals,
                                     const char *start, const char *end,
                                     size_t *skip)
{
  const char *first = start;
  const char *last = end;
  struct naive_cell *cells;
  size_t from = 0;
  size_t count = 0;

  naive_trim(&first, &last);
  totals->has_heading = true;
  totals->separator = naive_separator(first, end);
  naive_part_line(totals, start, end);
  cells = naive_next_block(totals, &from, &count);
  if (naive_is_heading(cells, count)) {
    *skip = 1;
    return naive_take_heading(totals, cells, count);
  }
  totals->has_heading = false;
  totals->separator = naive_has_comma(first, last) ? ',' : ' ';
  for (int i = 0; i < NG_TOTAL_NUMBERS; i++)
    bytes_add(&totals->columns, &i, sizeof i);
  return true;
}

static inline bool naive_take_line(struct naive_totals *totals,
                                   const char *start, const char *end)
{
  size_t from = 0;
  size_t count = 0;
  size_t skip = 0;
  struct naive_cell *cells;

  totals->line++;
  totals->block = 1;
  naive_part_line(totals, start, end);
  if (totals->cells.size > 0 && totals->columns.size == 0 &&
      !naive_take_layout(totals, start, end, &skip))
    return false;
  naive_part_line(totals, start, end);
  for (; (cells = naive_next_block(totals, &from, &count)); totals->block++)
    if (skip > 0)
      skip--;
    else if (!naive_take_block(totals, cells, count))
      return false;
  return true;
}

/* Read a text. *totals is zero, or has read another one; to be freed. */
static inline void naive_totals_read(struct naive_totals *totals,
                                     const char *text, size_t size)
{
  const char *end = text + size;

  totals->blocks.size = totals->columns.size = totals->cells.size = 0;
  bytes_reserve(&totals->blocks, 1);
  totals->is_bad = totals->has_heading = false;
  totals->separator = ' ';
  totals->line = 0;
  if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
    text += 3;
  while (text < end && !totals->is_bad) {
    const char *line_end = memchr(text, '\n', (size_t)(end - text));

    line_end = line_end ? line_end : end;
    totals->is_bad = !naive_take_line(totals, text, line_end);
    text = line_end < end ? line_end + 1 : end;
  }
}

static inline void naive_totals_free(struct naive_totals *totals)
{
  bytes_free(&totals->blocks);
  bytes_free(&totals->columns);
  bytes_free(&totals->cells);
}

/* Whether the reader finds the same in the text. */
static inline bool naive_totals_agree(const struct naive_totals *wanted,
                                      const char *text, size_t size)
{
  struct ng_totals_parser parser;
  struct ng_totals_fault fault;
  int64_t numbers[NG_TOTAL_NUMBERS];
  size_t at = 0;

  ng_totals_parser_init(&parser, text, size);
  for (; ng_totals_parser_next(&parser, numbers, &fault); at += sizeof numbers)
    if (at + sizeof numbers > wanted->blocks.size ||
        memcmp(numbers, wanted->blocks.data + at, sizeof numbers) != 0)
      return false;
  if (at != wanted->blocks.size ||
      (fault.kind != NG_TOTALS_OK) != wanted->is_bad)
    return false;
  return !wanted->is_bad ||
         (parser.line == wanted->line && parser.block == wanted->block);
}

#endif
