/* SPDX-License-Identifier: MIT */
/*
 * Many files make one result: each worker's table goes from file to file, and
 * all tables are reduced once, at the end.
 *
 * The largest files are read by all workers together, one after the other; the
 * others by one worker each, side by side (schedule.c says which). A worker
 * that has a file for itself runs a whole pass, with one worker, in its thread.
 * The calling thread waits for them and asks the host, and they ask it.
 *
 * A file that cannot be counted does not end the count at once: files before it
 * may have an error, too, and the first one is told, on any schedule. Only
 * files behind it are left out.
 */
#include "tally/count_files.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "base/long_sort.h"
#include "fault/fail.h"
#include "scan/stats.h"
#include "store/root.h"
#include "tally/schedule.h"
#include "tally/table_set.h"
#include "tally/tally.h"

/* A file to be counted. */
struct item {
  size_t place; /* in the order of names */
  uint64_t bytes;
};

/* A worker that counts files by itself. */
struct reader {
  struct group *group;
  struct ng_table *table; /* borrowed */
  size_t place;           /* of the file that it reads */
};

struct group {
  const struct ng_files *files;               /* borrowed, as what follows */
  const struct ng_source_identity *looked_at; /* of each file */
  struct ng_request *request;
  const struct ngram_count_options *options; /* the caller's */
  unsigned workers;
  struct ng_table_set set; /* a table for each worker */
  struct item *items;      /* owned: the largest one first */
  struct reader *readers;  /* owned */
  atomic_size_t next;      /* item to be drawn */
  struct ng_control control;
  atomic_bool has_moved; /* a file that was opened is not what was looked at */

  pthread_mutex_t lock; /* guards the rest while readers run */
  enum ngram_status status;
  size_t failed_place; /* of the first file that failed; SIZE_MAX: none */
  bool has_bad_point;
  struct ngram_error error;
  struct ngram_scan_stats stats; /* of all files */
};

/* --------------------------------------------------------------- set-up -- */

static bool group_init(struct group *group, const struct ng_files *files,
                       struct ng_request *request)
{
  unsigned threads = request->options->threads;
  unsigned wanted = threads ? threads : ng_cpu_count();
  uint64_t table_bytes;

  *group = (struct group){
      .files = files,
      .request = request,
      .options = request->options,
      .workers = ng_plan_afford(request->options->memory_limit, wanted),
      .failed_place = SIZE_MAX};
  table_bytes =
      ng_plan_table_bytes(request->options->memory_limit, group->workers);
  pthread_mutex_init(&group->lock, NULL);
  ng_control_init(&group->control, ng_request_ask, request);
  group->readers = calloc(group->workers, sizeof *group->readers);
  group->items = calloc(files->count, sizeof *group->items);
  if (!ng_table_set_init(&group->set, request->budget, group->workers,
                         request->options->columns != 0, table_bytes) ||
      !group->readers || !group->items)
    return false;
  for (unsigned i = 0; i < group->workers; i++)
    group->readers[i] = (struct reader){group, &group->set.tables[i], 0};
  return true;
}

static void group_free(struct group *group)
{
  ng_table_set_free(&group->set);
  free(group->readers);
  free(group->items);
  ng_control_free(&group->control);
  pthread_mutex_destroy(&group->lock);
}

/* ------------------------------------------------------------- one file -- */

/* Errors of the host or the system end everything; those of a file are kept if
   no file before it has one. */
static void note_failure(struct group *group, size_t place,
                         enum ngram_status status, bool has_bad_point,
                         bool ends_all, const struct ngram_error *error)
{
  ends_all |= status == NGRAM_INTERRUPTED || status == NGRAM_NO_MEMORY ||
              status == NGRAM_BAD_ARGUMENT || has_bad_point;
  pthread_mutex_lock(&group->lock);
  if (ends_all)
    place = 0;
  if (place < group->failed_place) {
    group->failed_place = place;
    group->status = status;
    group->has_bad_point = has_bad_point;
    group->error = *error;
  }
  pthread_mutex_unlock(&group->lock);
  if (ends_all)
    ng_control_stop(&group->control);
}

