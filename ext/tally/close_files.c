/* SPDX-License-Identifier: MIT */
#include "tally/close_files.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/temp_file.h"
#include "count/spill.h"
#include "sched/team.h"

/* Closing a file of this size takes about as long as starting a thread. */
#define LARGE_BYTES ((uint64_t)4 << 20)

/* What the threads share. Only `next` changes while they run. */
struct closing {
  struct ng_temp_file **files; /* the array is owned, the files borrowed */
  size_t count;
  atomic_size_t next; /* index of the file that is closed next */
};

static void add(struct closing *closing, struct ng_temp_file *file)
{
  if (file->is_open && file->size >= LARGE_BYTES)
    closing->files[closing->count++] = file;
}

static void *close_next(void *member)
{
  struct closing *closing = member;
  size_t i;

  while ((i = atomic_fetch_add(&closing->next, 1)) < closing->count)
    ng_temp_file_close(closing->files[i]);
  return NULL;
}

void ng_close_files(struct ng_table *tables, size_t table_count,
                    struct ng_spilled *spilled)
{
  struct closing closing = {.count = 0};
  struct ng_team team;
  size_t threads;

  closing.files =
      calloc(table_count + (spilled ? spilled->worker_count : 0) + 1,
             sizeof *closing.files);
  if (!closing.files)
    return;
  for (size_t i = 0; i < table_count; i++)
    if (tables[i].spill)
      add(&closing, &tables[i].spill->file);
  for (size_t i = 0; spilled && i < spilled->worker_count; i++)
    add(&closing, &spilled->files[i]);
  threads = spilled ? spilled->worker_count : table_count;
  if (threads > closing.count)
    threads = closing.count;
  if (threads > 1) {
    ng_team_start(&team, (unsigned)threads - 1, close_next, &closing, 0);
    close_next(&closing);
    ng_team_join(&team);
  }
  free(closing.files);
}
