/* SPDX-License-Identifier: MIT */
/*
 * Counts many files to one result. Each worker adds to its own table through
 * all files, and the tables are reduced once, at the end (table_set.c).
 *
 * A group is the files and workers of one call. Files are taken in the order of
 * size, the largest first. First come the shared files, whose number schedule.c
 * computes: the calling thread runs a pass for each, one after the other, with
 * all workers. Then come the others, which readers read. A reader is a thread
 * that takes the next file, runs a pass over it with itself as the only worker,
 * and repeats. The calling thread waits for the readers and asks the host
 * meanwhile; a single reader works in the calling thread. The poll of a
 * reader's pass tells it to stop if the group has been stopped, or if its file
 * is not needed any more.
 *
 * An error in a file does not end the count at once: the error that is reported
 * is that of the first file by name, on any schedule. So files whose names come
 * before the failed one are still read, and files after it are not. A stop, a
 * lack of memory, a bad argument, an error of a table's temporary file and a
 * wrong seek point end the count.
 *
 * Called by api/counts.c for the files of a pattern. The group owns the tables
 * until the reduction hands them to the result.
 */
#include "tally/count_files.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/cpu.h"
#include "base/long_sort.h"
#include "fault/fail.h"
#include "scan/stats.h"
#include "store/root.h"
#include "tally/schedule.h"
#include "tally/table_set.h"
#include "tally/tally.h"

/* A file to count. */
struct item {
  size_t position; /* index in group.files, which is in the order of names */
  uint64_t bytes;  /* size of the file */
};

/* A thread that reads files alone. Only it changes this. */
struct reader {
  struct group *group;
  struct ng_table *table; /* borrowed */
  size_t position;        /* of the file that it reads */
};

struct group {
  /* Set before the first file is read, and only read after that. */
  const struct ng_files *files;               /* borrowed */
  const struct ng_source_identity *looked_at; /* borrowed; of each file */
  struct ng_request *request; /* borrowed; readers add to its counters */
  const struct ngram_count_options *options; /* borrowed */
  unsigned workers;
  struct ng_table_set set; /* a table for each worker, which fills it */
  struct item *items;      /* owned array, the largest file first */
  struct reader *readers;  /* owned array, one for each worker */

  /* Changed by any thread. */
  atomic_size_t next; /* index of the item that a reader takes next */
  struct ng_control control;
  atomic_bool has_moved; /* an opened file is not the one in `looked_at` */

  pthread_mutex_t lock;     /* guards all below while readers run */
  enum ngram_status status; /* of the file at `failed_position` */
  size_t failed_position;   /* of the first file that failed, or SIZE_MAX */
  bool has_bad_point;
  struct ngram_error error;
  struct ngram_scan_stats stats; /* summed over all files */
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
      .failed_position = SIZE_MAX};
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

/* Record the failure of a file, if no file before it has failed. If `ends_all`,
   or if the reason is not in the file (see the head), it counts as a failure of
   the first file by name, and ends the count. */
static void note_failure(struct group *group, size_t position,
                         enum ngram_status status, bool has_bad_point,
                         bool ends_all, const struct ngram_error *error)
{
  ends_all |= status == NGRAM_INTERRUPTED || status == NGRAM_NO_MEMORY ||
              status == NGRAM_BAD_ARGUMENT || has_bad_point;
  pthread_mutex_lock(&group->lock);
  if (ends_all)
    position = 0;
  if (position < group->failed_position) {
    group->failed_position = position;
    group->status = status;
    group->has_bad_point = has_bad_point;
    group->error = *error;
  }
  pthread_mutex_unlock(&group->lock);
  if (ends_all)
    ng_control_stop(&group->control);
}

/* Whether a file has to be read: no file before it has failed, and the count
   goes on. */
static bool is_needed(struct group *group, size_t position)
{
  bool needed;

  pthread_mutex_lock(&group->lock);
  needed = position < group->failed_position;
  pthread_mutex_unlock(&group->lock);
  return needed && !atomic_load(&group->control.stop);
}

/* The same in the calling thread, which also asks the host. */
static bool may_go_on(struct group *group, size_t position)
{
  if (!is_needed(group, position))
    return false;
  return !ng_control_must_stop(&group->control);
}

