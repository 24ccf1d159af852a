/* SPDX-License-Identifier: MIT */
#include "tally/spilled_cursor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "count/merge.h"
#include "count/run_file.h"
#include "count/spill.h"

#define SORT_BYTES_MIN ((size_t)512 << 10)
#define SORT_BYTES_MAX ((size_t)1 << 30)
/* Runs that are merged at once, fewer where words are long, through buffers of
   so many bytes. */
#define RUNS_MAX 64
#define MERGE_BYTES_MIN ((size_t)4 << 10)
#define MERGE_BYTES_MAX ((size_t)256 << 10)
#define PIECE_BYTES MERGE_BYTES_MIN
/* Read or written between two questions whether to stop. */
#define ASK_BYTES ((uint64_t)256 << 10)

/* A run of the file. */
struct extent {
  uint64_t from;
  uint64_t to;
};

struct ng_spilled_cursor {
  struct ng_spilled *spilled; /* borrowed */
  struct ng_sort_order order;
  struct ng_budget budget;
  struct ng_spilled_reader reader;
  size_t sort_bytes;

  /* The first rows. */
  struct ng_sort_item *first; /* owned, and the images of the entries */
  size_t first_count;
  size_t first_next;
  size_t first_bytes; /* of the images */

  /* All rows. */
  struct ng_temp_file file;
  struct extent runs[RUNS_MAX];
  size_t run_count;
  size_t longest; /* bytes of an entry's image */
  struct ng_merge merge;
  bool is_merging;
};

/* Whether to stop, asked once in so many bytes, which *bytes counts. */
static bool is_stopped(const struct ng_stop *stop, uint64_t *bytes,
                       const struct ng_spilled_cursor *walk,
                       const struct ng_entry *entry)
{
  *bytes += ng_entry_bytes(entry, walk->spilled->wide);
  if (*bytes < ASK_BYTES)
    return false;
  *bytes = 0;
  return ng_stop_asked(stop);
}

struct ng_spilled_cursor *ng_spilled_cursor_new(struct ng_spilled *spilled,
                                                struct ng_sort_order order,
                                                uint64_t memory_bytes)
{
  struct ng_spilled_cursor *walk = calloc(1, sizeof *walk);
  uint64_t half = memory_bytes / 2;

  if (!walk)
    return NULL;
  walk->spilled = spilled;
  walk->order = order;
  walk->sort_bytes = half < SORT_BYTES_MIN   ? SORT_BYTES_MIN
                     : half < SORT_BYTES_MAX ? (size_t)half & ~(size_t)15
                                             : SORT_BYTES_MAX;
  ng_budget_init(&walk->budget);
  if (ng_spilled_reader_init(&walk->reader, spilled, &walk->budget))
    return walk;
  free(walk);
  return NULL;
}

/* ----------------------------------------------------------------- first -- */

static void *image_of(struct ng_entry *entry, bool wide)
{
  return (char *)entry - (wide ? sizeof(struct ng_entry_wide) : 0);
}

static void drop_items(struct ng_spilled_cursor *walk, size_t from, size_t to)
{
  for (size_t i = from; i < to; i++) {
    walk->first_bytes -=
        ng_entry_bytes(walk->first[i].entry, walk->spilled->wide);
    free(image_of(walk->first[i].entry, walk->spilled->wide));
  }
}

static void drop_first(struct ng_spilled_cursor *walk)
{
  drop_items(walk, 0, walk->first_count);
  free(walk->first);
  walk->first = NULL;
  walk->first_count = 0;
}

/* A copy of an entry; NULL: no memory. */
static struct ng_entry *copy_entry(const struct ng_entry *entry, bool wide)
{
  size_t before = wide ? sizeof(struct ng_entry_wide) : 0;
  size_t bytes = ng_entry_bytes(entry, wide);
  char *copy = calloc(1, bytes);

  if (!copy)
    return NULL;
  memcpy(copy, ng_entry_image(entry, wide),
         before + offsetof(struct ng_entry, word) + entry->length);
  return (void *)(copy + before);
}

/* Keep the best of the candidates, at most so many, in order. */
static void sort_first(struct ng_spilled_cursor *walk, size_t most)
{
  size_t count = walk->first_count;

  ng_sort(walk->order, walk->first, count, NULL);
  if (count <= most)
    return;
  drop_items(walk, most, count);
  walk->first_count = most;
}

/* Keep an entry as a candidate, if it may be one. *full: there are `most` of
   them already that are in order. Returns 0, or an errno. */
static int consider(struct ng_spilled_cursor *walk, struct ng_entry *entry,
                    size_t most, bool *full)
{
  struct ng_sort_item item = ng_sort_item(walk->order, entry);

  if (*full && !ng_sort_before(walk->order, &item, &walk->first[most - 1]))
    return 0;
  item.entry = copy_entry(entry, walk->spilled->wide);
  if (!item.entry)
    return ENOMEM;
  walk->first[walk->first_count++] = item;
  walk->first_bytes += ng_entry_bytes(entry, walk->spilled->wide);
  if (walk->first_bytes > walk->sort_bytes)
    return E2BIG;
  if (walk->first_count == 2 * most) {
    sort_first(walk, most);
    *full = true;
  }
  return 0;
}

