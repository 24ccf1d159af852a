/* SPDX-License-Identifier: MIT */
/*
 * One row of the 2012 layout, checked in full:
 *
 *     word TAB year TAB match_count TAB volume_count
 *
 * https://storage.googleapis.com/books/ngrams/books/datasetsv2.html
 */
#ifndef NG_TEXT_ROW_H
#define NG_TEXT_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NG_ROW_COLUMNS 4
/* The longest line, its end not counted. */
#define NG_LINE_MAX ((size_t)1 << 20)

enum ng_row_fault_kind {
  NG_ROW_OK,
  NG_ROW_TOO_LONG, /* the line is past NG_LINE_MAX */
  NG_ROW_COLUMN_COUNT,
  NG_ROW_WORD_EMPTY,
  NG_ROW_WORD_HAS_NUL,
  NG_ROW_WORD_NOT_UTF8,
  NG_ROW_NOT_A_NUMBER,
  NG_ROW_DOES_NOT_FIT,
};

/* What is wrong with a row: the first fault, checked in the order of the
   kinds above, columns from left to right. */
struct ng_row_fault {
  enum ng_row_fault_kind kind;
  unsigned column;      /* 0 to 3, of a number */
  size_t columns_found; /* with NG_ROW_COLUMN_COUNT */
};

struct ng_row {
  const char *word; /* borrowed from the line */
  size_t word_length;
  int32_t year;
  uint64_t match_count; /* up to 2^63-1, as volume_count */
  uint64_t volume_count;
};

/* Parse a line of `length` bytes, its end not among them. False: see *fault,
   and *row is not to be used. */
bool ng_row_parse(const char *line, size_t length, struct ng_row *row,
                  struct ng_row_fault *fault);

#endif
