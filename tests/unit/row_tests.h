/* SPDX-License-Identifier: MIT */
/* Tests of single rows, for test_text.c. */
#ifndef NG_TESTS_UNIT_ROW_TESTS_H
#define NG_TESTS_UNIT_ROW_TESTS_H

#include "text/row.h"
#include "unit/bytes.h"
#include "unit/test.h"

/* ------------------------------------------------------------------ rows -- */

static const struct row_case {
  const char *line;
  size_t length; /* 0: strlen */
  enum ng_row_fault_kind kind;
  unsigned number; /* the column, or the columns found */
} row_cases[] = {
    {"", 0, NG_ROW_COLUMN_COUNT, 1},
    {"a", 0, NG_ROW_COLUMN_COUNT, 1},
    {"a\t1\t1", 0, NG_ROW_COLUMN_COUNT, 3},
    {"a\t1\t1\t1\t1", 0, NG_ROW_COLUMN_COUNT, 5},
    {"a\t1\t1\t1\t", 0, NG_ROW_COLUMN_COUNT, 5},
    {"\t\t\t\t\t\t\t\t\t\t\t", 0, NG_ROW_COLUMN_COUNT, 12},
    {"\t1\t1\t1", 0, NG_ROW_WORD_EMPTY, 0},
    {"\t\t\t", 0, NG_ROW_WORD_EMPTY, 0},
    {"a\xff\t1\t1\t1", 0, NG_ROW_WORD_NOT_UTF8, 0},
    {"\xc3\t1\t1\t1", 0, NG_ROW_WORD_NOT_UTF8, 0},
    {"a\0b\t1\t1\t1", 9, NG_ROW_WORD_HAS_NUL, 0},
    {"\0\xff\t1\t1\t1", 8, NG_ROW_WORD_HAS_NUL, 0},
    {"a\t\t1\t1", 0, NG_ROW_NOT_A_NUMBER, 1},
    {"a\tx\t1\t1", 0, NG_ROW_NOT_A_NUMBER, 1},
    {"a\t1\t\t1", 0, NG_ROW_NOT_A_NUMBER, 2},
    {"a\t1\t-1\t1", 0, NG_ROW_NOT_A_NUMBER, 2},
    {"a\t1\t+1\t1", 0, NG_ROW_NOT_A_NUMBER, 2},
    {"a\t1\t 1\t1", 0, NG_ROW_NOT_A_NUMBER, 2},
    {"a\t1\t1.0\t1", 0, NG_ROW_NOT_A_NUMBER, 2},
    {"a\t1\t1\t", 0, NG_ROW_NOT_A_NUMBER, 3},
    {"a\t1\t1\t1\r", 0, NG_ROW_NOT_A_NUMBER, 3},
    {"a\t1\t1\t1 ", 0, NG_ROW_NOT_A_NUMBER, 3},
    {"a\t1\t1\t1\0", 8, NG_ROW_NOT_A_NUMBER, 3},
    {"a\t1\t1\t0x1", 0, NG_ROW_NOT_A_NUMBER, 3},
    {"a\t2147483648\t1\t1", 0, NG_ROW_DOES_NOT_FIT, 1},
    {"a\t1\t9223372036854775808\t1", 0, NG_ROW_DOES_NOT_FIT, 2},
    {"a\t1\t1\t9223372036854775808", 0, NG_ROW_DOES_NOT_FIT, 3},
    {"a\t1\t1\t18446744073709551617", 0, NG_ROW_DOES_NOT_FIT, 3},
    {"a\t1\t99999999999999999999999999\t1", 0, NG_ROW_DOES_NOT_FIT, 2},
    {"a\t1\t99999999999999999999999999x\t1", 0, NG_ROW_NOT_A_NUMBER, 2},
    /* the first of several faults */
    {"\t\t", 0, NG_ROW_COLUMN_COUNT, 3},
    {"\tx\tx\tx", 0, NG_ROW_WORD_EMPTY, 0},
    {"\xff\tx\tx\tx", 0, NG_ROW_WORD_NOT_UTF8, 0},
    {"a\t2147483648\tx\tx", 0, NG_ROW_DOES_NOT_FIT, 1},
};

static void every_fault_of_a_row_is_told(void)
{
  for (size_t i = 0; i < COUNT(row_cases); i++) {
    const struct row_case *wanted = &row_cases[i];
    size_t length = wanted->length ? wanted->length : strlen(wanted->line);
    struct ng_row_fault fault;
    struct ng_row row;

    NOTE("case %zu", i);
    CHECK(!ng_row_parse(wanted->line, length, &row, &fault));
    CHECK_EQ(fault.kind, wanted->kind);
    if (wanted->kind == NG_ROW_COLUMN_COUNT)
      CHECK_EQ(fault.columns_found, wanted->number);
    if (wanted->kind >= NG_ROW_NOT_A_NUMBER)
      CHECK_EQ(fault.column, wanted->number);
  }
}

static void check_row(const char *line, const char *word, int32_t year,
                      uint64_t match_count, uint64_t volume_count)
{
  struct ng_row_fault fault;
  struct ng_row row;

  NOTE("'%s'", line);
  if (!CHECK(ng_row_parse(line, strlen(line), &row, &fault)))
    return;
  CHECK_EQ(fault.kind, NG_ROW_OK);
  CHECK_BYTES(row.word, row.word_length, word, strlen(word));
  CHECK_EQ(row.year, year);
  CHECK_EQ(row.match_count, match_count);
  CHECK_EQ(row.volume_count, volume_count);
}

static void good_rows_are_read(void)
{
  check_row("a\t0\t0\t0", "a", 0, 0, 0);
  check_row("a b\t1900\t12\t3", "a b", 1900, 12, 3);
  check_row("\"\t1900\t12\t3", "\"", 1900, 12, 3);
  check_row(" \t1\t2\t3", " ", 1, 2, 3);
  check_row("\r\t1\t2\t3", "\r", 1, 2, 3);
  check_row("a\t2147483647\t9223372036854775807\t9223372036854775807", "a",
            INT32_MAX, INT64_MAX, INT64_MAX);
  check_row("a\t00000000000000000000001900\t0000000000000000000000012\t03", "a",
            1900, 12, 3);
  check_row("\xc3\x98verst_ADV\t1900\t4294967296\t2147483648",
            "\xc3\x98verst_ADV", 1900, UINT64_C(4294967296), 2147483648u);
}

static void line_is_too_long_past_one_mebibyte(void)
{
  struct bytes line = {.data = NULL};
  struct ng_row_fault fault;
  struct ng_row row;

  for (int extra = -1; extra <= 1; extra++) {
    line.size = 0;
    bytes_fill(&line, 'w', NG_LINE_MAX - 6 + (size_t)(extra + 1) - 1);
    bytes_add_text(&line, "\t1\t2\t3");
    NOTE("%zu bytes", line.size);
    CHECK_EQ(ng_row_parse((char *)line.data, line.size, &row, &fault),
             extra <= 0);
    CHECK_EQ(fault.kind, extra <= 0 ? NG_ROW_OK : NG_ROW_TOO_LONG);
  }
  memset(line.data, '\t', line.size); /* whatever else is wrong */
  CHECK(!ng_row_parse((char *)line.data, line.size, &row, &fault));
  CHECK_EQ(fault.kind, NG_ROW_TOO_LONG);
  bytes_free(&line);
}

#define ROW_TESTS                                                              \
  TEST(every_fault_of_a_row_is_told), TEST(good_rows_are_read),                \
      TEST(line_is_too_long_past_one_mebibyte)

#endif
