/* SPDX-License-Identifier: MIT */
/*
 * Lines of n-gram files, checked in full. Three releases have three layouts:
 *
 *     2012   word TAB year TAB match_count TAB volume_count
 *     2009   word TAB year TAB match_count TAB page_count TAB volume_count
 *     2020   word TAB year,match_count,volume_count TAB ...
 *
 * https://storage.googleapis.com/books/ngrams/books/datasetsv3.html (the page
 * of 2012 is datasetsv2.html). A line of 2020 holds a row for each year; a line
 * of the others holds one row.
 *
 * Lines are passed without their line end, a newline with or without a CR
 * before it. Threads: any number at once, each with its own struct ng_line.
 */
#ifndef NG_TEXT_LINE_H
#define NG_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of the longest line, and of the longest word of free text. */
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
  NG_ROW_PART_COUNT, /* 2020: a column does not have three parts */
  NG_ROW_NOT_A_NUMBER,
  NG_ROW_DOES_NOT_FIT,
  NG_ROW_WORD_TOO_LONG, /* a word of free text, past NG_LINE_MAX */
};

enum ng_row_number {
  NG_ROW_YEAR,
  NG_ROW_MATCH_COUNT,
  NG_ROW_PAGE_COUNT,
  NG_ROW_VOLUME_COUNT,
};

/* The first fault of a line. Columns are counted first; then the word is
   checked, then the numbers from left to right. */
struct ng_row_fault {
  enum ng_row_fault_kind kind;
  enum ng_layout layout;
  enum ng_row_number number; /* with NOT_A_NUMBER and DOES_NOT_FIT */
  size_t column;             /* of 2020: that of the fault, from 1 */
  size_t found;              /* columns, or parts of a column, in the line */
};

struct ng_row {
  const char *word; /* borrowed from the line */
  size_t word_length;
  int32_t year;
  uint64_t match_count; /* at most 2^63-1, as volume_count */
  uint64_t volume_count;
};

/* A good line, whose rows ng_line_next() gives one after the other. */
struct ng_line {
  struct ng_row row; /* its word, and the numbers that were read last */
  const char *at;    /* the next column to read; NULL if no row is left */
  const char *end;
  bool is_one_row; /* ng_line_open() has read it to `row`; `at` tells only
                      whether ng_line_next() has given it */
};

/* Find the layout in which a line is good; no line is good in two. Returns
   false, and does not set *layout, if it is good in none. */
bool ng_line_find_layout(const char *line, size_t length,
                         enum ng_layout *layout);

/* The layout that a bad line resembles; NG_LAYOUT_2012 if it resembles none. */
enum ng_layout ng_line_guess_layout(const char *line, size_t length);

/* The number of columns of a line; of 2020, the least number. */
unsigned ng_line_column_count(enum ng_layout layout);

/*
 * Check a line of `length` bytes to its end. The text is borrowed until the
 * last row has been read and used. Returns false if the line is bad: *fault
 * says why, and *line may not be used.
 */
bool ng_line_open(struct ng_line *line, enum ng_layout layout, const char *text,
                  size_t length, struct ng_row_fault *fault);

/* Read the next row of a good line. Returns false if no row is left. */
bool ng_line_next(struct ng_line *line, struct ng_row *row);

/* The fault of a word, whatever its length; NG_ROW_OK if it has none. */
enum ng_row_fault_kind ng_line_check_word(const char *word, size_t length);

#endif
