/* SPDX-License-Identifier: MIT */
/*
 * Tests of speculative decoding: whichever chunks are decoded, accepted or
 * refused, the answer is that of a decoder that reads in order.
 */
#include "ngram.h"
#include "scan/plan.h"
#include "unit/answer.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/rows_make.h"
#include "unit/shapes.h"
#include "unit/stops.h"
#include "unit/test.h"

/* ------------------------------------------------------------------ plan -- */

/* Plan with 4 threads. */
static enum ngram_status plan_with(struct ng_plan *plan,
                                   const struct ng_plan_facts *facts,
                                   uint64_t chunk_size,
                                   struct ngram_error *error)
{
  struct ngram_count_options options;

  ngram_count_options_init(&options);
  options.threads = 4;
  options.chunk_size = chunk_size;
  return ng_plan_make(plan, &options, facts, error);
}

static const struct speculation_plan_case {
  const char *name;
  uint64_t chunk_size;
  struct ng_plan_facts facts;
  const char *strategy;
} speculation_plan_cases[] = {
    {"large", 0, {NG_GZIP, .file_bytes = 1 << 20, .cpus = 2}, "ahead"},
    {"less", 0, {NG_GZIP, .file_bytes = (1 << 20) - 1, .cpus = 2}, "serial"},
    {"one CPU", 0, {NG_GZIP, .file_bytes = 9 << 20, .cpus = 1}, "serial"},
    {"one CPU, on",
     0,
     {NG_GZIP, .file_bytes = 9 << 20, .cpus = 1, .ahead_override = "on"},
     "ahead"},
    {"off",
     0,
     {NG_GZIP, .file_bytes = 9 << 20, .cpus = 2, .ahead_override = "off"},
     "serial"},
    {"refuse",
     0,
     {NG_GZIP, .file_bytes = 9 << 20, .cpus = 2, .ahead_override = "refuse"},
     "ahead"},
    {"rows", 9, {NG_GZIP, .file_bytes = 9 << 20, .cpus = 2}, "serial"},
    {"pipe", 0, {NG_GZIP, true, .cpus = 2, .ahead_override = "on"}, "serial"},
    {"zlib",
     0,
     {NG_GZIP, .file_bytes = 9 << 20, .cpus = 2, .decoder_override = "zlib"},
     "serial"},
    {"bgzf", 0, {NG_BGZF, .file_bytes = 9 << 20, .cpus = 2}, "members"},
    {"plain", 0, {NG_PLAIN, .file_bytes = 9 << 20, .cpus = 2}, "extents"},
    {"small, short",
     0,
     {NG_GZIP, .file_bytes = 4096, .cpus = 2, .stretch_override = "1024"},
     "ahead"},
    {"smaller, short",
     0,
     {NG_GZIP, .file_bytes = 4095, .cpus = 2, .stretch_override = "1024"},
     "serial"},
    {"points",
     0,
     {NG_GZIP, .file_bytes = 9 << 20, .cpus = 2, .has_points = true},
     "points"},
    {"points, rows",
     9,
     {NG_GZIP, .file_bytes = 9 << 20, .cpus = 2, .has_points = true},
     "serial"},
    {"points, zlib",
     0,
     {NG_GZIP, .file_bytes = 9 << 20, .has_points = true,
      .decoder_override = "zlib"},
     "serial"},
    {"points, one worker",
     0,
     {NG_GZIP, .file_bytes = 9000, .cpus = 2, .has_points = true},
     "serial"},
};

static void plan_decodes_at_many_positions_where_it_can(void)
{
  for (size_t i = 0; i < COUNT(speculation_plan_cases); i++) {
    const struct speculation_plan_case *c = &speculation_plan_cases[i];
    struct ng_plan plan;

    NOTE("%s", c->name);
    CHECK_EQ(plan_with(&plan, &c->facts, c->chunk_size, NULL), NGRAM_OK);
    CHECK_STR(ng_plan_strategy_name(&plan), c->strategy);
    CHECK_EQ(plan.refuses_speculation, strcmp(c->name, "refuse") == 0);
    if (c->facts.stretch_override) {
      CHECK_EQ(plan.workers, 4);
      CHECK_EQ(plan.stretch_bytes, 1024);
      CHECK_EQ(plan.point_bytes, 1024);
    }
  }
}

