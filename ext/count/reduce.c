/* SPDX-License-Identifier: MIT */
/*
 * A merge of tables, partition by partition.
 *
 * Every table is sorted by (fingerprint, word), so a partition, a range of
 * fingerprints, is a stretch of slots in each of them, and merging reads those
 * from front to back. Entries are not copied: the first table that has a word
 * gives its entry, and the sums of the others are added to it. An entry is
 * touched only if another one has its fingerprint: as a rule the same word,
 * that several workers met.
 *
 * The cursors of all tables are in a heap, the one with the least fingerprint
 * on top. (Without a heap, a look at every cursor takes a third less time for 8
 * tables. For a thousand tables it takes microseconds a word, most of them for
 * cursors that are in no cache.)
 *
 * The next entries are taken HEADS at a time, by their fingerprints alone.
 * Those that have the fingerprint of a neighbour have to be compared, and are
 * prefetched: they come from memory together, not one after the other.
 *
 * Memory: a partition has an array of pointers with room for all its words, as
 * if no two tables had the same; ng_reduce_finish() copies the arrays to one
 * and frees them. If a table has spilled, a partition is a part (spill.h), and
 * spilled.c merges it to a file.
 */
#include "count/reduce.h"

#include <stdlib.h>
#include <string.h>

/* Enough partitions for threads that run at different speeds. */
#define PARTITIONS_PER_THREAD 8
/* With fewer words a partition costs more than it gives. */
#define PARTITION_WORDS_MIN 4096
/* A partition is merged without a look at a stop flag: one of this size in some
   10 ms, with a thousand tables in 40. */
#define PARTITION_WORDS_MAX ((size_t)128 << 10)

/* Entries that are taken before the first of them is looked at. */
#define HEADS 32

/* The cursors of a partition that are not at their ends, in a heap: none has a
   lesser fingerprint than the one at half its position. */
struct runs {
  struct ng_slots_cursor *cursors;
  size_t count;
};

static unsigned choose_bits(struct ng_table **tables, size_t table_count,
                            unsigned threads)
{
  size_t words = 0;
  unsigned bits = 0;

  for (size_t i = 0; i < table_count; i++)
    words += tables[i]->word_count;
  while (bits < 16 && (words >> bits) > PARTITION_WORDS_MIN &&
         ((words >> bits) > PARTITION_WORDS_MAX ||
          (1u << bits) < threads * PARTITIONS_PER_THREAD))
    bits++;
  return bits;
}

bool ng_reduce_init(struct ng_reduce *reduce, struct ng_budget *budget,
                    struct ng_table **tables, size_t table_count,
                    unsigned threads)
{
  *reduce = (struct ng_reduce){
      .budget = budget,
      .tables = tables,
      .table_count = table_count,
      .partition_bits = choose_bits(tables, table_count, threads),
  };
  for (size_t i = 0; i < table_count; i++)
    if (ng_table_has_spilled(tables[i])) {
      reduce->partition_bits = NG_SPILL_PART_BITS;
      reduce->spilled = ng_spilled_new(budget, threads, tables[0]->wide);
      return reduce->spilled != NULL;
    }
  reduce->partitions =
      calloc((size_t)1 << reduce->partition_bits, sizeof *reduce->partitions);
  return reduce->partitions != NULL;
}

static void free_partition(struct ng_reduce *reduce,
                           struct ng_reduce_partition *p)
{
  ng_budget_give(reduce->budget, p->entries, p->capacity * sizeof *p->entries);
  p->entries = NULL;
}

void ng_reduce_free(struct ng_reduce *reduce)
{
  ng_spilled_free(reduce->spilled);
  reduce->spilled = NULL;
  if (!reduce->partitions)
    return;
  for (size_t i = 0; i < (size_t)1 << reduce->partition_bits; i++)
    free_partition(reduce, &reduce->partitions[i]);
  free(reduce->partitions);
  reduce->partitions = NULL;
}

/* Put the cursor at `at`, whose fingerprint has grown, back to its position. */
static void sift_down(struct runs *runs, size_t at)
{
  struct ng_slots_cursor moved = runs->cursors[at];

  for (;;) {
    size_t child = 2 * at + 1;

    if (child + 1 < runs->count &&
        runs->cursors[child + 1].fingerprint < runs->cursors[child].fingerprint)
      child++;
    if (child >= runs->count ||
        runs->cursors[child].fingerprint >= moved.fingerprint)
      break;
    runs->cursors[at] = runs->cursors[child];
    at = child;
  }
  runs->cursors[at] = moved;
}

/* Drop cursors at their ends, and make a heap of the others. */
static void order_runs(struct runs *runs)
{
  size_t kept = 0;

  for (size_t i = 0; i < runs->count; i++)
    if (runs->cursors[i].at)
      runs->cursors[kept++] = runs->cursors[i];
  runs->count = kept;
  for (size_t i = kept / 2; i > 0; i--)
    sift_down(runs, i - 1);
}

/* Move the first cursor on. */
static void take_first(struct runs *runs, uint32_t last)
{
  ng_slots_cursor_next(&runs->cursors[0], last);
  if (!runs->cursors[0].at)
    runs->cursors[0] = runs->cursors[--runs->count];
  if (runs->count > 1)
    sift_down(runs, 0);
}

/* An entry on its way into a partition. */
struct head {
  struct ng_entry *entry;
  uint32_t fingerprint;
};

static void prefetch_head(const struct head *head)
{
  __builtin_prefetch(head->entry, 1);
  __builtin_prefetch(&head->entry->word[15]);
}

/* Take the next heads, in order of their fingerprints. Returns their number:
   HEADS, or all that are left. */
