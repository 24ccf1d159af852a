/* SPDX-License-Identifier: MIT */
/*
 * The careful parser: any line in, a row or the exact fault out. The scanner
 * (scan.c) turns to it for every line that is not plainly good.
 */
#include "text/row.h"

#include <string.h>

#include "text/word.h"

struct field {
  const char *start;
  size_t length;
};

/* Cut the line at its TABs; at most NG_ROW_COLUMNS fields are kept. Returns
   how many there are. */
static size_t split(const char *line, size_t length, struct field *fields)
{
  const char *end = line + length;
  size_t count = 0;

  for (;;) {
    const char *tab = memchr(line, '\t', (size_t)(end - line));
    const char *stop = tab ? tab : end;

    if (count < NG_ROW_COLUMNS)
      fields[count] = (struct field){line, (size_t)(stop - line)};
    count++;
    if (!tab)
      return count;
    line = tab + 1;
  }
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

static enum ng_row_fault_kind check_word(struct field field)
{
  switch (ng_word_check(field.start, field.length)) {
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

static bool parse_numbers(const struct field *fields, struct ng_row *row,
                          struct ng_row_fault *fault)
{
  static const uint64_t max[NG_ROW_COLUMNS] = {0, INT32_MAX, INT64_MAX,
                                               INT64_MAX};
  uint64_t values[NG_ROW_COLUMNS];

  for (unsigned i = 1; i < NG_ROW_COLUMNS; i++) {
    fault->kind = parse_number(fields[i], max[i], &values[i]);
    fault->column = i;
    if (fault->kind != NG_ROW_OK)
      return false;
  }
  row->year = (int32_t)values[1];
  row->match_count = values[2];
  row->volume_count = values[3];
  return true;
}

bool ng_row_parse(const char *line, size_t length, struct ng_row *row,
                  struct ng_row_fault *fault)
{
  struct field fields[NG_ROW_COLUMNS];

  *fault = (struct ng_row_fault){NG_ROW_OK, 0, 0};
  if (length > NG_LINE_MAX) {
    fault->kind = NG_ROW_TOO_LONG;
    return false;
  }
  fault->columns_found = split(line, length, fields);
  if (fault->columns_found != NG_ROW_COLUMNS) {
    fault->kind = NG_ROW_COLUMN_COUNT;
    return false;
  }
  fault->kind = check_word(fields[0]);
  if (fault->kind != NG_ROW_OK)
    return false;
  row->word = fields[0].start;
  row->word_length = fields[0].length;
  return parse_numbers(fields, row, fault);
}
