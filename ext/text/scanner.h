/* SPDX-License-Identifier: MIT */
/*
 * The scanner of rows: a block of text in, word groups out. A word group is the
 * sum of neighbouring rows of one word; in real files a group has some 59 rows.
 * If ng_scanner.rows is set, the rows themselves go to columns instead.
 *
 * If options.tokens is set, it is the scanner of free text: it passes all to a
 * tokenizer (tokenizer.h), which puts words in batches.
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

/* Takes a word group, which is borrowed for the call. Returns false to stop the
   scan, for want of memory. */
typedef bool ng_word_group_fn(void *context, const struct ng_word_group *group);

struct ng_scanner_options {
  const struct ng_text_kernel *kernel;
  enum ng_layout layout;
  bool skip_bad_rows; /* or bad words; else the first one ends the scan */
  bool wide;          /* fill in all of struct ng_word_group */
  int32_t year_from;  /* if wide: the first and last year of rows that are added
                         up; a group without such a row is dropped */
  int32_t year_to;
  /* If not NG_TOKENS_NONE, the text is free text, and layout, wide and years
     have no effect. */
  enum ng_tokens tokens;
  ng_put_words_fn *put_words; /* for free text; gets `context` */
};

struct ng_scanner {
  struct ng_scanner_options options;
  uint32_t *positions; /* of the delimiters of one tile */
  unsigned char *odd;  /* bytes of it that belong to no number, a bit each */
  ng_word_group_fn *put_group;
  void *context;
  struct ng_tokenizer *tokenizer; /* owned; NULL: the text is rows */
  /* Set by the caller, to be appended to in place of putting groups; borrowed.
     NULL: put groups. */
  struct ng_row_columns *rows;
  struct ng_row_filter filter; /* of `rows`, in place of the years above */
  char apart[64]; /* scanners of an array, one a thread, share no cache line */
};

/* `put_group` gets `context`, and is called unless `rows` is set. Returns false
   if there is no memory; the scanner is to be freed then, too. */
bool ng_scanner_init(struct ng_scanner *scanner,
                     const struct ng_scanner_options *options,
                     ng_word_group_fn *put_group, void *context);
void ng_scanner_free(struct ng_scanner *scanner);

/* Scan `size` bytes, at most 4 GiB - 1, with NG_TEXT_PAD readable bytes before
   and after them. The last byte is a newline or, of free text, a split
   point. */
void ng_scanner_scan(struct ng_scanner *scanner, const char *text, size_t size,
                     struct ng_scanner_result *result);

#endif
