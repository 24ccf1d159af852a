/* SPDX-License-Identifier: MIT */
/*
 * A k-way merge of sorted runs by a binary heap.
 *
 * Each run has a head, its next entry, as an item of a sort: most comparisons
 * are of keys, without a look at the entry. In the order of tables the key is
 * the fingerprint. The heap holds pointers to the runs that are not at their
 * end, the one with the least head on top. A call gives the least head to the
 * caller, and its run moves on only in the next call: until then the caller may
 * use the entry.
 *
 * ng_merge_next_word() copies the first entry of a word and adds those of the
 * same word from other runs to the copy: an entry of a file lies in a buffer
 * that the next step overwrites, and an entry of a table must not change.
 *
 * spill.c merges short runs of its own file by this, spilled.c the runs of all
 * tables, tally/spilled_cursor.c the runs that it has sorted. Memory is taken
 * from the budget: a buffer for each run in a file, and one sum. A reduce of
 * tables in memory is a merge of its own (reduce.c), which copies nothing.
 */
#include "count/merge.h"

#include <errno.h>

/* Comparing this much of a word takes as long as a step. */
#define LONG_STEP_BYTES 64

struct ng_merge_run {
  struct ng_sort_item head;
  struct ng_run_file_reader reader; /* if it is in a file */
  struct ng_slots_cursor cursor;    /* if it is in a table: at the next entry */
  uint32_t last;                    /* fingerprint for the cursor */
};

bool ng_merge_init(struct ng_merge *merge, struct ng_budget *budget,
                   size_t capacity, enum ng_merge_order order, bool wide,
                   size_t buffer_bytes)
{
  *merge = (struct ng_merge){.budget = budget,
                             .order = order,
                             .wide = wide,
                             .buffer_bytes = buffer_bytes,
                             .capacity = capacity};
  merge->runs = ng_budget_take(budget, (capacity + 1) * sizeof *merge->runs);
  merge->heap = ng_budget_take(budget, (capacity + 1) * sizeof *merge->heap);
  return merge->runs && merge->heap;
}

void ng_merge_free(struct ng_merge *merge)
{
  for (size_t i = 0; merge->runs && i < merge->added; i++)
    if (merge->runs[i].reader.buffer)
      ng_run_file_reader_free(&merge->runs[i].reader);
  ng_budget_give(merge->budget, merge->sum, merge->sum_bytes);
  ng_budget_give(merge->budget, merge->runs,
                 (merge->capacity + 1) * sizeof *merge->runs);
  ng_budget_give(merge->budget, merge->heap,
                 (merge->capacity + 1) * sizeof *merge->heap);
  *merge = (struct ng_merge){.budget = merge->budget};
}

/* ----------------------------------------------------------------- runs -- */

/* The next entry of a table, or NULL at the end of the range. */
static struct ng_entry *step_in_table(struct ng_merge_run *run)
{
  struct ng_entry *entry;

  if (!run->cursor.at)
    return NULL;
  entry = ng_slots_entry(run->cursor.slots, run->cursor.at);
  ng_slots_cursor_next(&run->cursor, run->last);
  return entry;
}

/* Go to the run's next entry. Returns false at the end, or after an error. */
static bool step(struct ng_merge *merge, struct ng_merge_run *run)
{
  struct ng_entry *entry = NULL;

  if (run->cursor.slots)
    entry = step_in_table(run);
  else
    merge->error = ng_run_file_read(&run->reader, &entry);
  if (!entry)
    return false;
  if (merge->order == NG_MERGE_BY_FINGERPRINT)
    run->head = (struct ng_sort_item){ng_entry_fingerprint(entry), entry};
  else
    run->head = ng_sort_item(merge->sorted, entry);
  return true;
}

/* ----------------------------------------------------------------- heap -- */

static bool is_before(const struct ng_merge *merge, size_t a, size_t b)
{
  return ng_sort_before(merge->sorted, &merge->heap[a]->head,
                        &merge->heap[b]->head);
}

static void swap(struct ng_merge *merge, size_t a, size_t b)
{
  struct ng_merge_run *kept = merge->heap[a];

  merge->heap[a] = merge->heap[b];
  merge->heap[b] = kept;
}

