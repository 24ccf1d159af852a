/* SPDX-License-Identifier: MIT */
/*
 * Lookups by word and by year.
 *
 * By word: the postings give the parts, in the order of the file. For each part
 * the reader is moved to the last position at or before it from which decoding
 * can begin: a seek point, the beginning of a member, the reader's own position
 * if that is nearer, or, in plain text, the part itself. The text before the
 * part is decoded and dropped. The text of the part is verified by its CRC-32
 * and scanned with the filter of the question. ng_lookup_open() sets *far if
 * that would take longer than a pass with all workers, or more memory than the
 * limit allows.
 *
 * By year: the rows come from by_year.c, one run at a time. They are filtered
 * once more, by tags, because they were sorted without a filter.
 *
 * rows_file.c opens and closes a lookup, reading.c takes its rows. The lookup
 * owns one batch, whose columns it fills again for each part; the words in it
 * point to the text of the part, or to the bytes of the run.
 */
#include "rows/lookup.h"

#include <stdlib.h>

#include "base/crc32.h"
#include "fault/fail.h"
#include "scan/stats.h"
#include "text/bom.h"

/* Text is read in steps of this size. */
#define STEP_BYTES ((size_t)512 << 10)
/* Parts considered between two questions whether to stop: some 100 us. */
#define ASK_PARTS 1024
/* A part with its rows may take this times the memory of its text. */
#define ROWS_MEMORY_TIMES 8

/* A position from which decoding can begin. */
struct start {
  uint64_t text;                     /* bytes of text before it */
  const struct ng_seek_point *point; /* borrowed; or NULL, and then: */
  uint64_t byte;                     /* its offset in the file */
};

/* ---------------------------------------------------------------- starts -- */

/* Returns the last seek point at or before an offset in the text, or NULL if
   there is none. */
static const struct ng_seek_point *point_before(const struct ng_pass *pass,
                                                uint64_t text)
{
  size_t from = 0;
  size_t to =
      pass->points && pass->plan.decoder->resume ? pass->points->count : 0;

  while (from < to) {
    size_t middle = from + (to - from) / 2;

    if (pass->points->points[middle].text <= text)
      from = middle + 1;
    else
      to = middle;
  }
  return from > 0 ? &pass->points->points[from - 1] : NULL;
}

/* Returns the last start at or before a part. */
static struct start start_of(const struct ng_pass *pass,
                             const struct ng_part *part)
{
  const struct ng_seek_point *point = point_before(pass, part->text);

  if (pass->plan.format == NG_PLAIN)
    return (struct start){part->text, NULL, part->text};
  if (point && point->text >= part->member_text)
    return (struct start){point->text, point, 0};
  return (struct start){part->member_text, NULL, part->member};
}

/* Whether a pass is better: it would be faster, with all workers, than decoding
   up to the parts in one thread, or a part does not fit into memory.
   `text_bytes` is the text of the whole file. Also false if told to stop. */
static bool is_far(const struct ng_lookup *lookup, struct ng_pass *pass,
                   uint64_t text_bytes)
{
  uint64_t limit = pass->options->memory_limit;
  unsigned workers = pass->plan.workers;
  uint64_t bytes = 0;
  uint64_t at = 0;

  for (size_t i = 0; i < lookup->part_count; i++) {
    const struct ng_part *part = &lookup->parts[i];
    uint64_t start = start_of(pass, part).text;
    uint64_t end = part->text + part->size;

    bytes += end - (start > at ? start : at);
    at = end;
    if (limit > 0 && part->size > limit / ROWS_MEMORY_TIMES)
      return true;
    if (i % ASK_PARTS == ASK_PARTS - 1 && ng_control_must_stop(&pass->control))
      return false;
  }
  return bytes > STEP_BYTES && bytes / 2 > text_bytes / (workers + 1);
}

/* ------------------------------------------------------------------ open -- */

/* Initialize a lookup in a file of `file_rows` rows, and plan its pass. */
static enum ngram_status begin(struct ng_lookup *lookup, struct ng_pass *pass,
                               uint64_t file_rows, unsigned columns,
                               struct ngram_error *error)
{
  *lookup = (struct ng_lookup){
      .pass = pass,
      .file_rows = file_rows,
      .filter = {pass->options, &pass->request->words},
  };
  ng_row_columns_init(&lookup->batch.rows, pass->budget, columns);
  return ng_scan_plan(pass, true, error);
}

enum ngram_status ng_lookup_open(struct ng_lookup *lookup, struct ng_pass *pass,
                                 const struct ng_postings *postings,
                                 unsigned columns, bool *far,
                                 struct ngram_error *error)
{
  const struct ngram_count_options *options = pass->options;
  enum ngram_status status =
      begin(lookup, pass, postings->rows, columns, error);

