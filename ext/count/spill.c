/* SPDX-License-Identifier: MIT */
#include "count/spill.h"

#include <errno.h>
#include <stdlib.h>

#include "base/le.h"
#include "count/merge.h"
#include "count/run_file.h"
#include "count/table.h"

/* Written at once: to a file that is written in large pieces ext4 gives large
   pieces of memory, which are freed sooner. */
#define BUFFER_BYTES_MIN ((size_t)64 << 10)
#define BUFFER_BYTES_MAX ((size_t)1 << 20)
/* For each run that is merged. */
#define READ_BYTES_MIN ((size_t)4 << 10)
#define READ_BYTES_MAX ((size_t)256 << 10)
/* Written between two questions whether to stop. */
#define ASK_BYTES ((size_t)256 << 10)
/* Slower than memory is freed: the system writes to the disk first what is to
   be forgotten, as some file systems do. */
#define FORGET_BYTES_PER_MICROSECOND 2000
/* Less time does not tell. */
#define FORGET_MICROSECONDS_MIN 20000
/* Runs of all tables that are merged at once, about. */
#define RUNS_TOGETHER 512
#define RUNS_MIN 8
/* Pieces of runs: each has to be in memory to be read. */
#define PIECE_BYTES_MIN ((size_t)512)
#define PIECE_BYTES_MAX ((size_t)16 << 10)
#define RUNS_BYTES (NG_SPILL_RUNS_MAX * sizeof(struct ng_spilled_run))

size_t ng_spill_buffer_bytes(uint64_t share_bytes)
{
  uint64_t bytes = share_bytes / 32;

  if (bytes < BUFFER_BYTES_MIN)
    return BUFFER_BYTES_MIN;
  return bytes < BUFFER_BYTES_MAX ? (size_t)bytes : BUFFER_BYTES_MAX;
}

struct ng_spill *ng_spill_new(struct ng_budget *budget, uint64_t share_bytes,
                              unsigned tables)
{
  struct ng_spill *spill = calloc(1, sizeof *spill);

  if (!spill)
    return NULL;
  spill->budget = budget;
  spill->share_bytes = share_bytes;
  spill->tables = tables;
  spill->buffer_bytes = ng_spill_buffer_bytes(share_bytes);
  spill->buffer = ng_budget_take(budget, spill->buffer_bytes);
  if (spill->buffer)
    return spill;
  free(spill);
  return NULL;
}

void ng_spill_free(struct ng_spill *spill)
{
  if (!spill)
    return;
  ng_temp_file_close(&spill->file);
  ng_budget_give(spill->budget, spill->buffer, spill->buffer_bytes);
  ng_budget_give(spill->budget, spill->runs, RUNS_BYTES);
  free(spill);
}

/* How many runs there may be. A merge of all tables' runs, by one thread for
   each table, has an entry of each in memory: half of a share, at most, if they
   are long. */
static size_t most_runs(const struct ng_spill *spill)
{
  size_t most = RUNS_TOGETHER / spill->tables;
  uint64_t long_ones =
      spill->share_bytes / 2 / spill->tables / (spill->longest + 1);

  most = most < RUNS_MIN ? RUNS_MIN : most;
  most = most < NG_SPILL_RUNS_MAX ? most : NG_SPILL_RUNS_MAX;
  most = most < long_ones ? most : (size_t)long_ones;
  return most > 2 ? most : 2;
}

/* Half of a share holds a piece of each run that is merged. */
static size_t piece_bytes(const struct ng_spill *spill)
{
  uint64_t runs = (uint64_t)spill->tables * (RUNS_MIN + 1);
  uint64_t bytes;

  if (runs < RUNS_TOGETHER + spill->tables)
    runs = RUNS_TOGETHER + spill->tables;
  bytes = spill->share_bytes / 2 / (runs + 1);
  if (bytes < PIECE_BYTES_MIN)
    return PIECE_BYTES_MIN;
  return bytes < PIECE_BYTES_MAX ? (size_t)bytes : PIECE_BYTES_MAX;
}

/* ---------------------------------------------------------------- write -- */

/* A run while it is written. */
struct writing {
  struct ng_spill *spill;
  struct ng_run_writer writer;
  struct ng_spilled_run run;
  size_t part;  /* the one that is being written */
  size_t asked; /* bytes since the last question */
};

/* Parts up to this one begin here, if they have not begun yet. */
static void begin_parts(struct writing *writing, size_t part)
{
  while (writing->part < part)
    writing->run.starts[++writing->part] = ng_run_cut(&writing->writer);
}

static void begin_run(struct writing *writing, struct ng_spill *spill,
                      bool wide)
{
  *writing = (struct writing){.spill = spill,
                              .writer = {.file = &spill->file,
                                         .wide = wide,
                                         .buffer = spill->buffer,
                                         .capacity = spill->buffer_bytes,
                                         .piece_bytes = piece_bytes(spill)}};
  writing->run.starts[0] = spill->file.size;
}

/* Write an entry. Returns 0, or an errno: ECANCELED when told to stop. */
static int write_entry(struct writing *writing, uint32_t tag,
                       const struct ng_entry *entry, const struct ng_stop *stop)
{
  size_t bytes = ng_entry_bytes(entry, writing->writer.wide);

  if (bytes > writing->spill->longest)
    writing->spill->longest = bytes;
  writing->asked += bytes;
  if (writing->asked > ASK_BYTES) {
    writing->asked = 0;
    if (ng_stop_asked(stop))
      return ECANCELED;
  }
  begin_parts(writing, tag >> (32 - NG_SPILL_PART_BITS));
  return ng_run_write(&writing->writer, entry);
}

