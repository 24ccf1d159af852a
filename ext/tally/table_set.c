/* SPDX-License-Identifier: MIT */
/*
 * The tables of a count and their reduction.
 *
 * A reduction has three steps. First, each table that has spilled writes the
 * rest of its words to its file, so that its memory is free for the merge. (If
 * the system gives fewer threads than tables, some do not: the merge takes
 * their words from memory.) Then threads merge ranges of fingerprints across
 * all tables (count/reduce.c). Last, the words go to the result: an array of
 * pointers to entries or, if any table has spilled, files.
 *
 * The set owns the tables until ng_table_set_reduce() hands them to the result.
 * If words are in files, the set keeps the tables, which are then only to be
 * freed. api/counts.c (one file) and count_files.c (many) make the set, run
 * their passes, and reduce it once, after the last pass.
 */
#include "tally/table_set.h"

#include <stdlib.h>

#include "base/clock.h"
#include "count/reduce.h"
#include "count/spill.h"
#include "fault/fail.h"
#include "tally/close_files.h"

bool ng_table_set_init(struct ng_table_set *set, struct ng_budget *budget,
                       unsigned count, bool wide, uint64_t table_bytes)
{
  *set = (struct ng_table_set){.budget = budget, .wide = wide};
  set->tables = calloc(count, sizeof *set->tables);
  if (!set->tables)
    return false;
  set->count = count;
  for (unsigned i = 0; i < count; i++)
    ng_table_init(&set->tables[i], budget, wide);
  for (unsigned i = 0; i < count && table_bytes > 0; i++)
    if (!ng_table_limit(&set->tables[i], table_bytes, count))
      return false;
  return true;
}

void ng_table_set_free(struct ng_table_set *set)
{
  ng_close_files(set->tables, set->count, NULL);
  for (unsigned i = 0; i < set->count; i++)
    ng_table_free(&set->tables[i]);
  free(set->tables);
  *set = (struct ng_table_set){.tables = NULL};
}

int ng_table_set_spill_error(const struct ng_table *tables, unsigned count)
{
  for (unsigned i = 0; i < count; i++)
    if (tables[i].spill && tables[i].spill->error)
      return tables[i].spill->error;
  return 0;
}

/* ---------------------------------------------------------------- reduce -- */

/* A reduction while it runs. Its threads share it: each may change the table of
   its number, and `reduce` and `control` under the rules of those. */
struct reduction {
  struct ng_table_set *set;
  struct ng_control *control;
  struct ng_table **tables; /* owned array: the tables that hold words, or
                               the first one if none does */
  unsigned table_count;
  struct ng_reduce reduce;
};

/* One thread of a reduction. */
struct reducer {
  struct reduction *reduction;
  unsigned number; /* of the thread, and of its table in spill_rest() */
};

static bool choose_tables(struct reduction *reduction)
{
  struct ng_table_set *set = reduction->set;

  reduction->tables = calloc(set->count, sizeof(struct ng_table *));
  if (!reduction->tables)
    return false;
  for (unsigned i = 0; i < set->count; i++) {
    struct ng_table *table = &set->tables[i];

    table->stop = &reduction->control->stopper;
    if (table->word_count > 0 || ng_table_has_spilled(table))
      reduction->tables[reduction->table_count++] = table;
  }
  if (reduction->table_count == 0)
    reduction->tables[reduction->table_count++] = &set->tables[0];
  return true;
}

/* Write the rest of a table that has spilled to its file. */
static void *spill_rest(void *member)
{
  struct reducer *reducer = member;
  struct reduction *reduction = reducer->reduction;
  struct ng_table *table = reduction->tables[reducer->number];

  if (ng_table_has_spilled(table) &&
      !ng_control_must_stop(reduction->control)) {
    if (table->word_count > 0 && !ng_table_spill(table))
      ng_control_fail(reduction->control, NGRAM_NO_MEMORY);
    else
      ng_table_drop_slots(table);
  }
  ng_control_end(reduction->control);
  return NULL;
}

