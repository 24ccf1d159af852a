/* SPDX-License-Identifier: MIT */
/* Tests of totalcounts texts. */
#include "text/totals_parser.h"
#include "unit/bytes.h"
#include "unit/guarded.h"
#include "unit/test.h"

struct totals_made {
  int64_t numbers[40][NG_TOTAL_NUMBERS];
  uint64_t lines[40];
  uint64_t blocks[40];
  size_t count;
  struct bytes text;
};

/* One to three blanks; *line and *block follow. With lines, at least one of
   them ends a line. */
static void add_blanks(struct totals_made *made, bool by_lines, uint64_t *line,
                       uint64_t *block)
{
  static const char *const blanks[] = {"\t", " ", "\r", "\n"};
  bool ended = false;

  for (size_t left = 1 + random_below(3); left > 0 || (by_lines && !ended);) {
    size_t kind = random_below(COUNT(blanks));

    bytes_add_text(&made->text, blanks[kind]);
    ended |= kind == 3;
    *line += kind == 3;
    *block = kind == 3 ? 0 : *block;
    left -= left > 0;
  }
}

static void add_numbers(struct totals_made *made, const int64_t *numbers,
                        bool by_lines)
{
  char text[24];

  for (size_t i = 0; i < NG_TOTAL_NUMBERS; i++) {
    if (i > 0)
      bytes_add_text(&made->text, !by_lines         ? ","
                                  : random_below(2) ? "\t"
                                                    : " \t ");
    snprintf(text, sizeof text, "%" PRId64, numbers[i]);
    bytes_add_text(&made->text, text);
  }
}

static void add_heading(struct totals_made *made, bool by_lines, uint64_t *line,
                        uint64_t *block)
{
  bytes_add_text(&made->text, by_lines
                                  ? "year match_count  page_count volume_count"
                                  : "year,match_count,page_count,volume_count");
  ++*block;
  if (!by_lines) {
    add_blanks(made, by_lines, line, block);
    return;
  }
  bytes_add_text(&made->text, "\r\n");
  ++*line;
  *block = 0;
}

/* Any blocks in any of the layouts, some of the numbers the greatest. */
static void make_totals(struct totals_made *made, bool by_lines)
{
  uint64_t line = 1;
  uint64_t block = 0;

  made->text.size = 0;
  bytes_reserve(&made->text, 1);
  made->count = random_below(COUNT(made->numbers));
  if (random_below(2))
    add_blanks(made, false, &line, &block);
  if (random_below(3) == 0)
    add_heading(made, by_lines, &line, &block);
  for (size_t i = 0; i < made->count; i++) {
    for (size_t j = 0; j < NG_TOTAL_NUMBERS; j++) {
      uint64_t max = j == NG_TOTAL_YEAR ? INT32_MAX : INT64_MAX;

      made->numbers[i][j] =
          (int64_t)(max >> (random_below(4) ? random_below(64) : 0));
    }
    add_numbers(made, made->numbers[i], by_lines);
    made->lines[i] = line;
    made->blocks[i] = ++block;
    if (i + 1 < made->count || random_below(2))
      add_blanks(made, by_lines, &line, &block);
  }
}

static void check_totals(const struct totals_made *made)
{
  struct guarded guarded = guarded_make(made->text.size);
  char *text = (char *)guarded.end - made->text.size;
  struct ng_totals_parser parser;
  struct ng_totals_fault fault;
  int64_t numbers[NG_TOTAL_NUMBERS];

  memcpy(text, made->text.data, made->text.size);
  ng_totals_parser_init(&parser, text, made->text.size);
  for (size_t i = 0; i < made->count; i++) {
    if (!CHECK(ng_totals_parser_next(&parser, numbers, &fault)))
      break;
    for (size_t j = 0; j < NG_TOTAL_NUMBERS; j++)
      CHECK_EQ(numbers[j], made->numbers[i][j]);
    CHECK_EQ(parser.line, made->lines[i]);
    CHECK_EQ(parser.block, made->blocks[i]);
  }
  CHECK(!ng_totals_parser_next(&parser, numbers, &fault));
  CHECK_EQ(fault.kind, NG_TOTALS_OK);
  guarded_free(&guarded);
}

