/* SPDX-License-Identifier: MIT */
/* Tests of the wording of errors (fault/fail.h). */
#include <errno.h>
#include <string.h>

#include "fault/fail.h"
#include "ngram.h"
#include "unit/test.h"

/* ---------------------------------------------------------------- errors -- */

static void row_faults_are_said_in_words(void)
{
  static const struct {
    struct ng_row_fault fault;
    const char *message;
  } cases[] = {
      {{.kind = NG_ROW_TOO_LONG}, "a: line 7: longer than 1 MiB"},
      {{.kind = NG_ROW_COLUMN_COUNT, .found = 3},
       "a: line 7: expected 4 columns, found 3"},
      {{.kind = NG_ROW_COLUMN_COUNT, .layout = NG_LAYOUT_2009, .found = 4},
       "a: line 7: expected 5 columns, found 4"},
      {{.kind = NG_ROW_COLUMN_COUNT, .layout = NG_LAYOUT_2020, .found = 1},
       "a: line 7: expected 2 columns or more, found 1"},
      {{.kind = NG_ROW_WORD_EMPTY}, "a: line 7: empty word"},
      {{.kind = NG_ROW_WORD_NOT_UTF8}, "a: line 7: word is not valid UTF-8"},
      {{.kind = NG_ROW_WORD_HAS_NUL}, "a: line 7: word holds a NUL byte"},
      {{.kind = NG_ROW_PART_COUNT,
        .layout = NG_LAYOUT_2020,
        .column = 3,
        .found = 1},
       "a: line 7: column 3: expected year,match_count,volume_count, "
       "found 1 part"},
      {{.kind = NG_ROW_NOT_A_NUMBER, .number = NG_ROW_YEAR},
       "a: line 7: year is not a number"},
      {{.kind = NG_ROW_NOT_A_NUMBER, .number = NG_ROW_MATCH_COUNT},
       "a: line 7: match_count is not a number"},
      {{.kind = NG_ROW_NOT_A_NUMBER, .number = NG_ROW_PAGE_COUNT},
       "a: line 7: page_count is not a number"},
      {{.kind = NG_ROW_NOT_A_NUMBER,
        .layout = NG_LAYOUT_2020,
        .number = NG_ROW_MATCH_COUNT,
        .column = 12},
       "a: line 7: column 12: match_count is not a number"},
      {{.kind = NG_ROW_DOES_NOT_FIT, .number = NG_ROW_YEAR},
       "a: line 7: year does not fit 31 bits"},
      {{.kind = NG_ROW_DOES_NOT_FIT, .number = NG_ROW_VOLUME_COUNT},
       "a: line 7: volume_count does not fit 63 bits"},
  };

  for (size_t i = 0; i < COUNT(cases); i++) {
    struct ngram_error error = {.status = NGRAM_OK};

    CHECK_EQ(ng_fail_row(&error, "a", 7, &cases[i].fault), NGRAM_BAD_INPUT);
    CHECK_EQ(error.status, NGRAM_BAD_INPUT);
    CHECK_STR(error.message, cases[i].message);
    CHECK_EQ(ng_fail_row(NULL, "a", 7, &cases[i].fault), NGRAM_BAD_INPUT);
  }
}

static void gzip_faults_are_said_in_words(void)
{
  static const struct {
    struct ng_gzip_fault fault;
    enum ngram_status status;
    const char *part;
  } cases[] = {
      {{NG_GZIP_TRUNCATED, 9, 0}, NGRAM_BAD_INPUT, "a: byte 9: truncated"},
      {{NG_GZIP_BAD_HEADER, 9, 0}, NGRAM_BAD_INPUT, "a: byte 9: bad gzip h"},
      {{NG_GZIP_BAD_DEFLATE, 9, 0}, NGRAM_BAD_INPUT, "a: byte 9: invalid d"},
      {{NG_GZIP_NOT_A_MEMBER, 9, 0}, NGRAM_BAD_INPUT, "a: byte 9: not a gz"},
      {{NG_GZIP_BAD_CRC, 9, 0}, NGRAM_BAD_INPUT, "a: byte 9: CRC-32"},
      {{NG_GZIP_BAD_LENGTH, 9, 0}, NGRAM_BAD_INPUT, "a: byte 9: length"},
      {{NG_GZIP_READ_FAILED, 9, EIO}, NGRAM_IO_ERROR, "a: byte 9: "},
      {{NG_GZIP_READ_FAILED, 9, ECANCELED}, NGRAM_INTERRUPTED, "interrupted"},
      {{NG_GZIP_NO_MEMORY, 9, 0}, NGRAM_NO_MEMORY, "out of memory"},
  };

  for (size_t i = 0; i < COUNT(cases); i++) {
    struct ngram_error error = {.status = NGRAM_OK};

    CHECK_EQ(ng_fail_gzip(&error, "a", &cases[i].fault), cases[i].status);
    CHECK_EQ(error.status, cases[i].status);
    CHECK_HAS(error.message, cases[i].part);
  }
}

/* A path of 4,095 bytes fits a message, and a longer one is cut. */
static void long_paths_fit_a_message(void)
{
  struct ng_row_fault fault = {.kind = NG_ROW_WORD_EMPTY};
  struct ngram_error error;
  char path[8000];

  memset(path, 'p', sizeof path);
  path[sizeof path - 1] = '\0';
  ng_fail_open(&error, path, ENAMETOOLONG);
  CHECK(strlen(error.message) < sizeof error.message);
  path[4095] = '\0';
  ng_fail_row(&error, path, UINT64_MAX, &fault);
  CHECK_HAS(error.message, ": line 18446744073709551615: empty word");
  ng_fail_open(&error, path, ENOENT);
  CHECK_HAS(error.message, ": No such file or directory");
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(row_faults_are_said_in_words),
      TEST(gzip_faults_are_said_in_words),
      TEST(long_paths_fit_a_message),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