static void plan_refuses_bad_overrides_of_speculation(void)
{
  static const char *const overrides[] = {"", "yes", "ON", "on ", "1"};
  static const char *const sizes[] = {
      "",    "x",     "1023", "262145", "-1",
      "1e4", "4096 ", "0",    "4096k",  "99999999999999999999"};
  struct ngram_error error;
  struct ng_plan plan;

  for (size_t i = 0; i < COUNT(overrides); i++) {
    struct ng_plan_facts facts = {.cpus = 1, .ahead_override = overrides[i]};

    NOTE("NGRAM_AHEAD '%s'", overrides[i]);
    CHECK_EQ(plan_with(&plan, &facts, 0, &error), NGRAM_BAD_ARGUMENT);
    CHECK_HAS(error.message, "NGRAM_AHEAD is '");
  }
  for (size_t i = 0; i < COUNT(sizes); i++) {
    struct ng_plan_facts facts = {.cpus = 1, .stretch_override = sizes[i]};

    NOTE("NGRAM_STRETCH '%s'", sizes[i]);
    CHECK_EQ(plan_with(&plan, &facts, 0, &error), NGRAM_BAD_ARGUMENT);
    CHECK_HAS(error.message, "NGRAM_STRETCH is '");
    CHECK_HAS(error.message, "1024 to 262144");
  }
}

/* ----------------------------------------------------------------- files -- */

static struct ahead_shape any_shape(void)
{
  static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_DEFAULT_STRATEGY,
                                   Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE};
  static const int flushes[] = {Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH,
                                Z_PARTIAL_FLUSH, Z_BLOCK};
  static const unsigned members[] = {1, 1, 2, 9, 700};

  return (struct ahead_shape){.level = (int)random_below(10),
                              .strategy =
                                  strategies[random_below(COUNT(strategies))],
                              .flush = flushes[random_below(COUNT(flushes))],
                              .pieces = 1 + random_below(20),
                              .members = members[random_below(COUNT(members))]};
}

static void note_shape(const struct ahead_shape *shape)
{
  NOTE("level %d, strategy %d, flush %d, %zu pieces, %u members", shape->level,
       shape->strategy, shape->flush, shape->pieces, shape->members);
}

/* ----------------------------------------------------------------- scans -- */

/* One scan accepts chunks, one refuses them all: both give the wanted answer.
 */
static void check_speculation(const char *path, const struct answer *wanted,
                              unsigned threads)
{
  static const char *const overrides[] = {"on", "refuse"};
  struct ngram_count_options options = answer_options(threads, NULL);
  char before[sizeof test_state.note];
  struct answer got;

  snprintf(before, sizeof before, "%s", test_state.note);
  setenv("NGRAM_DECODER", random_once_in(3) ? "portable" : "native", 1);
  for (size_t i = 0; i < COUNT(overrides); i++) {
    const char *stretch = any_stretch();

    setenv("NGRAM_AHEAD", overrides[i], 1);
    setenv("NGRAM_STRETCH", stretch, 1);
    NOTE("%.180s, %u threads, %s, %s", before, threads, overrides[i], stretch);
    answer_of(path, &options, &got);
    check_same(&got, wanted);
  }
  unset_overrides();
}

