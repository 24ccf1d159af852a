/* SPDX-License-Identifier: MIT */
/*
 * Tests of the plan, and of the wording of errors (fault/fail.h). test_scan_*.c
 * have the rest of the room.
 */
#include <errno.h>
#include <string.h>

#include "base/cpu.h"
#include "fault/fail.h"
#include "ngram.h"
#include "scan/plan.h"
#include "text/text_kernel.h"
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/check_totals.h"
#include "unit/count_check.h"
#include "unit/failing_calls.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/mapper.h"
#include "unit/naive_count.h"
#include "unit/naive_tokens.h"
#include "unit/rows_check.h"
#include "unit/rows_make.h"
#include "unit/test.h"
#include "unit/tree.h"

#define MIB ((uint64_t)1 << 20)

/* ------------------------------------------------------------------ plan -- */

static const struct plan_case {
  const char *name;
  enum ng_format format;
  bool forward_only;
  uint64_t file_bytes;
  unsigned threads;
  uint64_t chunk_size;
  enum ng_strategy strategy;
  unsigned workers;
} plan_cases[] = {
    {"plain", NG_PLAIN, false, 100 * MIB, 4, 0, NG_STRATEGY_EXTENTS, 4},
    {"plain, all CPUs", NG_PLAIN, false, 100 * MIB, 0, 0, NG_STRATEGY_EXTENTS,
     6},
    {"plain, one", NG_PLAIN, false, 100 * MIB, 1, 0, NG_STRATEGY_EXTENTS, 1},
    {"small plain", NG_PLAIN, false, 10000, 0, 0, NG_STRATEGY_EXTENTS, 1},
    {"plain MiB", NG_PLAIN, false, MIB, 1024, 0, NG_STRATEGY_EXTENTS, 3},
    {"plain in chunks", NG_PLAIN, false, 100 * MIB, 4, 9, NG_STRATEGY_STREAM,
     4},
    {"pipe", NG_PLAIN, true, 0, 4, 0, NG_STRATEGY_STREAM, 4},
    {"pipe, all CPUs", NG_PLAIN, true, 0, 0, 0, NG_STRATEGY_STREAM, 6},
    {"gzip", NG_GZIP, false, 100 * MIB, 4, 0, NG_STRATEGY_STREAM, 4},
    {"gzip pipe", NG_GZIP, true, 0, 3, 0, NG_STRATEGY_STREAM, 3},
    {"small gzip", NG_GZIP, false, 10000, 0, 0, NG_STRATEGY_STREAM, 1},
    {"bgzf", NG_BGZF, false, 100 * MIB, 4, 0, NG_STRATEGY_STREAM, 4},
    {"gzip, chunks", NG_GZIP, false, 100 * MIB, 2, 1, NG_STRATEGY_STREAM, 2},
};

static void plan_follows_the_facts(void)
{
  for (size_t i = 0; i < COUNT(plan_cases); i++) {
    const struct plan_case *c = &plan_cases[i];
    struct ng_plan_facts facts = {.format = c->format,
                                  .forward_only = c->forward_only,
                                  .file_bytes = c->file_bytes,
                                  .cpus = 6};
    struct ngram_count_options options;
    struct ng_plan plan;

    NOTE("%s", c->name);
    ngram_count_options_init(&options);
    options.threads = c->threads;
    options.chunk_size = c->chunk_size;
    CHECK_EQ(ng_plan_make(&plan, &options, &facts, NULL), NGRAM_OK);
    CHECK_EQ(plan.format, c->format);
    CHECK_EQ(plan.strategy, c->strategy);
    CHECK_EQ(plan.workers, c->workers);
    CHECK(plan.blocks >= plan.workers);
    CHECK(plan.block_bytes >= 4096);
    CHECK_EQ(plan.decoder == NULL, c->format == NG_PLAIN);
    CHECK_STR(plan.kernel->name, "scalar"); /* needs no CPU features */
  }
}

static void plan_takes_the_best_kernel_there_is(void)
{
  struct ng_plan_facts facts = {.cpus = 1};
  struct ngram_count_options options;
  const struct ng_text_kernel *kernel;
  const char *best = "scalar";
  struct ng_plan plan;

  ngram_count_options_init(&options);
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++) {
    facts.cpu_features |= kernel->features;
    best = kernel->name;
    CHECK_EQ(ng_plan_make(&plan, &options, &facts, NULL), NGRAM_OK);
    CHECK_STR(plan.kernel->name, best);
  }
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++) {
    facts.kernel_override = kernel->name;
    CHECK_EQ(ng_plan_make(&plan, &options, &facts, NULL), NGRAM_OK);
    CHECK_STR(plan.kernel->name, kernel->name);
  }
}

static void check_refusal(const struct ng_plan_facts *facts, const char *name,
                          const char *override)
{
  struct ngram_count_options options;
  struct ngram_error error;
  struct ng_plan plan;

  NOTE("%s=%s", name, override);
  ngram_count_options_init(&options);
  CHECK_EQ(ng_plan_make(&plan, &options, facts, &error), NGRAM_BAD_ARGUMENT);
  CHECK_EQ(error.status, NGRAM_BAD_ARGUMENT);
  CHECK_HAS(error.message, name);
  CHECK_HAS(error.message, override);
  CHECK_EQ(ng_plan_make(&plan, &options, facts, NULL), NGRAM_BAD_ARGUMENT);
}

static void plan_refuses_overrides_that_it_cannot_meet(void)
{
  static const char *const overrides[] = {"", "fast", "ZLIB", "zlib ",
                                          "scalar2"};
  const struct ng_text_kernel *kernel;

  for (size_t i = 0; i < COUNT(overrides); i++) {
    struct ng_plan_facts facts = {.format = NG_GZIP, .cpus = 1};

    facts.decoder_override = overrides[i];
    check_refusal(&facts, "NGRAM_DECODER", overrides[i]);
    facts.decoder_override = "zlib";
    facts.kernel_override = overrides[i];
    check_refusal(&facts, "NGRAM_KERNEL", overrides[i]);
  }
  for (size_t i = 1; (kernel = ng_text_kernel_at(i)); i++) {
    struct ng_plan_facts facts = {.kernel_override = kernel->name, .cpus = 1};

    facts.cpu_features = ~kernel->features;
    check_refusal(&facts, "NGRAM_KERNEL", kernel->name);
  }
}

static void formats_have_names(void)
{
  CHECK_STR(ng_plan_format_name(NG_PLAIN), "plain");
  CHECK_STR(ng_plan_format_name(NG_GZIP), "gzip");
  CHECK_STR(ng_plan_format_name(NG_BGZF), "bgzf");
}

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
      TEST(plan_follows_the_facts),
      TEST(plan_takes_the_best_kernel_there_is),
      TEST(plan_refuses_overrides_that_it_cannot_meet),
      TEST(formats_have_names),
      TEST(row_faults_are_said_in_words),
      TEST(gzip_faults_are_said_in_words),
      TEST(long_paths_fit_a_message),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
