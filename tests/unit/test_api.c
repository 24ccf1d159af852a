/* SPDX-License-Identifier: MIT */
/* Tests of include/ngram.h: whole counts against a naive one. */
#include "base/cpu.h"
#include "ngram.h"
#include "text/text_kernel.h"
#include "unit/any_count.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/naive_count.h"
#include "unit/rows_make.h"
#include "unit/test.h"

/* ------------------------------------------------------------------ any -- */

static void check_any_count(struct bytes *text)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct naive_input input = {.text = (char *)text->data, .size = text->size};
  struct ngram_count_options options = any_count_options();
  struct naive_count wanted;

  if (input.size > 0 && random_once_in(3))
    input.size--; /* without the last newline */
  override_anything();
  input.path = random_once_in(2)
                   ? make_gzip(&file, input.text, input.size, &input)
                   : file_make("random", input.text, input.size);
  NOTE("%s, %zu bytes, %u threads, chunk_size %" PRIu64 ", skip %d, %s, %s",
       input.ends ? "gzip" : "plain", input.size, options.threads,
       options.chunk_size, options.on_error, getenv("NGRAM_DECODER"),
       getenv("NGRAM_KERNEL"));
  naive_count(&input, &options, &wanted);
  check_count(&input, &options, &wanted);
  naive_count_free(&wanted);
  gzip_file_free(&file);
}

static void counts_are_those_of_a_naive_count(void)
{
  struct bytes text = {.data = NULL};

  for (unsigned round = 0; round < test_rounds(150); round++) {
    bool large = random_once_in(12);
    struct rows_taste taste = {
        .layout = (enum ng_layout)random_below(3),
        .new_word = 1 + random_below(20),
        .crlf = random_below(4),
        .mutated = random_once_in(3) ? 1 + random_below(5000) : 0,
        .odd_number = random_once_in(6) ? 50 : 0,
        .long_word = large && random_once_in(2) ? 20 : 0,
        .junk = random_once_in(6) ? 1 + random_below(100) : 0};

    text.size = 0;
    rows_add(&text, large ? (size_t)3 << 20 : random_below(50000), &taste);
    check_any_count(&text);
    if (test_state.failed) {
      printf("     round %u\n", round);
      break;
    }
  }
  unsetenv("NGRAM_DECODER");
  unsetenv("NGRAM_KERNEL");
  bytes_free(&text);
}

/* ----------------------------------------------------------------- cases -- */

static void small_texts_are_counted(void)
{
  static const char *const texts[] = {"",
                                      "\n",
                                      "a",
                                      "a\n",
                                      "a\t1\t2\t3",
                                      "a\t1\t2\t3\n",
                                      "a\t1\t2\t3\r\n",
                                      "a\t1\t2\t3\r",
                                      "a\t1\t2\t3\n\n",
                                      "\r\n",
                                      "a\t1\t2\t3\na\t2\t3\t4",
                                      "a\t1\t0\t0\n",
                                      "\x1f",
                                      "\t\t\t",
                                      "\"\t1\t2\t3\n\"\"\t1\t2\t3\n"};

  for (size_t i = 0; i < COUNT(texts); i++)
    for (int skip = 0; skip < 2; skip++) {
      struct ngram_count_options options;

      NOTE("text %zu, skip %d", i, skip);
      ngram_count_options_init(&options);
      options.on_error = skip ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL;
      check_text(texts[i], strlen(texts[i]), &options);
    }
}

/* More than 128 newlines in a KiB, and the last row of a chunk ends right
   before the end of the stretch in which they are counted. */
static void chunk_of_very_short_lines_ends_at_a_line(void)
{
  struct bytes text = {.data = NULL};
  struct ngram_count_options options;
  struct naive_input input = {.path = NULL};
  struct naive_count wanted;

  ngram_count_options_init(&options);
  options.on_error = NGRAM_ON_ERROR_SKIP;
  options.threads = 1;
  for (int i = 0; i < 199; i++)
    bytes_add_text(&text, "abcd\n");
  bytes_add_text(&text, "\n");
  for (int i = 0; i < 5000; i++)
    bytes_print(&text, "averylongwordaverylongword%d\t1900\t1\t1\n", i);
  input.path = file_make("short", text.data, text.size);
  input.text = (char *)text.data;
  input.size = text.size;
  naive_count(&input, &options, &wanted);
  for (options.chunk_size = 195; options.chunk_size < 205;
       options.chunk_size++) {
    NOTE("chunk_size %" PRIu64, options.chunk_size);
    check_count(&input, &options, &wanted);
  }
  naive_count_free(&wanted);
  bytes_free(&text);
}