static void totals_are_read_in_every_layout(void)
{
  static struct totals_made made;

  for (int round = 0; round < 2000 && !test_state.failed; round++) {
    NOTE("round %d", round);
    make_totals(&made, round % 2 == 1);
    check_totals(&made);
  }
  bytes_free(&made.text);
}

static const struct totals_case {
  const char *text;
  size_t size; /* 0: strlen */
  size_t good; /* blocks before the fault */
  enum ng_totals_fault_kind kind;
  unsigned number; /* the one at fault, its column, or how many were found */
  unsigned line;
  unsigned block;
} totals_cases[] = {
    {"1", 0, 0, NG_TOTALS_NUMBER_COUNT, 1, 1, 1},
    {",", 0, 0, NG_TOTALS_NUMBER_COUNT, 2, 1, 1},
    {",,,", 0, 0, NG_TOTALS_NOT_A_NUMBER, NG_TOTAL_YEAR, 1, 1},
    {"1,2,3,", 0, 0, NG_TOTALS_NOT_A_NUMBER, NG_TOTAL_VOLUME_COUNT, 1, 1},
    {"1,2,3,4,", 0, 0, NG_TOTALS_NUMBER_COUNT, 5, 1, 1},
    {" \t1,2,3,4\t\t5,6,7\t", 0, 1, NG_TOTALS_NUMBER_COUNT, 3, 1, 2},
    {"1,2,3,4\n5,6,7,8 9,+1,2,3", 0, 2, NG_TOTALS_NOT_A_NUMBER,
     NG_TOTAL_MATCH_COUNT, 2, 2},
    {"1,2,3,4\n\n\n5\t6\t7\t8", 0, 1, NG_TOTALS_NUMBER_COUNT, 1, 4, 1},
    {"1 2 3 4\n5,6,7,8", 0, 1, NG_TOTALS_NUMBER_COUNT, 1, 2, 1},
    {"1 2 3 4\n5 6 7, 8", 0, 1, NG_TOTALS_NOT_A_NUMBER, NG_TOTAL_PAGE_COUNT, 2,
     1},
    {"1 2 3 4 5 6 7 8", 0, 0, NG_TOTALS_NUMBER_COUNT, 8, 1, 1},
    {"1\t2\t3\r\n4", 0, 0, NG_TOTALS_NUMBER_COUNT, 3, 1, 1},
    {"2147483648,1,1,1", 0, 0, NG_TOTALS_DOES_NOT_FIT, NG_TOTAL_YEAR, 1, 1},
    {"1,9223372036854775808,1,1", 0, 0, NG_TOTALS_DOES_NOT_FIT,
     NG_TOTAL_MATCH_COUNT, 1, 1},
    {"1,1,1,99999999999999999999999", 0, 0, NG_TOTALS_DOES_NOT_FIT,
     NG_TOTAL_VOLUME_COUNT, 1, 1},
    {"1,1,1,99999999999999999999999x", 0, 0, NG_TOTALS_NOT_A_NUMBER,
     NG_TOTAL_VOLUME_COUNT, 1, 1},
    {"1,1,1,1\0", 8, 0, NG_TOTALS_NOT_A_NUMBER, NG_TOTAL_VOLUME_COUNT, 1, 1},
    {"1,1,1,\xff", 0, 0, NG_TOTALS_NOT_A_NUMBER, NG_TOTAL_VOLUME_COUNT, 1, 1},
    {"1,1,1,\"1", 0, 0, NG_TOTALS_NOT_A_NUMBER, NG_TOTAL_VOLUME_COUNT, 1, 1},
    {"\"\",1,1,1", 0, 0, NG_TOTALS_NOT_A_NUMBER, NG_TOTAL_YEAR, 1, 1},
    {"1,1,1,1\v2,2,2,2", 0, 0, NG_TOTALS_NUMBER_COUNT, 7, 1, 1},
    /* a heading is one only at the front, and in one layout */
    {"1,2,3,4\nyear,match_count,page_count,volume_count", 0, 1,
     NG_TOTALS_NOT_A_NUMBER, NG_TOTAL_YEAR, 2, 1},
    {"year,match_count,page_count,volume_counts", 0, 0, NG_TOTALS_UNKNOWN_NAME,
     4, 1, 1},
    {"year,match_count,page_count,volume_count\n1\t2\t3\t4", 0, 0,
     NG_TOTALS_NUMBER_COUNT, 1, 2, 1},
    /* a table has what its heading says, in the layout of the heading */
    {"\n\nyears,total\n1,2", 0, 0, NG_TOTALS_UNKNOWN_NAME, 1, 3, 1},
    {"year,total,\"\xef\"", 0, 0, NG_TOTALS_UNKNOWN_NAME, 3, 1, 1},
    {"year,total,Year", 0, 0, NG_TOTALS_NAME_TWICE, 3, 1, 1},
    {"total;;match_count;year", 0, 0, NG_TOTALS_NAME_TWICE, 3, 1, 1},
    {"total,pages", 0, 0, NG_TOTALS_NO_COLUMN, NG_TOTAL_YEAR, 1, 1},
    {"books,pages", 0, 0, NG_TOTALS_NO_COLUMN, NG_TOTAL_YEAR, 1, 1},
    {"year\tpages\n1\t2", 0, 0, NG_TOTALS_NO_COLUMN, NG_TOTAL_MATCH_COUNT, 1,
     1},
    {"year", 0, 0, NG_TOTALS_NO_COLUMN, NG_TOTAL_MATCH_COUNT, 1, 1},
    {"Year,Total\n1,2\n3\n", 0, 1, NG_TOTALS_NUMBER_COUNT, 1, 3, 1},
    {"Year,Total\n1,2\n3,4,\n", 0, 1, NG_TOTALS_NUMBER_COUNT, 3, 3, 1},
    {"Year;Total\n1;2\n3,4\n", 0, 1, NG_TOTALS_NUMBER_COUNT, 1, 3, 1},
    {"Year\tTotal\n1\t2\n\t3\t4\n", 0, 1, NG_TOTALS_NUMBER_COUNT, 3, 3, 1},
    {"Year,Total\n1,\"2,000\"\n", 0, 0, NG_TOTALS_NOT_A_NUMBER,
     NG_TOTAL_MATCH_COUNT, 2, 1},
    {"Total,Year\n\"1\",\n", 0, 0, NG_TOTALS_NOT_A_NUMBER, NG_TOTAL_YEAR, 2, 1},
    {"Total,Year\n1,2147483648\n", 0, 0, NG_TOTALS_DOES_NOT_FIT, NG_TOTAL_YEAR,
     2, 1},
    {"Year,Total\n1,2\n3,1e+05\n", 0, 1, NG_TOTALS_NOT_A_NUMBER,
     NG_TOTAL_MATCH_COUNT, 3, 1},
    {"year,total\n1,2\t3,4\t5,x", 0, 2, NG_TOTALS_NOT_A_NUMBER,
     NG_TOTAL_MATCH_COUNT, 2, 3},
    {"\xEF\xBB\xBF\xEF\xBB\xBFyear,total", 0, 0, NG_TOTALS_UNKNOWN_NAME, 1, 1,
     1},
};

