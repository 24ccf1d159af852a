/* SPDX-License-Identifier: MIT */
/*
 * What a table that is held to a share of memory writes to a temporary file.
 *
 * A table is a sorted run at any time (table.c). When its share is used up,
 * ng_table_spill() has ng_spill_write() write all entries from front to back,
 * as one run, and empties the table. Many runs may have a word, each with a
 * part of its sums; the reduce adds them up (spilled.c).
 *
 *     file:  run | run | hole | run ...     in the order of writing
 *     run:   part 0 | part 1 | ... | part 63, at starts[0] ... starts[63]
 *     part:  pieces of records (run_file.c); none, if it has no words
 *
 * A merge of many runs needs a buffer for each, of one piece at least. So the
 * number of a table's runs is limited (most_runs()). When it is reached, the
 * half of the runs that are shorter is merged to one run at the end of the
 * file. Their room is given back, as holes, where the file system can do that.
 * An entry is written once, and again for each merge it takes part in; as runs
 * of like length are merged, that grows with the logarithm of the data.
 *
 * Memory, all from the budget and beside the share: the writer's buffer and the
 * list of runs, which a spill holds until it is freed, and the merge's buffers,
 * which take about half of a share while the table is empty.
 */
#include "count/spill.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "count/merge.h"
#include "count/run_file.h"

/* The writer's buffer. To a file that is written in large pieces ext4 gives
   large pieces of memory, which are freed sooner. */
#define BUFFER_BYTES_MIN ((size_t)64 << 10)
#define BUFFER_BYTES_MAX ((size_t)1 << 20)
/* The buffer of each run that is merged. */
#define READ_BYTES_MIN ((size_t)4 << 10)
#define READ_BYTES_MAX ((size_t)256 << 10)
/* Written between two questions whether to stop. */
#define ASK_BYTES ((size_t)256 << 10)
/* A file system that forgets bytes more slowly than memory is freed writes them
   to the disk first. */
#define FORGET_BYTES_PER_MICROSECOND 2000
/* A shorter time is too short to judge by. */
#define FORGET_MICROSECONDS_MIN 20000
/* About as many runs of all tables are merged at once. */
#define RUNS_TOGETHER 512
#define RUNS_MIN 8
/* Pieces of runs: a whole one has to be in memory to be read. */
#define PIECE_BYTES_MIN ((size_t)512)
#define PIECE_BYTES_MAX ((size_t)16 << 10)
#define RUNS_BYTES (NG_SPILL_RUNS_MAX * sizeof(struct ng_spill_run))

size_t ng_spill_buffer_bytes(uint64_t share_bytes)
{
  return ng_spill_clamp(share_bytes / 32, BUFFER_BYTES_MIN, BUFFER_BYTES_MAX);
}

