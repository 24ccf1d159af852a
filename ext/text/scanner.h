/* SPDX-License-Identifier: MIT */
/*
 * The scanner: a block of rows in, runs out. A run is what neighbouring rows
 * of one word add up to; on real files some 59 rows make one. Or, if it is told
 * so, the rows themselves.
 *
 * Threads: a scanner belongs to one thread at a time.
 */
#ifndef NG_TEXT_SCANNER_H
#define NG_TEXT_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/line.h"
#include "text/row_columns.h"
#include "text/scanner_result.h"
#include "text/text_kernel.h"
#include "text/tokenizer.h"

struct ng_word_group {
  const char *word; /* borrowed from the text */
  size_t length;
  uint64_t total; /* sum of match_count; 2^63 stands for any more */
  /* The rest is 0 unless options.wide. */
  uint64_t volumes; /* sum of volume_count, as total */
  uint64_t row_count;
  int32_t first_year;
  int32_t last_year;
};

/* Takes a run. False stops the scan (no memory). */
typedef bool ng_word_group_fn(void *context, const struct ng_word_group *group);

struct ng_scanner_options {
  const struct ng_text_kernel *kernel;
  enum ng_layout layout;
  bool skip_bad_rows; /* or words; else the first one stops the scan */
  bool wide;          /* fill in all of struct ng_word_group */
  int32_t year_from;  /* rows of other years add to nothing */
  int32_t year_to;
  enum ng_tokens tokens;      /* not NONE: the text is no rows, and layout, */
  ng_put_words_fn *put_words; /* width and years have no meaning; gets
                                 `context` */
};

struct ng_scanner {
  struct ng_scanner_options options;
  uint32_t *positions; /* of the delimiters of one tile */
  unsigned char *odd;  /* bytes of it that belong to no number, a bit each */
  ng_word_group_fn *put_group;
  void *context;
  struct ng_tokenizer *tokenizer; /* of free text; NULL: rows */
  struct ng_row_columns *rows; /* borrowed: append to these instead, those that
                           the filter wants; NULL: put runs */
  struct ng_row_filter filter; /* its years are used, those above are not */
};

/* `put_group` gets `context`. It puts runs, until `rows` is set. False: no
   memory. */
bool ng_scanner_init(struct ng_scanner *scanner,
                     const struct ng_scanner_options *options,
                     ng_word_group_fn *put_group, void *context);
void ng_scanner_free(struct ng_scanner *scanner);

/* Scan `size` bytes of whole lines: the last byte is a newline (of free text:
   a seam). At most
   4 GiB - 1, with NG_TEXT_PAD readable bytes at both ends. */
void ng_scanner_scan(struct ng_scanner *scanner, const char *text, size_t size,
                     struct ng_scanner_result *result);

#endif