static void rows_decoded_ahead_are_those_of_one_decoder(void)
{
  struct rows_taste taste = {.new_word = 12};
  struct bytes text = {.data = NULL};
  struct bytes file = {.data = NULL};

  for (unsigned i = 0; i < test_rounds(20) && !test_state.failed; i++) {
    struct ahead_shape shape = any_shape();
    struct answer wanted;
    const char *path;

    if (i < 20) /* each level of zlib, plain and with flushes and members */
      shape = (struct ahead_shape){(int)i / 2, 0, i % 2 ? 0 : Z_FULL_FLUSH,
                                   i % 2 ? 1 : 9, 1};
    text.size = 0;
    rows_add(&text, 200000 + random_below(800000), &taste);
    make_shape(&file, &text, &shape);
    path = file_make("ahead.gz", file.data, file.size);
    note_shape(&shape);
    answer_of_one(path, &wanted);
    CHECK_EQ(wanted.status, NGRAM_OK);
    check_speculation(path, &wanted, 2 + i % 7);
  }
  bytes_free(&text);
  bytes_free(&file);
}

/* A reader that has arrived at a position, and whose decoder holds some bytes
   after it, is told to read on to one of these bytes. */
static void reader_goes_on_to_a_position_nearby(void)
{
  struct ahead_shape shape = {6, 0, Z_FULL_FLUSH, 20, 1};
  struct rows_taste taste = {.new_word = 12};
  struct bytes text = {.data = NULL};
  struct bytes file = {.data = NULL};
  char *out = test_memory(100000);

  rows_add(&text, 20000, &taste);
  make_shape(&file, &text, &shape);
  for (uint64_t step = 1; step <= 12; step++) {
    struct ng_source *source = ng_source_from_memory(file.data, file.size);
    struct ng_gzip_block in = {.last = false};
    struct ng_budget budget;
    struct ng_reader *reader;
    uint64_t until = 0;
    size_t size = 0;

    ng_budget_init(&budget);
    reader = ng_reader_open(source, &ng_decoder_native, NULL, &budget);
    alarm(30); /* against an endless loop */
    while (!in.last && size < text.size + 1) {
      ng_reader_read_until(reader, out + size, text.size + 1 - size, until,
                           &in);
      size += in.size;
      CHECK(!in.arrived || in.position.bit / 8 >= until / 8);
      until = (in.position.bit / 8 + step) * 8;
    }
    alarm(0);
    NOTE("steps of %" PRIu64 " bytes", step);
    CHECK_BYTES(out, size, text.data, text.size);
    ng_reader_close(reader);
    ng_source_close(source);
  }
  free(out);
  bytes_free(&text);
  bytes_free(&file);
}

/* As in use: stretches of the usual size. The override is for machines with one
   CPU. */
static void large_file_is_decoded_ahead(void)
{
  struct ahead_shape shape = {1, 0, Z_NO_FLUSH, 1, 1};
  struct rows_taste taste = {.new_word = 12};
  struct bytes text = {.data = NULL};
  struct bytes file = {.data = NULL};
  struct answer wanted;
  const char *path;

  rows_add(&text, 10000000, &taste);
  make_shape(&file, &text, &shape);
  path = file_make("ahead.gz", file.data, file.size);
  answer_of_one(path, &wanted);
  CHECK_STR(wanted.stats.strategy, "serial");
  CHECK_EQ(wanted.status, NGRAM_OK);
  setenv("NGRAM_AHEAD", "on", 1);
  for (unsigned threads = 2; threads <= 8; threads += 3) {
    struct ngram_count_options options = answer_options(threads, NULL);
    struct answer got;

    NOTE("%u threads", threads);
    answer_of(path, &options, &got);
    check_same(&got, &wanted);
    CHECK_STR(got.stats.strategy, "ahead");
  }
  unset_overrides();
  bytes_free(&text);
  bytes_free(&file);
}

/* ---------------------------------------------------------------- errors -- */

static void damage_is_told_as_one_decoder_tells_it(void)
{
  struct rows_taste taste = {.new_word = 12};
  struct bytes text = {.data = NULL};
  struct bytes file = {.data = NULL};

  rows_add(&text, 300000, &taste);
  for (unsigned i = 0; i < test_rounds(30) && !test_state.failed; i++) {
    struct ahead_shape shape = any_shape();
    struct answer wanted;
    const char *path;

    make_shape(&file, &text, &shape);
    damage(&file);
    path = file_make("ahead.gz", file.data, file.size);
    note_shape(&shape);
    answer_of_one(path, &wanted);
    check_speculation(path, &wanted, 2 + i % 7);
  }
  bytes_free(&text);
  bytes_free(&file);
}