int ng_spilled_cursor_find_first(struct ng_spilled_cursor *walk, size_t most,
                                 const struct ng_stop *stop)
{
  uint64_t bytes = 0;
  bool full = false;
  int error = 0;

  drop_first(walk);
  walk->first = calloc(2 * most, sizeof *walk->first);
  if (!walk->first)
    return ENOMEM;
  for (uint64_t i = 0; i < walk->spilled->words && !error; i++) {
    struct ng_entry *entry;

    error = ng_spilled_read(&walk->reader, i, &entry);
    if (!error && is_stopped(stop, &bytes, walk, entry))
      return ECANCELED;
    if (!error)
      error = consider(walk, entry, most, &full);
  }
  sort_first(walk, most);
  walk->first_next = 0;
  return error;
}

/* ------------------------------------------------------------------ runs -- */

static size_t merge_bytes(const struct ng_spilled_cursor *walk)
{
  size_t bytes = walk->sort_bytes / RUNS_MAX;

  if (bytes < MERGE_BYTES_MIN)
    return MERGE_BYTES_MIN;
  return bytes < MERGE_BYTES_MAX ? bytes : MERGE_BYTES_MAX;
}

/* Begin to merge the runs from `first` on. Returns 0, or an errno. */
static int begin_merge(struct ng_spilled_cursor *walk, size_t first)
{
  struct ng_merge *merge = &walk->merge;

  walk->is_merging = true;
  if (!ng_merge_init(merge, &walk->budget, walk->run_count - first,
                     NG_MERGE_SORTED, walk->spilled->wide, merge_bytes(walk)))
    return ENOMEM;
  merge->sorted = walk->order;
  for (size_t i = first; i < walk->run_count && !merge->error; i++)
    ng_merge_add_file(merge, &walk->file, walk->runs[i].from, walk->runs[i].to);
  return merge->error;
}

static void end_merge(struct ng_spilled_cursor *walk)
{
  if (walk->is_merging)
    ng_merge_free(&walk->merge);
  walk->is_merging = false;
}

static int compare_runs(const void *a, const void *b)
{
  const struct extent *x = a;
  const struct extent *y = b;

  return (x->to - x->from < y->to - y->from) -
         (x->to - x->from > y->to - y->from);
}

/* Merge the shorter half of the runs to one, behind all. Returns 0, or an
 * errno.
 */
static int compact(struct ng_spilled_cursor *walk,
                   struct ng_run_file_writer *writer,
                   const struct ng_stop *stop)
{
  size_t half = walk->run_count / 2;
  size_t first = walk->run_count - (half > 2 ? half : 2);
  uint64_t from = walk->file.size;
  struct ng_entry *entry;
  uint64_t bytes = 0;
  int error;

  qsort(walk->runs, walk->run_count, sizeof *walk->runs, compare_runs);
  error = begin_merge(walk, first);
  while (!error && (entry = ng_merge_next(&walk->merge)))
    error = is_stopped(stop, &bytes, walk, entry)
                ? ECANCELED
                : ng_run_file_write(writer, entry);
  if (!error)
    error = walk->merge.error ? walk->merge.error : ng_run_file_flush(writer);
  end_merge(walk);
  for (size_t i = first; i < walk->run_count && !error; i++)
    ng_temp_file_forget(&walk->file, walk->runs[i].from, walk->runs[i].to,
                        stop);
  walk->runs[first] = (struct extent){from, walk->file.size};
  walk->run_count = first + 1;
  return error;
}

/* What is sorted at once: images of entries grow from the front of the memory,
   items from its end. */
struct load {
  char *memory;
  size_t capacity;
  size_t filled;
  size_t count;
};

/* The items, the one taken last first. */
static struct ng_sort_item *items_of(const struct load *load)
{
  return (struct ng_sort_item *)(void *)(load->memory + load->capacity) -
         load->count;
}

/* False: it is full. */
static bool load_entry(struct load *load, const struct ng_spilled_cursor *walk,
                       const struct ng_entry *entry)
{
  bool wide = walk->spilled->wide;
  size_t before = wide ? sizeof(struct ng_entry_wide) : 0;
  size_t bytes = ng_entry_bytes(entry, wide);
  size_t left =
      load->capacity - load->filled - load->count * sizeof(struct ng_sort_item);
  char *image = load->memory + load->filled;

  if (left < bytes + sizeof(struct ng_sort_item))
    return false;
  memcpy(image, ng_entry_image(entry, wide),
         before + offsetof(struct ng_entry, word) + entry->length);
  load->filled += bytes;
  load->count++;
  *items_of(load) = ng_sort_item(walk->order, (void *)(image + before));
  return true;
}

