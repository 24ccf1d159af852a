/* SPDX-License-Identifier: MIT */
/*
 * A result in another order.
 *
 * Who asks for the commonest ten words reads no more than ten rows, so the
 * first rows are found by one pass that keeps no others. Only when a caller
 * goes past them is everything sorted: each thread sorts a part, and the parts
 * are merged while they are walked.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/cpu.h"
#include "base/poll.h"
#include "count/sort.h"
#include "fault/fail.h"
#include "sched/team.h"
#include "tally/spilled_cursor.h"
#include "tally/view.h"

/* Rows that are found without sorting all. */
#define FIRST_ROWS ((size_t)1000)
/* Fewer are not worth a thread. */
#define PART_ROWS_MIN ((size_t)50000)
/* The merge looks at the head of each part for each row. */
#define PARTS_MAX 16

struct part {
  struct ngram_cursor *walk;
  struct ng_sort_item *at;
  struct ng_sort_item *end;
  size_t first; /* entry of the result */
  bool polls;   /* by the thread that called, which asks the host */
};

struct ngram_cursor {
  const struct ngram_counts *counts; /* borrowed */
  struct ngram_cursor_options options;
  struct ng_sort_order order;
  uint64_t next; /* row */
  struct ng_budget budget;
  struct ng_sort_item *items; /* owned; what parts reach into */
  size_t room;
  unsigned part_count;
  struct part parts[PARTS_MAX];
  struct ng_spilled_cursor *spilled; /* owned; in place of parts */
  uint64_t known; /* rows that are ready to be taken, from the first on */
  struct ng_poll poll;
  atomic_bool stop;
  atomic_uint parts_sorted;
};

void ngram_cursor_options_init(struct ngram_cursor_options *options)
{
  *options = (struct ngram_cursor_options){.size = sizeof *options};
}

/* False: no memory. */
static bool make_spilled(struct ngram_cursor *walk)
{
  const struct ng_result *result = walk->counts->result;

  if (result->spilled)
    walk->spilled = ng_spilled_cursor_new(result->spilled, walk->order,
                                          result->budget.limit_bytes);
  return !result->spilled || walk->spilled;
}

enum ngram_status
ngram_cursor_create(const struct ngram_counts *counts,
                    const struct ngram_cursor_options *options,
                    struct ngram_cursor **result, struct ngram_error *error)
{
  struct ngram_cursor *walk;

  *result = NULL;
  if (options->size != sizeof *options)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "options.size is %zu, expected %zu: call "
                   "ngram_cursor_options_init() first",
                   options->size, sizeof *options);
  if ((unsigned)options->order > NGRAM_BY_TOTAL_DESCENDING ||
      options->threads > NGRAM_THREADS_MAX)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "order is %u and threads %u, allowed are an enum "
                   "ngram_order and 0 to %d",
                   (unsigned)options->order, options->threads,
                   NGRAM_THREADS_MAX);
  walk = calloc(1, sizeof *walk);
  if (!walk)
    return ng_fail_memory(error);
  walk->counts = counts;
  walk->options = *options;
  walk->poll =
      (struct ng_poll){.ask = options->poll, .context = options->poll_context};
  walk->order.by_total = options->order == NGRAM_BY_TOTAL ||
                         options->order == NGRAM_BY_TOTAL_DESCENDING;
  walk->order.descending = options->order == NGRAM_BY_WORD_DESCENDING ||
                           options->order == NGRAM_BY_TOTAL_DESCENDING;
  ng_budget_init(&walk->budget);
  if (!make_spilled(walk)) {
    free(walk);
    return ng_fail_memory(error);
  }
  *result = walk;
  return NGRAM_OK;
}

static void drop_items(struct ngram_cursor *walk)
{
  ng_budget_give(&walk->budget, walk->items, walk->room * sizeof *walk->items);
  walk->items = NULL;
  walk->part_count = 0;
}

void ngram_cursor_free(struct ngram_cursor *walk)
{
  if (!walk)
    return;
  drop_items(walk);
  ng_spilled_cursor_free(walk->spilled);
  free(walk);
}

static bool take_items(struct ngram_cursor *walk, size_t room)
{
  drop_items(walk);
  walk->items = ng_budget_take(&walk->budget, room * sizeof *walk->items);
  walk->room = walk->items ? room : 0;
  return walk->items != NULL;
}

/* ----------------------------------------------------------------- sort -- */

static bool asked_to_stop(void *context)
{
  struct part *part = context;
  struct ngram_cursor *walk = part->walk;

  if (part->polls && ng_poll_asked(&walk->poll))
    atomic_store(&walk->stop, true);
  return atomic_load(&walk->stop);
}

static void *sort_part(void *member)
{
  struct part *part = member;
  struct ngram_cursor *walk = part->walk;
  const struct ng_stop stop = {asked_to_stop, part};

  ng_sort_make(walk->order, walk->counts->entries + part->first,
               (size_t)(part->end - part->at), part->at, &stop);
  atomic_fetch_add(&walk->parts_sorted, 1);
  return NULL;
}

