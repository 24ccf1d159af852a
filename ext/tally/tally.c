/* SPDX-License-Identifier: MIT */
/*
 * The sink of totals. A pass calls begin() once, scan_text() for the text of
 * each block and scanned() after it, scan_line() for each line across blocks,
 * and finish() once in each worker, last (scan/sink.h).
 *
 * The scanner adds up the neighbouring rows of a word to a word group. The sink
 * drops groups whose word is not wanted, and adds the others to the worker's
 * table. Workers share nothing here.
 *
 * The slot of a word may be anywhere in a table of many MiB. So each group
 * waits in a ring of PENDING_GROUPS while its slot is prefetched and the scan
 * goes on. The ring is empty at the end of each scan, because groups point into
 * the text. Words of free text are counted in the hot words
 * (count/hot_words.c), which add to the same table in batches. But if a filter
 * has to test them, each word goes through the ring alone: its bytes are
 * borrowed for the call of put_words().
 *
 * The sink owns its workers, with scanner, ring and hot words. The tables
 * belong to the caller (table_set.c), and outlive the sink.
 */
#include "tally/tally.h"

#include <stdlib.h>

#include "base/hash.h"
#include "count/hot_words.h"
#include "scan/commit.h"
#include "scan/word_filter.h"
#include "text/scanner.h"

#define PENDING_GROUPS 16

/* A word group whose slot is being fetched. */
struct pending_group {
  struct ng_word_group group;
  uint32_t fingerprint;
};

/* Read and written only by its worker while the pass runs. */
struct ng_tally_worker {
  struct ng_table *table; /* borrowed */
  struct ng_word_filter filter;
  bool wants_all; /* the filter wants all words, so those of free text are not
                     tested */
  bool sums_volumes;
  struct ng_hot_words hot;
  struct pending_group pending[PENDING_GROUPS]; /* a ring */
  unsigned pending_first;
  unsigned pending_count;
  struct ng_scanner scanner;
};

/* ---------------------------------------------------------------- groups -- */

static bool add_pending(struct ng_tally_worker *worker)
{
  const struct pending_group *pending = &worker->pending[worker->pending_first];
  const struct ng_word_group *group = &pending->group;
  /* A sum that was not asked for must not overflow: it is left at 0. */
  struct ng_sums sums = {group->total,
                         worker->sums_volumes ? group->volumes : 0,
                         group->row_count, group->first_year, group->last_year};

  worker->pending_first = (worker->pending_first + 1) % PENDING_GROUPS;
  worker->pending_count--;
  return ng_table_add(worker->table, pending->fingerprint, group->word,
                      group->length, &sums);
}

static bool put_group(void *context, const struct ng_word_group *group)
{
  struct ng_tally_worker *worker = context;
  struct pending_group *pending;

  if (!ng_word_filter_wants(&worker->filter, group->word, group->length))
    return true;
  if (worker->pending_count == PENDING_GROUPS && !add_pending(worker))
    return false;
  pending = &worker->pending[(worker->pending_first + worker->pending_count) %
                             PENDING_GROUPS];
  pending->group = *group;
  pending->fingerprint = ng_hash_word(group->word, group->length);
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

/* Takes words of free text, whose bytes are borrowed for the call. */
static bool put_words(void *context, const char *base,
                      const uint32_t *boundaries, size_t count)
{
  struct ng_tally_worker *worker = context;

  if (worker->wants_all)
    return ng_hot_words_add(&worker->hot, worker->table, base, boundaries,
                            count);
  for (; count > 0; boundaries += 2, count--) {
    struct ng_word_group group = {.word = base + boundaries[0],
                                  .length = boundaries[1] - boundaries[0],
                                  .total = 1};

    if (!put_group(worker, &group) || !flush_pending(worker))
      return false;
  }
  return true;
}

/* ------------------------------------------------------------------ init -- */

/* Whether to use the large size of hot words. A small file would not fill them,
   and under a memory_limit they may take an eighth of it at most. */
static bool has_room_for_hot(const struct ng_pass *pass)
{
  uint64_t size = ng_source_size(pass->source); /* 0 if unknown */
  uint64_t limit = pass->options->memory_limit;

  return (size == 0 || size >= (uint64_t)1 << 20) &&
         (limit == 0 || limit / 8 >= pass->plan.workers * NG_HOT_WORDS_BYTES);
}

/* Called by the table when it is about to spill: moves the hot words to it. */
static void before_spill(void *context)
{
  struct ng_tally_worker *worker = context;

  ng_hot_words_finish(&worker->hot);
}

/* Returns false if there is no memory; worker_free() is called all the same. */
static bool worker_init(struct ng_tally_worker *worker, struct ng_pass *pass,
                        struct ng_table *table)
{
  const struct ngram_count_options *options = pass->options;
  struct ng_scanner_options scan = ng_pass_scanner_options(pass);

  scan.wide |= table->wide;
  scan.put_words = put_words;
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
  for (unsigned i = 0; i < count; i++) /* worker_free() needs it */
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

/* Extrapolate from the part of the input that was read to the words of all of
   it, as a size for the table. In free text new words become rare, so half of
   the growth is expected. */
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
  if (size > read) /* the size is known, and some is left */
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
