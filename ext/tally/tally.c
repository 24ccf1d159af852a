/* SPDX-License-Identifier: MIT */
/*
 * Runs come from the scanner already added up, so what is left for each is
 * to ask whether its word is wanted, and to add it to the worker's own
 * table. Nothing here is shared with other workers.
 *
 * A word's slot lies anywhere in a table of many MiB, so each run waits in a
 * short ring while its slot is fetched and the scan goes on. Words of free text
 * go through the hot words in front of the table (count/hot_words.c).
 */
#include "tally/tally.h"

#include <stdlib.h>

#include "base/hash.h"
#include "count/hot_words.h"
#include "scan/commit.h"
#include "scan/word_filter.h"
#include "text/scanner.h"

#define PENDING_RUNS 16

/* A run on its way to the table: its slot is being fetched. */
struct pending_run {
  struct ng_word_group run;
  uint32_t fingerprint;
};

/* All of it is the worker's own until the pass has ended. */
struct ng_tally_worker {
  struct ng_pass *pass;
  struct ng_table *table; /* borrowed */
  struct ng_word_filter filter;
  bool wants_all; /* words of free text: no condition on them */
  bool sums_volumes;
  struct ng_hot_words hot;
  struct pending_run pending[PENDING_RUNS]; /* a ring */
  unsigned pending_first;
  unsigned pending_count;
  struct ng_scanner scanner;
};

/* ------------------------------------------------------------------ runs -- */

static bool add_pending(struct ng_tally_worker *worker)
{
  const struct pending_run *pending = &worker->pending[worker->pending_first];
  const struct ng_word_group *run = &pending->run;
  /* A sum that was not asked for must not overflow. */
  struct ng_sums sums = {run->total, worker->sums_volumes ? run->volumes : 0,
                         run->row_count, run->first_year, run->last_year};

  worker->pending_first = (worker->pending_first + 1) % PENDING_RUNS;
  worker->pending_count--;
  return ng_table_add(worker->table, pending->fingerprint, run->word,
                      run->length, &sums);
}

static bool put_group(void *context, const struct ng_word_group *run)
{
  struct ng_tally_worker *worker = context;
  struct pending_run *pending;

  if (!ng_word_filter_wants(&worker->filter, run->word, run->length))
    return true;
  if (worker->pending_count == PENDING_RUNS && !add_pending(worker))
    return false;
  pending = &worker->pending[(worker->pending_first + worker->pending_count) %
                             PENDING_RUNS];
  pending->run = *run;
  pending->fingerprint = ng_hash_word(run->word, run->length);
  ng_table_prefetch(worker->table, pending->fingerprint);
  worker->pending_count++;
  return true;
}

static bool flush_pending(struct ng_tally_worker *worker)
{
  bool ok = true;

  while (ok && worker->pending_count > 0)
    ok = add_pending(worker);
  return ok;
}

/* Words of free text; their bytes last for the call. */
static bool put_words(void *context, const char *base, const uint32_t *edges,
                      size_t count)
{
  struct ng_tally_worker *worker = context;

  if (worker->wants_all)
    return ng_hot_words_add(&worker->hot, worker->table, base, edges, count);
  for (; count > 0; edges += 2, count--) {
    struct ng_word_group run = {
        .word = base + edges[0], .length = edges[1] - edges[0], .total = 1};

    if (!put_group(worker, &run) || !flush_pending(worker))
      return false;
  }
  return true;
}

/* ------------------------------------------------------------------ init -- */

/* Is much memory for hot words worth while? A small file will not use it, and
   within a memory_limit there should be more for others. */
static bool has_room_for_hot(const struct ng_pass *pass)
{
  uint64_t size = ng_source_size(pass->source); /* 0: not known */
  uint64_t limit = pass->options->memory_limit;

  return (size == 0 || size >= (uint64_t)1 << 20) &&
         (limit == 0 || limit / 8 >= pass->plan.workers * NG_HOT_WORDS_BYTES);
}

/* The table spills: words that were counted in front of it belong to it. */
static void before_spill(void *context)
{
  struct ng_tally_worker *worker = context;

  ng_hot_words_finish(&worker->hot);
}

/* False: no memory; worker_free() all the same. */
static bool worker_init(struct ng_tally_worker *worker, struct ng_pass *pass,
                        struct ng_table *table)
{
  const struct ngram_count_options *options = pass->options;
  struct ng_scanner_options scan = ng_pass_scanner_options(pass);

