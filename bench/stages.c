/* SPDX-License-Identifier: MIT */
/*
 * ngram_stages TEXT GZ [ROUNDS [STAGE]] - what each stage of a scan costs on
 * one core.
 *
 * Every stage runs alone over the same text, 512 KiB at a time as in a scan:
 * decoding by each decoder; decoding ahead, by guessing stretches of 256 KiB of
 * the gz, and replacing the markers of one; CRC-32; finding delimiters by each
 * kernel, reading rows; counting the runs of rows in a table, and reducing two
 * tables that hold half of them each; and the whole map. Prints GB/s of
 * text, the median of ROUNDS (5), and nanoseconds a row; of STAGE only, if it
 * is given.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cpu.h"
#include "base/crc32.h"
#include "base/hash.h"
#include "count/reduce.h"
#include "inflate/reader.h"
#include "inflate/speculative.h"
#include "scan/map.h"
#include "scan/pass.h"
#include "tally/tally.h"
#include "text/scanner.h"

#define BLOCK_BYTES ((size_t)512 << 10)
#define ROUNDS_MAX 99

static struct {
  const char *gz_path;
  char *memory; /* pad, text, pad */
  char *text;
  size_t size; /* whole lines */
  uint64_t rows;
  unsigned rounds;
  const char *stage; /* NULL: all */
  uint64_t sink;     /* keeps results alive */
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
  bench.rows = ng_delimiters_count_newlines(bench.text, bench.size);
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

  if (bench.stage && strcmp(bench.stage, stage) != 0)
    return;
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
  struct ng_reader *reader;

  ng_budget_init(&budget);
  if (ng_source_open(bench.gz_path, &source) != 0)
    fail("cannot open the gz");
  reader = ng_reader_open(source, how, NULL, &budget);
  if (!reader)
    fail("no memory");
  do
    ng_reader_read(reader, text, sizeof text, &block);
  while (!block.last);
  if (block.fault.kind != NG_GZIP_OK)
    fail("the gz is damaged");
  ng_reader_close(reader);
  ng_source_close(source);
}

#define STRETCH_BYTES ((size_t)256 << 10)

/* A guess in hand, to be made again and again. */
static struct {
  struct ng_budget budget;
  struct ng_source *source;
  struct ng_speculative_context guesser;
  struct ng_speculative_chunk guess;
} ahead;

static void prepare_guesses(void)
{
  ng_budget_init(&ahead.budget);
  if (ng_source_open(bench.gz_path, &ahead.source) != 0)
    fail("cannot open the gz");
  if (!ng_speculative_context_init(&ahead.guesser, ahead.source, NULL,
                                   &ahead.budget) ||
      !ng_speculative_chunk_init(&ahead.guess, &ahead.budget,
                                 8 * STRETCH_BYTES))
    fail("no memory");
}

static void free_guesses(void)
{
  ng_speculative_chunk_free(&ahead.guess, &ahead.budget);
  ng_speculative_context_free(&ahead.guesser, &ahead.budget);
  ng_source_close(ahead.source);
}

static void make_guess(uint64_t from)
{
  ng_speculative_decode(&ahead.guess, &ahead.guesser, ahead.source, from,
                        from + STRETCH_BYTES, BLOCK_BYTES);
}

static void guess(const void *how)
{
  uint64_t size = ng_source_size(ahead.source);

  (void)how;
  for (uint64_t from = 0; from < size; from += STRETCH_BYTES) {
    make_guess(from);
    bench.sink += ahead.guess.size;
  }
}

/* The slices of one guess, until they have given as much as the text. */
static void resolve(const void *how)
{
  static char text[BLOCK_BYTES];
  size_t done = 0;

  (void)how;
  make_guess(STRETCH_BYTES);
  if (ahead.guess.start == 0)
    fail("the gz is too small for a guess");
  while (done < bench.size)
    for (size_t i = 0; i < ahead.guess.slice_count; i++) {
      ng_speculative_replace_markers(&ahead.guess, &ahead.guess.slices[i],
                                     text);
      done += ahead.guess.slices[i].in.size;
      bench.sink += (unsigned char)text[0];
    }
}

/* The text in pieces of whole lines: of a block, or of one line that is
   longer. */
static size_t next_piece(size_t at)
{
  size_t most = bench.size - at < BLOCK_BYTES ? bench.size - at : BLOCK_BYTES;
  size_t size = most;

  while (size > 0 && bench.text[at + size - 1] != '\n')
    size--;
  while (size == 0 || bench.text[at + size - 1] != '\n')
    size = size == 0 ? most : size + 1;
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
  static uint32_t positions[16384 + 128];
  static unsigned char odd[16384 / 8 + 8];
  const struct ng_text_kernel *kernel = how;

  /* As much at a time as scan.c takes. */
  for (size_t at = 0; at < bench.size; at += 16384) {
    size_t size = bench.size - at < 16384 ? bench.size - at : 16384;

    bench.sink +=
        kernel->find_delimiters(bench.text + at, size, 0, positions, odd);
  }
}

static bool drop_run(void *context, const struct ng_word_group *run)
{
  (void)context;
  bench.sink += run->total;
  return true;
}

static void scan_text(const struct ng_text_kernel *kernel,
                      ng_word_group_fn *put_group)
{
  const struct ng_scanner_options options = {.kernel = kernel};
  struct ng_scanner_result result;
  struct ng_scanner scanner;

  if (!ng_scanner_init(&scanner, &options, put_group, NULL))
    fail("no memory");
  for (size_t at = 0, size; at < bench.size; at += size) {
    size = next_piece(at);
    ng_scanner_scan(&scanner, bench.text + at, size, &result);
    if (result.stopped || result.fault.kind != NG_ROW_OK)
      fail("the text has a bad row");
  }
  ng_scanner_free(&scanner);
}

