/* SPDX-License-Identifier: MIT */
/*
 * The careful parser: it takes any line, and gives its rows or its exact fault.
 * scanner.c calls it for every line that is not plainly good. scan/layout.c
 * calls it for the first lines of a file, to find their layout.
 *
 * A line is good or bad as a whole. So ng_line_open() reads a line of 2020 to
 * its end, and ng_line_next() reads it once more for its rows.
 *
 * Nothing is allocated; a struct ng_line points into the caller's text.
 */
#include "text/line.h"

#include <string.h>

#include "text/word.h"

#define COLUMNS_MAX 5

struct field {
  const char *start;
  size_t length;
};

unsigned ng_line_column_count(enum ng_layout layout)
{
  switch (layout) {
  case NG_LAYOUT_2009:
    return 5;
  case NG_LAYOUT_2020:
    return 2;
  case NG_LAYOUT_2012:
    break;
  }
  return 4;
}

/* Cut a text at each `separator`, and store the first `most` fields. Returns
   the number of all. */
static size_t split(const char *text, size_t length, char separator,
                    struct field *fields, size_t most)
{
  const char *end = text + length;
  size_t count = 0;

  for (;;) {
    const char *next = memchr(text, separator, (size_t)(end - text));
    const char *stop = next ? next : end;

    if (count < most)
      fields[count] = (struct field){text, (size_t)(stop - text)};
    count++;
    if (!next)
      return count;
    text = next + 1;
  }
}

enum ng_layout ng_line_guess_layout(const char *line, size_t length)
{
  struct field fields[COLUMNS_MAX];
  size_t count = split(line, length, '\t', fields, COLUMNS_MAX);

  if (count > 1 && memchr(fields[1].start, ',', fields[1].length))
    return NG_LAYOUT_2020;
  return count == 5 ? NG_LAYOUT_2009 : NG_LAYOUT_2012;
}

static enum ng_row_fault_kind parse_number(struct field field, uint64_t max,
                                           uint64_t *value)
{
  enum ng_row_fault_kind kind = NG_ROW_OK;

  *value = 0;
  if (field.length == 0)
    return NG_ROW_NOT_A_NUMBER;
  for (size_t i = 0; i < field.length; i++) {
    unsigned digit = (unsigned)(unsigned char)field.start[i] - '0';

    if (digit > 9)
      return NG_ROW_NOT_A_NUMBER;
    if (*value > (max - digit) / 10)
      kind = NG_ROW_DOES_NOT_FIT;
    else
      *value = *value * 10 + digit;
  }
  return kind;
}

enum ng_row_fault_kind ng_line_check_word(const char *word, size_t length)
{
  switch (ng_word_check(word, length)) {
  case NG_WORD_EMPTY:
    return NG_ROW_WORD_EMPTY;
  case NG_WORD_NOT_UTF8:
    return NG_ROW_WORD_NOT_UTF8;
  case NG_WORD_HAS_NUL:
    return NG_ROW_WORD_HAS_NUL;
  case NG_WORD_OK:
    break;
  }
  return NG_ROW_OK;
}

/* Parse `count` fields: the i-th is the number numbers[i] of the row. */
static bool parse_numbers(const struct field *fields,
                          const enum ng_row_number *numbers, size_t count,
                          struct ng_row *row, struct ng_row_fault *fault)
{
  uint64_t values[NG_ROW_VOLUME_COUNT + 1] = {0};

  for (size_t i = 0; i < count; i++) {
    enum ng_row_number number = numbers[i];
    uint64_t max = number == NG_ROW_YEAR ? INT32_MAX : INT64_MAX;

    fault->kind = parse_number(fields[i], max, &values[number]);
    fault->number = number;
    if (fault->kind != NG_ROW_OK)
      return false;
  }
  row->year = (int32_t)values[NG_ROW_YEAR];
  row->match_count = values[NG_ROW_MATCH_COUNT];
  row->volume_count = values[NG_ROW_VOLUME_COUNT];
  return true;
}

