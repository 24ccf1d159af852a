/* SPDX-License-Identifier: MIT */
/*
 * ngram_totals_read(): the years of a totalcounts file.
 *
 * The calling thread opens the file. If it is the file of options->known in the
 * same state, the caller gets these totals again, because a table in a join is
 * asked once for every row. Else the file is read whole (api/small_file.c),
 * parsed (text/totals_parser.h), and checked for a year that occurs twice. Only
 * standard input, and a file that had settled when it was opened
 * (source/settled.h), can be recognized, as in the cache of counts.
 *
 * Memory: totals are reference-counted and never change after they were read,
 * so threads may share them. Each ngram_totals_read() and ngram_totals_hold()
 * gives one reference, which ngram_totals_free() gives back. The text of the
 * file is freed once it is parsed.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

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
  bool can_be_known; /* the file can be recognized by `identity` */
  struct ng_source_identity identity;
  struct ngram_year *years; /* owned, in the order of the file */
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

/* Whether `known`, which may be NULL, is of the file that `source` reads, in
   the same state. */
static bool is_known(const struct ngram_totals *known,
                     const struct ng_source *source)
{
  struct ngram_totals now = {.count = 0};

  if (!known || !known->can_be_known)
    return false;
  identify(&now, source);
  return now.is_stdin == known->is_stdin && now.can_be_known &&
         ng_source_is_same(&now.identity, &known->identity);
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

/* Parse a text. Returns NGRAM_BAD_INPUT if it has a fault, which is *fault at
   the parser's position, or NGRAM_NO_MEMORY. */
static enum ngram_status parse(struct ngram_totals *totals,
                               struct ng_totals_parser *parser,
                               struct ng_totals_fault *fault)
{
  int64_t numbers[NG_TOTAL_NUMBERS];

  while (ng_totals_parser_next(parser, numbers, fault))
    if (!add_year(totals, numbers))
      return NGRAM_NO_MEMORY;
  return fault->kind == NG_TOTALS_OK ? NGRAM_OK : NGRAM_BAD_INPUT;
}

struct indexed_year {
  int64_t year;
  size_t index; /* of its block */
};

static int compare_years(const void *a, const void *b)
{
  const struct indexed_year *x = a;
  const struct indexed_year *y = b;

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

/* Find the first block whose year occurs in an earlier one. *index is its
   index, or the number of blocks if there is none. Returns false if there is no
   memory. */
static bool find_repeated(const struct ngram_totals *totals, size_t *index)
{
  struct indexed_year *sorted;

  *index = totals->count;
  if (years_ascend(totals))
    return true;
  sorted = malloc(totals->count * sizeof *sorted);
  if (!sorted)
    return false;
  for (size_t i = 0; i < totals->count; i++)
    sorted[i] = (struct indexed_year){totals->years[i].year, i};
  qsort(sorted, totals->count, sizeof *sorted, compare_years);
  for (size_t i = 1; i < totals->count; i++)
    if (sorted[i - 1].year == sorted[i].year && sorted[i].index < *index)
      *index = sorted[i].index;
  free(sorted);
  return true;
}

/* Look for a repeated year, the one fault that no block has by itself. If there
   is one, parse again up to its block, so that the parser stands there for the
   message. */
static enum ngram_status check_repeated(const struct ngram_totals *totals,
                                        struct ng_totals_parser *parser,
                                        const struct ng_small_file *file,
                                        struct ng_totals_fault *fault)
{
  int64_t numbers[NG_TOTAL_NUMBERS];
  size_t index;

  if (!find_repeated(totals, &index))
    return NGRAM_NO_MEMORY;
  if (index == totals->count)
    return NGRAM_OK;
  ng_totals_parser_init(parser, file->text, file->size);
  for (size_t i = 0; i <= index; i++)
    ng_totals_parser_next(parser, numbers, fault);
  fault->kind = NG_TOTALS_REPEATED;
  return NGRAM_BAD_INPUT;
}

/* Report the fault, or, if the text begins as another known format does, that
   it is in this format. */
static enum ngram_status fail_text(struct ngram_error *error,
                                   const struct ng_small_file *file,
                                   const struct ng_totals_parser *parser,
                                   const struct ng_totals_fault *fault)
{
  enum ng_packing packing = ng_plan_format_packing(file->format);
  const struct ng_foreign *foreign =
      ng_foreign_find(file->text, file->size, false, packing);

  return foreign ? ng_fail_foreign(error, file->path, foreign, packing)
                 : ng_fail_totals(error, file->path, parser, fault);
}

/* Parse the text that was read, into totals without years. */
static enum ngram_status take_text(struct ngram_totals *totals,
                                   const struct ng_small_file *file,
                                   struct ngram_error *error)
{
  struct ng_totals_parser parser;
  struct ng_totals_fault fault;
  enum ngram_status status;

  ng_totals_parser_init(&parser, file->text, file->size);
  status = parse(totals, &parser, &fault);
  if (status == NGRAM_OK)
    status = check_repeated(totals, &parser, file, &fault);
  if (status == NGRAM_NO_MEMORY)
    return ng_fail_memory(error);
  if (status == NGRAM_BAD_INPUT)
    return fail_text(error, file, &parser, &fault);
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

/* The options have the size of this version. */
static enum ngram_status
read_or_hold(const char *path, const struct ngram_totals_options *options,
             struct ngram_totals **totals, struct ngram_error *error)
{
  struct ng_poll poll = ng_poll_begin(options->poll, options->poll_context);
  const struct ng_stop stop = ng_poll_stop(&poll);
  struct ng_source *source;
  enum ngram_status status = NGRAM_OK;
  int system_error = ng_root_open_source(options->root, path, &source);

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

enum ngram_status ngram_totals_read(const char *path,
                                    const struct ngram_totals_options *options,
                                    struct ngram_totals **totals,
                                    struct ngram_error *error)
{
  *totals = NULL;
  if (options->size != sizeof *options)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "options.size is %zu, expected %zu: call "
                   "ngram_totals_options_init() first",
                   options->size, sizeof *options);
  return read_or_hold(path, options, totals, error);
}
