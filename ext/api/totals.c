/* SPDX-License-Identifier: MIT */
/*
 * The C API of totalcounts files: open, read whole, parse, hand out.
 *
 * Totals are counted references, because a caller that reads the same file
 * again and again (a table in a join is asked once for every row) gets those
 * that it has already. What is known of a file holds under the rule that the
 * cache of counts has: it was left alone for a while before it was opened.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "api/small_file.h"
#include "base/array.h"
#include "base/poll.h"
#include "fault/fail.h"
#include "ngram.h"
#include "store/root.h"
#include "text/foreign.h"
#include "text/totals_parser.h"

struct ngram_totals {
  atomic_uint references;
  bool is_stdin;
  bool can_be_known; /* again, by: */
  struct ng_source_identity identity;
  struct ngram_year *years;
  size_t count;
  size_t capacity;
};

void ngram_totals_options_init(struct ngram_totals_options *options)
{
  *options = (struct ngram_totals_options){.size = sizeof *options};
}

struct ngram_totals *ngram_totals_hold(struct ngram_totals *totals)
{
  atomic_fetch_add(&totals->references, 1);
  return totals;
}

void ngram_totals_free(struct ngram_totals *totals)
{
  if (!totals || atomic_fetch_sub(&totals->references, 1) > 1)
    return;
  free(totals->years);
  free(totals);
}

const struct ngram_year *ngram_totals_years(const struct ngram_totals *totals,
                                            uint64_t *count)
{
  *count = totals->count;
  return totals->years;
}

/* ---------------------------------------------------------------- known -- */

static void identify(struct ngram_totals *totals,
                     const struct ng_source *source)
{
  totals->is_stdin = ng_source_identify_stdin(source, &totals->identity);
  totals->can_be_known =
      totals->is_stdin || (ng_source_identify(source, &totals->identity) &&
                           ng_source_is_settled(source));
}

static bool is_known(const struct ngram_totals *known,
                     const struct ng_source *source)
{
  struct ngram_totals now = {.count = 0};

  if (!known || !known->can_be_known)
    return false;
  identify(&now, source);
  return now.is_stdin == known->is_stdin && now.can_be_known &&
         memcmp(&now.identity, &known->identity, sizeof now.identity) == 0;
}

/* --------------------------------------------------------------- parsing -- */

static bool add_year(struct ngram_totals *totals, const int64_t *numbers)
{
  if (!NG_ARRAY_RESERVE(totals->years, totals->capacity, totals->count + 1))
    return false;
  totals->years[totals->count++] = (struct ngram_year){
      numbers[NG_TOTAL_YEAR], numbers[NG_TOTAL_MATCH_COUNT],
      numbers[NG_TOTAL_PAGE_COUNT], numbers[NG_TOTAL_VOLUME_COUNT]};
  return true;
}

/* Parse a text; *fault is at the reader's place. NGRAM_BAD_INPUT: there is
   one. */
static enum ngram_status parse(struct ngram_totals *totals,
                               struct ng_totals_parser *reader,
                               struct ng_totals_fault *fault)
{
  int64_t numbers[NG_TOTAL_NUMBERS];

  while (ng_totals_parser_next(reader, numbers, fault))
    if (!add_year(totals, numbers))
      return NGRAM_NO_MEMORY;
  return fault->kind == NG_TOTALS_OK ? NGRAM_OK : NGRAM_BAD_INPUT;
}

struct placed_year {
  int64_t year;
  size_t index;
};

