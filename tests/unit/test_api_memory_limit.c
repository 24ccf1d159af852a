/* SPDX-License-Identifier: MIT */
/* Tests of counts with a memory_limit. */
#include "ngram.h"
#include "unit/answer.h"
#include "unit/failing_calls.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/limits.h"
#include "unit/test.h"

static void the_least_limit_counts_a_small_file_with_every_strategy(void)
{
  static const unsigned threads[] = {1, 2, 64};
  static const uint64_t chunk_sizes[] = {0, 1, 100};
  static const char *const ahead[] = {"on", "off"};
  struct answer wanted;
  struct answer got;

  for (size_t i = 0; i < 8 * COUNT(threads) * COUNT(chunk_sizes); i++) {
    bool as_gzip = i % 2 == 1;
    size_t rows = i / 2 % 2 ? 3 : 1500;
    struct ngram_count_options options = limited_options(
        threads[i / 8 % COUNT(threads)], chunk_sizes[i / 8 / COUNT(threads)],
        NGRAM_MEMORY_LIMIT_MIN);
    const char *path = make_words("limited", rows, as_gzip);

    NOTE("%zu rows, gzip %d, %u threads, chunks of %" PRIu64, rows, as_gzip,
         options.threads, options.chunk_size);
    setenv("NGRAM_AHEAD", ahead[i / 4 % 2], 1);
    setenv("NGRAM_STRETCH", "1024", 1);
    answer_of_one(path, &wanted);
    answer_of(path, &options, &got);
    check_same(&got, &wanted);
    CHECK(got.stats.peak_bytes <= NGRAM_MEMORY_LIMIT_MIN);
  }
  unsetenv("NGRAM_AHEAD");
  unsetenv("NGRAM_STRETCH");
}

/* Every limit from the least on is kept, and the answer is the same. */
static void a_limit_is_kept(void)
{
  for (unsigned i = 0; i < 6; i++) {
    unsigned threads = 1 + i / 2;
    const char *path = make_words("limited", 60000, i % 2 == 1);
    struct answer wanted;
    struct answer got = {.stats = {.spilled_bytes = 1}};

    answer_of_one(path, &wanted);
    for (uint64_t limit = NGRAM_MEMORY_LIMIT_MIN; got.stats.spilled_bytes > 0;
         limit += limit / 4) {
      struct ngram_count_options options = limited_options(threads, 0, limit);

      NOTE("%u threads, %" PRIu64 " bytes", threads, limit);
      answer_of(path, &options, &got);
      check_same(&got, &wanted);
      CHECK(got.stats.peak_bytes <= limit);
      CHECK(limit > NGRAM_MEMORY_LIMIT_MIN || got.stats.spilled_bytes > 0);
      if (!CHECK(limit < (uint64_t)1 << 40))
        break;
    }
  }
}

/* A word that is longer than a table may be. */
static void what_cannot_be_spilled_is_told(void)
{
  struct bytes text = {.data = NULL};
  struct ngram_count_options options =
      limited_options(1, 0, NGRAM_MEMORY_LIMIT_MIN);
  struct answer got;

  bytes_fill(&text, 'a', 1000000);
  bytes_add_text(&text, "\t1\t1\t1\n");
  answer_of(file_make("word", text.data, text.size), &options, &got);
  CHECK_EQ(got.status, NGRAM_NO_MEMORY);
  CHECK_HAS(got.message, "memory_limit of 2097152 bytes");
  bytes_free(&text);
}

static void limits_hold_for_all_files_of_a_pattern_together(void)
{
  struct answer wanted;
  struct answer got;
  struct ngram_count_options options;

  make_words("limited1.tsv", 3, false);
  make_words("limited2.tsv", 1500, true);
  make_words("limited3.tsv", 1400, false);
  answer_of_one(file_path("limited?.tsv"), &wanted);
  options = limited_options(8, 0, NGRAM_MEMORY_LIMIT_MIN);
  answer_of(file_path("limited?.tsv"), &options, &got);
  check_same(&got, &wanted);
  make_words("limited4.tsv", 200000, false);
  answer_of_one(file_path("limited?.tsv"), &wanted);
  answer_of(file_path("limited?.tsv"), &options, &got);
  check_same(&got, &wanted);
  CHECK(got.stats.peak_bytes <= NGRAM_MEMORY_LIMIT_MIN);
}

static void a_limit_below_the_least_is_refused(void)
{
  struct ngram_count_options options =
      limited_options(1, 0, NGRAM_MEMORY_LIMIT_MIN - 1);
  struct answer got;

  answer_of(make_words("limited", 3, false), &options, &got);
  CHECK_EQ(got.status, NGRAM_BAD_ARGUMENT);
  CHECK_STR(got.message, "memory_limit is 2097151, allowed are 2097152 or "
                         "more, or 0 for no limit");
}

/* Lines of nearly 1 MiB, each of which is in two or three blocks, while the
   first block is slow to come. */
static void what_waits_for_a_slow_read_keeps_to_the_limit(void)
{
  const uint64_t limit = (uint64_t)24 << 20;
  struct gzip_file file = {.text = {.data = NULL}};
  struct bytes line = {.data = NULL};
  struct bytes text = {.data = NULL};
  struct answer wanted;
  const char *paths[2];

  if (!CALLS_CAN_FAIL) {
    test_skip("no call can be made to wait");
    return;
  }
  bytes_add_text(&line, "word");
  while (line.size < 1000000)
    bytes_print(&line, "\t%d,1,1", 1900);
  bytes_add_text(&line, "\n");
  for (unsigned i = 0; i < 120; i++)
    bytes_add(&text, line.data, line.size);
  paths[0] = file_make("long-lines", text.data, text.size);
  gzip_file_add(&file, text.data, text.size);
  paths[1] = file_make("long-lines.gz", file.bytes.data, file.bytes.size);
  for (size_t i = 0; i < COUNT(paths); i++) {
    struct ngram_count_options options = limited_options(2, 0, limit);
    struct answer got;

    NOTE("%s", paths[i]);
    answer_of_one(paths[i], &wanted);
    call_read_late(300);
    answer_of(paths[i], &options, &got);
    call_read_late(0);
    check_same(&got, &wanted);
    CHECK(got.stats.peak_bytes <= limit);
  }
  gzip_file_free(&file);
  bytes_free(&line);
  bytes_free(&text);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(the_least_limit_counts_a_small_file_with_every_strategy),
      TEST(a_limit_is_kept),
      TEST(what_cannot_be_spilled_is_told),
      TEST(what_waits_for_a_slow_read_keeps_to_the_limit),
      TEST(limits_hold_for_all_files_of_a_pattern_together),
      TEST(a_limit_below_the_least_is_refused),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