static void read_rows(const void *how)
{
  scan_text(how, drop_run);
}

/* A worker of a pass that does nothing else. */
static void map(const void *how)
{
  struct ngram_count_options options;
  struct ng_budget budget;
  struct ng_table table;
  struct ng_tally tally;
  struct ng_request request = {.options = &options, .budget = &budget};
  struct ng_pass pass = {.options = &options,
                         .request = &request,
                         .budget = &budget,
                         .sink = &tally.sink};
  struct ng_worker worker = {.pass = &pass};
  struct ng_mapped mapped;

  ngram_count_options_init(&options);
  ng_budget_init(&budget);
  ng_control_init(&pass.control, NULL, NULL);
  pass.plan.kernel = how;
  pass.plan.workers = 1;
  ng_table_init(&table, &budget, false);
  ng_tally_init(&tally);
  tally.tables = &table;
  if (!tally.sink.ops->begin(&tally.sink, &pass))
    fail("no memory");
  for (size_t at = 0, size; at < bench.size; at += size) {
    struct ng_block block = {.text = bench.text + at};

    size = block.in.size = next_piece(at);
    block.tail_start = size;
    if (!ng_map_span(&worker, &(struct ng_span){&block, 0, size, 0, 0},
                     &mapped) ||
        mapped.fault.row.kind != NG_ROW_OK)
      fail("the text has a bad row");
  }
  bench.sink += table.word_count;
  ng_tally_free(&tally);
  ng_table_free(&table);
  ng_control_free(&pass.control);
}

/* What rows add up to: all runs of the text. */
static struct {
  struct ng_word_group *runs;
  size_t count;
  size_t capacity;
} kept;

static bool keep_run(void *context, const struct ng_word_group *run)
{
  (void)context;
  if (kept.count == kept.capacity) {
    kept.capacity = kept.capacity ? 2 * kept.capacity : 1024;
    kept.runs = realloc(kept.runs, kept.capacity * sizeof *kept.runs);
    if (!kept.runs)
      fail("no memory");
  }
  kept.runs[kept.count++] = *run;
  return true;
}

/* Every `step`th run, from number `first` on, to a table, its slots fetched
   ahead as the map does it. */
static void fill_table(struct ng_table *table, size_t first, size_t step)
{
  for (size_t i = first; i < kept.count; i += step) {
    const struct ng_word_group *run = &kept.runs[i];
    const struct ng_word_group *later =
        &kept.runs[i + 16 * step < kept.count ? i + 16 * step : i];
    struct ng_sums sums = {.total = run->total};

    ng_table_prefetch(table, ng_hash_word(later->word, later->length));
    if (!ng_table_add(table, ng_hash_word(run->word, run->length), run->word,
                      run->length, &sums))
      fail("no memory");
  }
}

static void count(const void *how)
{
  struct ng_budget budget;
  struct ng_table table;

  (void)how;
  ng_budget_init(&budget);
  ng_table_init(&table, &budget, false);
  fill_table(&table, 0, 1);
  bench.sink += table.word_count;
  ng_table_free(&table);
}

/* What two workers hold, half of the runs each. */
static struct ng_table halves[2];

static void reduce(const void *how)
{
  struct ng_budget *budget = halves[0].budget;
  struct ng_table *tables[] = {&halves[0], &halves[1]};
  struct ng_reduce reduce;
  bool more = true;

  (void)how;
  if (!ng_reduce_init(&reduce, budget, tables, 2, 1))
    fail("no memory");
  while (more)
    if (!ng_reduce_step(&reduce, 0, &more))
      fail("no memory");
  bench.sink += reduce.partitions[0].entry_count;
  ng_reduce_free(&reduce);
}

static void measure_tables(void)
{
  struct ng_budget budget;

  scan_text(ng_text_kernel_at(0), keep_run);
  measure("count", "-", count, NULL);
  ng_budget_init(&budget);
  for (size_t i = 0; i < 2; i++) {
    ng_table_init(&halves[i], &budget, false);
    fill_table(&halves[i], i, 2);
  }
  measure("reduce", "-", reduce, NULL);
  for (size_t i = 0; i < 2; i++)
    ng_table_free(&halves[i]);
  free(kept.runs);
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
    fail("usage: ngram_stages TEXT GZ [ROUNDS [STAGE]]");
  bench.gz_path = argv[2];
  bench.rounds = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 5;
  if (bench.rounds < 1 || bench.rounds > ROUNDS_MAX)
    fail("ROUNDS is 1 to 99");
  bench.stage = argc > 4 ? argv[4] : NULL;
  read_text(argv[1]);
  printf("%.3f GB of text, %" PRIu64 " rows, one core, medians of %u\n",
         (double)bench.size / 1e9, bench.rows, bench.rounds);
  for (size_t i = 0; (decoder = ng_decoder_at(i)); i++)
    if (decoder->is_available())
      measure("decode", decoder->name, decode, decoder);
  prepare_guesses();
  measure("guess", "native", guess, NULL);
  measure("resolve", "scalar", resolve, NULL);
  free_guesses();
  measure_crc();
  measure_kernels("delimiters", find_delimiters);
  measure_kernels("rows", read_rows);
  measure_tables();
  measure_kernels("map", map);
  free(bench.memory);
  return bench.sink == 0;
}
