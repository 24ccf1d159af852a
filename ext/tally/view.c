/* SPDX-License-Identifier: MIT */
/*
 * Views of a result: the choice of their words, and their rows by index and by
 * word.
 *
 * The result of an earlier count, which the cache kept, may have more words
 * than are asked for. A list of words is looked up word by word, and the
 * entries found are sorted by their index in the result. A range is tested on
 * every entry. In both cases the view has an array of its own, in the order of
 * the result, whose pointers lead to entries of the result.
 *
 * api/counts.c makes a view at the end of each count. The rest are functions of
 * ngram.h, which the host calls.
 */
#include "tally/view.h"

#include <errno.h>
#include <stdlib.h>

#include "count/sort.h"
#include "fault/fail.h"
#include "scan/word_filter.h"

/* Rows are mostly read in order, but entries are anywhere in memory: the entry
   this many rows ahead is prefetched. */
#define PREFETCH_ROWS 24

/* List the entries of the wanted words, *found of them, sorted by their index
   in the result, which is the key. Returns false if told to stop. */
static bool find_words(const struct ng_result *result,
                       const struct ngram_count_options *options,
                       const struct ng_stop *stop, struct ng_sort_item *items,
                       size_t *found)
{
  *found = 0;
  for (size_t i = 0; i < options->word_count; i++) {
    size_t at = ng_result_find(result, options->words[i].bytes,
                               options->words[i].length);

    if (at < result->entry_count)
      items[(*found)++] = (struct ng_sort_item){at, result->entries[at]};
    if (ng_stop_asked_at(stop, i))
      return false;
  }
  return ng_sort((struct ng_sort_order){.by_total = false}, items, *found,
                 stop);
}

static void add_in_range(struct ngram_counts *counts, struct ng_entry *entry,
                         const struct ngram_count_options *options)
{
  if (ng_word_filter_in_range(options, entry->word, entry->length))
    counts->some[counts->entry_count++] = entry;
}

static bool make_room(struct ngram_counts *counts, size_t count)
{
  counts->some = malloc((count + 1) * sizeof *counts->some);
  counts->entries = counts->some;
  counts->entry_count = 0;
  return counts->some != NULL;
}

/* Add each entry that was found once, if it is in the range. Returns false if
   told to stop. */
static bool take_found(struct ngram_counts *counts,
                       const struct ngram_count_options *options,
                       const struct ng_stop *stop,
                       const struct ng_sort_item *items, size_t found)
{
  for (size_t i = 0; i < found; i++) {
    if (i == 0 || items[i].key != items[i - 1].key)
      add_in_range(counts, items[i].entry, options);
    if (ng_stop_asked_at(stop, i))
      return false;
  }
  return true;
}

static enum ngram_status choose_words(struct ngram_counts *counts,
                                      const struct ngram_count_options *options,
                                      const struct ng_stop *stop,
                                      struct ngram_error *error)
{
  struct ng_sort_item *items =
      malloc((options->word_count + 1) * sizeof *items);
  size_t found;
  bool told;

  if (!items || !make_room(counts, options->word_count)) {
    free(items);
    return ng_fail_memory(error);
  }
  if (!find_words(counts->result, options, stop, items, &found)) {
    free(items);
    return ng_fail_interrupted(error);
  }
  told = !take_found(counts, options, stop, items, found);
  free(items);
  return told ? ng_fail_interrupted(error) : NGRAM_OK;
}

static enum ngram_status choose_range(struct ngram_counts *counts,
                                      const struct ngram_count_options *options,
                                      const struct ng_stop *stop,
                                      struct ngram_error *error)
{
  const struct ng_result *result = counts->result;

  if (!make_room(counts, result->entry_count))
    return ng_fail_memory(error);
  for (size_t i = 0; i < result->entry_count; i++) {
    if (ng_stop_asked_at(stop, i))
      return ng_fail_interrupted(error);
    if (i + PREFETCH_ROWS < result->entry_count)
      __builtin_prefetch(result->entries[i + PREFETCH_ROWS]);
    add_in_range(counts, result->entries[i], options);
  }
  return NGRAM_OK;
}

static enum ngram_status choose(struct ngram_counts *counts,
                                const struct ngram_count_options *options,
                                const struct ng_stop *stop,
                                struct ngram_error *error)
{
  return options->words ? choose_words(counts, options, stop, error)
                        : choose_range(counts, options, stop, error);
}