static size_t take_heads(struct runs *runs, uint32_t last, struct head *heads)
{
  size_t count = 0;

  while (count < HEADS && runs->count > 0) {
    const struct ng_slots_cursor *first = &runs->cursors[0];
    struct head *head = &heads[count++];

    *head = (struct head){ng_slots_entry(first->slots, first->at),
                          first->fingerprint};
    take_first(runs, last);
    if (count > 1 && head[-1].fingerprint == head->fingerprint) {
      prefetch_head(&head[-1]);
      prefetch_head(head);
    }
  }
  return count;
}

/* Make room for every word of the runs, as if all were different. Returns false
   if there is no memory. */
static bool make_room(struct ng_reduce *reduce,
                      struct ng_reduce_partition *partition,
                      const struct runs *runs, uint32_t last)
{
  size_t words = 0;

  for (size_t i = 0; i < runs->count; i++)
    for (struct ng_slots_cursor cursor = runs->cursors[i]; cursor.at;
         ng_slots_cursor_next(&cursor, last))
      words++;
  if (words == 0)
    return true;
  partition->capacity = words;
  partition->entries =
      ng_budget_take(reduce->budget, words * sizeof *partition->entries);
  return partition->entries != NULL;
}

/* The last entries of a partition, all with one fingerprint. */
struct group {
  uint32_t fingerprint;
  size_t count;
};

/* Put an entry at the end of a partition, in order of bytes among those with
   its fingerprint; or add its sums to the one that has its word. */
static void put_head(struct ng_reduce *reduce,
                     struct ng_reduce_partition *partition, struct group *group,
                     const struct head *head)
{
  struct ng_entry **end = partition->entries + partition->entry_count;
  size_t greater = 0;

  if (head->fingerprint != group->fingerprint)
    *group = (struct group){head->fingerprint, 0};
  for (; greater < group->count; greater++) {
    struct ng_entry *other = end[-1 - (ptrdiff_t)greater];
    int order = ng_entry_compare(other, head->entry);

    if (order < 0)
      break;
    if (order == 0) {
      if (!ng_entry_add(other, head->entry, reduce->tables[0]->wide))
        atomic_store(&reduce->overflowed, true);
      return;
    }
  }
  memmove(end - greater + 1, end - greater, greater * sizeof *end);
  end[-(ptrdiff_t)greater] = head->entry;
  partition->entry_count++;
  group->count++;
}

static void merge_runs(struct ng_reduce *reduce,
                       struct ng_reduce_partition *partition, struct runs *runs,
                       uint32_t last)
{
  struct group group = {.count = 0};
  struct head heads[HEADS];
  size_t count;

  do {
    count = take_heads(runs, last, heads);
    for (size_t i = 0; i < count; i++)
      put_head(reduce, partition, &group, &heads[i]);
  } while (count == HEADS);
}

static bool reduce_partition(struct ng_reduce *reduce, size_t index)
{
  unsigned shift = 32 - reduce->partition_bits;
  uint64_t first = (uint64_t)index << shift;
  uint64_t last = first + ((uint64_t)1 << shift) - 1;
  struct ng_reduce_partition *partition = &reduce->partitions[index];
  struct runs runs = {malloc(reduce->table_count * sizeof *runs.cursors),
                      reduce->table_count};
  bool ok;

  if (!runs.cursors)
    return false;
  for (size_t i = 0; i < runs.count; i++)
    runs.cursors[i] = ng_slots_cursor_open(&reduce->tables[i]->slots,
                                           (uint32_t)first, (uint32_t)last);
  order_runs(&runs);
  ok = make_room(reduce, partition, &runs, (uint32_t)last);
  if (ok)
    merge_runs(reduce, partition, &runs, (uint32_t)last);
  free(runs.cursors);
  return ok;
}

bool ng_reduce_step(struct ng_reduce *reduce, unsigned thread, bool *more)
{
  size_t index = atomic_fetch_add(&reduce->next, 1);

  *more = index < (size_t)1 << reduce->partition_bits;
  if (!*more)
    return true;
  if (!reduce->spilled)
    return reduce_partition(reduce, index);
  return ng_spilled_merge(reduce->spilled, thread, index, reduce->tables,
                          reduce->table_count);
}

struct ng_spilled *ng_reduce_take_spilled(struct ng_reduce *reduce)
{
  struct ng_spilled *spilled = reduce->spilled;

  reduce->spilled = NULL;
  ng_spilled_end(spilled);
  return spilled;
}

static struct ng_entry **join_partitions(struct ng_reduce *reduce,
                                         const struct ng_stop *stop,
                                         size_t count)
{
  struct ng_entry **entries =
      ng_budget_take(reduce->budget, count * sizeof *entries);
  size_t at = 0;

  if (!entries)
    return NULL;
  for (size_t i = 0; i < (size_t)1 << reduce->partition_bits; i++) {
    struct ng_reduce_partition *p = &reduce->partitions[i];

    if (ng_stop_asked(stop)) {
      ng_budget_give(reduce->budget, entries, count * sizeof *entries);
      return NULL;
    }
    if (p->entry_count > 0)
      memcpy(entries + at, p->entries, p->entry_count * sizeof *entries);
    at += p->entry_count;
    free_partition(reduce, p);
  }
  return entries;
}

bool ng_reduce_finish(struct ng_reduce *reduce, const struct ng_stop *stop,
                      struct ng_entry ***entries, size_t *count)
{
  *count = 0;
  *entries = NULL;
  for (size_t i = 0; i < reduce->table_count; i++)
    ng_table_drop_slots(reduce->tables[i]);
  for (size_t i = 0; i < (size_t)1 << reduce->partition_bits; i++)
    *count += reduce->partitions[i].entry_count;
  if (*count == 0)
    return true;
  *entries = join_partitions(reduce, stop, *count);
  return *entries != NULL;
}