  *far = false;
  if (status != NGRAM_OK)
    return status;
  if (!ng_postings_find(postings, options->words, options->word_count,
                        &pass->control.stopper, &lookup->parts,
                        &lookup->part_count))
    return ng_control_must_stop(&pass->control) ? ng_fail_interrupted(error)
                                                : ng_fail_memory(error);
  *far = is_far(lookup, pass, postings->text_bytes);
  if (*far)
    return NGRAM_OK;
  if (ng_control_must_stop(&pass->control))
    return ng_fail_interrupted(error);
  if (!ng_row_queue_scanner_init(&lookup->scanner, pass, postings->layout,
                                 &lookup->filter))
    return ng_fail_memory(error);
  if (lookup->part_count == 0)
    return NGRAM_OK;
  lookup->reader =
      ng_reader_open(pass->source, pass->plan.decoder, pass->zip, pass->budget);
  return lookup->reader ? NGRAM_OK : ng_fail_memory(error);
}

enum ngram_status ng_lookup_open_year(struct ng_lookup *lookup,
                                      struct ng_pass *pass,
                                      struct ng_by_year *by_year,
                                      unsigned columns,
                                      struct ngram_error *error)
{
  const struct ngram_count_options *options = pass->options;
  enum ngram_status status =
      begin(lookup, pass, ng_by_year_rows(by_year), columns, error);

  ng_by_year_reader_open(&lookup->years, by_year, pass->budget,
                         options->year_from, options->year_to);
  if (status != NGRAM_OK)
    return status;
  return ng_row_queue_scanner_init(&lookup->scanner, pass,
                                   ng_by_year_layout(by_year), &lookup->filter)
             ? NGRAM_OK
             : ng_fail_memory(error);
}

static void free_text(struct ng_lookup *lookup)
{
  ng_budget_give(lookup->pass->budget, lookup->memory,
                 lookup->capacity + 2 * NG_TEXT_PAD);
  lookup->memory = NULL;
}

void ng_lookup_close(struct ng_lookup *lookup)
{
  if (!lookup->pass)
    return;
  free_text(lookup);
  ng_row_columns_free(&lookup->batch.rows);
  ng_scanner_free(&lookup->scanner);
  ng_reader_close(lookup->reader);
  ng_by_year_reader_close(&lookup->years);
  free(lookup->parts);
  *lookup = (struct ng_lookup){.pass = NULL};
}

/* ------------------------------------------------------------------ read -- */

/* Make room for `size` bytes of text and two more, for end_last_line(). */
static bool reserve_text(struct ng_lookup *lookup, size_t size)
{
  size_t wanted = size < STEP_BYTES ? STEP_BYTES : size;

  wanted += 2;
  if (lookup->memory && lookup->capacity >= wanted)
    return true;
  free_text(lookup);
  lookup->capacity = wanted;
  lookup->memory =
      ng_budget_take(lookup->pass->budget, wanted + 2 * NG_TEXT_PAD);
  return lookup->memory != NULL;
}

/* The text is not the one that was read before. */
static enum ngram_status fail_other(const struct ng_lookup *lookup,
                                    struct ngram_error *error)
{
  return ng_fail(error, NGRAM_BAD_INPUT, "%s: not the text that it was",
                 lookup->pass->path);
}

/* Read the next `size` bytes of text to `text`. */
static enum ngram_status read_text(struct ng_lookup *lookup, char *text,
                                   size_t size, struct ngram_error *error)
{
  struct ng_gzip_block in;

  while (size > 0) {
    if (ng_control_must_stop(&lookup->pass->control))
      return ng_fail_interrupted(error);
    ng_reader_read(lookup->reader, text, size < STEP_BYTES ? size : STEP_BYTES,
                   &in);
    if (in.fault.kind != NG_GZIP_OK)
      return ng_fail_gzip(error, lookup->pass->path, &in.fault);
    lookup->at += in.size;
    text += in.size;
    size -= in.size;
    if (in.last && size > 0)
      return fail_other(lookup, error);
  }
  return NGRAM_OK;
}

/* Move the reader to the start of a part, unless its own position is nearer. */
static void go_near(struct ng_lookup *lookup, const struct ng_part *part)
{
  struct start start = start_of(lookup->pass, part);

  if (lookup->is_at && lookup->at <= part->text && lookup->at >= start.text)
    return;
  if (start.point)
    ng_reader_resume(lookup->reader, start.point->bit, start.point->window,
                     start.point->window_size);
  else
    ng_reader_seek(lookup->reader, start.byte);
  lookup->at = start.text;
  lookup->is_at = true;
}

static enum ngram_status read_part_text(struct ng_lookup *lookup, char *text,
                                        const struct ng_part *part,
                                        struct ngram_error *error)
{
  enum ngram_status status = NGRAM_OK;

  go_near(lookup, part);
  while (status == NGRAM_OK && lookup->at < part->text) {
    uint64_t left = part->text - lookup->at;

    status = read_text(lookup, text,
                       left < STEP_BYTES ? (size_t)left : STEP_BYTES, error);
  }
  if (status == NGRAM_OK)
    status = read_text(lookup, text, (size_t)part->size, error);
  return status;
}

