/* SPDX-License-Identifier: MIT */
/*
 * Runs come from the scanner already added up, so what is left for each is
 * to ask whether its word is wanted, and to add it to the worker's own
 * table. Nothing here is shared with other workers.
 *
 * A word's slot lies anywhere in a table of many MiB, so each run waits in a
 * short ring while its slot is fetched and the scan goes on.
 */
#include "engine/map.h"

#include "base/crc32.h"
#include "base/hash.h"
#include "base/le.h"
#include "engine/view.h"
#include "text/word.h"

static bool is_wanted(const struct ng_job *job, const struct ng_run *run)
{
  if (!ng_word_in_range(job->options, run->word, run->length))
    return false;
  if (job->count->words.slots &&
      !ng_word_set_has(&job->count->words, run->word, run->length))
    return false;
  switch (job->options->tags) {
  case NGRAM_TAGS_DROP:
    return !ng_word_is_tagged(run->word, run->length);
  case NGRAM_TAGS_ONLY:
    return ng_word_is_tagged(run->word, run->length);
  case NGRAM_TAGS_PLAIN:
    return ng_word_is_plain(run->word, run->length);
  case NGRAM_TAGS_KEEP:
    break;
  }
  return true;
}

/* The same for rows that are wanted one by one. */
static bool wants_word(void *context, const char *word, size_t length)
{
  const struct ng_word_filter *filter = context;
  const struct ng_run run = {.word = word, .length = length};

  if (!filter->tags)
    return is_wanted(filter->job, &run);
  ng_tags_add(filter->tags, ng_hash_word(word, length));
  return false;
}

static bool add_pending(struct ng_worker *worker)
{
  const struct ng_pending_run *pending =
      &worker->pending[worker->pending_first];
  const struct ng_run *run = &pending->run;
  /* A sum that nobody asked for must not overflow. */
  bool sum_volumes = worker->job->options->columns & NGRAM_VOLUMES;
  struct ng_sums sums = {run->total, sum_volumes ? run->volumes : 0,
                         run->row_count, run->first_year, run->last_year};

  worker->pending_first = (worker->pending_first + 1) % NG_PENDING_RUNS;
  worker->pending_count--;
  return ng_table_add(&worker->table, pending->tag, run->word, run->length,
                      &sums);
}

static bool put_run(void *context, const struct ng_run *run)
{
  struct ng_worker *worker = context;
  struct ng_pending_run *pending;

  if (!is_wanted(worker->job, run))
    return true;
  if (worker->pending_count == NG_PENDING_RUNS && !add_pending(worker))
    return false;
  pending = &worker->pending[(worker->pending_first + worker->pending_count) %
                             NG_PENDING_RUNS];
  pending->run = *run;
  pending->tag = ng_hash_word(run->word, run->length);
  ng_table_expect(&worker->table, pending->tag);
  worker->pending_count++;
  return true;
}

/* For lines of seams, whose text does not last. */
static bool put_run_now(void *context, const struct ng_run *run)
{
  struct ng_worker *worker = context;
  bool ok = put_run(context, run);

  while (ok && worker->pending_count > 0)
    ok = add_pending(worker);
  return ok;
}

/* Words of free text, all of which are wanted or not. */
static bool put_words(void *context, const char *base, const uint32_t *edges,
                      size_t count)
{
  struct ng_worker *worker = context;
  const struct ng_job *job = worker->job;
  const struct ngram_count_options *options = job->options;

  if (!job->count->words.slots && !options->word_from && !options->word_to)
    return ng_hot_words_add(&worker->hot, &worker->table, base, edges, count);
  for (; count > 0; edges += 2, count--) {
    struct ng_run run = {
        .word = base + edges[0], .length = edges[1] - edges[0], .total = 1};

    if (!put_run_now(worker, &run))
      return false;
  }
  return true;
}

static void scan_text(struct ng_worker *worker, const char *text, size_t size,
                      struct ng_scan_result *result)
{
  ng_scan(&worker->scanner, text, size, result);
  while (!result->stopped && worker->pending_count > 0)
    result->stopped = !add_pending(worker);
}

/* Is much memory for hot words worth while? A small file will not use it, and
   within a memory_limit there should be more for others. */
static bool has_room_for_hot(const struct ng_job *job)
{
  uint64_t size = ng_source_size(job->source); /* 0: not known */
  uint64_t limit = job->options->memory_limit;

  return (size == 0 || size >= (uint64_t)1 << 20) &&
         (limit == 0 || limit / 8 >= job->plan.workers * NG_HOT_WORDS_BYTES);
}