static void line_of_a_mebibyte_is_the_longest(void)
{
  static const char *const ends[] = {"\n", "\r\n", "", "\r"};

  for (size_t extra = 0; extra < 3; extra++)
    for (size_t e = 0; e < COUNT(ends); e++) {
      struct ngram_count_options options;
      struct bytes text = {.data = NULL};

      NOTE("extra %zu, end %zu", extra, e);
      ngram_count_options_init(&options);
      options.on_error = (enum ngram_on_error)random_below(2);
      bytes_add_text(&text, "a\t1\t2\t3\n");
      bytes_fill(&text, 'w', NGRAM_LINE_MAX - 7 + extra);
      bytes_print(&text, "\t1\t2\t3%s", ends[e]);
      check_text((char *)text.data, text.size, &options);
      bytes_free(&text);
    }
}

/* Large and small counts of one word, with rows on both sides of a split point.
 */
static void overflow_is_told_and_never_wraps(void)
{
  static const char *const max = "9223372036854775807";

  for (unsigned round = 0; round < 60; round++) {
    struct ngram_count_options options;
    struct bytes text = {.data = NULL};

    NOTE("round %u", round);
    ngram_count_options_init(&options);
    options.columns = (unsigned)random_below(8);
    if (random_once_in(2))
      options.year_from = 1;
    for (int i = 0; i < 8; i++)
      bytes_print(&text, "%s\t1900\t%s\t%s\n", random_once_in(4) ? "b" : "a",
                  random_once_in(6) ? max : "2", random_once_in(6) ? max : "3");
    check_text((char *)text.data, text.size, &options);
    bytes_free(&text);
  }
}

/* Sums that fit in each worker's table, but not together: the answer is the
   same for any workers that get the two rows. */
static void overflow_between_workers_is_told(void)
{
  struct ngram_count_options options;
  struct bytes text = {.data = NULL};
  const char *path;

  bytes_add_text(&text, "big\t1900\t9223372036854775807\t1\n");
  for (int i = 0; i < 150000; i++)
    bytes_print(&text, "w%d\t1900\t1\t1\n", i % 1000);
  bytes_add_text(&text, "big\t1900\t1\t1\n");
  path = file_make("text", text.data, text.size);
  ngram_count_options_init(&options);
  for (unsigned round = 0; round < 20; round++) {
    struct ngram_counts *counts;
    struct ngram_error error;

    options.threads = 1 + round % 4;
    CHECK_EQ(ngram_count(path, &options, &counts, &error), NGRAM_OVERFLOW);
    CHECK_STR(error.message, "integer overflow");
  }
  bytes_free(&text);
}

/* -------------------------------------------------------------- refusals -- */

static void what_cannot_be_counted_is_refused(void)
{
  const char *path = file_make("text", "a\t1\t2\t3\n", 8);
  const char *missing = file_path("missing");
  struct ngram_count_options options;

  ngram_count_options_init(&options);
  check_refused(missing, &options, NGRAM_CANNOT_OPEN, missing);
  check_refused(missing, &options, NGRAM_CANNOT_OPEN, "No such file");
  check_refused(file_path("."), &options, NGRAM_CANNOT_OPEN, "directory");
  options.threads = NGRAM_THREADS_MAX + 1;
  check_refused(path, &options, NGRAM_BAD_ARGUMENT, "threads is 1025");
  options.threads = 1;
  options.size--;
  check_refused(path, &options, NGRAM_BAD_ARGUMENT, "options.size");
  options.size++;
  if (access("/proc/self/mem", R_OK) == 0)
    check_refused("/proc/self/mem", &options, NGRAM_IO_ERROR, "byte 0");
}

static void overrides_of_the_environment_are_met_or_refused(void)
{
  const char *path = file_make("text", "a\t1\t2\t3\n", 8);
  struct gzip_file file = {.text = {.data = NULL}};
  struct ngram_count_options options;
  struct ngram_counts *counts;

  ngram_count_options_init(&options);
  setenv("NGRAM_DECODER", "fast", 1);
  check_refused(path, &options, NGRAM_BAD_ARGUMENT, "NGRAM_DECODER is 'fast'");
  setenv("NGRAM_DECODER", "zlib", 1);
  setenv("NGRAM_KERNEL", "vax", 1);
  check_refused(path, &options, NGRAM_BAD_ARGUMENT, "NGRAM_KERNEL is 'vax'");
  setenv("NGRAM_KERNEL", "scalar", 1);
  gzip_file_add(&file, "a\t1\t2\t3\n", 8);
  path = file_make("text.gz", file.bytes.data, file.bytes.size);
  CHECK_EQ(ngram_count(path, &options, &counts, NULL), NGRAM_OK);
  CHECK_STR(ngram_counts_stats(counts)->decoder, "zlib");
  CHECK_STR(ngram_counts_stats(counts)->kernel, "scalar");
  CHECK_STR(ngram_counts_stats(counts)->format, "gzip");
  CHECK_EQ(ngram_counts_stats(counts)->compressed_bytes, file.bytes.size);
  ngram_counts_free(counts);
  unsetenv("NGRAM_DECODER");
  unsetenv("NGRAM_KERNEL");
  gzip_file_free(&file);
}

