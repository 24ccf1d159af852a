/* SPDX-License-Identifier: MIT */
/*
 * ngram_stages TEXT GZ [ROUNDS] - what each stage of a scan costs on one core.
 *
 * Every stage runs alone over the same text, 512 KiB at a time as in a scan:
 * decoding by each decoder, CRC-32, finding delimiters by each kernel, reading
 * rows, and the whole map into a hash table. Prints GB/s of text, the median
 * of ROUNDS (5), and nanoseconds a row.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/cpu.h"
#include "base/hash.h"
#include "count/table.h"
#include "inflate/crc32.h"
#include "inflate/gzip.h"
#include "text/scan.h"

#define BLOCK_BYTES ((size_t)512 << 10)
#define ROUNDS_MAX 99

static struct {
  const char *gz_path;
  char *memory; /* pad, text, pad */
  char *text;
  size_t size; /* whole lines */
  uint64_t rows;
  unsigned rounds;
  uint64_t sink; /* keeps results alive */
} bench;

static void fail(const char *what)
{
  fprintf(stderr, "ngram_stages: %s\n", what);
  exit(1);
}

static void read_text(const char *path)
{
  struct ng_source *source;
  size_t got;

  if (ng_source_open(path, &source) != 0)
    fail("cannot open the text");
  bench.size = (size_t)ng_source_size(source);
  bench.memory = calloc(1, bench.size + 2 * NG_TEXT_PAD);
  if (!bench.memory)
    fail("no memory");
  bench.text = bench.memory + NG_TEXT_PAD;
  if (ng_source_read(source, bench.text, bench.size, 0, &got) != 0 ||
      got != bench.size)
    fail("cannot read the text");
  ng_source_close(source);
  while (bench.size > 0 && bench.text[bench.size - 1] != '\n')
    bench.size--;
  bench.rows = ng_count_newlines(bench.text, bench.size);
  if (bench.rows == 0)
    fail("the text has no rows");
}

static int compare(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;

  return (x > y) - (x < y);
}

typedef void stage_fn(const void *how);

static void measure(const char *stage, const char *name, stage_fn *run,
                    const void *how)
{
  double seconds[ROUNDS_MAX];
  double median;

  for (unsigned i = 0; i < bench.rounds; i++) {
    double began = ng_clock_seconds();

    run(how);
    seconds[i] = ng_clock_seconds() - began;
  }
  qsort(seconds, bench.rounds, sizeof *seconds, compare);
  median = seconds[bench.rounds / 2];
  printf("%-12s %-10s %7.2f GB/s %7.2f ns a row\n", stage, name,
         (double)bench.size / median / 1e9, median / (double)bench.rows * 1e9);
  fflush(stdout);
}

static void decode(const void *how)
{
  static char text[BLOCK_BYTES];
  struct ng_gzip_block block;
  struct ng_source *source;
  struct ng_budget budget;
  struct ng_gzip *gzip;

  ng_budget_init(&budget);
  if (ng_source_open(bench.gz_path, &source) != 0)
    fail("cannot open the gz");
  gzip = ng_gzip_open(source, how, &budget, (const unsigned char *)"", 0);
  if (!gzip)
    fail("no memory");
  do
    ng_gzip_read(gzip, text, sizeof text, &block);
  while (!block.last);
  if (block.fault.kind != NG_GZIP_OK)
    fail("the gz is damaged");
  ng_gzip_close(gzip);
  ng_source_close(source);
}

/* The text in pieces of whole lines. */
static size_t next_piece(size_t at)
{
  size_t size = bench.size - at < BLOCK_BYTES ? bench.size - at : BLOCK_BYTES;

  while (bench.text[at + size - 1] != '\n')
    size--;
  return size;
}

static void compute_crc(const void *how)
{
  const struct ng_crc32_kernel *kernel = how;

  for (size_t at = 0, size; at < bench.size; at += size) {
    size = next_piece(at);
    bench.sink += kernel->compute(0, bench.text + at, size);
  }
}

static void find_delimiters(const void *how)
{
  static uint32_t positions[BLOCK_BYTES + 128];
  const struct ng_text_kernel *kernel = how;

  /* As much at a time as scan.c takes. */
  for (size_t at = 0; at < bench.size; at += 16384) {
    size_t size = bench.size - at < 16384 ? bench.size - at : 16384;

    bench.sink += kernel->find_delimiters(bench.text + at, size, 0, positions);
  }
}

static bool drop_run(void *context, const struct ng_run *run)
{
  (void)context;
  bench.sink += run->total;
  return true;
}

static bool add_run(void *table, const struct ng_run *run)
{
  struct ng_sums sums = {.total = run->total};

  return ng_table_add(table, ng_hash_word(run->word, run->length), run->word,
                      run->length, &sums);
}

static void scan(const struct ng_text_kernel *kernel, ng_run_fn *put_run,
                 void *context)
{
  const struct ng_scan_options options = {.kernel = kernel};
  struct ng_scan_result result;
  struct ng_scanner scanner;

  if (!ng_scanner_init(&scanner, &options, put_run, context))
    fail("no memory");
  for (size_t at = 0, size; at < bench.size; at += size) {
    size = next_piece(at);
    ng_scan(&scanner, bench.text + at, size, &result);
    if (result.stopped || result.fault.kind != NG_ROW_OK)
      fail("the text has a bad row");
  }
  ng_scanner_free(&scanner);
}

static void read_rows(const void *how)
{
  scan(how, drop_run, NULL);
}

static void map(const void *how)
{
  struct ng_budget budget;
  struct ng_table table;

  ng_budget_init(&budget);
  ng_table_init(&table, &budget, false);
  scan(how, add_run, &table);
  bench.sink += table.word_count;
  ng_table_free(&table);
}

static bool has(unsigned features)
{
  return (features & ng_cpu_features()) == features;
}

static void measure_crc(void)
{
  const struct ng_crc32_kernel *kernel;

  for (size_t i = 0; (kernel = ng_crc32_kernel_at(i)); i++)
    if (has(kernel->features))
      measure("crc-32", kernel->name, compute_crc, kernel);
}

static void measure_kernels(const char *stage, stage_fn *run)
{
  const struct ng_text_kernel *kernel;

  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++)
    if (has(kernel->features))
      measure(stage, kernel->name, run, kernel);
}

int main(int argc, char **argv)
{
  const struct ng_decoder *decoder;

  if (argc < 3)
    fail("usage: ngram_stages TEXT GZ [ROUNDS]");
  bench.gz_path = argv[2];
  bench.rounds = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 5;
  if (bench.rounds < 1 || bench.rounds > ROUNDS_MAX)
    fail("ROUNDS is 1 to 99");
  read_text(argv[1]);
  printf("%.3f GB of text, %" PRIu64 " rows, one core, medians of %u\n",
         (double)bench.size / 1e9, bench.rows, bench.rounds);
  for (size_t i = 0; (decoder = ng_decoder_at(i)); i++)
    if (decoder->is_available())
      measure("decode", decoder->name, decode, decoder);
  measure_crc();
  measure_kernels("delimiters", find_delimiters);
  measure_kernels("rows", read_rows);
  measure_kernels("map", map);
  free(bench.memory);
  return bench.sink == 0;
}
