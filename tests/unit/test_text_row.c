/* SPDX-License-Identifier: MIT */
/* Tests of single rows. */
#include "text/line.h"
#include "unit/bytes.h"
#include "unit/test.h"

/* ------------------------------------------------------------------ rows -- */

static const struct row_case {
  enum ng_layout layout;
  const char *line;
  size_t length; /* 0: strlen */
  enum ng_row_fault_kind kind;
  unsigned number; /* an enum ng_row_number, or what was found */
  unsigned column; /* of 2020 */
} row_cases[] = {
    {NG_LAYOUT_2012, "", 0, NG_ROW_COLUMN_COUNT, 1, 0},
    {NG_LAYOUT_2012, "a", 0, NG_ROW_COLUMN_COUNT, 1, 0},
    {NG_LAYOUT_2012, "a\t1\t1", 0, NG_ROW_COLUMN_COUNT, 3, 0},
    {NG_LAYOUT_2012, "a\t1\t1\t1\t1", 0, NG_ROW_COLUMN_COUNT, 5, 0},
    {NG_LAYOUT_2012, "a\t1\t1\t1\t", 0, NG_ROW_COLUMN_COUNT, 5, 0},
    {NG_LAYOUT_2012, "\t\t\t\t\t\t\t\t\t\t\t", 0, NG_ROW_COLUMN_COUNT, 12, 0},
    {NG_LAYOUT_2012, "\t1\t1\t1", 0, NG_ROW_WORD_EMPTY, 0, 0},
    {NG_LAYOUT_2012, "\t\t\t", 0, NG_ROW_WORD_EMPTY, 0, 0},
    {NG_LAYOUT_2012, "a\xff\t1\t1\t1", 0, NG_ROW_WORD_NOT_UTF8, 0, 0},
    {NG_LAYOUT_2012, "\xc3\t1\t1\t1", 0, NG_ROW_WORD_NOT_UTF8, 0, 0},
    {NG_LAYOUT_2012, "a\0b\t1\t1\t1", 9, NG_ROW_WORD_HAS_NUL, 0, 0},
    {NG_LAYOUT_2012, "\0\xff\t1\t1\t1", 8, NG_ROW_WORD_HAS_NUL, 0, 0},
    {NG_LAYOUT_2012, "a\t\t1\t1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_YEAR, 0},
    {NG_LAYOUT_2012, "a\tx\t1\t1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_YEAR, 0},
    {NG_LAYOUT_2012, "a\t1\t\t1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_MATCH_COUNT,
     0},
    {NG_LAYOUT_2012, "a\t1\t-1\t1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_MATCH_COUNT,
     0},
    {NG_LAYOUT_2012, "a\t1\t+1\t1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_MATCH_COUNT,
     0},
    {NG_LAYOUT_2012, "a\t1\t 1\t1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_MATCH_COUNT,
     0},
    {NG_LAYOUT_2012, "a\t1\t1.0\t1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_MATCH_COUNT,
     0},
    {NG_LAYOUT_2012, "a\t1\t1\t", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_VOLUME_COUNT,
     0},
    {NG_LAYOUT_2012, "a\t1\t1\t1\r", 0, NG_ROW_NOT_A_NUMBER,
     NG_ROW_VOLUME_COUNT, 0},
    {NG_LAYOUT_2012, "a\t1\t1\t1 ", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_VOLUME_COUNT,
     0},
    {NG_LAYOUT_2012, "a\t1\t1\t1\0", 8, NG_ROW_NOT_A_NUMBER,
     NG_ROW_VOLUME_COUNT, 0},
    {NG_LAYOUT_2012, "a\t1\t1\t0x1", 0, NG_ROW_NOT_A_NUMBER,
     NG_ROW_VOLUME_COUNT, 0},
    {NG_LAYOUT_2012, "a\t2147483648\t1\t1", 0, NG_ROW_DOES_NOT_FIT, NG_ROW_YEAR,
     0},
    {NG_LAYOUT_2012, "a\t1\t9223372036854775808\t1", 0, NG_ROW_DOES_NOT_FIT,
     NG_ROW_MATCH_COUNT, 0},
    {NG_LAYOUT_2012, "a\t1\t1\t9223372036854775808", 0, NG_ROW_DOES_NOT_FIT,
     NG_ROW_VOLUME_COUNT, 0},
    {NG_LAYOUT_2012, "a\t1\t1\t18446744073709551617", 0, NG_ROW_DOES_NOT_FIT,
     NG_ROW_VOLUME_COUNT, 0},
    {NG_LAYOUT_2012, "a\t1\t99999999999999999999999999\t1", 0,
     NG_ROW_DOES_NOT_FIT, NG_ROW_MATCH_COUNT, 0},
    {NG_LAYOUT_2012, "a\t1\t99999999999999999999999999x\t1", 0,
     NG_ROW_NOT_A_NUMBER, NG_ROW_MATCH_COUNT, 0},
    /* the first of several faults */
    {NG_LAYOUT_2012, "\t\t", 0, NG_ROW_COLUMN_COUNT, 3, 0},
    {NG_LAYOUT_2012, "\tx\tx\tx", 0, NG_ROW_WORD_EMPTY, 0, 0},
    {NG_LAYOUT_2012, "\xff\tx\tx\tx", 0, NG_ROW_WORD_NOT_UTF8, 0, 0},
    {NG_LAYOUT_2012, "a\t2147483648\tx\tx", 0, NG_ROW_DOES_NOT_FIT, NG_ROW_YEAR,
     0},
    {NG_LAYOUT_2009, "a\t1\t1\t1", 0, NG_ROW_COLUMN_COUNT, 4, 0},
    {NG_LAYOUT_2009, "a\t1\t1\t1\t1\t1", 0, NG_ROW_COLUMN_COUNT, 6, 0},
    {NG_LAYOUT_2009, "\t1\t1\t1\t1", 0, NG_ROW_WORD_EMPTY, 0, 0},
    {NG_LAYOUT_2009, "a\t1\t1\tx\t1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_PAGE_COUNT,
     0},
    {NG_LAYOUT_2009, "a\t1\t1\t9223372036854775808\tx", 0, NG_ROW_DOES_NOT_FIT,
     NG_ROW_PAGE_COUNT, 0},
    {NG_LAYOUT_2009, "a\t1\t1\t1\t", 0, NG_ROW_NOT_A_NUMBER,
     NG_ROW_VOLUME_COUNT, 0},
    {NG_LAYOUT_2009, "a\t1,1,1\t1\t1\t1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_YEAR,
     0},
    {NG_LAYOUT_2020, "a", 0, NG_ROW_COLUMN_COUNT, 1, 0},
    {NG_LAYOUT_2020, "", 0, NG_ROW_COLUMN_COUNT, 1, 0},
    {NG_LAYOUT_2020, "\t1,1,1", 0, NG_ROW_WORD_EMPTY, 0, 0},
    {NG_LAYOUT_2020, "\xff\tx", 0, NG_ROW_WORD_NOT_UTF8, 0, 0},
    {NG_LAYOUT_2020, "a\t", 0, NG_ROW_PART_COUNT, 1, 2},
    {NG_LAYOUT_2020, "a\t1,1,1\t", 0, NG_ROW_PART_COUNT, 1, 3},
    {NG_LAYOUT_2020, "a\t1,1\t1,1,1", 0, NG_ROW_PART_COUNT, 2, 2},
    {NG_LAYOUT_2020, "a\t1,1,1\t1,1,1,1", 0, NG_ROW_PART_COUNT, 4, 3},
    {NG_LAYOUT_2020, "a\t1,1,1\t1\t1", 0, NG_ROW_PART_COUNT, 1, 3},
    {NG_LAYOUT_2020, "a\t1,1,1\t1,,1\tx", 0, NG_ROW_NOT_A_NUMBER,
     NG_ROW_MATCH_COUNT, 3},
    {NG_LAYOUT_2020, "a\t1,1,1\t,1,1", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_YEAR, 3},
    {NG_LAYOUT_2020, "a\t1,1,1\r", 0, NG_ROW_NOT_A_NUMBER, NG_ROW_VOLUME_COUNT,
     2},
    {NG_LAYOUT_2020, "a\t2147483648,1,1", 0, NG_ROW_DOES_NOT_FIT, NG_ROW_YEAR,
     2},
    {NG_LAYOUT_2020, "a\t1,1,1\t1,1,9223372036854775808", 0,
     NG_ROW_DOES_NOT_FIT, NG_ROW_VOLUME_COUNT, 3},
};

static void every_fault_of_a_line_is_told(void)
{
  for (size_t i = 0; i < COUNT(row_cases); i++) {
    const struct row_case *wanted = &row_cases[i];
    size_t length = wanted->length ? wanted->length : strlen(wanted->line);
    struct ng_row_fault fault;
    struct ng_line line;

    NOTE("case %zu", i);
    CHECK(!ng_line_open(&line, wanted->layout, wanted->line, length, &fault));
    CHECK_EQ(fault.kind, wanted->kind);
    CHECK_EQ(fault.layout, wanted->layout);
    if (wanted->kind == NG_ROW_COLUMN_COUNT ||
        wanted->kind == NG_ROW_PART_COUNT)
      CHECK_EQ(fault.found, wanted->number);
    if (wanted->kind >= NG_ROW_NOT_A_NUMBER)
      CHECK_EQ(fault.number, wanted->number);
    if (wanted->column > 0)
      CHECK_EQ(fault.column, wanted->column);
  }
}

static void check_row(struct ng_line *line, const char *word, int32_t year,
                      uint64_t match_count, uint64_t volume_count)
{
  struct ng_row row;

  if (!CHECK(ng_line_next(line, &row)))
    return;
  CHECK_BYTES(row.word, row.word_length, word, strlen(word));
  CHECK_EQ(row.year, year);
  CHECK_EQ(row.match_count, match_count);
  CHECK_EQ(row.volume_count, volume_count);
}

static bool open_line(struct ng_line *line, enum ng_layout layout,
                      const char *text)
{
  struct ng_row_fault fault;

  NOTE("'%s'", text);
  return CHECK(ng_line_open(line, layout, text, strlen(text), &fault)) &&
         CHECK_EQ(fault.kind, NG_ROW_OK);
}

static void check_line_of_one(enum ng_layout layout, const char *text,
                              const char *word, int32_t year,
                              uint64_t match_count, uint64_t volume_count)
{
  struct ng_line line;
  struct ng_row row;

  if (!open_line(&line, layout, text))
    return;
  check_row(&line, word, year, match_count, volume_count);
  CHECK(!ng_line_next(&line, &row));
  CHECK(!ng_line_next(&line, &row));
}

static void good_rows_are_read(void)
{
  enum ng_layout layout = NG_LAYOUT_2012;

  check_line_of_one(layout, "a\t0\t0\t0", "a", 0, 0, 0);
  check_line_of_one(layout, "a b\t1900\t12\t3", "a b", 1900, 12, 3);
  check_line_of_one(layout, "\"\t1900\t12\t3", "\"", 1900, 12, 3);
  check_line_of_one(layout, " \t1\t2\t3", " ", 1, 2, 3);
  check_line_of_one(layout, "\r\t1\t2\t3", "\r", 1, 2, 3);
  check_line_of_one(layout,
                    "a\t2147483647\t9223372036854775807\t9223372036854775807",
                    "a", INT32_MAX, INT64_MAX, INT64_MAX);
  check_line_of_one(
      layout, "a\t00000000000000000000001900\t0000000000000000000000012\t03",
      "a", 1900, 12, 3);
  check_line_of_one(layout, "\xc3\x98verst_ADV\t1900\t4294967296\t2147483648",
                    "\xc3\x98verst_ADV", 1900, UINT64_C(4294967296),
                    2147483648u);
  check_line_of_one(NG_LAYOUT_2009, "a b\t1900\t12\t7\t3", "a b", 1900, 12, 3);
  check_line_of_one(NG_LAYOUT_2020, "a b\t1900,12,3", "a b", 1900, 12, 3);
}

static void line_of_2020_has_a_row_for_each_year(void)
{
  struct ng_line line;
  struct ng_row row;

  if (!open_line(&line, NG_LAYOUT_2020,
                 "a,b\t1900,12,3\t1850,9223372036854775807,4\t1900,1,00"))
    return;
  check_row(&line, "a,b", 1900, 12, 3);
  check_row(&line, "a,b", 1850, INT64_MAX, 4);
  check_row(&line, "a,b", 1900, 1, 0);
  CHECK(!ng_line_next(&line, &row));
}

static void first_line_tells_the_layout(void)
{
  static const struct {
    const char *line;
    enum ng_layout layout;
  } cases[] = {
      {"", NG_LAYOUT_2012},
      {"a", NG_LAYOUT_2012},
      {"a,1,2,3", NG_LAYOUT_2012},
      {"a,b\t1900\t1\t1", NG_LAYOUT_2012},
      {"a\t1900\t1,1\t1", NG_LAYOUT_2012},
      {"a\t1900\t1\t1\t1\t1", NG_LAYOUT_2012},
      {"a\t1900\t1\t1\t1", NG_LAYOUT_2009},
      {"a,b\tx\t\t\t", NG_LAYOUT_2009},
      {"a\t1900,1,1", NG_LAYOUT_2020},
      {"a\t1900,1,1\t1901,1,1\t1902,1,1\t1903,1,1", NG_LAYOUT_2020},
      {"a\t1900,1", NG_LAYOUT_2020},
  };

  for (size_t i = 0; i < COUNT(cases); i++) {
    NOTE("'%s'", cases[i].line);
    CHECK_EQ(ng_line_guess_layout(cases[i].line, strlen(cases[i].line)),
             cases[i].layout);
  }
}

static void line_is_too_long_past_one_mebibyte(void)
{
  struct bytes line = {.data = NULL};
  struct ng_row_fault fault;
  struct ng_line parsed;

  for (int extra = -1; extra <= 1; extra++) {
    line.size = 0;
    bytes_fill(&line, 'w', NG_LINE_MAX - 6 + (size_t)(extra + 1) - 1);
    bytes_add_text(&line, "\t1\t2\t3");
    NOTE("%zu bytes", line.size);
    CHECK_EQ(ng_line_open(&parsed, NG_LAYOUT_2012, (char *)line.data, line.size,
                          &fault),
             extra <= 0);
    CHECK_EQ(fault.kind, extra <= 0 ? NG_ROW_OK : NG_ROW_TOO_LONG);
  }
  memset(line.data, '\t', line.size); /* whatever else is wrong */
  CHECK(!ng_line_open(&parsed, NG_LAYOUT_2012, (char *)line.data, line.size,
                      &fault));
  CHECK_EQ(fault.kind, NG_ROW_TOO_LONG);
  bytes_free(&line);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(every_fault_of_a_line_is_told),
      TEST(good_rows_are_read),
      TEST(line_of_2020_has_a_row_for_each_year),
      TEST(first_line_tells_the_layout),
      TEST(line_is_too_long_past_one_mebibyte),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