/* A merge has an entry of each run in memory. */
static size_t most_runs(const struct ng_spilled_cursor *walk)
{
  size_t most = walk->sort_bytes / (walk->longest + 1);

  most = most > 2 ? most : 2;
  return most < RUNS_MAX ? most : RUNS_MAX;
}

/* Sort what is loaded, and write it as a run. Returns 0, or an errno. */
static int write_load(struct ng_spilled_cursor *walk, struct load *load,
                      struct ng_run_file_writer *writer,
                      const struct ng_stop *stop)
{
  struct ng_sort_item *items = items_of(load);
  uint64_t from = walk->file.size;
  uint64_t bytes = 0;
  int error = 0;

  if (!ng_sort(walk->order, items, load->count, stop))
    return ECANCELED;
  for (size_t i = 0; i < load->count && !error; i++)
    error = is_stopped(stop, &bytes, walk, items[i].entry)
                ? ECANCELED
                : ng_run_file_write(writer, items[i].entry);
  if (!error)
    error = ng_run_file_flush(writer);
  if (error)
    return error;
  walk->runs[walk->run_count++] = (struct extent){from, walk->file.size};
  load->filled = 0;
  load->count = 0;
  while (walk->run_count >= most_runs(walk) && !error)
    error = compact(walk, writer, stop);
  return error;
}

/* Make room for an entry that is longer than all that is sorted at once. */
static int enlarge(struct ng_spilled_cursor *walk, struct load *load,
                   const struct ng_entry *entry)
{
  size_t bytes =
      ng_entry_bytes(entry, walk->spilled->wide) + sizeof(struct ng_sort_item);

  ng_budget_give(&walk->budget, load->memory, load->capacity);
  load->capacity = (bytes + 15) & ~(size_t)15;
  load->memory = ng_budget_take(&walk->budget, load->capacity);
  return load->memory ? 0 : ENOMEM;
}

static int make_runs(struct ng_spilled_cursor *walk, struct load *load,
                     struct ng_run_file_writer *writer,
                     const struct ng_stop *stop)
{
  uint64_t bytes = 0;
  int error = 0;

  for (uint64_t i = 0; i < walk->spilled->words && !error; i++) {
    struct ng_entry *entry;

    error = ng_spilled_read(&walk->reader, i, &entry);
    if (!error && is_stopped(stop, &bytes, walk, entry))
      return ECANCELED;
    if (!error && ng_entry_bytes(entry, walk->spilled->wide) > walk->longest)
      walk->longest = ng_entry_bytes(entry, walk->spilled->wide);
    if (error || load_entry(load, walk, entry))
      continue;
    if (load->count > 0)
      error = write_load(walk, load, writer, stop);
    if (!error && !load_entry(load, walk, entry)) {
      error = enlarge(walk, load, entry);
      if (!error)
        load_entry(load, walk, entry);
    }
  }
  if (!error && load->count > 0)
    error = write_load(walk, load, writer, stop);
  return error;
}

int ng_spilled_cursor_sort(struct ng_spilled_cursor *walk,
                           const struct ng_stop *stop)
{
  struct load load = {.capacity = walk->sort_bytes};
  struct ng_run_file_writer writer = {
      .file = &walk->file,
      .wide = walk->spilled->wide,
      .capacity = ng_spill_buffer_bytes(walk->sort_bytes),
      .piece_bytes = PIECE_BYTES};
  int error = 0;

  drop_first(walk);
  end_merge(walk);
  ng_temp_file_close(&walk->file);
  walk->run_count = 0;
  load.memory = ng_budget_take(&walk->budget, load.capacity);
  writer.buffer = ng_budget_take(&walk->budget, writer.capacity);
  if (!load.memory || !writer.buffer)
    error = ENOMEM;
  if (!error)
    error = ng_temp_file_open(&walk->file);
  if (!error)
    error = make_runs(walk, &load, &writer, stop);
  ng_budget_give(&walk->budget, load.memory, load.capacity);
  ng_budget_give(&walk->budget, writer.buffer, writer.capacity);
  return error ? error : begin_merge(walk, 0);
}

/* ------------------------------------------------------------------ walk -- */

void ng_spilled_cursor_free(struct ng_spilled_cursor *walk)
{
  if (!walk)
    return;
  drop_first(walk);
  end_merge(walk);
  ng_temp_file_close(&walk->file);
  ng_spilled_reader_free(&walk->reader);
  free(walk);
}

int ng_spilled_cursor_next(struct ng_spilled_cursor *walk,
                           struct ng_entry **entry)
{
  if (walk->first) {
    *entry = walk->first[walk->first_next++].entry;
    return 0;
  }
  *entry = ng_merge_next(&walk->merge);
  if (*entry)
    return 0;
  return walk->merge.error ? walk->merge.error : EIO;
}
