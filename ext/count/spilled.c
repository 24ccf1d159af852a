/* SPDX-License-Identifier: MIT */
/*
 * A result on disk: it is made by a reduce of tables that have spilled, and
 * read as a table is, by number or by word.
 *
 * Making it. Each thread of the reduce takes a part of the fingerprints
 * (spill.h) and merges that part of all tables and of all their runs to the end
 * of its own file, so that no two threads write to one. A part is a sequence of
 * pieces (run_file.c), and a fence is noted for the first word of a piece.
 * Fences are held in memory, so those of all parts take at most an eighth of a
 * table's share: when a part has too many, every other one is dropped, and from
 * then on every second piece has one, then every fourth. When all parts of a
 * group are merged, their room in the tables' files is given back: at the end
 * the result takes about as much of the disk as the runs did, not twice as
 * much.
 *
 *     file of a worker:  part 17 | part 3 | part 40 ...    as they were taken
 *     part:              piece | piece | ...      fences: 1st, 5th, 9th piece
 *
 * Reading it. Word numbers go up with the parts: each part knows the number of
 * its first word, each fence the number within the part. A reader goes to the
 * last fence at or before a word and reads on from there, or simply reads on if
 * the word is the next one. A word that is to be found is in the part of its
 * fingerprint, after the last fence that has a lesser fingerprint.
 *
 * Memory: fences are taken from the budget, and held until the end. A merge
 * takes a writer's buffer and up to half of a share for runs, and gives both
 * back. A reader has a buffer of its own.
 */
#include "count/spilled.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "count/merge.h"

/* The buffer of a reader. */
#define READ_BYTES ((size_t)64 << 10)
/* A piece, and so the least between two fences. */
#define PIECE_BYTES ((size_t)16 << 10)
/* All fences take at most this part of a table's share, or are few. */
#define FENCE_SHARES 8
#define FENCES_MIN 16
/* The buffer of each run that is merged. */
#define MERGE_BYTES_MIN ((size_t)512)
#define MERGE_BYTES_MAX ((size_t)256 << 10)

struct ng_spilled *ng_spilled_new(struct ng_budget *budget, unsigned workers,
                                  bool wide)
{
  struct ng_spilled *spilled = calloc(1, sizeof *spilled);

  if (!spilled)
    return NULL;
  spilled->budget = budget;
  spilled->wide = wide;
  spilled->worker_count = workers;
  for (size_t i = 0; i < NG_SPILL_PARTS; i++)
    spilled->parts[i].fence_step = 1;
  spilled->files = calloc(workers, sizeof *spilled->files);
  if (spilled->files)
    return spilled;
  free(spilled);
  return NULL;
}

static void give_fences(struct ng_spilled *spilled,
                        struct ng_spilled_part *part)
{
  ng_budget_give(spilled->budget, part->fences,
                 part->fence_capacity * sizeof *part->fences);
}

void ng_spilled_free(struct ng_spilled *spilled)
{
  if (!spilled)
    return;
  for (unsigned i = 0; i < spilled->worker_count; i++)
    ng_temp_file_close(&spilled->files[i]);
  for (size_t i = 0; i < NG_SPILL_PARTS; i++)
    give_fences(spilled, &spilled->parts[i]);
  free(spilled->files);
  free(spilled);
}

uint64_t ng_spilled_bytes(const struct ng_spilled *spilled)
{
  uint64_t bytes = sizeof *spilled;

  for (unsigned i = 0; i < spilled->worker_count; i++)
    bytes += sizeof *spilled->files + spilled->files[i].size;
  return bytes;
}

/* ---------------------------------------------------------------- merge -- */

/* The number of tables and of their runs. */
static size_t count_runs(struct ng_table *const *tables, size_t table_count)
{
  size_t count = table_count;

  for (size_t i = 0; i < table_count; i++)
    count += tables[i]->spill ? tables[i]->spill->run_count : 0;
  return count;
}

/* The least share of a table. */
static uint64_t least_share(struct ng_table *const *tables, size_t table_count)
{
  uint64_t share = UINT64_MAX;

  for (size_t i = 0; i < table_count; i++)
    if (tables[i]->spill && tables[i]->spill->share_bytes < share)
      share = tables[i]->spill->share_bytes;
  return share;
}

/* The buffer of each of `runs` runs, so that half of a share holds them all. */
static size_t merge_bytes(uint64_t share, size_t runs)
{
  return ng_spill_clamp(share / 2 / (runs + 1), MERGE_BYTES_MIN,
                        MERGE_BYTES_MAX);
}

/* The most fences of one part. */
static size_t most_fences(uint64_t share)
{
  uint64_t count =
      share / FENCE_SHARES / NG_SPILL_PARTS / sizeof(struct ng_spilled_fence);

  return count > FENCES_MIN ? (size_t)count : FENCES_MIN;
}