/* The run has been written, unless there was an error, and is one of them.
   Being told to stop, or no memory, is not the file's fault. */
static bool end_run(struct writing *writing, int error)
{
  struct ng_spill *spill = writing->spill;

  begin_parts(writing, NG_SPILL_PARTS);
  if (!error)
    error = ng_run_flush(&writing->writer);
  if (!error)
    spill->runs[spill->run_count++] = writing->run;
  if (error && error != ECANCELED && error != ENOMEM)
    spill->error = error;
  atomic_fetch_add(&spill->budget->spilled_bytes,
                   spill->file.size - writing->run.starts[0]);
  return error == 0;
}

static bool make_ready(struct ng_spill *spill)
{
  if (!spill->runs)
    spill->runs = ng_budget_take(spill->budget, RUNS_BYTES);
  if (!spill->runs || spill->error)
    return false;
  if (!spill->file.is_open)
    spill->error = ng_temp_file_open(&spill->file);
  return spill->error == 0;
}

bool ng_spill_write(struct ng_spill *spill, const struct ng_table *table)
{
  struct writing writing;
  int error = 0;

  /* There is room for a run, but for merging that has failed. */
  if (!make_ready(spill) || !ng_spill_compact(spill, table))
    return false;
  begin_run(&writing, spill, table->wide);
  for (size_t i = 0; i < table->slot_count && !error; i++)
    if (table->slots[i].ref)
      error = write_entry(&writing, table->slots[i].tag,
                          ng_table_entry(table, &table->slots[i]), table->stop);
  return end_run(&writing, error);
}

/* -------------------------------------------------------------- compact -- */

void ng_spill_forget(struct ng_spill *spill, uint64_t from, uint64_t to,
                     const struct ng_stop *stop)
{
  uint64_t bytes = atomic_load(&spill->forgotten_bytes);
  uint64_t microseconds = atomic_load(&spill->forget_microseconds);
  double began;

  if (microseconds > FORGET_MICROSECONDS_MIN &&
      bytes < microseconds * FORGET_BYTES_PER_MICROSECOND)
    return;
  began = ng_clock_seconds();
  ng_temp_file_forget(&spill->file, from, to, stop);
  atomic_fetch_add(&spill->forgotten_bytes, to - from);
  atomic_fetch_add(&spill->forget_microseconds,
                   (uint64_t)((ng_clock_seconds() - began) * 1e6));
}

static uint64_t bytes_of(const struct ng_spilled_run *run)
{
  return run->starts[NG_SPILL_PARTS] - run->starts[0];
}

static int compare_runs(const void *a, const void *b)
{
  uint64_t x = bytes_of(a);
  uint64_t y = bytes_of(b);

  return (x < y) - (x > y);
}

static size_t read_bytes(const struct ng_spill *spill, size_t runs)
{
  uint64_t bytes = spill->share_bytes / 2 / runs;

  if (bytes < READ_BYTES_MIN)
    return READ_BYTES_MIN;
  return bytes < READ_BYTES_MAX ? (size_t)bytes : READ_BYTES_MAX;
}

/* Merge the runs from `first` on, behind all. */
static bool merge_from(struct ng_spill *spill, size_t first,
                       const struct ng_table *table)
{
  size_t count = spill->run_count - first;
  struct writing writing;
  struct ng_merge merge;
  struct ng_entry *entry;
  uint64_t asked = 0;
  int error = 0;

  begin_run(&writing, spill, table->wide);
  if (!ng_merge_init(&merge, spill->budget, count, NG_MERGE_BY_TAG, table->wide,
                     read_bytes(spill, count)))
    merge.error = ENOMEM;
  for (size_t i = first; i < spill->run_count && !merge.error; i++)
    ng_merge_add_file(&merge, &spill->file, spill->runs[i].starts[0],
                      spill->runs[i].starts[NG_SPILL_PARTS]);
  while (!error && !merge.error && (entry = ng_merge_next_word(&merge))) {
    error = write_entry(&writing, ng_entry_tag(entry), entry, table->stop);
    if (merge.steps - asked >= NG_MERGE_ASK_STEPS) {
      asked = merge.steps;
      error = ng_stop_asked(table->stop) ? ECANCELED : error;
    }
  }
  if (!error)
    error = merge.error;
  ng_merge_free(&merge);
  if (!error) {
    for (size_t i = first; i < spill->run_count; i++)
      ng_temp_file_forget(&spill->file, spill->runs[i].starts[0],
                          spill->runs[i].starts[NG_SPILL_PARTS], table->stop);
    spill->run_count = first;
  }
  return end_run(&writing, error);
}

/* Short runs are merged with short ones, so that what is long is not written
   again and again. */
bool ng_spill_compact(struct ng_spill *spill, const struct ng_table *table)
{
  while (spill->run_count >= most_runs(spill)) {
    size_t count = spill->run_count / 2;

    count = count > 2 ? count : 2;
    qsort(spill->runs, spill->run_count, sizeof *spill->runs, compare_runs);
    if (!merge_from(spill, spill->run_count - count, table))
      return false;
  }
  return true;
}
