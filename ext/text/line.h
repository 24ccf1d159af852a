/* SPDX-License-Identifier: MIT */
/*
 * Lines of n-gram files, checked in full. Three releases have three layouts:
 *
 *     2012   word TAB year TAB match_count TAB volume_count
 *     2009   word TAB year TAB match_count TAB page_count TAB volume_count
 *     2020   word TAB year,match_count,volume_count TAB ...
 *
 * https://storage.googleapis.com/books/ngrams/books/datasetsv3.html (the page
 * of 2012 is datasetsv2.html). A line of 2020 holds a row for each year, any
 * other holds one row.
 */
#ifndef NG_TEXT_LINE_H
#define NG_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest line, its end not counted. */
#define NG_LINE_MAX ((size_t)1 << 20)

enum ng_layout {
  NG_LAYOUT_2012,
  NG_LAYOUT_2009,
  NG_LAYOUT_2020,
};

enum ng_row_fault_kind {
  NG_ROW_OK,
  NG_ROW_TOO_LONG, /* the line is past NG_LINE_MAX */
  NG_ROW_COLUMN_COUNT,
  NG_ROW_WORD_EMPTY,
  NG_ROW_WORD_HAS_NUL,
  NG_ROW_WORD_NOT_UTF8,
  NG_ROW_PART_COUNT, /* 2020: not three numbers with commas */
  NG_ROW_NOT_A_NUMBER,
  NG_ROW_DOES_NOT_FIT,
  NG_ROW_WORD_TOO_LONG, /* of free text: past NG_LINE_MAX */
};

enum ng_row_number {
  NG_ROW_YEAR,
  NG_ROW_MATCH_COUNT,
  NG_ROW_PAGE_COUNT,
  NG_ROW_VOLUME_COUNT,
};

/* What is wrong with a line: the first fault. Columns are counted before a
   word is looked at, and a word is before its numbers, from left to right. */
struct ng_row_fault {
  enum ng_row_fault_kind kind;
  enum ng_layout layout;
  enum ng_row_number number; /* that is none, or does not fit */
  size_t column;             /* with 2020: where it stands, from 1 on */
  size_t found;              /* columns, or parts of a column */
};

struct ng_row {
  const char *word; /* borrowed from the line */
  size_t word_length;
  int32_t year;
  uint64_t match_count; /* up to 2^63-1, as volume_count */
  uint64_t volume_count;
};

/* A good line, whose rows are read one after the other. */
struct ng_line {
  struct ng_row row; /* its word, and what was read last */
  const char *at;    /* what is left of it; NULL: nothing */
  const char *end;
  bool is_one_row; /* `row`, as long as `at` is not NULL */
};

/* Whether a line, its end not among it, is good in some layout, and in which.
   No line is good in two. */
bool ng_line_find_layout(const char *line, size_t length,
                         enum ng_layout *layout);

/* The layout that a bad line looks like; 2012 where it looks like none. */
enum ng_layout ng_line_guess_layout(const char *line, size_t length);

/* How many columns a line has, at least. */
unsigned ng_line_column_count(enum ng_layout layout);

/* Check a line of `length` bytes, its end not among them, to its end. False:
   see *fault, and it has no rows. The text is borrowed. */
bool ng_line_open(struct ng_line *line, enum ng_layout layout, const char *text,
                  size_t length, struct ng_row_fault *fault);

/* The next row of a good line. False: there is none. */
bool ng_line_next(struct ng_line *line, struct ng_row *row);

/* NG_ROW_OK, or what is wrong with a word. */
enum ng_row_fault_kind ng_line_check_word(const char *word, size_t length);

#endif