/* End the last line of a file if it has no end, as commit.c does. Returns the
   new size. */
static size_t end_last_line(char *text, size_t size)
{
  if (size > 0 && text[size - 1] != '\n') {
    if (text[size - 1] == '\r')
      text[size++] = '\r';
    text[size++] = '\n';
  }
  return size;
}

/* Read, verify and scan a part. */
static enum ngram_status read_part(struct ng_lookup *lookup,
                                   const struct ng_part *part,
                                   struct ngram_error *error)
{
  struct ng_scanner *scanner = &lookup->scanner;
  struct ng_row_columns *rows = &lookup->batch.rows;
  struct ng_scanner_result result;
  enum ngram_status status;
  size_t size;
  size_t bom;
  char *text;

  rows->count = 0;
  if (!reserve_text(lookup, (size_t)part->size))
    return ng_fail_memory(error);
  text = lookup->memory + NG_TEXT_PAD;
  status = read_part_text(lookup, text, part, error);
  if (status == NGRAM_OK && ng_crc32(0, text, (size_t)part->size) != part->crc)
    status = fail_other(lookup, error);
  if (status != NGRAM_OK)
    return status;
  size = end_last_line(text, (size_t)part->size);
  bom = part->text == 0 ? ng_bom_size(text, size) : 0;
  rows->text = text + bom;
  lookup->batch.first = part->rows;
  scanner->rows = rows;
  ng_scanner_scan(scanner, text + bom, size - bom, &result);
  if (result.stopped)
    return ng_fail_memory(error);
  if (result.fault.kind != NG_ROW_OK)
    return fail_other(lookup, error);
  lookup->text_bytes += part->size;
  lookup->rows += result.rows;
  return NGRAM_OK;
}

/* Read the rows of a year in the next segment. */
static enum ngram_status read_run(struct ng_lookup *lookup,
                                  struct ngram_error *error)
{
  struct ng_batch *batch = &lookup->batch;
  enum ngram_status status =
      ng_by_year_read(&lookup->years, &batch->rows, &batch->first);

  lookup->rows += batch->rows.count;
  if (status == NGRAM_NO_MEMORY)
    return ng_fail_memory(error);
  return status == NGRAM_OK ? NGRAM_OK : fail_other(lookup, error);
}

/* Read on until there are rows that pass the filter, or none are left. */
static enum ngram_status read_year(struct ng_lookup *lookup,
                                   struct ngram_error *error)
{
  const struct ng_pass *pass = lookup->pass;
  struct ng_row_columns *rows = &lookup->batch.rows;

  for (;;) {
    enum ngram_status status = read_run(lookup, error);

    if (status != NGRAM_OK || rows->count == 0 ||
        pass->options->tags == NGRAM_TAGS_KEEP)
      return status;
    ng_row_columns_filter(rows, &lookup->scanner.filter);
    if (rows->count > 0)
      return NGRAM_OK;
    if (ng_control_must_stop(&lookup->pass->control))
      return ng_fail_interrupted(error);
  }
}

/* Read the next rows; the batch is empty if there are no more. */
static enum ngram_status read_next(struct ng_lookup *lookup,
                                   struct ngram_error *error)
{
  enum ngram_status status = NGRAM_OK;

  if (lookup->years.by_year)
    return ng_control_must_stop(&lookup->pass->control)
               ? ng_fail_interrupted(error)
               : read_year(lookup, error);
  while (status == NGRAM_OK && lookup->batch.rows.count == 0 &&
         lookup->next < lookup->part_count)
    status = ng_control_must_stop(&lookup->pass->control)
                 ? ng_fail_interrupted(error)
                 : read_part(lookup, &lookup->parts[lookup->next++], error);
  return status;
}

struct ng_batch *ng_lookup_next(struct ng_lookup *lookup,
                                struct ngram_error *error)
{
  struct ng_batch *batch = &lookup->batch;

  batch->rows.count = 0;
  if (lookup->status == NGRAM_OK)
    lookup->status = read_next(lookup, error);
  if (lookup->status != NGRAM_INTERRUPTED &&
      ng_source_has_changed(lookup->pass->source))
    lookup->status = ng_fail_changed(error, lookup->pass->path);
  return lookup->status == NGRAM_OK && batch->rows.count > 0 ? batch : NULL;
}

void ng_lookup_fill_stats(const struct ng_lookup *lookup,
                          struct ngram_scan_stats *stats)
{
  ng_stats_fill(stats, lookup->pass);
  stats->strategy = "lookup";
  stats->threads = 1;
  stats->chunks = lookup->next + lookup->years.runs;
  stats->compressed_bytes = ng_source_bytes_read(lookup->pass->source);
  stats->text_bytes = lookup->text_bytes;
  stats->rows = lookup->rows;
}
