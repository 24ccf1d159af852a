/* SPDX-License-Identifier: MIT */
/*
 * fuzz_totals.c - any bytes as a totalcounts file.
 *
 * A naive reader finds the same numbers, and a fault at the same place. What is
 * read is written out in other layouts and read again: the same. The whole way,
 * through ngram_totals_read(), agrees, but for a year that comes twice.
 */
#include "ngram.h"
#include "unit/bytes.h"
#include "unit/files.h"
#include "unit/naive_totals.h"

static void must(int condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "fuzz_totals: %s\n", what);
  abort();
}

/* Write what was read, a block at a time: numbers with `between` between them,
   and `last` at the end. A heading names the numbers that there are, in quotes,
   and leaves one column without a name. */
static void write_blocks(struct bytes *to, const struct naive_totals *totals,
                         const char *between, const char *last, int has_heading)
{
  static const char *const names[NG_TOTAL_NUMBERS] = {
      "\"Year\"", "\"Total\"", "\"Pages\"", "\"Volumes\""};
  const int64_t *numbers = (const void *)totals->blocks.data;
  size_t count = totals->blocks.size / sizeof *numbers;

  to->size = 0;
  bytes_reserve(to, 1);
  for (size_t i = 0; has_heading && i < NG_TOTAL_NUMBERS; i++)
    if (numbers[i] >= 0)
      bytes_print(to, "%s%s", names[i], between);
  bytes_add_text(to, has_heading ? "\"\"" : "");
  bytes_add_text(to, has_heading ? last : "");
  for (size_t i = 0; i < count; i++) {
    size_t place = i % NG_TOTAL_NUMBERS;

    if (numbers[i] >= 0)
      bytes_print(to, "%s%" PRId64 "%s",
                  place > 0 && !has_heading ? between : "", numbers[i],
                  has_heading ? between : "");
    if (place == NG_TOTAL_NUMBERS - 1) {
      bytes_add_text(to, has_heading ? "\"x\"" : "");
      bytes_add_text(to, last);
    }
  }
}

static void check_layouts(const struct naive_totals *totals)
{
  static const struct {
    const char *between;
    const char *last;
    int has_heading;
  } layouts[] = {{"\t", "\n", 0},    {",", "\t", 0},  {",", "\n", 1},
                 {" ; ", "\r\n", 1}, {"\t", "\n", 1}, {" ", "\n", 1},
                 {", ", "\t", 1}};
  const int64_t *first = (const void *)totals->blocks.data;
  struct naive_totals good = *totals;
  struct bytes text = {.data = NULL};

  good.is_bad = false;
  for (size_t i = 0; totals->blocks.size > 0 && i < COUNT(layouts); i++) {
    if (!layouts[i].has_heading && (first[2] < 0 || first[3] < 0))
      continue;
    write_blocks(&text, totals, layouts[i].between, layouts[i].last,
                 layouts[i].has_heading);
    must(naive_totals_agree(&good, (const char *)text.data, text.size),
         "another layout gives other blocks");
  }
  bytes_free(&text);
}

static void check_file(const uint8_t *data, size_t size, int good)
{
  const char *path = file_make("totals.txt", data, size);
  struct ngram_totals_options options;
  struct ngram_totals *totals;
  struct ngram_error error;

  ngram_totals_options_init(&options);
  error.status = ngram_totals_read(path, &options, &totals, &error);
  if (size >= 2 && data[0] == 0x1f && data[1] == 0x8b)
    good = error.status == NGRAM_OK; /* gzip: another text */
  must(error.status == NGRAM_OK
           ? good
           : !good || strstr(error.message, "was there before") != NULL,
       "file and text do not agree");
  ngram_totals_free(totals);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct naive_totals totals = {.line = 0};

  naive_totals_read(&totals, (const char *)data, size);
  must(naive_totals_agree(&totals, (const char *)data, size),
       "the naive reader finds something else");
  check_layouts(&totals);
  check_file(data, size, !totals.is_bad);
  naive_totals_free(&totals);
  return 0;
}
