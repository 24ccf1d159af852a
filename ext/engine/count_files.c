/* SPDX-License-Identifier: MIT */
/*
 * Many files make one result: each worker's table goes from file to file, and
 * all tables are reduced once, at the end.
 *
 * The largest files are read by all workers together, one after the other; the
 * others by one worker each, side by side (schedule.c says which). A worker
 * that has a file for itself runs a whole job, with one worker, in its thread.
 * The calling thread waits for them and asks the host, and they ask it.
 *
 * A file that cannot be counted does not end the count at once: files before it
 * may have an error, too, and the first one is told, on any schedule. Only
 * files behind it are left out.
 */
#include "engine/count_files.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "base/long_sort.h"
#include "count/spill.h"
#include "engine/close_files.h"
#include "engine/fault.h"
#include "engine/root.h"
#include "engine/schedule.h"
#include "sched/cond.h"
#include "sched/team.h"

/* A file to be counted. */
struct item {
  size_t place; /* in the order of names */
  uint64_t bytes;
};

/* A worker that counts files by itself. */
struct reader {
  struct group *group;
  struct ng_table *table;
  size_t place; /* of the file that it reads */
};

struct group {
  const struct ng_files *files;               /* borrowed, as what follows */
  const struct ng_source_identity *looked_at; /* of each file */
  struct ng_count *count;
  const struct ngram_count_options *options; /* the caller's */
  bool use_points;
  unsigned workers;
  struct ng_table *tables; /* owned: one for each worker */
  struct item *items;      /* owned: the largest one first */
  struct reader *readers;  /* owned */
  atomic_size_t next;      /* item to be drawn */
  atomic_bool stop;
  atomic_bool has_moved; /* a file that was opened is not what was looked at */

  pthread_mutex_t lock;   /* guards the rest while readers run */
  pthread_cond_t changed; /* a reader has ended */
  enum ngram_status status;
  size_t failed_place; /* of the first file that failed; SIZE_MAX: none */
  bool misled;
  struct ngram_error error;
  struct ngram_scan_stats stats; /* of all files */
  unsigned readers_ended;
};

/* --------------------------------------------------------------- set-up -- */

static bool group_init(struct group *group, const struct ng_files *files,
                       struct ng_count *count)
{
  unsigned threads = count->options->threads;
  unsigned wanted = threads ? threads : ng_cpu_count();
  uint64_t table_bytes;

  *group = (struct group){
      .files = files,
      .count = count,
      .options = count->options,
      .workers = ng_plan_afford(count->options->memory_limit, wanted),
      .failed_place = SIZE_MAX};
  table_bytes =
      ng_plan_table_bytes(count->options->memory_limit, group->workers);
  pthread_mutex_init(&group->lock, NULL);
  ng_cond_init(&group->changed);
  group->tables = calloc(group->workers, sizeof *group->tables);
  group->readers = calloc(group->workers, sizeof *group->readers);
  group->items = calloc(files->count, sizeof *group->items);
  if (!group->tables || !group->readers || !group->items)
    return false;
  for (unsigned i = 0; i < group->workers; i++) {
    ng_table_init(&group->tables[i], count->budget, count->options->columns);
    if (table_bytes > 0 &&
        !ng_table_limit(&group->tables[i], table_bytes, group->workers))
      return false;
    group->readers[i] = (struct reader){group, &group->tables[i], 0};
  }
  return true;
}

static void group_free(struct group *group)
{
  if (group->tables)
    ng_close_files(group->tables, sizeof *group->tables, group->workers, NULL);
  for (unsigned i = 0; group->tables && i < group->workers; i++)
    ng_table_free(&group->tables[i]);
  free(group->tables);
  free(group->readers);
  free(group->items);
  pthread_cond_destroy(&group->changed);
  pthread_mutex_destroy(&group->lock);
}

/* ------------------------------------------------------------- one file -- */

/* Whether a temporary file of these tables has failed: they are of no use then,
   for other files neither. */
static bool has_spill_failed(const struct ng_table *tables, unsigned count)
{
  for (unsigned i = 0; i < count; i++)
    if (tables[i].spill && tables[i].spill->error)
      return true;
  return false;
}

/* Errors of the host or the system end everything; those of a file are kept if
   no file before it has one. */
static void note_failure(struct group *group, size_t place,
                         enum ngram_status status, bool misled, bool ends_all,
                         const struct ngram_error *error)
{
  ends_all |= status == NGRAM_INTERRUPTED || status == NGRAM_NO_MEMORY ||
              status == NGRAM_BAD_ARGUMENT || misled;
  pthread_mutex_lock(&group->lock);
  if (ends_all)
    place = 0;
  if (place < group->failed_place) {
    group->failed_place = place;
    group->status = status;
    group->misled = misled;
    group->error = *error;
  }
  pthread_mutex_unlock(&group->lock);
  if (ends_all)
    atomic_store(&group->stop, true);
}