/* Add a part of a table and of its runs. */
static void add_table(struct ng_merge *merge, const struct ng_table *table,
                      size_t part)
{
  const struct ng_spill *spill = table->spill;

  ng_merge_add_slots(merge, &table->slots, ng_spill_part_first(part),
                     ng_spill_part_last(part));
  for (size_t i = 0; spill && i < spill->run_count && !merge->error; i++)
    ng_merge_add_file(merge, &spill->file, spill->runs[i].starts[part],
                      spill->runs[i].starts[part + 1]);
}

/* Keep every other fence, from the first one on. Their number was even, so the
   piece that comes next has one. */
static void thin_fences(struct ng_spilled_part *part)
{
  part->fence_count /= 2;
  part->fence_step *= 2;
  for (size_t i = 0; i < part->fence_count; i++)
    part->fences[i] = part->fences[2 * i];
}

/* Have room for one more fence. Returns false if there is no memory. */
static bool reserve_fence(struct ng_spilled *spilled,
                          struct ng_spilled_part *part)
{
  size_t capacity = part->fence_capacity ? part->fence_capacity * 2 : 4;
  struct ng_spilled_fence *fences;

  if (part->fence_count < part->fence_capacity)
    return true;
  if (capacity > part->fences_most) {
    thin_fences(part);
    return true;
  }
  fences = ng_budget_take(spilled->budget, capacity * sizeof *fences);
  if (!fences)
    return false;
  for (size_t i = 0; i < part->fence_count; i++)
    fences[i] = part->fences[i];
  give_fences(spilled, part);
  part->fences = fences;
  part->fence_capacity = capacity;
  return true;
}

/* A piece begins at this offset, with a word of this fingerprint: note a fence,
   if it is to have one. Returns false if there is no memory. */
static bool add_fence(struct ng_spilled *spilled, struct ng_spilled_part *part,
                      uint64_t offset, uint32_t fingerprint)
{
  if (part->pieces++ % part->fence_step > 0)
    return true;
  if (!reserve_fence(spilled, part))
    return false;
  part->fences[part->fence_count++] =
      (struct ng_spilled_fence){offset, part->words, fingerprint};
  return true;
}

/* Write the words of a merge as a part. Returns 0, or an errno: ENOMEM,
   ECANCELED. */
static int write_part(struct ng_spilled *spilled, struct ng_spilled_part *part,
                      struct ng_merge *merge, struct ng_run_file_writer *writer,
                      const struct ng_stop *stop)
{
  struct ng_entry *entry;
  bool overflowed = false;
  int error = 0;

  while (!error && (entry = ng_merge_next_word(merge))) {
    if (ng_merge_is_stopped(merge, stop))
      return ECANCELED;
    overflowed |= ng_entry_has_overflowed(entry, merge->wide);
    error = ng_run_file_write(writer, entry);
    if (!error && writer->is_first &&
        !add_fence(spilled, part, writer->piece_offset,
                   ng_entry_fingerprint(entry)))
      error = ENOMEM;
    part->words++;
  }
  if (overflowed)
    atomic_store(&spilled->overflowed, true);
  if (!error)
    error = merge->error ? merge->error : ng_run_file_flush(writer);
  part->end = writer->file->size;
  return error;
}

/* Merge a part of the tables to the writer's file. Returns 0, or an errno, as
   above. */
static int merge_part(struct ng_spilled *spilled, size_t part,
                      struct ng_run_file_writer *writer,
                      struct ng_table *const *tables, size_t table_count)
{
  uint64_t share = least_share(tables, table_count);
  size_t runs = count_runs(tables, table_count);
  struct ng_merge merge;
  int error = ENOMEM;

  spilled->parts[part].fences_most = most_fences(share);
  if (ng_merge_init(&merge, spilled->budget, runs, NG_MERGE_BY_FINGERPRINT,
                    spilled->wide, merge_bytes(share, runs))) {
    for (size_t i = 0; i < table_count; i++)
      add_table(&merge, tables[i], part);
    error = write_part(spilled, &spilled->parts[part], &merge, writer,
                       tables[0]->stop);
  }
  ng_merge_free(&merge);
  return error;
}

static int open_and_merge(struct ng_spilled *spilled, struct ng_temp_file *file,
                          size_t part, struct ng_table *const *tables,
                          size_t table_count)
{
  struct ng_run_file_writer writer = {
      .file = file,
      .wide = spilled->wide,
      .capacity = ng_spill_buffer_bytes(least_share(tables, table_count)),
      .piece_bytes = PIECE_BYTES};
  uint64_t before = file->size;
  int error = file->is_open ? 0 : ng_temp_file_open(file);

  if (error)
    return error;
  writer.buffer = ng_budget_take(spilled->budget, writer.capacity);
  error = ENOMEM;
  if (writer.buffer)
    error = merge_part(spilled, part, &writer, tables, table_count);
  ng_budget_give(spilled->budget, writer.buffer, writer.capacity);
  atomic_fetch_add(&spilled->budget->spilled_bytes, file->size - before);
  return error;
}

/* All parts of a group are merged: the disk has use for the room that they
   took. */