enum ngram_status ng_view_new(struct ng_result *result, bool has_more,
                              const struct ngram_count_options *options,
                              const struct ng_stop *stop,
                              struct ngram_counts **view,
                              struct ngram_error *error)
{
  struct ngram_counts *counts = calloc(1, sizeof *counts);
  enum ngram_status status = NGRAM_OK;

  *view = NULL;
  if (!counts) {
    ng_result_release(result);
    return ng_fail_memory(error);
  }
  counts->result = result;
  counts->columns = options->columns;
  counts->entries = result->entries;
  counts->entry_count = result->entry_count;
  ng_budget_init(&counts->budget);
  if (result->spilled && !ng_spilled_reader_init(
                             &counts->reader, result->spilled, &counts->budget))
    status = ng_fail_memory(error);
  else if (has_more &&
           (options->words || options->word_from || options->word_to))
    status = choose(counts, options, stop, error);
  if (status != NGRAM_OK) {
    ngram_counts_free(counts);
    return status;
  }
  counts->stats = result->stats;
  counts->stats.words = counts->entry_count;
  *view = counts;
  return NGRAM_OK;
}

uint64_t ngram_counts_size(const struct ngram_counts *counts)
{
  return counts->entry_count;
}

static void fill_wide(struct ngram_row *row, unsigned columns,
                      const struct ng_entry_wide *entry)
{
  if (columns & NGRAM_VOLUMES)
    row->volumes = (int64_t)entry->volumes;
  if (columns & NGRAM_ROW_COUNT)
    row->row_count = (int64_t)entry->row_count;
  if (columns & NGRAM_YEARS) {
    row->first_year = entry->first_year;
    row->last_year = entry->last_year;
  }
}

void ng_view_row(const struct ngram_counts *counts, struct ng_entry *entry,
                 struct ngram_row *row)
{
  *row = (struct ngram_row){.word = entry->word,
                            .length = entry->length,
                            .total = (int64_t)entry->total};
  if (counts->result->wide)
    fill_wide(row, counts->columns, ng_entry_wide(entry));
}

enum ngram_status ng_view_fail_spilled(struct ngram_error *error,
                                       int system_error)
{
  switch (system_error) {
  case ENOMEM:
    return ng_fail_memory(error);
  case ECANCELED:
    return ng_fail_interrupted(error);
  }
  return ng_fail_spill(error, system_error);
}

static enum ngram_status read_spilled(struct ngram_counts *counts,
                                      uint64_t index, struct ngram_row *row,
                                      struct ngram_error *error)
{
  struct ng_entry *entry;
  int system_error = ng_spilled_read(&counts->reader, index, &entry);

  if (system_error)
    return ng_view_fail_spilled(error, system_error);
  ng_view_row(counts, entry, row);
  return NGRAM_OK;
}

enum ngram_status ngram_counts_row(struct ngram_counts *counts, uint64_t index,
                                   struct ngram_row *row,
                                   struct ngram_error *error)
{
  if (counts->result->spilled)
    return read_spilled(counts, index, row, error);
  if (index + PREFETCH_ROWS < counts->entry_count)
    __builtin_prefetch(counts->entries[index + PREFETCH_ROWS]);
  ng_view_row(counts, counts->entries[index], row);
  return NGRAM_OK;
}

/* The index of a word, or the count of entries. The result is in memory. */
static size_t find(const struct ngram_counts *counts, const char *word,
                   size_t length)
{
  return ng_result_find_entry(counts->entries, counts->entry_count, word,
                              length);
}

enum ngram_status ngram_counts_find(struct ngram_counts *counts,
                                    const char *word, size_t length,
                                    uint64_t *index, struct ngram_error *error)
{
  int system_error;

  if (!counts->result->spilled) {
    *index = find(counts, word, length);
    return NGRAM_OK;
  }
  system_error = ng_spilled_find(&counts->reader, word, length, index);
  return system_error ? ng_view_fail_spilled(error, system_error) : NGRAM_OK;
}

const struct ngram_scan_stats *
ngram_counts_stats(const struct ngram_counts *counts)
{
  return &counts->stats;
}

void ngram_counts_free(struct ngram_counts *counts)
{
  if (!counts)
    return;
  free(counts->some);
  ng_spilled_reader_free(&counts->reader);
  ng_result_release(counts->result);
  free(counts);
}