static int32_t clamp_year(int64_t year)
{
  if (year < INT32_MIN)
    return INT32_MIN;
  return year > INT32_MAX ? INT32_MAX : (int32_t)year;
}

bool ng_worker_init(struct ng_worker *worker, struct ng_job *job)
{
  const struct ngram_count_options *options = job->options;
  /* No year is below 0 or past 2^31-1, so clamping changes no answer, but for
     a range that lies outside: that one is empty. */
  bool none = options->year_from > INT32_MAX || options->year_to < 0;
  struct ng_scan_options scan = {
      .kernel = job->plan.kernel,
      .layout = job->layout,
      .skip_bad_rows = options->on_error != NGRAM_ON_ERROR_FAIL,
      .wide =
          job->wide || options->year_from > 0 || options->year_to < INT32_MAX,
      .year_from = none ? 1 : clamp_year(options->year_from),
      .year_to = none ? 0 : clamp_year(options->year_to),
      .tokens = job->plan.tokens,
      .put_words = put_words,
  };

  worker->job = job;
  worker->filter = worker->seam_filter = (struct ng_word_filter){job, NULL};
  if (job->fold.postings)
    worker->seam_filter.tags = &job->fold.postings->tags;
  ng_table_init(&worker->table, job->budget, job->wide);
  ng_worker_attach_table(worker);
  if (!ng_scanner_init(&worker->scanner, &scan, put_run, worker))
    return false;
  if (scan.tokens != NG_TOKENS_NONE &&
      !ng_hot_words_init(&worker->hot, job->budget, has_room_for_hot(job)))
    return false;
  worker->scanner.filter = (struct ng_row_filter){wants_word, &worker->filter,
                                                  scan.year_from, scan.year_to};
  if (job->plan.cuts_members &&
      !ng_bgzf_init(&worker->bgzf, job->plan.decoder, job->budget))
    return false;
  if (job->plan.decodes_ahead &&
      !ng_guesser_init(&worker->guesser, job->source, job->zip, job->budget))
    return false;
  worker->seam_scanner = worker->scanner;
  worker->seam_scanner.put_run = put_run_now;
  worker->seam_scanner.filter.context = &worker->seam_filter;
  return true;
}

/* The table spills: words that were counted in front of it belong to it. */
static void before_spill(void *context)
{
  struct ng_worker *worker = context;

  ng_hot_words_finish(&worker->hot);
}

void ng_worker_attach_table(struct ng_worker *worker)
{
  worker->table.stop = &worker->job->stopper;
  worker->table.before_spill = before_spill;
  worker->table.before_spill_context = worker;
}

void ng_worker_detach_table(struct ng_table *table)
{
  table->stop = NULL;
  table->before_spill = NULL;
}

void ng_worker_free(struct ng_worker *worker)
{
  ng_table_free(&worker->table);
  ng_hot_words_free(&worker->hot);
  ng_scanner_free(&worker->scanner);
  ng_bgzf_free(&worker->bgzf);
  ng_guesser_free(&worker->guesser, worker->job->budget);
}

/* Say it in terms of the block, in which the scanned text begins at `start`,
   behind `lines_before` lines. */
static void take_fault(struct ng_block_fault *fault,
                       const struct ng_scan_result *scan, size_t start,
                       uint64_t lines_before)
{
  size_t hopeless = scan->fault_start + NG_LINE_MAX + 2;
  size_t known_at = scan->fault_end + 1;

  fault->row = scan->fault;
  fault->line = lines_before + scan->lines;
  fault->position = start + (known_at < hopeless ? known_at : hopeless);
}

bool ng_map_span(struct ng_worker *worker, const struct ng_span *span,
                 struct ng_mapped *result)
{
  const struct ng_block *block = span->block;
  bool at_start = span->from == 0;
  size_t start = at_start ? block->head_size : span->from;
  size_t stop = span->to < block->tail_start ? span->to : block->tail_start;
  uint64_t lines_before =
      span->lines_before + (at_start ? block->head_lines : 0);
  struct ng_scan_result scan;

  *result = (struct ng_mapped){.lines = 0};
  if (start >= stop)
    return true;
  if (worker->job->feed) {
    worker->scanner.rows = &span->block->batch.rows;
    worker->scanner.rows->columns = worker->job->feed->columns;
    if (worker->job->fold.postings)
      worker->filter.tags = &span->block->tags;
  }
  scan_text(worker, block->text + start, stop - start, &scan);
  result->lines = scan.lines;
  result->skipped = scan.skipped;
  result->rows = scan.rows;
  if (scan.fault.kind != NG_ROW_OK)
    take_fault(&result->fault, &scan, start, lines_before);
  if (scan.stopped)
    ng_job_fail(worker->job, NGRAM_NO_MEMORY);
  return !scan.stopped;
}

