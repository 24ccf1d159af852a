/* SPDX-License-Identifier: MIT */
/*
 * struct ngram_cursor of ngram.h: the rows of a view in another order.
 *
 * A host that wants few rows (the ten most frequent words) sets options.few.
 * Then the first call of ngram_cursor_next() selects the first FIRST_ROWS rows
 * in one pass over the entries, without sorting the others. If the host goes
 * past them, or did not set it, all entries are sorted: each thread sorts a
 * part, and each call takes the least head of all parts. Rows that the host has
 * had before that are skipped. spilled_cursor.c does both for a spilled result.
 *
 * Called by the host as ngram.h describes: create, next until there are no more
 * rows, free. A call that is stopped may be repeated.
 *
 * Threads: the host's calls come one at a time. Threads that sort are made and
 * joined within one call.
 *
 * The cursor owns its items, which point to entries of the borrowed view.
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

/* Rows that are selected without sorting all entries. */
#define FIRST_ROWS ((size_t)1000)
/* A part with fewer rows is not worth a thread. */
#define PART_ROWS_MIN ((size_t)50000)
/* The merge compares the heads of all parts for each row. */
#define PARTS_MAX 16

/* A slice of the items, which one thread sorts. */
struct part {
  struct ngram_cursor *cursor;
  struct ng_sort_item *at;  /* the next item to take */
  struct ng_sort_item *end; /* of the slice */
  size_t first; /* index of the entry that the first item was made of */
  bool polls;   /* the calling thread sorts it, and asks the host */
};

struct ngram_cursor {
  const struct ngram_counts *counts; /* borrowed */
  struct ngram_cursor_options options;
  struct ng_sort_order order;
  uint64_t next;              /* number of the next row */
  struct ng_budget budget;    /* of `items`; has no limit */
  struct ng_sort_item *items; /* owned; the parts are slices of it */
  size_t room;                /* items that fit into `items` */
  unsigned part_count;
  struct part parts[PARTS_MAX];
  struct ng_spilled_cursor *spilled; /* owned; used instead of items and parts
                                        if the result is spilled */
  uint64_t known;      /* the rows before this number are ready to be taken */
  struct ng_poll poll; /* used by the calling thread only */
  atomic_bool stop;    /* set by the calling thread, read by all */
  atomic_uint parts_sorted; /* each thread adds 1 for a part it has sorted */
};

void ngram_cursor_options_init(struct ngram_cursor_options *options)
{
  *options = (struct ngram_cursor_options){.size = sizeof *options};
}

/* Returns false if there is no memory. */
static bool make_spilled(struct ngram_cursor *cursor)
{
  const struct ng_result *result = cursor->counts->result;

  if (result->spilled)
    cursor->spilled = ng_spilled_cursor_new(result->spilled, cursor->order,
                                            result->budget.limit_bytes);
  return !result->spilled || cursor->spilled;
}

enum ngram_status
ngram_cursor_create(const struct ngram_counts *counts,
                    const struct ngram_cursor_options *options,
                    struct ngram_cursor **result, struct ngram_error *error)
{
  struct ngram_cursor *cursor;

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
  cursor = calloc(1, sizeof *cursor);
  if (!cursor)
    return ng_fail_memory(error);
  cursor->counts = counts;
  cursor->options = *options;
  cursor->poll =
      (struct ng_poll){.ask = options->poll, .context = options->poll_context};
  cursor->order.by_total = options->order == NGRAM_BY_TOTAL ||
                           options->order == NGRAM_BY_TOTAL_DESCENDING;
  cursor->order.descending = options->order == NGRAM_BY_WORD_DESCENDING ||
                             options->order == NGRAM_BY_TOTAL_DESCENDING;
  ng_budget_init(&cursor->budget);
  if (!make_spilled(cursor)) {
    free(cursor);
    return ng_fail_memory(error);
  }
  *result = cursor;
  return NGRAM_OK;
}

static void drop_items(struct ngram_cursor *cursor)
{
  ng_budget_give(&cursor->budget, cursor->items,
                 cursor->room * sizeof *cursor->items);
  cursor->items = NULL;
  cursor->part_count = 0;
}

void ngram_cursor_free(struct ngram_cursor *cursor)
{
  if (!cursor)
    return;
  drop_items(cursor);
  ng_spilled_cursor_free(cursor->spilled);
  free(cursor);
}

static bool take_items(struct ngram_cursor *cursor, size_t room)
{
  drop_items(cursor);
  cursor->items = ng_budget_take(&cursor->budget, room * sizeof *cursor->items);
  cursor->room = cursor->items ? room : 0;
  return cursor->items != NULL;
}

/* ----------------------------------------------------------------- sort -- */

static bool asked_to_stop(void *context)
{
  struct part *part = context;
  struct ngram_cursor *cursor = part->cursor;

  if (part->polls && ng_poll_asked(&cursor->poll))
    atomic_store(&cursor->stop, true);
  return atomic_load(&cursor->stop);
}

static void *sort_part(void *member)
{
  struct part *part = member;
  struct ngram_cursor *cursor = part->cursor;
  const struct ng_stop stop = {asked_to_stop, part};

  ng_sort_make(cursor->order, cursor->counts->entries + part->first,
               (size_t)(part->end - part->at), part->at, &stop);
  atomic_fetch_add(&cursor->parts_sorted, 1);
  return NULL;
}

