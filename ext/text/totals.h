/* SPDX-License-Identifier: MIT */
/*
 * The totals of a release, one block a year, read off a text that is whole:
 *
 *     SPACE TAB year,match_count,page_count,volume_count TAB year,... TAB
 *
 * in the releases of 2012 and 2020, and since 2009 one block a line with TABs
 * in place of commas. Which of the two it is tells the first block. Any blanks
 * may stand around a block: spaces, TABs, LF, CR; with commas also line ends,
 * so that one block a line is as good as all on one. A first block that is
 * made of the names of the columns is a heading.
 */
#ifndef NG_TEXT_TOTALS_H
#define NG_TEXT_TOTALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NG_TOTAL_NUMBERS 4

/* The numbers of a block, in their order. */
enum ng_total_number {
  NG_TOTAL_YEAR,        /* up to 2^31-1 */
  NG_TOTAL_MATCH_COUNT, /* up to 2^63-1, as the others */
  NG_TOTAL_PAGE_COUNT,
  NG_TOTAL_VOLUME_COUNT,
};

enum ng_totals_fault_kind {
  NG_TOTALS_OK,
  NG_TOTALS_NUMBER_COUNT, /* a block, or a line of one, has not four numbers */
  NG_TOTALS_NOT_A_NUMBER,
  NG_TOTALS_DOES_NOT_FIT,
  NG_TOTALS_REPEATED, /* the year was there before; not told by the reader */
};

/* The first fault of a block, from left to right. */
struct ng_totals_fault {
  enum ng_totals_fault_kind kind;
  enum ng_total_number number; /* which one is bad */
  size_t numbers_found;        /* with NG_TOTALS_NUMBER_COUNT */
};

/* Where a reader stands; its fields are read only. The block that was read
   last, or that is at fault, is number `block` of line `line`, both from 1. */
struct ng_totals_reader {
  const char *at;
  const char *end;
  bool by_lines; /* one block a line, without commas */
  uint64_t line;
  uint64_t block;
  const char *line_seen; /* lines are counted up to here */
};

/* Begin; the text is borrowed. */
void ng_totals_begin(struct ng_totals_reader *reader, const char *text,
                     size_t size);

/* Read the next block. False: there is none, or there is a fault and the
   reader is of no more use. */
bool ng_totals_next(struct ng_totals_reader *reader,
                    int64_t numbers[NG_TOTAL_NUMBERS],
                    struct ng_totals_fault *fault);

#endif
