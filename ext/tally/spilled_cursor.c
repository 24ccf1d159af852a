/* SPDX-License-Identifier: MIT */
/*
 * The rows of a spilled result in another order, within a memory limit.
 *
 * First rows: one pass over the entries keeps a copy of each that may be among
 * the first `most`. The list has room for 2 * most candidates; when it is full
 * it is sorted and cut to `most`, and from then on only entries that go before
 * the last of these are copied.
 *
 * All rows: an external merge sort. Entries are copied to a load, a piece of
 * memory of half the memory limit (sort_bytes). When it is full, it is sorted
 * and appended to a temporary file as a run. Images of entries fill the load
 * from the front, items from the end. When the number of runs that can be
 * merged at once is reached (most_runs()), the half of the runs that are
 * shorter is merged to one, so there are never more. The remaining runs are
 * merged as rows are taken.
 *
 * Refused: sorting numbers of words instead of copies. Each row would then be
 * read at a random offset of the result's files.
 *
 * The cursor owns the copies of the first rows, its temporary file, and the
 * buffers of the load and the merge. The buffers come from a budget of its own
 * without a limit: their sizes follow from memory_bytes.
 */
#include "tally/spilled_cursor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "count/merge.h"
#include "count/run_file.h"
#include "count/spill.h"

/* Bounds of what is sorted at once. */
#define SORT_BYTES_MIN ((size_t)512 << 10)
#define SORT_BYTES_MAX ((size_t)1 << 30)
/* Runs that are merged at once; fewer if words are long. */
#define RUNS_MAX 64
/* Bounds of the buffer through which a merge reads a run. */
#define MERGE_BYTES_MIN ((size_t)4 << 10)
#define MERGE_BYTES_MAX ((size_t)256 << 10)
#define PIECE_BYTES MERGE_BYTES_MIN
/* Bytes that are read or written between two questions whether to stop. */
#define ASK_BYTES ((uint64_t)256 << 10)

/* A run: the bytes [from, to) of the temporary file. */
struct extent {
  uint64_t from;
  uint64_t to;
};

struct ng_spilled_cursor {
  struct ng_spilled *spilled; /* borrowed */
  struct ng_sort_order order;
  struct ng_budget budget;
  struct ng_spilled_reader reader;
  size_t sort_bytes; /* of a load, and of the first rows */

  /* The first rows. */
  struct ng_sort_item *first; /* owned, with the copies of entries; NULL if all
                                 rows are sorted */
  size_t first_count;
  size_t first_next;  /* index of the next row to give */
  size_t first_bytes; /* of the copies */

  /* All rows. */
  struct ng_temp_file file;
  struct extent runs[RUNS_MAX];
  size_t run_count;
  size_t longest; /* bytes of the longest entry's image so far */
  struct ng_merge merge;
  bool is_merging; /* `merge` has to be freed */
};

/* Whether to stop, asked once in ASK_BYTES of entries, which *bytes counts. */
static bool is_stopped(const struct ng_stop *stop, uint64_t *bytes,
                       const struct ng_spilled_cursor *cursor,
                       const struct ng_entry *entry)
{
  *bytes += ng_entry_bytes(entry, cursor->spilled->wide);
  if (*bytes < ASK_BYTES)
    return false;
  *bytes = 0;
  return ng_stop_asked(stop);
}

struct ng_spilled_cursor *ng_spilled_cursor_new(struct ng_spilled *spilled,
                                                struct ng_sort_order order,
                                                uint64_t memory_bytes)
{
  struct ng_spilled_cursor *cursor = calloc(1, sizeof *cursor);
  uint64_t half = memory_bytes / 2;

  if (!cursor)
    return NULL;
  cursor->spilled = spilled;
  cursor->order = order;
  cursor->sort_bytes = half < SORT_BYTES_MIN   ? SORT_BYTES_MIN
                       : half < SORT_BYTES_MAX ? (size_t)half & ~(size_t)15
                                               : SORT_BYTES_MAX;
  ng_budget_init(&cursor->budget);
  if (ng_spilled_reader_init(&cursor->reader, spilled, &cursor->budget))
    return cursor;
  free(cursor);
  return NULL;
}