static void forget_group(size_t group, struct ng_table *const *tables,
                         size_t table_count)
{
  size_t first = group * NG_SPILLED_GROUP;

  for (size_t i = 0; i < table_count; i++) {
    struct ng_spill *spill = tables[i]->spill;

    for (size_t k = 0; spill && k < spill->run_count; k++)
      ng_spill_forget(spill, spill->runs[k].starts[first],
                      spill->runs[k].starts[first + NG_SPILLED_GROUP],
                      tables[i]->stop);
  }
}

bool ng_spilled_merge(struct ng_spilled *spilled, unsigned worker, size_t part,
                      struct ng_table *const *tables, size_t table_count)
{
  struct ng_temp_file *file = &spilled->files[worker];
  int error = open_and_merge(spilled, file, part, tables, table_count);

  spilled->parts[part].file = file;
  if (!error && atomic_fetch_add(&spilled->merged[part / NG_SPILLED_GROUP],
                                 1) == NG_SPILLED_GROUP - 1)
    forget_group(part / NG_SPILLED_GROUP, tables, table_count);
  if (error && error != ENOMEM && error != ECANCELED)
    atomic_store(&spilled->error, error);
  return error == 0;
}

void ng_spilled_end(struct ng_spilled *spilled)
{
  spilled->words = 0;
  for (size_t i = 0; i < NG_SPILL_PARTS; i++) {
    spilled->parts[i].first = spilled->words;
    spilled->words += spilled->parts[i].words;
  }
}

/* ----------------------------------------------------------------- read -- */

bool ng_spilled_reader_init(struct ng_spilled_reader *reader,
                            struct ng_spilled *spilled,
                            struct ng_budget *budget)
{
  *reader = (struct ng_spilled_reader){.spilled = spilled, .next = UINT64_MAX};
  return ng_run_file_reader_init(&reader->run, budget, READ_BYTES,
                                 spilled->wide);
}

void ng_spilled_reader_free(struct ng_spilled_reader *reader)
{
  if (reader->spilled)
    ng_run_file_reader_free(&reader->run);
  reader->spilled = NULL;
}

/* The part of word number `number`: the last one that begins there or before
   it, and has words. */
static size_t find_part(const struct ng_spilled *spilled, uint64_t number)
{
  size_t part = NG_SPILL_PARTS - 1;

  while (part > 0 && (spilled->parts[part].first > number ||
                      spilled->parts[part].words == 0))
    part--;
  return part;
}

/* Go to the last fence of a part that is at or before word number `number`, all
   parts counted, and before all words that have this fingerprint or a greater
   one; or to its first fence. */
static void seek(struct ng_spilled_reader *reader, size_t at, uint64_t number,
                 uint64_t fingerprint)
{
  const struct ng_spilled_part *part = &reader->spilled->parts[at];
  const struct ng_spilled_fence *fences = part->fences;
  size_t from = 0;
  size_t to = part->fence_count;

  while (to - from > 1) {
    size_t middle = from + (to - from) / 2;

    if (part->first + fences[middle].word <= number &&
        fences[middle].fingerprint < fingerprint)
      from = middle;
    else
      to = middle;
  }
  ng_run_file_reader_set(&reader->run, part->file, fences[from].offset,
                         part->end);
  reader->part = at;
  reader->next = part->first + fences[from].word;
}

/* The reader has to be set before it reads again. Returns its argument. */
static int leave(struct ng_spilled_reader *reader, int error)
{
  reader->next = UINT64_MAX;
  if (error && error != ENOMEM)
    atomic_store(&reader->spilled->damaged, true);
  return error;
}

int ng_spilled_read(struct ng_spilled_reader *reader, uint64_t number,
                    struct ng_entry **entry)
{
  const struct ng_spilled_part *part = &reader->spilled->parts[reader->part];
  int error;

  if (reader->next != number || number >= part->first + part->words)
    seek(reader, find_part(reader->spilled, number), number, UINT64_MAX);
  do {
    error = ng_run_file_read(&reader->run, entry);
    if (!error && !*entry)
      error = EIO;
    if (error)
      return leave(reader, error);
  } while (reader->next++ < number);
  return 0;
}

int ng_spilled_find(struct ng_spilled_reader *reader, const char *word,
                    size_t length, uint64_t *number)
{
  uint32_t fingerprint = ng_hash_word(word, length);
  size_t part = ng_spill_part(fingerprint);
  struct ng_entry *entry;

  *number = reader->spilled->words;
  if (reader->spilled->parts[part].words == 0)
    return 0;
  seek(reader, part, UINT64_MAX, fingerprint);
  for (;;) {
    int error = ng_run_file_read(&reader->run, &entry);

    if (error || !entry || ng_entry_fingerprint(entry) > fingerprint)
      return leave(reader, error);
    if (ng_entry_compare_words(entry->word, entry->length, word, length) == 0) {
      *number = reader->next;
      return leave(reader, 0); /* to be read again */
    }
    reader->next++;
  }
}