/* Input that goes on as it began will give so many words; free text, in which
   new words become rare, half as many new ones. */
static void expect_words(struct ng_worker *worker)
{
  const struct ng_source *source = worker->job->source;
  struct ng_count *count = worker->job->count;
  bool many = count->total_bytes > 0;
  double size = (double)(many ? count->total_bytes : ng_source_size(source));
  double read = (double)ng_source_bytes_read(source) +
                (double)atomic_load(&count->done_bytes);
  double more = size / read - 1;
  double words = (double)worker->table.word_count;

  words +=
      words * (worker->job->plan.tokens == NG_TOKENS_NONE ? more : more / 2);
  if (size > read) /* some is left, and the size is known */
    worker->table.expected_words =
        words < INT32_MAX ? (size_t)words : INT32_MAX;
}

bool ng_map_finish(struct ng_worker *worker, struct ng_block *block)
{
  struct ng_job *job = worker->job;
  double began = ng_clock_seconds();
  struct ng_report *report =
      ng_block_report(block, job->plan.format != NG_PLAIN);
  bool ok;

  if (!report) {
    if (job->feed)
      ng_feed_return(job, block);
    ng_job_fail(job, NGRAM_NO_MEMORY);
    return false;
  }
  ng_job_note(job, block->in.size);
  if (job->fold.postings)
    report->body_crc = ng_crc32(0, block->text + block->head_size,
                                block->in.size - block->head_size);
  if (job->feed)
    report->block = block;
  ok = ng_fold_add(&job->fold, report, &worker->seam_scanner);
  worker->map_seconds += ng_clock_seconds() - began;
  if (!ok)
    ng_job_stop(job);
  if (job->feed)
    ng_feed_settle(job);
  else
    expect_words(worker);
  return ok;
}

/* Read extent number `number` into the block. */
static void read_extent(struct ng_worker *worker, struct ng_block *block,
                        uint64_t number)
{
  struct ng_job *job = worker->job;
  uint64_t offset = number * job->plan.block_bytes;
  double began = ng_clock_seconds();

  ng_reader_read_plain(job->source, offset, block->text, job->plan.block_bytes,
                       &block->in);
  worker->decode_seconds += ng_clock_seconds() - began;
  block->in.last =
      block->in.fault.kind != NG_GZIP_OK ||
      offset + job->plan.block_bytes >= ng_source_size(job->source);
  ng_block_begin(block, number);
}

bool ng_map_block(struct ng_worker *worker, struct ng_block *block)
{
  struct ng_span span = {block, 0, block->in.size, 0, 0};
  double began = ng_clock_seconds();
  bool ok = ng_map_span(worker, &span, &block->mapped);

  worker->map_seconds += ng_clock_seconds() - began;
  if (!ok && worker->job->feed)
    ng_feed_return(worker->job, block);
  return ok && ng_map_finish(worker, block);
}

bool ng_map_take_block(struct ng_worker *worker, uint64_t number,
                       struct ng_block **block)
{
  struct ng_job *job = worker->job;

  if (job->feed) { /* the one before has been handed on */
    *block = ng_feed_wait_for_block(job, number);
  } else if (!*block) {
    *block = ng_block_new(job->budget, job->plan.block_bytes, job->plan.tokens);
    if (!*block)
      ng_job_fail(job, NGRAM_NO_MEMORY);
  }
  return *block != NULL;
}

bool ng_map_may_begin(struct ng_job *job, uint64_t number)
{
  if (!ng_fold_is_full(&job->fold))
    return true;
  ng_fold_wait_for_room(&job->fold, number);
  return atomic_load(&job->fold.next_number) == number ||
         !ng_fold_is_full(&job->fold);
}

void ng_map_drop_block(struct ng_worker *worker, struct ng_block *block)
{
  if (!worker->job->feed)
    ng_block_free(block, worker->job->budget);
}

void ng_map_extents(struct ng_worker *worker)
{
  struct ng_job *job = worker->job;
  struct ng_block *block = NULL;
  uint64_t extents = (ng_source_size(job->source) + job->plan.block_bytes - 1) /
                     job->plan.block_bytes;
  bool ok = true;

  while (ok && !ng_job_must_pause(job)) {
    uint64_t number;

    if (!ng_map_may_begin(job, atomic_load(&job->next_extent)))
      continue;
    number = atomic_fetch_add(&job->next_extent, 1);
    if (number >= extents || !ng_map_take_block(worker, number, &block))
      break;
    read_extent(worker, block, number);
    ok = ng_map_block(worker, block);
  }
  ng_map_drop_block(worker, block);
}