/* Of several bad rows, the first one is reported. */
static void bad_rows_are_told_as_one_decoder_tells_them(void)
{
  struct bytes text = {.data = NULL};
  struct bytes file = {.data = NULL};

  for (unsigned i = 0; i < test_rounds(20) && !test_state.failed; i++) {
    struct rows_taste taste = {.new_word = 12,
                               .crlf = random_below(3),
                               .mutated = i % 2 ? 5000 : 0,
                               .junk = i % 4 ? 0 : 10000};
    struct ahead_shape shape = any_shape();
    struct answer wanted;
    const char *path;

    text.size = 0;
    rows_add(&text, 100000 + random_below(300000), &taste);
    rows_mutate(&text, random_below(text.size));
    make_shape(&file, &text, &shape);
    path = file_make("ahead.gz", file.data, file.size);
    note_shape(&shape);
    answer_of_one(path, &wanted);
    check_speculation(path, &wanted, 2 + i % 7);
  }
  bytes_free(&text);
  bytes_free(&file);
}

/* ------------------------------------------------------------------- end -- */

static unsigned stop_some_speculation(const char *path, unsigned members)
{
  unsigned stopped = 0;

  for (unsigned i = 0; i < test_rounds(16); i++) {
    struct poller poller;
    struct ngram_count_options options =
        options_with(&poller, 2 + i % 7, 1 + (unsigned)random_below(4));
    struct ngram_counts *counts;
    enum ngram_status status;

    setenv("NGRAM_AHEAD", i % 3 ? "on" : "refuse", 1);
    setenv("NGRAM_STRETCH", any_stretch(), 1);
    NOTE("%u threads, question %u", options.threads, poller.stop_at);
    status = count_cleanly(path, &options, &counts);
    CHECK(status == NGRAM_OK || status == NGRAM_INTERRUPTED);
    if (status == NGRAM_OK)
      check_counts_of(counts, members);
    stopped += status == NGRAM_INTERRUPTED;
    ngram_counts_free(counts);
  }
  unset_overrides();
  return stopped;
}

static void speculation_that_is_stopped_leaves_nothing(void)
{
  check_some_stop(stop_some_speculation);
}

/* Each allocation fails once: the count says so, or its answer is right. */
static void lack_of_memory_is_told_by_speculation(void)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct bytes text = {.data = NULL};
  const char *path;
  long request = 0;

  if (!MEMORY_CAN_FAIL) {
    test_skip("memory cannot be made to fail here");
    return;
  }
  make_many_words(&text);
  gzip_file_add(&file, text.data, text.size);
  path = file_make("many.gz", file.bytes.data, file.bytes.size);
  setenv("NGRAM_AHEAD", "on", 1);
  setenv("NGRAM_STRETCH", "2000", 1);
  check_failing_count(path, 3, -1, false);
  while (check_failing_count(path, 3, request, request % 2) && request < 2000)
    request = test_next(request, 1000);
  CHECK(request > 40);
  CHECK(request < 2000);
  unset_overrides();
  bytes_free(&text);
  gzip_file_free(&file);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(plan_decodes_at_many_positions_where_it_can),
      TEST(plan_refuses_bad_overrides_of_speculation),
      TEST(rows_decoded_ahead_are_those_of_one_decoder),
      TEST(reader_goes_on_to_a_position_nearby),
      TEST(large_file_is_decoded_ahead),
      TEST(damage_is_told_as_one_decoder_tells_it),
      TEST(bad_rows_are_told_as_one_decoder_tells_them),
      TEST(speculation_that_is_stopped_leaves_nothing),
      TEST(lack_of_memory_is_told_by_speculation),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
