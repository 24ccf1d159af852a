/* SPDX-License-Identifier: MIT */
#include "count/spill.h"

#include <errno.h>
#include <stdlib.h>

#include "count/merge.h"
#include "count/run_file.h"
#include "count/table.h"

#define BUFFER_BYTES ((size_t)64 << 10)
/* For each run that is merged. */
#define READ_BYTES_MIN ((size_t)4 << 10)
#define READ_BYTES_MAX ((size_t)256 << 10)
/* Entries written between two questions whether to stop. */
#define ASK_ENTRIES ((size_t)64 << 10)

struct ng_spill *ng_spill_new(struct ng_budget *budget, uint64_t share_bytes)
{
  struct ng_spill *spill = calloc(1, sizeof *spill);

  if (!spill)
    return NULL;
  spill->budget = budget;
  spill->share_bytes = share_bytes;
  spill->buffer = ng_budget_take(budget, BUFFER_BYTES);
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
  ng_budget_give(spill->budget, spill->buffer, BUFFER_BYTES);
  free(spill->runs);
  free(spill);
}

/* ---------------------------------------------------------------- write -- */

/* A run while it is written. */
struct writing {
  struct ng_run_writer writer;
  struct ng_spilled_run *run;
  size_t part; /* the one that is being written */
  size_t written;
};

/* Parts up to this one begin here, if they have not begun yet. */
static void begin_parts(struct writing *writing, size_t part)
{
  while (writing->part < part)
    writing->run->starts[++writing->part] =
        ng_run_writer_offset(&writing->writer);
}

static struct writing begin_run(struct ng_temp_file *file, char *buffer,
                                bool wide, struct ng_spilled_run *run)
{
  run->starts[0] = file->size;
  return (struct writing){
      {.file = file, .wide = wide, .buffer = buffer, .capacity = BUFFER_BYTES},
      run,
      0,
      0};
}

/* Write an entry. Returns 0, or an errno: ECANCELED when told to stop. */
static int write_entry(struct writing *writing, uint32_t tag,
                       const struct ng_entry *entry, const struct ng_stop *stop)
{
  if (++writing->written % ASK_ENTRIES == 0 && ng_stop_asked(stop))
    return ECANCELED;
  begin_parts(writing, tag >> (32 - NG_SPILL_PART_BITS));
  return ng_run_write(&writing->writer, entry);
}

static int end_run(struct writing *writing)
{
  begin_parts(writing, NG_SPILL_PARTS);
  return ng_run_flush(&writing->writer);
}

/* Being told to stop, or without memory, is not the file's fault. */
static bool note(struct ng_spill *spill, int error)
{
  if (error && error != ECANCELED && error != ENOMEM)
    spill->error = error;
  return error == 0;
}

static bool make_ready(struct ng_spill *spill)
{
  if (!spill->runs)
    spill->runs = calloc(NG_SPILL_RUNS_MAX, sizeof *spill->runs);
  if (!spill->runs)
    return false;
  return spill->file.is_open || note(spill, ng_temp_file_open(&spill->file));
}

bool ng_spill_write(struct ng_spill *spill, const struct ng_table *table)
{
  struct writing writing;
  int error = 0;

  if (!make_ready(spill))
    return false;
  writing = begin_run(&spill->file, spill->buffer, table->wide,
                      &spill->runs[spill->run_count]);
  for (size_t i = 0; i < table->slot_count && !error; i++)
    if (table->slots[i].ref)
      error = write_entry(&writing, table->slots[i].tag,
                          ng_table_entry(table, &table->slots[i]), table->stop);
  if (!error)
    error = end_run(&writing);
  if (!error)
    spill->run_count++;
  atomic_fetch_add(&spill->budget->spilled_bytes,
                   spill->file.size - writing.run->starts[0]);
  return note(spill, error);
}

/* -------------------------------------------------------------- compact -- */

static int merge_into(struct ng_spill *spill, struct ng_merge *merge,
                      struct ng_temp_file *file, struct ng_spilled_run *run,
                      const struct ng_stop *stop)
{
  struct writing writing = begin_run(file, spill->buffer, merge->wide, run);
  struct ng_entry *entry;
  int error = 0;

  for (size_t i = 0; i < spill->run_count && !merge->error; i++)
    ng_merge_add_file(merge, &spill->file, spill->runs[i].starts[0],
                      spill->runs[i].starts[NG_SPILL_PARTS]);
  while (!error && (entry = ng_merge_next_word(merge)))
    error = write_entry(&writing, ng_entry_tag(entry), entry, stop);
  if (!error)
    error = merge->error;
  return error ? error : end_run(&writing);
}

static size_t read_bytes(const struct ng_spill *spill)
{
  uint64_t bytes = spill->share_bytes / 2 / NG_SPILL_RUNS_MAX;

  if (bytes < READ_BYTES_MIN)
    return READ_BYTES_MIN;
  return bytes < READ_BYTES_MAX ? (size_t)bytes : READ_BYTES_MAX;
}

bool ng_spill_compact(struct ng_spill *spill, const struct ng_table *table)
{
  struct ng_temp_file file = {.is_open = false};
  struct ng_spilled_run run;
  struct ng_merge merge;
  int error = 0;

  if (spill->run_count < NG_SPILL_RUNS_MAX)
    return true;
  if (!ng_merge_init(&merge, spill->budget, spill->run_count, NG_MERGE_BY_TAG,
                     table->wide, read_bytes(spill)))
    error = ENOMEM;
  if (!error)
    error = ng_temp_file_open(&file);
  if (!error)
    error = merge_into(spill, &merge, &file, &run, table->stop);
  ng_merge_free(&merge);
  if (error) {
    ng_temp_file_close(&file);
    return note(spill, error);
  }
  atomic_fetch_add(&spill->budget->spilled_bytes, file.size);
  ng_temp_file_close(&spill->file);
  spill->file = file;
  spill->runs[0] = run;
  spill->run_count = 1;
  return true;
}
