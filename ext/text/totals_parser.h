/* SPDX-License-Identifier: MIT */
/*
 * The totals of a release, read off a text that is whole. A block is one year:
 *
 *     SPACE TAB year,match_count,page_count,volume_count TAB year,... TAB
 *
 * in the releases of 2012 and 2020; and in that of 2009 one block a line, with
 * TABs in place of commas. The first block tells which of the two it is. Blanks
 * (spaces, TABs, LF, CR) may stand around a block. With commas a line may have
 * any number of blocks.
 *
 * A text may also be a table, as spreadsheets and R write them. Its first block
 * is a heading if some cell is not empty and none begins with a digit. The
 * heading tells which columns there are, in which order, and whether commas,
 * semicolons, TABs or blanks separate them. Blanks around a cell do not count.
 * A table with TABs or blanks has one block a line. A column whose name is
 * empty is ignored, and so is a block of empty cells.
 *
 * A number or name may stand in double quotes, and a text may begin with a byte
 * order mark.
 *
 * Threads: one at a time for each parser.
 */
#ifndef NG_TEXT_TOTALS_PARSER_H
#define NG_TEXT_TOTALS_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NG_TOTAL_NUMBERS 4

/* The numbers of a block, in their order. */
enum ng_total_number {
  NG_TOTAL_YEAR,        /* at most 2^31-1 */
  NG_TOTAL_MATCH_COUNT, /* at most 2^63-1, as the others */
  NG_TOTAL_PAGE_COUNT,
  NG_TOTAL_VOLUME_COUNT,
};

enum ng_totals_fault_kind {
  NG_TOTALS_OK,
  NG_TOTALS_NUMBER_COUNT, /* a block has fewer or more numbers than columns */
  NG_TOTALS_NOT_A_NUMBER,
  NG_TOTALS_DOES_NOT_FIT,
  NG_TOTALS_REPEATED, /* the year came before; api/totals.c finds it */
  /* of a heading: */
  NG_TOTALS_UNKNOWN_NAME,
  NG_TOTALS_NAME_TWICE,
  NG_TOTALS_NO_COLUMN, /* for the year, or for match_count */
};

/* The first fault of a block. Its cells are counted first; then the numbers are
   checked from left to right. */
struct ng_totals_fault {
  enum ng_totals_fault_kind kind;
  enum ng_total_number number; /* the bad one */
  size_t numbers_found;        /* with NG_TOTALS_NUMBER_COUNT */
  size_t column;               /* from 1; with NG_TOTALS_UNKNOWN_NAME and
                                  NG_TOTALS_NAME_TWICE */
};

/* The position in a text, and its layout; the caller only reads the fields. The
   block that was read last, or that is at fault, is number `block` of line
   `line`, both from 1. */
struct ng_totals_parser {
  const char *at;
  const char *end;
  bool has_heading;
  char separator;                   /* between numbers; a space: any blanks */
  size_t columns[NG_TOTAL_NUMBERS]; /* the column of each number, from 1; 0:
                                       none */
  size_t column_count;
  struct ng_totals_fault heading_fault;
  uint64_t line;
  uint64_t block;
  const char *line_seen; /* newlines have been counted up to here */
};

/* The names that a heading may have, for a message. */
extern const char ng_totals_parser_names[];

/* Begin at the start of a text, which is borrowed, and read its heading. */
void ng_totals_parser_init(struct ng_totals_parser *parser, const char *text,
                           size_t size);

/* Read the next block; a number that has no column is -1. Returns false if
   there is none (fault->kind is NG_TOTALS_OK) or at a fault, after which the
   parser is not called again. */
bool ng_totals_parser_next(struct ng_totals_parser *parser,
                           int64_t numbers[NG_TOTAL_NUMBERS],
                           struct ng_totals_fault *fault);

#endif