static void cut_parts(struct ngram_cursor *walk)
{
  size_t count = walk->counts->entry_count;
  size_t parts = walk->options.threads ? walk->options.threads : ng_cpu_count();

  parts = parts < PARTS_MAX ? parts : PARTS_MAX;
  if (parts > count / PART_ROWS_MIN + 1)
    parts = count / PART_ROWS_MIN + 1;
  walk->part_count = (unsigned)parts;
  for (size_t i = 0; i < parts; i++) {
    size_t first = count * i / parts;
    size_t end = count * (i + 1) / parts;

    walk->parts[i] = (struct part){walk, walk->items + first, walk->items + end,
                                   first, i == 0};
  }
}

/* This thread sorts the first part, and those that no thread was there for;
   then it waits for the others. */
static void sort_parts(struct ngram_cursor *walk)
{
  struct ng_team team;
  unsigned started = ng_team_start(&team, walk->part_count - 1, sort_part,
                                   walk->parts + 1, sizeof *walk->parts);

  sort_part(&walk->parts[0]);
  for (unsigned i = 1 + started; i < walk->part_count; i++) {
    walk->parts[i].polls = true;
    sort_part(&walk->parts[i]);
  }
  while (atomic_load(&walk->parts_sorted) < walk->part_count) {
    asked_to_stop(&walk->parts[0]);
    nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
  }
  ng_team_join(&team);
}

/* The item that goes before all others. */
static struct ng_sort_item *take_least(struct ngram_cursor *walk)
{
  struct part *least = &walk->parts[0];

  for (unsigned i = 1; i < walk->part_count; i++) {
    struct part *part = &walk->parts[i];

    if (part->at < part->end &&
        (least->at == least->end ||
         ng_sort_before(walk->order, part->at, least->at)))
      least = part;
  }
  return least->at++;
}

/* -------------------------------------------------------------- prepare -- */

static enum ngram_status find_first(struct ngram_cursor *walk,
                                    struct ngram_error *error)
{
  const struct ngram_counts *counts = walk->counts;
  struct part asking = {.walk = walk, .polls = true};
  const struct ng_stop stop = {asked_to_stop, &asking};
  size_t found =
      counts->entry_count < FIRST_ROWS ? counts->entry_count : FIRST_ROWS;

  if (!take_items(walk, 2 * FIRST_ROWS))
    return ng_fail_memory(error);
  if (!ng_sort_first(walk->order, counts->entries, counts->entry_count,
                     walk->items, FIRST_ROWS, &stop))
    return ng_fail_interrupted(error);
  walk->known = found;
  walk->part_count = 1;
  walk->parts[0] = (struct part){.at = walk->items, .end = walk->items + found};
  return NGRAM_OK;
}

static enum ngram_status prepare_spilled(struct ngram_cursor *walk, bool all,
                                         struct ngram_error *error)
{
  struct part asking = {.walk = walk, .polls = true};
  const struct ng_stop stop = {asked_to_stop, &asking};
  uint64_t count = walk->counts->entry_count;
  struct ng_entry *entry;
  int system_error = 0;

  if (!all)
    system_error =
        ng_spilled_cursor_find_first(walk->spilled, FIRST_ROWS, &stop);
  all |= system_error == E2BIG;
  if (all)
    system_error = ng_spilled_cursor_sort(walk->spilled, &stop);

  for (uint64_t i = 0; all && i < walk->next && !system_error; i++)
    system_error = ng_spilled_cursor_next(walk->spilled, &entry);
  if (system_error)
    return ng_view_fail_spilled(error, system_error);
  walk->known = all || count < FIRST_ROWS ? count : FIRST_ROWS;
  return NGRAM_OK;
}

static enum ngram_status sort_all(struct ngram_cursor *walk,
                                  struct ngram_error *error)
{
  if (!take_items(walk, walk->counts->entry_count))
    return ng_fail_memory(error);
  cut_parts(walk);
  atomic_store(&walk->parts_sorted, 0);
  sort_parts(walk);
  if (atomic_load(&walk->stop))
    return ng_fail_interrupted(error);
  walk->known = walk->counts->entry_count;
  for (uint64_t i = 0; i < walk->next; i++)
    take_least(walk);
  return NGRAM_OK;
}

/* Make the first rows ready, or all of them. */
static enum ngram_status prepare(struct ngram_cursor *walk, bool all,
                                 struct ngram_error *error)
{
  if (walk->spilled)
    return prepare_spilled(walk, all, error);
  return all ? sort_all(walk, error) : find_first(walk, error);
}

static enum ngram_status take_row(struct ngram_cursor *walk,
                                  struct ngram_row *row,
                                  struct ngram_error *error)
{
  struct ng_entry *entry;
  int system_error = 0;

  if (walk->spilled)
    system_error = ng_spilled_cursor_next(walk->spilled, &entry);
  else
    entry = take_least(walk)->entry;
  if (system_error)
    return ng_view_fail_spilled(error, system_error);
  ng_view_row(walk->counts, entry, row);
  walk->next++;
  return NGRAM_OK;
}

enum ngram_status ngram_cursor_next(struct ngram_cursor *walk,
                                    struct ngram_row *row, int *more,
                                    struct ngram_error *error)
{
  *more = walk->next < walk->counts->entry_count;
  if (!*more)
    return NGRAM_OK;
  if (walk->next == walk->known) {
    bool all = walk->next > 0 || !walk->options.few;
    enum ngram_status status;

    walk->poll.told = false;
    atomic_store(&walk->stop, false);
    status = prepare(walk, all, error);
    if (status != NGRAM_OK)
      return status;
  }
  return take_row(walk, row, error);
}
