/* SPDX-License-Identifier: MIT */
/* Tests of totals in tables with a heading. */
#include "unit/guarded.h"
#include "unit/naive_totals.h"
#include "unit/test.h"

/* A table that is made, and what is right for it. */
struct table_made {
  int numbers[8]; /* of the columns; -1: one without a name */
  size_t columns;
  const char *separator;
  const char *line_end;
  bool has_quotes;
  struct bytes text;
  struct bytes blocks; /* int64_t[NG_TOTAL_NUMBERS] each */
};

static const char *pick_name(int number)
{
  static const char *const names[NG_TOTAL_NUMBERS][4] = {
      {"year", "Year", "YEAR", "yEAR"},
      {"match_count", "Total", "Match_Count", "count"},
      {"page_count", "Pages", "PAGE_COUNT", "pages"},
      {"volume_count", "Volumes", "books", "Volume_Count"}};

  return number < 0 ? "" : names[number][random_below(4)];
}

/* Year, match_count and any of the others, some without a name; shuffled. */
static void choose_columns(struct table_made *made)
{
  made->columns = 0;
  for (int i = 0; i < NG_TOTAL_NUMBERS; i++)
    if (i < 2 || random_below(2))
      made->numbers[made->columns++] = i;
  for (size_t more = random_below(3); more > 0; more--)
    made->numbers[made->columns++] = -1;
  for (size_t i = made->columns - 1; i > 0; i--) {
    size_t other = random_below(i + 1);
    int number = made->numbers[i];

    made->numbers[i] = made->numbers[other];
    made->numbers[other] = number;
  }
}

static void add_cell(struct table_made *made, size_t column, const char *text)
{
  bool may_pad = made->separator[0] != ' ';
  bool quoted = made->has_quotes || random_below(4) == 0 ||
                (made->separator[0] == ' ' && !*text);

  bytes_print(&made->text, "%s%s%s%s%s%s", column > 0 ? made->separator : "",
              may_pad && random_below(8) == 0 ? " " : "", quoted ? "\"" : "",
              text, quoted ? "\"" : "",
              may_pad && random_below(8) == 0 ? " " : "");
}

/* One row that is no heading. */
static void add_row(struct table_made *made)
{
  static const char *const others[] = {"1", "\"\"", "\"a, b;\tc\"", "\"x y\""};
  int64_t numbers[NG_TOTAL_NUMBERS] = {-1, -1, -1, -1};
  char text[24];

  for (size_t i = 0; i < made->columns; i++) {
    int number = made->numbers[i];
    uint64_t max = number == NG_TOTAL_YEAR ? INT32_MAX : INT64_MAX;

    if (number < 0) {
      bytes_print(&made->text, "%s%s", i > 0 ? made->separator : "",
                  others[random_below(COUNT(others))]);
      continue;
    }
    numbers[number] =
        (int64_t)(max >> (random_below(4) ? random_below(64) : 0));
    snprintf(text, sizeof text, "%" PRId64, numbers[number]);
    add_cell(made, i, text);
  }
  bytes_add(&made->blocks, numbers, sizeof numbers);
}

static void make_table(struct table_made *made)
{
  static const char *const separators[] = {",", ";", "\t", " "};
  static const char *const line_ends[] = {"\n", "\r\n", "\n\n", "\r\n \r\n"};
  size_t rows = random_below(20);

  made->separator = separators[random_below(4)];
  made->line_end = line_ends[random_below(4)];
  made->has_quotes = random_below(2);
  made->text.size = made->blocks.size = 0;
  choose_columns(made);
  bytes_reserve(&made->blocks, 1);
  bytes_add_text(&made->text, random_below(2) ? "\xEF\xBB\xBF" : "");
  for (size_t i = 0; i < made->columns; i++)
    add_cell(made, i, pick_name(made->numbers[i]));
  for (size_t i = 0; i < rows; i++) {
    bytes_add_text(&made->text, made->line_end);
    add_row(made);
  }
  for (size_t more = random_below(3); more > 0; more--)
    bytes_add_text(&made->text, made->line_end);
}

/* The text in memory, at the end of what can be read. */
static bool agrees(const struct naive_totals *naive, const struct bytes *text)
{
  struct guarded guarded = guarded_make(text->size);
  char *copy = (char *)guarded.end - text->size;
  bool right;

  memcpy(copy, text->data, text->size);
  right = naive_totals_agree(naive, copy, text->size);
  guarded_free(&guarded);
  return right;
}

static void tables_of_totals_are_read(void)
{
  static struct table_made made;
  struct naive_totals naive = {.line = 0};

  for (int round = 0; round < 3000 && !test_state.failed; round++) {
    NOTE("round %d", round);
    make_table(&made);
    naive_totals_read(&naive, (const char *)made.text.data, made.text.size);
    CHECK(!naive.is_bad);
    CHECK_BYTES(naive.blocks.data, naive.blocks.size, made.blocks.data,
                made.blocks.size);
    CHECK(agrees(&naive, &made.text));
  }
  naive_totals_free(&naive);
  bytes_free(&made.text);
  bytes_free(&made.blocks);
}

/* A few bytes changed: the same numbers, or a fault at the same place. */
static void damaged_tables_of_totals_are_read_alike(void)
{
  static const char bytes[] = "\"\"\",,;;\t\t \n\n\r1x\xEF";
  static struct table_made made;
  struct naive_totals naive = {.line = 0};
  size_t bad = 0;

  for (int round = 0; round < 5000 && !test_state.failed; round++) {
    NOTE("round %d", round);
    make_table(&made);
    for (size_t left = 1 + random_below(3); left > 0; left--)
      made.text.data[random_below(made.text.size)] =
          (unsigned char)bytes[random_below(sizeof bytes - 1)];
    naive_totals_read(&naive, (const char *)made.text.data, made.text.size);
    bad += naive.is_bad;
    CHECK(agrees(&naive, &made.text));
  }
  CHECK(bad > 1000 && bad < 5000);
  naive_totals_free(&naive);
  bytes_free(&made.text);
  bytes_free(&made.blocks);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(tables_of_totals_are_read),
      TEST(damaged_tables_of_totals_are_read_alike),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
