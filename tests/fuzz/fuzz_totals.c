/* SPDX-License-Identifier: MIT */
/*
 * fuzz_totals.c - any bytes as a totalcounts file.
 *
 * What is read is written out in another layout and read again: the same
 * blocks. A fault lies on a line that the text has. The whole way, through
 * ngram_totals_read(), agrees, but for a year that comes twice.
 */
#include "ngram.h"
#include "text/totals.h"
#include "unit/bytes.h"
#include "unit/files.h"

static void must(int condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "fuzz_totals: %s\n", what);
  abort();
}

/* Read a text and write it with those bytes between numbers, and those between
   blocks. *good: it has no fault. */
static void rewrite(struct bytes *to, const void *text, size_t size,
                    const char *between, const char *behind, int *good)
{
  struct ng_totals_reader reader;
  struct ng_totals_fault fault;
  int64_t numbers[NG_TOTAL_NUMBERS];
  uint64_t lines = 1;

  for (size_t i = 0; i < size; i++)
    lines += ((const char *)text)[i] == '\n';
  to->size = 0;
  bytes_reserve(to, 1);
  ng_totals_begin(&reader, text, size);
  while (ng_totals_next(&reader, numbers, &fault)) {
    must(numbers[0] >= 0 && numbers[0] <= INT32_MAX, "year out of range");
    for (int i = 0; i < NG_TOTAL_NUMBERS; i++) {
      must(numbers[i] >= 0, "number out of range");
      bytes_print(to, "%s%" PRId64, i > 0 ? between : "", numbers[i]);
    }
    bytes_add_text(to, behind);
  }
  must(reader.line >= 1 && reader.line <= lines, "no such line");
  *good = fault.kind == NG_TOTALS_OK;
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
  struct bytes lines = {.data = NULL};
  struct bytes blocks = {.data = NULL};
  struct bytes again = {.data = NULL};
  int good;
  int ok;

  rewrite(&lines, data, size, "\t", "\n", &good);
  rewrite(&blocks, lines.data, lines.size, ",", "\t", &ok);
  must(ok, "a line of four numbers is refused");
  rewrite(&again, blocks.data, blocks.size, "\t", "\n", &ok);
  must(ok && again.size == lines.size &&
           memcmp(again.data, lines.data, lines.size) == 0,
       "another layout gives other blocks");
  check_file(data, size, good);
  bytes_free(&lines);
  bytes_free(&blocks);
  bytes_free(&again);
  return 0;
}