/* Whether a file has to be read: not behind one that has failed. */
static bool is_needed(struct group *group, size_t place)
{
  bool needed;

  pthread_mutex_lock(&group->lock);
  needed = place < group->failed_place;
  pthread_mutex_unlock(&group->lock);
  return needed && !atomic_load(&group->control.stop);
}

/* Ask the host, before a file is mapped in the thread that called. */
static bool may_go_on(struct group *group, size_t place)
{
  if (!is_needed(group, place))
    return false;
  return !ng_control_must_stop(&group->control);
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
  bool has_bad_point = false;
  struct ng_tally tally;
  struct ng_pass pass;
  enum ngram_status status;

  ng_tally_init(&tally);
  tally.tables = tables;
  status =
      ng_scan_open(&pass, path, group->request, &tally.sink, options, &error);
  if (status == NGRAM_OK &&
      !is_what_was_looked_at(group, item->place, pass.source))
    atomic_store(&group->has_moved, true);
  if (status == NGRAM_OK)
    status = ng_scan_plan(&pass, group->request->use_points, &error);
  if (status == NGRAM_OK)
    status = ng_scan_run(&pass, &has_bad_point, &error);
  if (status == NGRAM_OK)
    ng_stats_fill(&stats, &pass);
  ng_tally_free(&tally);
  ng_scan_close(&pass);
  if (status == NGRAM_INTERRUPTED && !is_needed(group, item->place))
    return; /* it was told to give up */
  if (status != NGRAM_OK) {
    int system_error = ng_table_set_spill_error(tables, options->threads);

    /* Without their temporary files the tables are of no use for others. */
    if (status == NGRAM_NO_MEMORY && system_error)
      status = ng_fail_spill(&error, system_error);
    note_failure(group, item->place, status, has_bad_point, system_error != 0,
                 &error);
    return;
  }
  atomic_fetch_add(&group->request->done_bytes, item->bytes);
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
  const struct ng_stop stop = ng_poll_stop(&group->request->poll);
  int system_error;

  for (size_t i = 0; i < group->files->count; i++) {
    group->items[i] = (struct item){i, group->looked_at[i].size};
    group->request->total_bytes += group->looked_at[i].size;
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
      map_file(group, &group->items[i], &options, group->set.tables);
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

/* The host of the passes that readers run. In the calling thread, where no
   other one works, it asks the real one. */
static int poll_reader(void *context)
{
  struct reader *reader = context;

  return ng_control_must_stop(&reader->group->control) ||
         !is_needed(reader->group, reader->place);
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
  ng_control_end(&group->control);
  return NULL;
}

/* Count the files from item `first` on, one worker each. */
static void map_apart(struct group *group, size_t first)
{
  size_t left = group->files->count - first;
  unsigned readers = left < group->workers ? (unsigned)left : group->workers;

  atomic_store(&group->next, first);
  if (left > 0)
    ng_control_run(&group->control, readers, read_files, group->readers,
                   sizeof *group->readers);
}

static enum ngram_status run(struct group *group, struct ng_result *result,
                             struct ngram_error *error)
{
  size_t count = group->files->count;
  size_t shared = choose_shared(group);

  map_shared(group, shared);
  map_apart(group, shared);
  if (group->control.status == NGRAM_INTERRUPTED && group->failed_place > 0)
    return ng_fail_interrupted(error);
  if (group->status != NGRAM_OK) {
    if (error)
      *error = group->error;
    return group->status;
  }
  result->stats = group->stats;
  result->stats.strategy = "files";
  result->stats.threads =
      shared > 0 || count > group->workers ? group->workers : (unsigned)count;
  return ng_table_set_reduce(&group->set, &group->control, result, error);
}

enum ngram_status ng_count_files(const struct ng_files *files,
                                 const struct ng_source_identity *looked_at,
                                 bool *has_moved, struct ng_request *request,
                                 struct ng_result *result,
                                 struct ngram_error *error)
{
  enum ngram_status status;
  struct group group;

  *has_moved = false;
  if (!group_init(&group, files, request)) {
    group_free(&group);
    return ng_fail_memory(error);
  }
  group.looked_at = looked_at;
  status = fill_items(&group, error);
  if (status == NGRAM_OK)
    status = run(&group, result, error);
  *has_moved = atomic_load(&group.has_moved);
  request->has_bad_point = group.has_bad_point;
  group_free(&group);
  return status;
}