static void *merge(void *member)
{
  struct reducer *reducer = member;
  struct reduction *reduction = reducer->reduction;
  bool more = true;

  while (more && !ng_control_must_stop(reduction->control))
    if (!ng_reduce_step(&reduction->reduce, reducer->number, &more)) {
      ng_control_fail(reduction->control, NGRAM_NO_MEMORY);
      break;
    }
  ng_control_end(reduction->control);
  return NULL;
}

static bool have_spilled(const struct reduction *reduction)
{
  for (unsigned i = 0; i < reduction->table_count; i++)
    if (ng_table_has_spilled(reduction->tables[i]))
      return true;
  return false;
}

/* Returns false on failure. The control knows the reason, unless the reduce has
   no memory to begin. */
static bool reduce_tables(struct reduction *reduction, struct reducer *reducers)
{
  struct ng_control *control = reduction->control;
  unsigned threads = reduction->set->count;

  for (unsigned i = 0; i < threads; i++)
    reducers[i] = (struct reducer){reduction, i};
  if (have_spilled(reduction))
    ng_control_run(control, reduction->table_count, spill_rest, reducers,
                   sizeof *reducers);
  if (atomic_load(&control->stop) ||
      !ng_reduce_init(&reduction->reduce, reduction->set->budget,
                      reduction->tables, reduction->table_count, threads))
    return false;
  ng_control_run(control, threads, merge, reducers, sizeof *reducers);
  return !atomic_load(&control->stop);
}

static bool has_overflowed(struct reduction *reduction)
{
  const struct ng_table_set *set = reduction->set;
  struct ng_reduce *reduce = &reduction->reduce;

  if (reduce->spilled && atomic_load(&reduce->spilled->overflowed))
    return true;
  for (unsigned i = 0; i < set->count; i++)
    if (set->tables[i].overflowed)
      return true;
  return atomic_load(&reduce->overflowed);
}

/* Hand the words to the result. Returns false if there is no memory, or if
   told to stop. */
static bool hand_over(struct reduction *reduction, struct ng_result *result)
{
  struct ng_table_set *set = reduction->set;

  if (reduction->reduce.spilled) {
    result->spilled = ng_reduce_take_spilled(&reduction->reduce);
    result->entry_count = (size_t)result->spilled->words;
    return true;
  }
  if (!ng_reduce_finish(&reduction->reduce, &reduction->control->stopper,
                        &result->entries, &result->entry_count))
    return false;
  for (unsigned i = 0; i < set->count; i++)
    set->tables[i].stop = NULL;
  result->tables = set->tables;
  result->table_count = set->count;
  set->tables = NULL;
  set->count = 0;
  return true;
}

static enum ngram_status fail(const struct reduction *reduction,
                              struct ngram_error *error)
{
  const struct ng_spilled *spilled = reduction->reduce.spilled;
  int system_error =
      ng_table_set_spill_error(reduction->set->tables, reduction->set->count);

  if (reduction->control->status == NGRAM_INTERRUPTED)
    return ng_fail_interrupted(error);
  if (!system_error && spilled)
    system_error = atomic_load(&spilled->error);
  return system_error ? ng_fail_spill(error, system_error)
                      : ng_fail_memory(error);
}

enum ngram_status ng_table_set_reduce(struct ng_table_set *set,
                                      struct ng_control *control,
                                      struct ng_result *result,
                                      struct ngram_error *error)
{
  struct reduction reduction = {.set = set, .control = control};
  struct reducer *reducers = calloc(set->count, sizeof *reducers);
  double began = ng_clock_seconds();
  enum ngram_status status = NGRAM_OK;

  result->wide = set->wide;
  if (!reducers || !choose_tables(&reduction) ||
      !reduce_tables(&reduction, reducers))
    status = fail(&reduction, error);
  else if (has_overflowed(&reduction))
    status = ng_fail(error, NGRAM_OVERFLOW, "integer overflow");
  else if (!hand_over(&reduction, result))
    status = fail(&reduction, error);
  result->stats.reduce_seconds = ng_clock_seconds() - began;
  free(reducers);
  ng_close_files(set->tables, set->count, reduction.reduce.spilled);
  ng_reduce_free(&reduction.reduce);
  free(reduction.tables);
  return status;
}