static int compare_years(const void *a, const void *b)
{
  const struct placed_year *x = a;
  const struct placed_year *y = b;

  if (x->year != y->year)
    return x->year < y->year ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

static bool years_ascend(const struct ngram_totals *totals)
{
  for (size_t i = 1; i < totals->count; i++)
    if (totals->years[i - 1].year >= totals->years[i].year)
      return false;
  return true;
}

/* *index: of the first block whose year was there before, or the count of
   blocks. False: no memory. */
static bool find_repeated(const struct ngram_totals *totals, size_t *index)
{
  struct placed_year *placed;

  *index = totals->count;
  if (years_ascend(totals))
    return true;
  placed = malloc(totals->count * sizeof *placed);
  if (!placed)
    return false;
  for (size_t i = 0; i < totals->count; i++)
    placed[i] = (struct placed_year){totals->years[i].year, i};
  qsort(placed, totals->count, sizeof *placed, compare_years);
  for (size_t i = 1; i < totals->count; i++)
    if (placed[i - 1].year == placed[i].year && placed[i].index < *index)
      *index = placed[i].index;
  free(placed);
  return true;
}

/* The one fault that no block has by itself. Its place is found by reading
   again as far as there. */
static enum ngram_status check_repeated(const struct ngram_totals *totals,
                                        struct ng_totals_parser *reader,
                                        const struct ng_small_file *file,
                                        struct ng_totals_fault *fault)
{
  int64_t numbers[NG_TOTAL_NUMBERS];
  size_t index;

  if (!find_repeated(totals, &index))
    return NGRAM_NO_MEMORY;
  if (index == totals->count)
    return NGRAM_OK;
  ng_totals_parser_init(reader, file->text, file->size);
  for (size_t i = 0; i <= index; i++)
    ng_totals_parser_next(reader, numbers, fault);
  fault->kind = NG_TOTALS_REPEATED;
  return NGRAM_BAD_INPUT;
}

/* What begins as another format does is named as that. */
static enum ngram_status fail_text(struct ngram_error *error,
                                   const struct ng_small_file *file,
                                   const struct ng_totals_parser *reader,
                                   const struct ng_totals_fault *fault)
{
  enum ng_packing packing = ng_plan_format_packing(file->format);
  const struct ng_foreign *foreign =
      ng_foreign_find(file->text, file->size, false, packing);

  return foreign ? ng_fail_foreign(error, file->path, foreign, packing)
                 : ng_fail_totals(error, file->path, reader, fault);
}

static enum ngram_status take_text(struct ngram_totals *totals,
                                   const struct ng_small_file *file,
                                   struct ngram_error *error)
{
  struct ng_totals_parser reader;
  struct ng_totals_fault fault;
  enum ngram_status status;

  ng_totals_parser_init(&reader, file->text, file->size);
  status = parse(totals, &reader, &fault);
  if (status == NGRAM_OK)
    status = check_repeated(totals, &reader, file, &fault);
  if (status == NGRAM_NO_MEMORY)
    return ng_fail_memory(error);
  if (status == NGRAM_BAD_INPUT)
    return fail_text(error, file, &reader, &fault);
  return NGRAM_OK;
}

/* -------------------------------------------------------------- reading -- */

static enum ngram_status read_new(const char *path, struct ng_source *source,
                                  struct ngram_totals **out,
                                  struct ngram_error *error)
{
  struct ng_small_file file = {
      .path = path, .source = source, .limit = NGRAM_TOTALS_MAX};
  struct ngram_totals *totals = calloc(1, sizeof *totals);
  enum ngram_status status;

  if (!totals)
    return ng_fail_memory(error);
  atomic_init(&totals->references, 1);
  identify(totals, source);
  status = ng_small_file_read(&file, error);
  if (status == NGRAM_OK)
    status = take_text(totals, &file, error);
  ng_small_file_free(&file);
  if (status != NGRAM_OK) {
    ngram_totals_free(totals);
    return status;
  }
  *out = totals;
  return NGRAM_OK;
}

enum ngram_status ngram_totals_read(const char *path,
                                    const struct ngram_totals_options *options,
                                    struct ngram_totals **totals,
                                    struct ngram_error *error)
{
  struct ng_poll poll = ng_poll_begin(options->poll, options->poll_context);
  const struct ng_stop stop = ng_poll_stop(&poll);
  struct ng_source *source;
  enum ngram_status status = NGRAM_OK;
  int system_error;

  *totals = NULL;
  if (options->size != sizeof *options)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "options.size is %zu, expected %zu: call "
                   "ngram_totals_options_init() first",
                   options->size, sizeof *options);
  system_error = ng_root_open_source(options->root, path, &source);
  if (system_error)
    return ng_fail_open(error, path, system_error);
  ng_source_stop_by(source, &stop);
  if (is_known(options->known, source))
    *totals = ngram_totals_hold(options->known);
  else
    status = read_new(path, source, totals, error);
  ng_source_close(source);
  return status;
}