/* What a case calls `number`. */
static size_t fault_number(const struct ng_totals_fault *fault)
{
  if (fault->kind == NG_TOTALS_NUMBER_COUNT)
    return fault->numbers_found;
  if (fault->kind == NG_TOTALS_UNKNOWN_NAME ||
      fault->kind == NG_TOTALS_NAME_TWICE)
    return fault->column;
  return fault->number;
}

static void every_fault_of_totals_is_told(void)
{
  for (size_t i = 0; i < COUNT(totals_cases); i++) {
    const struct totals_case *wanted = &totals_cases[i];
    size_t size = wanted->size ? wanted->size : strlen(wanted->text);
    struct ng_totals_parser parser;
    struct ng_totals_fault fault;
    int64_t numbers[NG_TOTAL_NUMBERS];
    size_t good = 0;

    NOTE("case %zu", i);
    ng_totals_parser_init(&parser, wanted->text, size);
    while (ng_totals_parser_next(&parser, numbers, &fault))
      good++;
    CHECK_EQ(good, wanted->good);
    CHECK_EQ(fault.kind, wanted->kind);
    CHECK_EQ(fault_number(&fault), wanted->number);
    CHECK_EQ(parser.line, wanted->line);
    CHECK_EQ(parser.block, wanted->block);
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(totals_are_read_in_every_layout),
      TEST(every_fault_of_totals_is_told),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