/* Whether an open file has the identity that is in `looked_at`. */
static bool is_unchanged(const struct group *group, size_t position,
                         const struct ng_source *source)
{
  struct ng_source_identity opened;

  return ng_source_identify(source, &opened) &&
         ng_source_is_same(&opened, &group->looked_at[position]);
}

/* Run a pass over a file with options->threads workers, which add to `tables`.
   A failure goes to the group. */
static void map_file(struct group *group, const struct item *item,
                     const struct ngram_count_options *options,
                     struct ng_table *tables)
{
  const char *path = group->files->paths[item->position];
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
  if (status == NGRAM_OK && !is_unchanged(group, item->position, pass.source))
    atomic_store(&group->has_moved, true);
  if (status == NGRAM_OK)
    status = ng_scan_plan(&pass, group->request->use_points, &error);
  if (status == NGRAM_OK)
    status = ng_scan_run(&pass, &has_bad_point, &error);
  if (status == NGRAM_OK)
    ng_stats_fill(&stats, &pass);
  ng_tally_free(&tally);
  ng_scan_close(&pass);
  if (status == NGRAM_INTERRUPTED && !is_needed(group, item->position))
    return; /* stopped because its result is not needed */
  if (status != NGRAM_OK) {
    int system_error = ng_table_set_spill_error(tables, options->threads);

    /* No other file can be added to a table whose temporary file failed. */
    if (status == NGRAM_NO_MEMORY && system_error)
      status = ng_fail_spill(&error, system_error);
    note_failure(group, item->position, status, has_bad_point,
                 system_error != 0, &error);
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
  return (x->position > y->position) - (x->position < y->position);
}

/* List all files, the largest first. */
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

/* Count the first `count` items, each by all workers. */
static void map_shared(struct group *group, size_t count)
{
  struct ngram_count_options options = *group->options;

  options.threads = group->workers; /* as many as there are tables */
  for (size_t i = 0; i < count; i++)
    if (may_go_on(group, group->items[i].position))
      map_file(group, &group->items[i], &options, group->set.tables);
}

/* Returns how many items, from the first on, all workers read together. */
static size_t choose_shared(const struct group *group)
{
  size_t count = group->files->count;
  uint64_t *sizes;
  size_t shared;

  if (group->workers == 1)
    return count;
  if (group->options->on_error == NGRAM_ON_ERROR_SALVAGE)
    return 0; /* a salvaging pass has one worker */
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

/* The poll of the passes that readers run. If the only reader works in the
   calling thread, ng_control_must_stop() asks the host. */
static int poll_reader(void *context)
{
  struct reader *reader = context;

  return ng_control_must_stop(&reader->group->control) ||
         !is_needed(reader->group, reader->position);
}

static void *read_files(void *member)
{
  struct reader *reader = member;
  struct group *group = reader->group;
  struct ngram_count_options options = *group->options;
  size_t at;

  options.threads = 1;
  options.index = NULL; /* one worker reads in order, without seek points */
  options.poll = poll_reader;
  options.poll_context = reader;
  options.progress = NULL; /* the calling thread reports progress */
  while ((at = atomic_fetch_add(&group->next, 1)) < group->files->count) {
    reader->position = group->items[at].position;
    if (is_needed(group, reader->position))
      map_file(group, &group->items[at], &options, reader->table);
  }
  ng_control_end(&group->control);
  return NULL;
}

/* Count the items from `first` on, each by one worker. */
static void map_apart(struct group *group, size_t first)
{
  size_t left = group->files->count - first;
  unsigned readers = left < group->workers ? (unsigned)left : group->workers;

  atomic_store(&group->next, first);
  if (left > 0)
    ng_control_run(&group->control, readers, read_files, group->readers,
                   sizeof *group->readers);
}

static enum ngram_status count_items(struct group *group,
                                     struct ng_result *result,
                                     struct ngram_error *error)
{
  size_t count = group->files->count;
  size_t shared = choose_shared(group);

  map_shared(group, shared);
  map_apart(group, shared);
  if (group->control.status == NGRAM_INTERRUPTED && group->failed_position > 0)
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
    status = count_items(&group, result, error);
  *has_moved = atomic_load(&group.has_moved);
  request->has_bad_point = group.has_bad_point;
  group_free(&group);
  return status;
}