/* Put the run at `at`, whose head has grown, back to its position. */
static void sift_down(struct ng_merge *merge, size_t at)
{
  for (size_t child; (child = 2 * at + 1) < merge->heap_count; at = child) {
    if (child + 1 < merge->heap_count && is_before(merge, child + 1, child))
      child++;
    if (!is_before(merge, child, at))
      return;
    swap(merge, child, at);
  }
}

/* Put a run that was added at `at` to its position. */
static void sift_up(struct ng_merge *merge, size_t at)
{
  for (; at > 0 && is_before(merge, at, (at - 1) / 2); at = (at - 1) / 2)
    swap(merge, at, (at - 1) / 2);
}

/* ------------------------------------------------------------------ add -- */

/* Put a new run into the heap, unless it is empty. */
static void put(struct ng_merge *merge, struct ng_merge_run *run)
{
  merge->added++;
  if (!step(merge, run))
    return;
  merge->heap[merge->heap_count++] = run;
  sift_up(merge, merge->heap_count - 1);
}

bool ng_merge_add_file(struct ng_merge *merge, const struct ng_temp_file *file,
                       uint64_t from, uint64_t to)
{
  struct ng_merge_run *run = &merge->runs[merge->added];
  size_t bytes = merge->buffer_bytes;

  if (to - from < bytes)
    bytes = to > from ? (size_t)(to - from) : 8;
  if (!ng_run_file_reader_init(&run->reader, merge->budget, bytes,
                               merge->wide)) {
    merge->error = ENOMEM;
    return false;
  }
  ng_run_file_reader_set(&run->reader, file, from, to);
  put(merge, run);
  return merge->error == 0;
}

void ng_merge_add_slots(struct ng_merge *merge, const struct ng_slots *slots,
                        uint32_t first, uint32_t last)
{
  struct ng_merge_run *run = &merge->runs[merge->added];

  run->cursor = ng_slots_cursor_open(slots, first, last);
  run->last = last;
  put(merge, run);
}

/* ----------------------------------------------------------------- next -- */

/* The run with the least head that was not given out, or NULL. */
static struct ng_merge_run *least(struct ng_merge *merge)
{
  if (merge->given) {
    merge->given = false;
    merge->steps += 1 + merge->heap[0]->head.entry->length / LONG_STEP_BYTES;
    if (!step(merge, merge->heap[0])) {
      if (merge->error)
        return NULL;
      merge->heap[0] = merge->heap[--merge->heap_count];
    }
    sift_down(merge, 0);
  }
  return merge->heap_count > 0 && !merge->error ? merge->heap[0] : NULL;
}

struct ng_entry *ng_merge_next(struct ng_merge *merge)
{
  struct ng_merge_run *run = least(merge);

  if (!run)
    return NULL;
  merge->given = true;
  return run->head.entry;
}

/* Copy an entry to where it is added up. Returns NULL if there is no memory. */
static struct ng_entry *begin_sum(struct ng_merge *merge,
                                  const struct ng_entry *entry)
{
  size_t bytes = ng_entry_bytes(entry, merge->wide);

  if (bytes > merge->sum_bytes) {
    ng_budget_give(merge->budget, merge->sum, merge->sum_bytes);
    merge->sum_bytes = (bytes | 1023) + 1;
    merge->sum = ng_budget_take(merge->budget, merge->sum_bytes);
  }
  if (!merge->sum) {
    merge->sum_bytes = 0;
    merge->error = ENOMEM;
    return NULL;
  }
  return ng_entry_copy(merge->sum, entry, merge->wide);
}

struct ng_entry *ng_merge_next_word(struct ng_merge *merge)
{
  struct ng_merge_run *run = least(merge);
  struct ng_entry *sum;
  uint64_t fingerprint;

  if (!run)
    return NULL;
  fingerprint = run->head.key;
  sum = begin_sum(merge, run->head.entry);
  if (!sum)
    return NULL;
  merge->given = true;
  while ((run = least(merge)) && run->head.key == fingerprint &&
         ng_entry_compare(run->head.entry, sum) == 0) {
    ng_entry_add(sum, run->head.entry, merge->wide);
    merge->given = true;
  }
  return merge->error ? NULL : sum;
}