/* Whether a file has to be read: not behind one that has failed. */
static bool is_needed(struct group *group, size_t place)
{
  bool needed;

  pthread_mutex_lock(&group->lock);
  needed = place < group->failed_place;
  pthread_mutex_unlock(&group->lock);
  return needed && !atomic_load(&group->stop);
}

/* Ask the host, before a file is mapped in the thread that called. */
static bool may_go_on(struct group *group, size_t place)
{
  struct ngram_error error;

  if (!is_needed(group, place))
    return false;
  if (!ng_poll_asked(&group->count->poll))
    return true;
  note_failure(group, 0, ng_fail_interrupted(&error), false, true, &error);
  return false;
}

/* Whether an open file is the one, in the state, that was looked at before. */
static bool is_what_was_looked_at(const struct group *group, size_t place,
                                  const struct ng_source *source)
{
  struct ng_source_identity opened;

  return ng_source_identify(source, &opened) &&
         ng_source_is_same(&opened, &group->looked_at[place]);
}

/* Map a file into the tables, by as many workers as `options` says. */
static void map_file(struct group *group, const struct item *item,
                     const struct ngram_count_options *options,
                     struct ng_table *tables)
{
  const char *path = group->files->paths[item->place];
  struct ngram_scan_stats stats = {.words = 0};
  struct ngram_error error = {.status = NGRAM_OK};
  bool misled = false;
  struct ng_job job;
  enum ngram_status status =
      ng_job_open(&job, path, group->count, options, &error);

  if (status == NGRAM_OK &&
      !is_what_was_looked_at(group, item->place, job.source))
    atomic_store(&group->has_moved, true);
  if (status == NGRAM_OK)
    status = ng_job_run(&job, tables, group->use_points, &misled, &error);
  if (status == NGRAM_OK)
    ng_job_fill_stats(&job, &stats);
  ng_job_close(&job);
  if (status == NGRAM_INTERRUPTED && !is_needed(group, item->place))
    return; /* it was told to give up */
  if (status != NGRAM_OK) {
    note_failure(group, item->place, status, misled,
                 has_spill_failed(tables, options->threads), &error);
    return;
  }
  atomic_fetch_add(&group->count->done_bytes, item->bytes);
  pthread_mutex_lock(&group->lock);
  ng_stats_add(&group->stats, &stats);
  pthread_mutex_unlock(&group->lock);
}

/* -------------------------------------------------------------- schedule -- */

static int compare_items(const void *a, const void *b)
{
  const struct item *x = a;
  const struct item *y = b;

  if (x->bytes != y->bytes)
    return x->bytes < y->bytes ? 1 : -1;
  return (x->place > y->place) - (x->place < y->place);
}

/* The largest first. */
static enum ngram_status fill_items(struct group *group,
                                    struct ngram_error *error)
{
  const struct ng_stop stop = ng_poll_stop(&group->count->poll);
  int system_error;

  for (size_t i = 0; i < group->files->count; i++) {
    group->items[i] = (struct item){i, group->looked_at[i].size};
    group->count->total_bytes += group->looked_at[i].size;
  }
  system_error = ng_long_sort(group->items, group->files->count,
                              sizeof *group->items, compare_items, &stop);
  if (system_error == ECANCELED)
    return ng_fail_interrupted(error);
  return system_error ? ng_fail_memory(error) : NGRAM_OK;
}

/* --------------------------------------------------------- shared files -- */

static void map_shared(struct group *group, size_t count)
{
  struct ngram_count_options options = *group->options;

  options.threads = group->workers; /* no more than there are tables */
  for (size_t i = 0; i < count; i++)
    if (may_go_on(group, group->items[i].place))
      map_file(group, &group->items[i], &options, group->tables);
}

static size_t choose_shared(const struct group *group)
{
  size_t count = group->files->count;
  uint64_t *sizes;
  size_t shared;

  if (group->workers == 1)
    return count;
  if (group->options->on_error == NGRAM_ON_ERROR_SALVAGE)
    return 0; /* one worker reads a file */
  sizes = malloc(count * sizeof *sizes);
  if (!sizes)
    return count;
  for (size_t i = 0; i < count; i++)
    sizes[i] = group->items[i].bytes;
  shared = ng_schedule_shared(sizes, count, group->workers);
  free(sizes);
  return shared;
}

/* -------------------------------------------------------------- readers -- */