  scan.wide |= table->wide;
  scan.put_words = put_words;
  worker->pass = pass;
  worker->table = table;
  worker->filter = (struct ng_word_filter){options, &pass->request->words};
  worker->wants_all =
      !pass->request->words.slots && !options->word_from && !options->word_to;
  worker->sums_volumes = options->columns & NGRAM_VOLUMES;
  table->stop = &pass->control.stopper;
  table->before_spill = before_spill;
  table->before_spill_context = worker;
  return ng_scanner_init(&worker->scanner, &scan, put_group, worker) &&
         (scan.tokens == NG_TOKENS_NONE ||
          ng_hot_words_init(&worker->hot, pass->budget,
                            has_room_for_hot(pass)));
}

static void worker_free(struct ng_tally_worker *worker)
{
  ng_hot_words_free(&worker->hot);
  ng_scanner_free(&worker->scanner);
  worker->table->stop = NULL;
  worker->table->before_spill = NULL;
}

static struct ng_tally *tally_of(struct ng_sink *sink)
{
  return (struct ng_tally *)(void *)sink;
}

static bool begin(struct ng_sink *sink, struct ng_pass *pass)
{
  struct ng_tally *tally = tally_of(sink);
  unsigned count = pass->plan.workers;

  tally->workers = calloc(count, sizeof *tally->workers);
  if (!tally->workers)
    return false;
  tally->pass = pass;
  for (unsigned i = 0; i < count; i++) /* each can be freed after this */
    tally->workers[i].table = &tally->tables[i];
  for (unsigned i = 0; i < count; i++)
    if (!worker_init(&tally->workers[i], pass, &tally->tables[i]))
      return false;
  return true;
}

void ng_tally_free(struct ng_tally *tally)
{
  for (unsigned i = 0; tally->workers && i < tally->pass->plan.workers; i++)
    worker_free(&tally->workers[i]);
  free(tally->workers);
  tally->workers = NULL;
}

/* ------------------------------------------------------------------ scan -- */

/* Input that goes on as it began will give so many words; free text, in which
   new words become rare, half as many new ones. */
static void expect_words(const struct ng_pass *pass, struct ng_table *table)
{
  const struct ng_request *request = pass->request;
  bool many = request->total_bytes > 0;
  double size =
      (double)(many ? request->total_bytes : ng_source_size(pass->source));
  double read = (double)ng_source_bytes_read(pass->source) +
                (double)atomic_load(&request->done_bytes);
  double more = size / read - 1;
  double words = (double)table->word_count;

  words += words * (pass->plan.tokens == NG_TOKENS_NONE ? more : more / 2);
  if (size > read) /* some is left, and the size is known */
    table->expected_words = words < INT32_MAX ? (size_t)words : INT32_MAX;
}

static void scan(struct ng_tally_worker *worker, const char *text, size_t size,
                 struct ng_scanner_result *result)
{
  ng_scanner_scan(&worker->scanner, text, size, result);
  if (!result->stopped)
    result->stopped = !flush_pending(worker);
}

static void scan_text(struct ng_sink *sink, unsigned worker,
                      struct ng_block *block, size_t from, size_t to,
                      struct ng_scanner_result *result)
{
  scan(&tally_of(sink)->workers[worker], block->text + from, to - from, result);
}

static void scan_line(struct ng_sink *sink, unsigned worker,
                      const struct ng_commit *commit, const char *text,
                      size_t size, struct ng_scanner_result *result)
{
  (void)commit;
  scan(&tally_of(sink)->workers[worker], text, size, result);
}

static void scanned(struct ng_sink *sink, unsigned worker,
                    struct ng_block *block)
{
  struct ng_tally *tally = tally_of(sink);

  (void)block;
  expect_words(tally->pass, tally->workers[worker].table);
}

static void finish(struct ng_sink *sink, unsigned worker)
{
  ng_hot_words_finish(&tally_of(sink)->workers[worker].hot);
}

static const struct ng_sink_ops ops = {
    .begin = begin,
    .text = scan_text,
    .line = scan_line,
    .scanned = scanned,
    .finish = finish,
};

void ng_tally_init(struct ng_tally *tally)
{
  *tally = (struct ng_tally){.sink = {&ops}};
}