static void cut_parts(struct ngram_cursor *cursor)
{
  size_t count = cursor->counts->entry_count;
  size_t parts =
      cursor->options.threads ? cursor->options.threads : ng_cpu_count();

  parts = parts < PARTS_MAX ? parts : PARTS_MAX;
  if (parts > count / PART_ROWS_MIN + 1)
    parts = count / PART_ROWS_MIN + 1;
  cursor->part_count = (unsigned)parts;
  for (size_t i = 0; i < parts; i++) {
    size_t first = count * i / parts;
    size_t end = count * (i + 1) / parts;

    cursor->parts[i] = (struct part){cursor, cursor->items + first,
                                     cursor->items + end, first, i == 0};
  }
}

/* Sort the first part in the calling thread, and the others in threads of their
   own, as far as the system gives threads. While the calling thread waits, it
   asks the host. */
static void sort_parts(struct ngram_cursor *cursor)
{
  struct ng_team team;
  unsigned started = ng_team_start(&team, cursor->part_count - 1, sort_part,
                                   cursor->parts + 1, sizeof *cursor->parts);

  sort_part(&cursor->parts[0]);
  for (unsigned i = 1 + started; i < cursor->part_count; i++) {
    cursor->parts[i].polls = true;
    sort_part(&cursor->parts[i]);
  }
  while (atomic_load(&cursor->parts_sorted) < cursor->part_count) {
    asked_to_stop(&cursor->parts[0]);
    nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
  }
  ng_team_join(&team);
}

/* Take the first item in the order of the cursor. At least one is left. */
static struct ng_sort_item *take_least(struct ngram_cursor *cursor)
{
  struct part *least = &cursor->parts[0];

  for (unsigned i = 1; i < cursor->part_count; i++) {
    struct part *part = &cursor->parts[i];

    if (part->at < part->end &&
        (least->at == least->end ||
         ng_sort_before(cursor->order, part->at, least->at)))
      least = part;
  }
  return least->at++;
}

/* -------------------------------------------------------------- prepare -- */

static enum ngram_status find_first(struct ngram_cursor *cursor,
                                    struct ngram_error *error)
{
  const struct ngram_counts *counts = cursor->counts;
  struct part asking = {.cursor = cursor, .polls = true};
  const struct ng_stop stop = {asked_to_stop, &asking};
  size_t found =
      counts->entry_count < FIRST_ROWS ? counts->entry_count : FIRST_ROWS;

  if (!take_items(cursor, 2 * FIRST_ROWS))
    return ng_fail_memory(error);
  if (!ng_sort_first(cursor->order, counts->entries, counts->entry_count,
                     cursor->items, FIRST_ROWS, &stop))
    return ng_fail_interrupted(error);
  cursor->known = found;
  cursor->part_count = 1;
  cursor->parts[0] =
      (struct part){.at = cursor->items, .end = cursor->items + found};
  return NGRAM_OK;
}

static enum ngram_status prepare_spilled(struct ngram_cursor *cursor, bool all,
                                         struct ngram_error *error)
{
  struct part asking = {.cursor = cursor, .polls = true};
  const struct ng_stop stop = {asked_to_stop, &asking};
  uint64_t count = cursor->counts->entry_count;
  struct ng_entry *entry;
  int system_error = 0;

  if (!all)
    system_error =
        ng_spilled_cursor_find_first(cursor->spilled, FIRST_ROWS, &stop);
  all |= system_error == E2BIG;
  if (all)
    system_error = ng_spilled_cursor_sort(cursor->spilled, &stop);

  for (uint64_t i = 0; all && i < cursor->next && !system_error; i++)
    system_error = ng_spilled_cursor_next(cursor->spilled, &entry);
  if (system_error)
    return ng_view_fail_spilled(error, system_error);
  cursor->known = all || count < FIRST_ROWS ? count : FIRST_ROWS;
  return NGRAM_OK;
}

static enum ngram_status sort_all(struct ngram_cursor *cursor,
                                  struct ngram_error *error)
{
  if (!take_items(cursor, cursor->counts->entry_count))
    return ng_fail_memory(error);
  cut_parts(cursor);
  atomic_store(&cursor->parts_sorted, 0);
  sort_parts(cursor);
  if (atomic_load(&cursor->stop))
    return ng_fail_interrupted(error);
  cursor->known = cursor->counts->entry_count;
  for (uint64_t i = 0; i < cursor->next; i++)
    take_least(cursor);
  return NGRAM_OK;
}

/* Make the first FIRST_ROWS rows ready, or all; those that the host has had are
   skipped. */
static enum ngram_status prepare(struct ngram_cursor *cursor, bool all,
                                 struct ngram_error *error)
{
  if (cursor->spilled)
    return prepare_spilled(cursor, all, error);
  return all ? sort_all(cursor, error) : find_first(cursor, error);
}

static enum ngram_status take_row(struct ngram_cursor *cursor,
                                  struct ngram_row *row,
                                  struct ngram_error *error)
{
  struct ng_entry *entry;
  int system_error = 0;

  if (cursor->spilled)
    system_error = ng_spilled_cursor_next(cursor->spilled, &entry);
  else
    entry = take_least(cursor)->entry;
  if (system_error)
    return ng_view_fail_spilled(error, system_error);
  ng_view_row(cursor->counts, entry, row);
  cursor->next++;
  return NGRAM_OK;
}

enum ngram_status ngram_cursor_next(struct ngram_cursor *cursor,
                                    struct ngram_row *row, int *more,
                                    struct ngram_error *error)
{
  *more = cursor->next < cursor->counts->entry_count;
  if (!*more)
    return NGRAM_OK;
  if (cursor->next == cursor->known) {
    bool all = cursor->next > 0 || !cursor->options.few;
    enum ngram_status status;

    cursor->poll.told = false;
    atomic_store(&cursor->stop, false);
    status = prepare(cursor, all, error);
    if (status != NGRAM_OK)
      return status;
  }
  return take_row(cursor, row, error);
}