/* The host of the jobs that readers run, which may be waited for by one that
   has none: it has only to look. */
static int poll_reader(void *context)
{
  struct reader *reader = context;

  return !is_needed(reader->group, reader->place);
}

static void *read_files(void *member)
{
  struct reader *reader = member;
  struct group *group = reader->group;
  struct ngram_count_options options = *group->options;
  size_t at;

  options.threads = 1;
  options.index = NULL; /* of no use to one worker */
  options.poll = poll_reader;
  options.poll_context = reader;
  options.progress = NULL; /* it is told by the caller's thread */
  while ((at = atomic_fetch_add(&group->next, 1)) < group->files->count) {
    reader->place = group->items[at].place;
    if (is_needed(group, reader->place))
      map_file(group, &group->items[at], &options, reader->table);
  }
  pthread_mutex_lock(&group->lock);
  group->readers_ended++;
  pthread_cond_broadcast(&group->changed);
  pthread_mutex_unlock(&group->lock);
  return NULL;
}

/* Wait for so many readers, and ask the host in between. */
static void wait_and_poll(struct group *group, unsigned readers)
{
  bool done = false;

  while (!done) {
    pthread_mutex_lock(&group->lock);
    if (group->readers_ended < readers)
      ng_cond_wait_ms(&group->changed, &group->lock, NG_POLL_MS);
    done = group->readers_ended == readers;
    pthread_mutex_unlock(&group->lock);
    if (!done && !atomic_load(&group->stop) &&
        ng_poll_now(&group->count->poll)) {
      struct ngram_error error;

      ng_fail_interrupted(&error);
      note_failure(group, 0, NGRAM_INTERRUPTED, false, true, &error);
    }
  }
}

/* Count the files from item `first` on, one worker each. */
static void map_apart(struct group *group, size_t first)
{
  size_t left = group->files->count - first;
  struct ng_team team;
  unsigned started;

  if (left == 0)
    return;
  atomic_store(&group->next, first);
  started = ng_team_start(
      &team, left < group->workers ? (unsigned)left : group->workers,
      read_files, group->readers, sizeof *group->readers);
  if (started > 0)
    wait_and_poll(group, started);
  ng_team_join(&team);
  if (started == 0) { /* the system gives no thread */
    struct ngram_count_options options = *group->options;

    options.threads = 1;
    for (size_t i = first; i < group->files->count; i++)
      if (may_go_on(group, group->items[i].place))
        map_file(group, &group->items[i], &options, group->tables);
  }
}

/* --------------------------------------------------------------- reduce -- */

/* Put the tables that hold words in front; how many there are, at least one. */
static unsigned collect_tables(struct group *group)
{
  unsigned used = 0;

  for (unsigned i = 0; i < group->workers; i++) {
    struct ng_table table = group->tables[i];

    if (table.word_count == 0 && !ng_table_has_spilled(&table))
      continue;
    group->tables[i] = group->tables[used];
    group->tables[used++] = table;
  }
  return used > 0 ? used : 1;
}

static enum ngram_status reduce(struct group *group, struct ng_result *result,
                                struct ngram_error *error)
{
  struct ng_job job;
  enum ngram_status status = ng_job_reduce(&job, group->count, group->tables,
                                           collect_tables(group), error);

  if (status == NGRAM_OK)
    status = ng_job_finish(&job, result, error);
  ng_job_close(&job);
  return status;
}

static enum ngram_status run(struct group *group, struct ng_result *result,
                             struct ngram_error *error)
{
  size_t count = group->files->count;
  size_t shared = choose_shared(group);

  map_shared(group, shared);
  map_apart(group, shared);
  if (group->status != NGRAM_OK) {
    if (error)
      *error = group->error;
    return group->status;
  }
  result->stats = group->stats;
  result->stats.strategy = "files";
  result->stats.threads =
      shared > 0 || count > group->workers ? group->workers : (unsigned)count;
  return reduce(group, result, error);
}

enum ngram_status ng_count_files(const struct ng_files *files,
                                 struct ng_cache_key *key,
                                 struct ng_count *count,
                                 struct ng_result *result, bool use_points,
                                 bool *misled, struct ngram_error *error)
{
  enum ngram_status status;
  struct group group;

  if (!group_init(&group, files, count)) {
    group_free(&group);
    return ng_fail_memory(error);
  }
  group.use_points = use_points;
  group.looked_at = key->files;
  status = fill_items(&group, error);
  if (status == NGRAM_OK)
    status = run(&group, result, error);
  if (atomic_load(&group.has_moved))
    key->file_count = 0;
  *misled = group.misled;
  group_free(&group);
  return status;
}