/* Parse a column of 2020: year,match_count,volume_count. */
static bool parse_entry(struct field column, struct ng_row *row,
                        struct ng_row_fault *fault)
{
  static const enum ng_row_number numbers[] = {NG_ROW_YEAR, NG_ROW_MATCH_COUNT,
                                               NG_ROW_VOLUME_COUNT};
  struct field parts[3];

  fault->found = split(column.start, column.length, ',', parts, 3);
  if (fault->found != 3) {
    fault->kind = NG_ROW_PART_COUNT;
    return false;
  }
  return parse_numbers(parts, numbers, 3, row, fault);
}

/* Take the column at line->at, which is moved to the next one. */
static struct field next_column(struct ng_line *line)
{
  const char *start = line->at;
  const char *tab = memchr(start, '\t', (size_t)(line->end - start));

  line->at = tab ? tab + 1 : NULL;
  return (struct field){start, (size_t)((tab ? tab : line->end) - start)};
}

static bool check_entries(struct ng_line *line, struct ng_row_fault *fault)
{
  const char *first = line->at;

  for (fault->column = 2; line->at; fault->column++)
    if (!parse_entry(next_column(line), &line->row, fault))
      return false;
  line->at = first;
  return true;
}

/* Parse the columns after the word, of a line that is one row. */
static bool parse_columns(struct ng_line *line, enum ng_layout layout,
                          const struct field *columns,
                          struct ng_row_fault *fault)
{
  static const enum ng_row_number numbers[][COLUMNS_MAX - 1] = {
      [NG_LAYOUT_2012] = {NG_ROW_YEAR, NG_ROW_MATCH_COUNT, NG_ROW_VOLUME_COUNT},
      [NG_LAYOUT_2009] = {NG_ROW_YEAR, NG_ROW_MATCH_COUNT, NG_ROW_PAGE_COUNT,
                          NG_ROW_VOLUME_COUNT}};

  line->is_one_row = true;
  return parse_numbers(columns, numbers[layout],
                       ng_line_column_count(layout) - 1, &line->row, fault);
}

bool ng_line_open(struct ng_line *line, enum ng_layout layout, const char *text,
                  size_t length, struct ng_row_fault *fault)
{
  struct field columns[COLUMNS_MAX];
  unsigned expected = ng_line_column_count(layout);
  bool has_entries = layout == NG_LAYOUT_2020;

  *fault = (struct ng_row_fault){.layout = layout};
  if (length > NG_LINE_MAX) {
    fault->kind = NG_ROW_TOO_LONG;
    return false;
  }
  fault->found = split(text, length, '\t', columns, COLUMNS_MAX);
  if (has_entries ? fault->found < expected : fault->found != expected) {
    fault->kind = NG_ROW_COLUMN_COUNT;
    return false;
  }
  fault->kind = ng_line_check_word(columns[0].start, columns[0].length);
  if (fault->kind != NG_ROW_OK)
    return false;
  *line =
      (struct ng_line){.row = {.word = text, .word_length = columns[0].length},
                       .at = columns[1].start,
                       .end = text + length};
  return has_entries ? check_entries(line, fault)
                     : parse_columns(line, layout, columns + 1, fault);
}

bool ng_line_next(struct ng_line *line, struct ng_row *row)
{
  struct ng_row_fault fault;

  if (!line->at)
    return false;
  if (line->is_one_row)
    line->at = NULL;
  else
    parse_entry(next_column(line), &line->row, &fault); /* has been checked */
  *row = line->row;
  return true;
}

bool ng_line_find_layout(const char *line, size_t length,
                         enum ng_layout *layout)
{
  static const enum ng_layout layouts[] = {NG_LAYOUT_2012, NG_LAYOUT_2009,
                                           NG_LAYOUT_2020};
  struct ng_row_fault fault;
  struct ng_line opened;

  for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
    if (ng_line_open(&opened, layouts[i], line, length, &fault)) {
      *layout = layouts[i];
      return true;
    }
  return false;
}