struct ng_spill *ng_spill_new(struct ng_budget *budget, uint64_t share_bytes,
                              unsigned tables, bool wide)
{
  struct ng_spill *spill = calloc(1, sizeof *spill);

  if (!spill)
    return NULL;
  spill->budget = budget;
  spill->wide = wide;
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

/* How many runs there may be. A reduce merges all tables' runs by one thread
   for each table, and each thread has an entry of each run in memory: long
   entries may take half of a share. */
static size_t most_runs(const struct ng_spill *spill)
{
  size_t most = ng_spill_clamp(RUNS_TOGETHER / spill->tables, RUNS_MIN,
                               NG_SPILL_RUNS_MAX);
  uint64_t long_ones =
      spill->share_bytes / 2 / spill->tables / (spill->longest + 1);

  return ng_spill_clamp(long_ones, 2, most);
}

/* The bytes of a piece, so that half of a share holds one of each run that a
   reduce merges. */
static size_t piece_bytes(const struct ng_spill *spill)
{
  uint64_t runs = (uint64_t)spill->tables * (RUNS_MIN + 1);

  if (runs < RUNS_TOGETHER + spill->tables)
    runs = RUNS_TOGETHER + spill->tables;
  return ng_spill_clamp(spill->share_bytes / 2 / (runs + 1), PIECE_BYTES_MIN,
                        PIECE_BYTES_MAX);
}

/* ---------------------------------------------------------------- write -- */

/* A run while it is written. */
struct writing {
  struct ng_spill *spill;
  const struct ng_stop *stop;
  struct ng_run_file_writer writer;
  struct ng_spill_run run;
  size_t part;  /* the one that is being written */
  size_t asked; /* bytes since the last question */
};

static void begin_run(struct writing *writing, struct ng_spill *spill,
                      const struct ng_stop *stop)
{
  *writing = (struct writing){.spill = spill,
                              .stop = stop,
                              .writer = {.file = &spill->file,
                                         .wide = spill->wide,
                                         .buffer = spill->buffer,
                                         .capacity = spill->buffer_bytes,
                                         .piece_bytes = piece_bytes(spill)}};
  writing->run.starts[0] = spill->file.size;
}

/* Begin all parts up to this one that have not begun yet. */
static void begin_parts(struct writing *writing, size_t part)
{
  while (writing->part < part)
    writing->run.starts[++writing->part] = ng_run_file_cut(&writing->writer);
}

/* Write an entry. Returns 0, or an errno: ECANCELED when told to stop. */
static int write_entry(struct writing *writing, uint32_t fingerprint,
                       const struct ng_entry *entry)
{
  size_t bytes = ng_entry_bytes(entry, writing->spill->wide);

  if (bytes > writing->spill->longest)
    writing->spill->longest = bytes;
  writing->asked += bytes;
  if (writing->asked > ASK_BYTES) {
    writing->asked = 0;
    if (ng_stop_asked(writing->stop))
      return ECANCELED;
  }
  begin_parts(writing, ng_spill_part(fingerprint));
  return ng_run_file_write(&writing->writer, entry);
}

/* The run has been written: add it to the list, unless there was an error. A
   stop or a lack of memory is no error of the file. */
static bool end_run(struct writing *writing, int error)
{
  struct ng_spill *spill = writing->spill;

  begin_parts(writing, NG_SPILL_PARTS);
  if (!error)
    error = ng_run_file_flush(&writing->writer);
  if (!error)
    spill->runs[spill->run_count++] = writing->run;
  if (error && error != ECANCELED && error != ENOMEM)
    spill->error = error;
  atomic_fetch_add(&spill->budget->spilled_bytes,
                   spill->file.size - writing->run.starts[0]);
  return error == 0;
}

/* Have a file, and room for the list of runs. */
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

bool ng_spill_write(struct ng_spill *spill, const struct ng_slots *slots,
                    const struct ng_stop *stop)
{
  struct ng_slots_cursor cursor = ng_slots_cursor_open(slots, 0, UINT32_MAX);
  struct writing writing;
  int error = 0;

  /* A merge that was told to stop may have left no room for a run. */
  if (!make_ready(spill) || !ng_spill_compact(spill, stop))
    return false;
  begin_run(&writing, spill, stop);
  for (; cursor.at && !error; ng_slots_cursor_next(&cursor, UINT32_MAX))
    error = write_entry(&writing, cursor.fingerprint,
                        ng_slots_entry(slots, cursor.at));
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

static uint64_t bytes_of(const struct ng_spill_run *run)
{
  return run->starts[NG_SPILL_PARTS] - run->starts[0];
}

static int compare_runs(const void *a, const void *b)
{
  uint64_t x = bytes_of(a);
  uint64_t y = bytes_of(b);

  return (x < y) - (x > y);
}

/* The buffer of each of `runs` runs, so that half of a share holds them all. */
static size_t read_bytes(const struct ng_spill *spill, size_t runs)
{
  return ng_spill_clamp(spill->share_bytes / 2 / runs, READ_BYTES_MIN,
                        READ_BYTES_MAX);
}

/* Merge the runs from `first` on into the one that is written. Returns 0, or an
   errno: ECANCELED when told to stop. */
static int write_merged(struct writing *writing, size_t first)
{
  struct ng_spill *spill = writing->spill;
  size_t count = spill->run_count - first;
  struct ng_merge merge;
  struct ng_entry *entry;
  int error = 0;

  if (!ng_merge_init(&merge, spill->budget, count, NG_MERGE_BY_FINGERPRINT,
                     spill->wide, read_bytes(spill, count)))
    merge.error = ENOMEM;
  for (size_t i = first; i < spill->run_count && !merge.error; i++)
    ng_merge_add_file(&merge, &spill->file, spill->runs[i].starts[0],
                      spill->runs[i].starts[NG_SPILL_PARTS]);
  while (!error && !merge.error && (entry = ng_merge_next_word(&merge))) {
    error = write_entry(writing, ng_entry_fingerprint(entry), entry);
    if (!error && ng_merge_is_stopped(&merge, writing->stop))
      error = ECANCELED;
  }
  if (!error)
    error = merge.error;
  ng_merge_free(&merge);
  return error;
}

/* Merge the runs from `first` on to one, which is the last then. */
static bool merge_from(struct ng_spill *spill, size_t first,
                       const struct ng_stop *stop)
{
  struct writing writing;
  int error;

  begin_run(&writing, spill, stop);
  error = write_merged(&writing, first);
  if (!error) {
    for (size_t i = first; i < spill->run_count; i++)
      ng_temp_file_forget(&spill->file, spill->runs[i].starts[0],
                          spill->runs[i].starts[NG_SPILL_PARTS], stop);
    spill->run_count = first;
  }
  return end_run(&writing, error);
}

/* The shorter half of the runs is merged, two at least, so that long runs are
   rarely written anew. */
bool ng_spill_compact(struct ng_spill *spill, const struct ng_stop *stop)
{
  while (spill->run_count >= most_runs(spill)) {
    size_t count = spill->run_count / 2;

    count = count > 2 ? count : 2;
    qsort(spill->runs, spill->run_count, sizeof *spill->runs, compare_runs);
    if (!merge_from(spill, spill->run_count - count, stop))
      return false;
  }
  return true;
}