/* ----------------------------------------------------------------- first -- */

/* The allocation of a copy: an entry has its wide part before it. */
static void *image_of(struct ng_entry *entry, bool wide)
{
  return (char *)entry - (wide ? sizeof(struct ng_entry_wide) : 0);
}

static void drop_items(struct ng_spilled_cursor *cursor, size_t from, size_t to)
{
  for (size_t i = from; i < to; i++) {
    cursor->first_bytes -=
        ng_entry_bytes(cursor->first[i].entry, cursor->spilled->wide);
    free(image_of(cursor->first[i].entry, cursor->spilled->wide));
  }
}

static void drop_first(struct ng_spilled_cursor *cursor)
{
  drop_items(cursor, 0, cursor->first_count);
  free(cursor->first);
  cursor->first = NULL;
  cursor->first_count = 0;
}

/* Returns a copy of an entry, or NULL if there is no memory. */
static struct ng_entry *copy_entry(const struct ng_entry *entry, bool wide)
{
  void *memory = malloc(ng_entry_bytes(entry, wide));

  return memory ? ng_entry_copy(memory, entry, wide) : NULL;
}

/* Sort the candidates, and drop all after the first `most`. */
static void sort_first(struct ng_spilled_cursor *cursor, size_t most)
{
  size_t count = cursor->first_count;

  ng_sort(cursor->order, cursor->first, count, NULL);
  if (count <= most)
    return;
  drop_items(cursor, most, count);
  cursor->first_count = most;
}

/* Keep a copy of an entry, if it may be among the first. *full tells that the
   first `most` candidates are sorted. Returns 0, or an errno. */
static int consider(struct ng_spilled_cursor *cursor, struct ng_entry *entry,
                    size_t most, bool *full)
{
  struct ng_sort_item item = ng_sort_item(cursor->order, entry);

  if (*full && !ng_sort_before(cursor->order, &item, &cursor->first[most - 1]))
    return 0;
  item.entry = copy_entry(entry, cursor->spilled->wide);
  if (!item.entry)
    return ENOMEM;
  cursor->first[cursor->first_count++] = item;
  cursor->first_bytes += ng_entry_bytes(entry, cursor->spilled->wide);
  if (cursor->first_bytes > cursor->sort_bytes)
    return E2BIG;
  if (cursor->first_count == 2 * most) {
    sort_first(cursor, most);
    *full = true;
  }
  return 0;
}

int ng_spilled_cursor_find_first(struct ng_spilled_cursor *cursor, size_t most,
                                 const struct ng_stop *stop)
{
  uint64_t bytes = 0;
  bool full = false;
  int error = 0;

  drop_first(cursor);
  cursor->first = calloc(2 * most, sizeof *cursor->first);
  if (!cursor->first)
    return ENOMEM;
  for (uint64_t i = 0; i < cursor->spilled->words && !error; i++) {
    struct ng_entry *entry;

    error = ng_spilled_read(&cursor->reader, i, &entry);
    if (!error && is_stopped(stop, &bytes, cursor, entry))
      return ECANCELED;
    if (!error)
      error = consider(cursor, entry, most, &full);
  }
  sort_first(cursor, most);
  cursor->first_next = 0;
  return error;
}

/* ------------------------------------------------------------------ runs -- */

static size_t merge_bytes(const struct ng_spilled_cursor *cursor)
{
  size_t bytes = cursor->sort_bytes / RUNS_MAX;

  if (bytes < MERGE_BYTES_MIN)
    return MERGE_BYTES_MIN;
  return bytes < MERGE_BYTES_MAX ? bytes : MERGE_BYTES_MAX;
}

/* Begin to merge the runs from index `first` on. Returns 0, or an errno. */
static int begin_merge(struct ng_spilled_cursor *cursor, size_t first)
{
  struct ng_merge *merge = &cursor->merge;

  cursor->is_merging = true;
  if (!ng_merge_init(merge, &cursor->budget, cursor->run_count - first,
                     NG_MERGE_SORTED, cursor->spilled->wide,
                     merge_bytes(cursor)))
    return ENOMEM;
  merge->sorted = cursor->order;
  for (size_t i = first; i < cursor->run_count && !merge->error; i++)
    ng_merge_add_file(merge, &cursor->file, cursor->runs[i].from,
                      cursor->runs[i].to);
  return merge->error;
}

