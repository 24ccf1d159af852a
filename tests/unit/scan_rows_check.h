/* SPDX-License-Identifier: MIT */
/* The scanner that hands out rows, against the careful parser. */
#ifndef NG_TESTS_UNIT_SCAN_ROWS_CHECK_H
#define NG_TESTS_UNIT_SCAN_ROWS_CHECK_H

#include "text/scanner.h"
#include "unit/naive_rows.h"
#include "unit/test.h"

/* Words whose lengths are even, and perhaps some more. */
static bool wants_some_words(void *context, const char *word, size_t length)
{
  const unsigned *modulus = context;

  return (length + (unsigned char)word[0]) % *modulus == 0;
}

static struct ng_row_filter any_filter(unsigned *modulus)
{
  struct ng_row_filter filter = {NULL, modulus, INT32_MIN, INT32_MAX};

  *modulus = 1 + (unsigned)random_below(4);
  if (random_once_in(2))
    filter.wants_word = wants_some_words;
  if (random_once_in(2)) {
    filter.year_from = 1400 + (int32_t)random_below(600);
    filter.year_to = 1500 + (int32_t)random_below(600);
  }
  return filter;
}

/* The wanted rows of the lines in front of a bad one, if that is the end. */
static void naive_scan_rows(const struct ng_scanner_options *options,
                            const struct ng_row_filter *filter,
                            const char *text, size_t size,
                            struct naive_rows *rows)
{
  uint64_t number = 0;
  size_t at = 0;

  while (at < size) {
    size_t start = at;
    size_t end;
    struct ng_row_fault fault;
    struct ng_line line;
    struct ng_row row;

    while (text[at] != '\n')
      at++;
    end = at > start && text[at - 1] == '\r' ? at - 1 : at;
    at++;
    if (!ng_line_open(&line, options->layout, text + start, end - start,
                      &fault)) {
      if (options->skip_bad_rows)
        continue;
      return;
    }
    for (; ng_line_next(&line, &row); number++)
      if (row.year >= filter->year_from && row.year <= filter->year_to &&
          (!filter->wants_word ||
           filter->wants_word(filter->context, row.word, row.word_length)))
        naive_rows_add(rows, &row, number, at);
  }
}

static void check_scanned_row(const struct ng_row_columns *rows, size_t i,
                              const struct naive_row *wanted)
{
  if (rows->columns & NG_ROW_COLUMNS_WORD)
    CHECK_BYTES(rows->text + rows->word_at[i], rows->word_length[i],
                wanted->row.word, wanted->row.word_length);
  if (rows->columns & NG_ROW_COLUMNS_YEAR)
    CHECK_EQ(rows->year[i], wanted->row.year);
  if (rows->columns & NG_ROW_COLUMNS_MATCH_COUNT)
    CHECK_EQ(rows->match_count[i], wanted->row.match_count);
  if (rows->columns & NG_ROW_COLUMNS_VOLUME_COUNT)
    CHECK_EQ(rows->volume_count[i], wanted->row.volume_count);
  if (rows->columns & NG_ROW_COLUMNS_NUMBER)
    CHECK_EQ(rows->number[i], wanted->number);
}

/* Scan whole lines for rows of any filter, in any columns. Returns by *result
   what the scan saw. */
static void check_scanned_rows(const struct ng_scanner_options *options,
                               const char *text, size_t size,
                               struct ng_scanner_result *result)
{
  struct naive_rows wanted = {.list = {.data = NULL}};
  struct ng_scanner scanner;
  struct ng_budget budget;
  struct ng_row_columns rows;
  unsigned modulus;

  ng_budget_init(&budget);
  ng_row_columns_init(&rows, &budget, (unsigned)random_below(32));
  rows.text = text - random_below(100);
  CHECK(ng_scanner_init(&scanner, options, NULL, NULL));
  scanner.rows = &rows;
  scanner.filter = any_filter(&modulus);
  if (scanner.filter.year_from != INT32_MIN)
    rows.columns |= NG_ROW_COLUMNS_YEAR;
  naive_scan_rows(options, &scanner.filter, text, size, &wanted);
  ng_scanner_scan(&scanner, text, size, result);
  if (CHECK_EQ(rows.count, naive_rows_count(&wanted)))
    for (size_t i = 0; i < rows.count && !test_state.failed; i++)
      check_scanned_row(&rows, i, naive_rows_at(&wanted, i));
  ng_row_columns_free(&rows);
  ng_scanner_free(&scanner);
  naive_rows_free(&wanted);
  CHECK_EQ(budget.held_bytes, 0);
}

#endif