static void bgzf_is_counted_and_named(void)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct ngram_count_options options;
  struct ngram_counts *counts;
  struct ngram_row row;

  ngram_count_options_init(&options);
  for (int i = 0; i < 3; i++) { /* the last block is empty */
    const char *text = i < 2 ? "a\t1\t2\t3\n" : "";
    size_t start = file.bytes.size;
    size_t text_start = file.text.size;

    bytes_add(&file.bytes, "\x1f\x8b\x08\4\0\0\0\0\0\xff\6\0BC\2\0\0\0", 18);
    add_deflate(&file.bytes, text, strlen(text), 6, 0);
    bytes_add_text(&file.text, text);
    gzip_file_end_member(&file, text_start);
    file.bytes.data[start + 16] = (unsigned char)(file.bytes.size - start - 1);
  }
  CHECK_EQ(ngram_count(file_make("a.bgz", file.bytes.data, file.bytes.size),
                       &options, &counts, NULL),
           NGRAM_OK);
  CHECK_STR(ngram_counts_stats(counts)->format, "bgzf");
  ngram_counts_row(counts, 0, &row, NULL);
  CHECK_EQ(row.total, 4);
  ngram_counts_free(counts);
  gzip_file_free(&file);
}

static void version_and_debug_say_what_this_is(void)
{
  size_t length = ngram_debug(NULL, 0);
  char whole[4000];
  char cut[4000];

  CHECK(ngram_version()[0] == 'v');
  CHECK(length > 50 && length < sizeof whole);
  CHECK_EQ(ngram_debug(whole, sizeof whole), length);
  CHECK_EQ(strlen(whole), length);
  CHECK_HAS(whole, ngram_version());
  CHECK_HAS(whole, "zlib");
  CHECK_HAS(whole, "scalar");
  for (size_t size = 1; size <= length; size += 7) {
    memset(cut, 'x', sizeof cut);
    CHECK_EQ(ngram_debug(cut, size), length);
    CHECK_EQ(strlen(cut), size - 1);
    CHECK(memcmp(cut, whole, size - 1) == 0);
    CHECK(cut[size] == 'x');
  }
}

static void options_begin_with_everything(void)
{
  struct ngram_count_options options;

  memset(&options, 0xFF, sizeof options);
  ngram_count_options_init(&options);
  CHECK_EQ(options.size, sizeof options);
  CHECK_EQ(options.threads, 0);
  CHECK_EQ(options.chunk_size, 0);
  CHECK_EQ(options.year_from, INT64_MIN);
  CHECK_EQ(options.year_to, INT64_MAX);
  CHECK_EQ(options.tags, NGRAM_TAGS_KEEP);
  CHECK_EQ(options.on_error, NGRAM_ON_ERROR_FAIL);
  CHECK_EQ(options.columns, 0);
  CHECK(!options.words && !options.poll);
}

/* Options of another version, which are shorter: nothing past their size is
   read. */
static void short_options_are_refused_by_their_size(void)
{
  size_t *size = malloc(sizeof *size); /* a sanitizer sees what lies after it */
  const void *options = size;
  struct ngram_counts *counts;
  struct ngram_totals *totals;
  struct ngram_rows *rows;
  struct ngram_error error;

  *size = sizeof *size;
  CHECK_EQ(ngram_count("a", options, &counts, &error), NGRAM_BAD_ARGUMENT);
  CHECK(strstr(error.message, "options.size"));
  CHECK_EQ(ngram_rows_open("a", options, &rows, &error), NGRAM_BAD_ARGUMENT);
  CHECK(strstr(error.message, "options.size"));
  CHECK_EQ(ngram_totals_read("a", options, &totals, &error),
           NGRAM_BAD_ARGUMENT);
  CHECK(strstr(error.message, "options.size"));
  free(size);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(short_options_are_refused_by_their_size),
      TEST(options_begin_with_everything),
      TEST(small_texts_are_counted),
      TEST(counts_are_those_of_a_naive_count),
      TEST(chunk_of_very_short_lines_ends_at_a_line),
      TEST(line_of_a_mebibyte_is_the_longest),
      TEST(overflow_is_told_and_never_wraps),
      TEST(overflow_between_workers_is_told),
      TEST(what_cannot_be_counted_is_refused),
      TEST(overrides_of_the_environment_are_met_or_refused),
      TEST(bgzf_is_counted_and_named),
      TEST(version_and_debug_say_what_this_is),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