static void end_merge(struct ng_spilled_cursor *cursor)
{
  if (cursor->is_merging)
    ng_merge_free(&cursor->merge);
  cursor->is_merging = false;
}

static int compare_runs(const void *a, const void *b)
{
  const struct extent *x = a;
  const struct extent *y = b;

  return (x->to - x->from < y->to - y->from) -
         (x->to - x->from > y->to - y->from);
}

/* Merge the shorter half of the runs, at least two, to one at the end of the
   file. Returns 0, or an errno. */
static int compact(struct ng_spilled_cursor *cursor,
                   struct ng_run_file_writer *writer,
                   const struct ng_stop *stop)
{
  size_t half = cursor->run_count / 2;
  size_t first = cursor->run_count - (half > 2 ? half : 2);
  uint64_t from = cursor->file.size;
  struct ng_entry *entry;
  uint64_t bytes = 0;
  int error;

  qsort(cursor->runs, cursor->run_count, sizeof *cursor->runs, compare_runs);
  error = begin_merge(cursor, first);
  while (!error && (entry = ng_merge_next(&cursor->merge)))
    error = is_stopped(stop, &bytes, cursor, entry)
                ? ECANCELED
                : ng_run_file_write(writer, entry);
  if (!error)
    error =
        cursor->merge.error ? cursor->merge.error : ng_run_file_flush(writer);
  end_merge(cursor);
  for (size_t i = first; i < cursor->run_count && !error; i++)
    ng_temp_file_forget(&cursor->file, cursor->runs[i].from, cursor->runs[i].to,
                        stop);
  cursor->runs[first] = (struct extent){from, cursor->file.size};
  cursor->run_count = first + 1;
  return error;
}

/* What is sorted at once: images of entries grow from the front of the memory,
   items from its end. */
struct load {
  char *memory; /* owned, from the cursor's budget */
  size_t capacity;
  size_t filled; /* bytes of images */
  size_t count;  /* of items */
};

/* The items; the last one added is the first. */
static struct ng_sort_item *items_of(const struct load *load)
{
  return (struct ng_sort_item *)(void *)(load->memory + load->capacity) -
         load->count;
}

/* Copy an entry to the load. Returns false if it is full. */
static bool load_entry(struct load *load,
                       const struct ng_spilled_cursor *cursor,
                       const struct ng_entry *entry)
{
  bool wide = cursor->spilled->wide;
  size_t bytes = ng_entry_bytes(entry, wide);
  size_t left =
      load->capacity - load->filled - load->count * sizeof(struct ng_sort_item);
  char *image = load->memory + load->filled;

  if (left < bytes + sizeof(struct ng_sort_item))
    return false;
  load->filled += bytes;
  load->count++;
  *items_of(load) =
      ng_sort_item(cursor->order, ng_entry_copy(image, entry, wide));
  return true;
}

/* Returns how many runs can be merged at once: a merge holds an entry of each
   run in memory. */
static size_t most_runs(const struct ng_spilled_cursor *cursor)
{
  size_t most = cursor->sort_bytes / (cursor->longest + 1);

  most = most > 2 ? most : 2;
  return most < RUNS_MAX ? most : RUNS_MAX;
}

/* Sort the load and write it as a run; it is empty after that. Returns 0, or an
   errno. */
static int write_load(struct ng_spilled_cursor *cursor, struct load *load,
                      struct ng_run_file_writer *writer,
                      const struct ng_stop *stop)
{
  struct ng_sort_item *items = items_of(load);
  uint64_t from = cursor->file.size;
  uint64_t bytes = 0;
  int error = 0;

  if (!ng_sort(cursor->order, items, load->count, stop))
    return ECANCELED;
  for (size_t i = 0; i < load->count && !error; i++)
    error = is_stopped(stop, &bytes, cursor, items[i].entry)
                ? ECANCELED
                : ng_run_file_write(writer, items[i].entry);
  if (!error)
    error = ng_run_file_flush(writer);
  if (error)
    return error;
  cursor->runs[cursor->run_count++] = (struct extent){from, cursor->file.size};
  load->filled = 0;
  load->count = 0;
  while (cursor->run_count >= most_runs(cursor) && !error)
    error = compact(cursor, writer, stop);
  return error;
}

/* Enlarge the empty load to the size of an entry that does not fit. Returns 0,
   or an errno. */
static int enlarge(struct ng_spilled_cursor *cursor, struct load *load,
                   const struct ng_entry *entry)
{
  size_t bytes = ng_entry_bytes(entry, cursor->spilled->wide) +
                 sizeof(struct ng_sort_item);

  ng_budget_give(&cursor->budget, load->memory, load->capacity);
  load->capacity = (bytes + 15) & ~(size_t)15;
  load->memory = ng_budget_take(&cursor->budget, load->capacity);
  return load->memory ? 0 : ENOMEM;
}

/* Write all entries as sorted runs. Returns 0, or an errno. */
static int make_runs(struct ng_spilled_cursor *cursor, struct load *load,
                     struct ng_run_file_writer *writer,
                     const struct ng_stop *stop)
{
  uint64_t bytes = 0;
  int error = 0;

  for (uint64_t i = 0; i < cursor->spilled->words && !error; i++) {
    struct ng_entry *entry;

    error = ng_spilled_read(&cursor->reader, i, &entry);
    if (!error && is_stopped(stop, &bytes, cursor, entry))
      return ECANCELED;
    if (!error &&
        ng_entry_bytes(entry, cursor->spilled->wide) > cursor->longest)
      cursor->longest = ng_entry_bytes(entry, cursor->spilled->wide);
    if (error || load_entry(load, cursor, entry))
      continue;
    if (load->count > 0)
      error = write_load(cursor, load, writer, stop);
    if (!error && !load_entry(load, cursor, entry)) {
      error = enlarge(cursor, load, entry);
      if (!error)
        load_entry(load, cursor, entry);
    }
  }
  if (!error && load->count > 0)
    error = write_load(cursor, load, writer, stop);
  return error;
}

int ng_spilled_cursor_sort(struct ng_spilled_cursor *cursor,
                           const struct ng_stop *stop)
{
  struct load load = {.capacity = cursor->sort_bytes};
  struct ng_run_file_writer writer = {
      .file = &cursor->file,
      .wide = cursor->spilled->wide,
      .capacity = ng_spill_buffer_bytes(cursor->sort_bytes),
      .piece_bytes = PIECE_BYTES};
  int error = 0;

  drop_first(cursor);
  end_merge(cursor);
  ng_temp_file_close(&cursor->file);
  cursor->run_count = 0;
  load.memory = ng_budget_take(&cursor->budget, load.capacity);
  writer.buffer = ng_budget_take(&cursor->budget, writer.capacity);
  if (!load.memory || !writer.buffer)
    error = ENOMEM;
  if (!error)
    error = ng_temp_file_open(&cursor->file);
  if (!error)
    error = make_runs(cursor, &load, &writer, stop);
  ng_budget_give(&cursor->budget, load.memory, load.capacity);
  ng_budget_give(&cursor->budget, writer.buffer, writer.capacity);
  return error ? error : begin_merge(cursor, 0);
}

/* ------------------------------------------------------------------ rows -- */

void ng_spilled_cursor_free(struct ng_spilled_cursor *cursor)
{
  if (!cursor)
    return;
  drop_first(cursor);
  end_merge(cursor);
  ng_temp_file_close(&cursor->file);
  ng_spilled_reader_free(&cursor->reader);
  free(cursor);
}

int ng_spilled_cursor_next(struct ng_spilled_cursor *cursor,
                           struct ng_entry **entry)
{
  if (cursor->first) {
    *entry = cursor->first[cursor->first_next++].entry;
    return 0;
  }
  *entry = ng_merge_next(&cursor->merge);
  if (*entry)
    return 0;
  return cursor->merge.error ? cursor->merge.error : EIO;
}
