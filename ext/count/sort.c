/* SPDX-License-Identifier: MIT */
/*
 * Introsort: quicksort (median of three, smaller part first), which leaves
 * short pieces to an insertion sort, and to heapsort the pieces that a bad
 * order would make quadratic (Musser, "Introspective sorting and selection
 * algorithms", 1997). Most comparisons are of keys: a word's first eight bytes,
 * or a total, inverted for a descending order.
 *
 * ng_sort_first() collects up to 2 * most items, then sorts them and keeps the
 * first `most`. From then on it takes only items that go before the last of
 * those.
 *
 * All memory is the caller's. tally/cursor.c sorts all entries of a result in
 * several threads, a part of the entries each. tally/spilled_cursor.c sorts
 * what fits into memory, tally/view.c the words of a list. A stop takes effect
 * within milliseconds.
 */
#include "count/sort.h"

#include <string.h>

#include "base/hints.h"

/* Shorter pieces are sorted by insertion. */
#define SHORT_COUNT 16
/* Pieces this long ask whether to stop: some milliseconds of work. */
#define ASK_COUNT ((size_t)32 << 10)
/* Pieces this long ask while they are partitioned, too. */
#define MANY_COUNT (8 * ASK_COUNT)
/* Entries lie anywhere in memory: those so far ahead are fetched. */
#define PREFETCH_ENTRIES 16

/* The first eight bytes of a word, as a number that sorts as the bytes do. */
static uint64_t word_key(const struct ng_entry *entry)
{
  unsigned char bytes[8] = {0};
  uint64_t key = 0;

  memcpy(bytes, entry->word, entry->length < 8 ? entry->length : 8);
  for (size_t i = 0; i < 8; i++)
    key = key << 8 | bytes[i];
  return key;
}

struct ng_sort_item ng_sort_item(struct ng_sort_order order,
                                 struct ng_entry *entry)
{
  uint64_t key = order.by_total ? entry->total : word_key(entry);

  return (struct ng_sort_item){order.descending ? ~key : key, entry};
}

/* Whether `a` goes before `b` when their keys are equal. */
static NG_COLD bool entry_before(struct ng_sort_order order,
                                 const struct ng_entry *a,
                                 const struct ng_entry *b)
{
  if (order.descending && !order.by_total)
    return ng_entry_compare(b, a) < 0;
  return ng_entry_compare(a, b) < 0;
}

static inline bool is_before(struct ng_sort_order order,
                             const struct ng_sort_item *a,
                             const struct ng_sort_item *b)
{
  if (NG_LIKELY(a->key != b->key))
    return a->key < b->key;
  return a->entry != b->entry && entry_before(order, a->entry, b->entry);
}

bool ng_sort_before(struct ng_sort_order order, const struct ng_sort_item *a,
                    const struct ng_sort_item *b)
{
  return is_before(order, a, b);
}

static inline void swap(struct ng_sort_item *a, struct ng_sort_item *b)
{
  struct ng_sort_item kept = *a;

  *a = *b;
  *b = kept;
}

static void insertion_sort(struct ng_sort_order order,
                           struct ng_sort_item *items, size_t count)
{
  for (size_t i = 1; i < count; i++) {
    struct ng_sort_item item = items[i];
    size_t at = i;

    for (; at > 0 && is_before(order, &item, &items[at - 1]); at--)
      items[at] = items[at - 1];
    items[at] = item;
  }
}

/* Let the item at `at` sink in a heap whose last item in the order is first. */
static void sift_down(struct ng_sort_order order, struct ng_sort_item *items,
                      size_t count, size_t at)
{
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && is_before(order, &items[child], &items[child + 1]))
      child++;
    if (!is_before(order, &items[at], &items[child]))
      return;
    swap(&items[at], &items[child]);
  }
}

static bool heapsort(struct ng_sort_order order, struct ng_sort_item *items,
                     size_t count, const struct ng_stop *stop)
{
  for (size_t i = count / 2; i-- > 0;) {
    if (i % ASK_COUNT == ASK_COUNT - 1 && ng_stop_asked(stop))
      return false;
    sift_down(order, items, count, i);
  }
  for (size_t left = count; left > 1; left--) {
    if (left % ASK_COUNT == 0 && ng_stop_asked(stop))
      return false;
    swap(&items[0], &items[left - 1]);
    sift_down(order, items, left - 1, 0);
  }
  return true;
}

/* Put the median of the first, middle and last item first. */
static void choose_pivot(struct ng_sort_order order, struct ng_sort_item *items,
                         size_t count)
{
  struct ng_sort_item *a = &items[1];
  struct ng_sort_item *b = &items[count / 2];
  struct ng_sort_item *c = &items[count - 1];

  if (is_before(order, b, a))
    swap(a, b);
  if (is_before(order, c, b))
    swap(b, c);
  if (is_before(order, b, a))
    swap(a, b);
  swap(&items[0], b);
}

/* Partition the items around the first one. Returns its position after that.
   choose_pivot() has left an item at each end that stops the search there. */
static size_t partition(struct ng_sort_order order, struct ng_sort_item *items,
                        size_t count)
{
  const struct ng_sort_item pivot = items[0];
  size_t low = 0;
  size_t high = count;

  for (;;) {
    do
      low++;
    while (is_before(order, &items[low], &pivot));
    do
      high--;
    while (is_before(order, &pivot, &items[high]));
    if (low >= high)
      break;
    swap(&items[low], &items[high]);
  }
  swap(&items[0], &items[high]);
  return high;
}

/* Count a step: whether to stop, asked when *left goes to 0. */
static inline bool must_stop(size_t *left, const struct ng_stop *stop)
{
  if (NG_LIKELY(--*left > 0))
    return false;
  *left = ASK_COUNT;
  return ng_stop_asked(stop);
}

/* The same for long pieces, which ask meanwhile. Returns `count` if told to
   stop. (One function for both makes sorting up to 3 % slower.) */
static size_t partition_many(struct ng_sort_order order,
                             struct ng_sort_item *items, size_t count,
                             const struct ng_stop *stop)
{
  const struct ng_sort_item pivot = items[0];
  size_t left = ASK_COUNT;
  size_t low = 0;
  size_t high = count;

  for (;;) {
    do
      if (must_stop(&left, stop))
        return count;
    while (is_before(order, &items[++low], &pivot));
    do
      if (must_stop(&left, stop))
        return count;
    while (is_before(order, &pivot, &items[--high]));
    if (low >= high)
      break;
    swap(&items[low], &items[high]);
  }
  swap(&items[0], &items[high]);
  return high;
}

/* Sort, by heapsort after `depth` levels. Returns false if told to stop. */
static bool sort(struct ng_sort_order order, struct ng_sort_item *items,
                 size_t count, unsigned depth, const struct ng_stop *stop)
{
  while (count > SHORT_COUNT) {
    size_t middle;

    if (count >= ASK_COUNT && ng_stop_asked(stop))
      return false;
    if (depth-- == 0)
      return heapsort(order, items, count, stop);
    choose_pivot(order, items, count);
    middle = count >= MANY_COUNT ? partition_many(order, items, count, stop)
                                 : partition(order, items, count);
    if (middle == count)
      return false;
    if (middle < count - middle) {
      if (!sort(order, items, middle, depth, stop))
        return false;
      items += middle + 1;
      count -= middle + 1;
    } else {
      if (!sort(order, items + middle + 1, count - middle - 1, depth, stop))
        return false;
      count = middle;
    }
  }
  insertion_sort(order, items, count);
  return true;
}

bool ng_sort(struct ng_sort_order order, struct ng_sort_item *items,
             size_t count, const struct ng_stop *stop)
{
  unsigned depth = 8;

  for (size_t left = count; left > 1; left /= 2)
    depth += 2;
  return sort(order, items, count, depth, stop);
}

/* The item of entry number `i`, while a later entry is prefetched. */
static inline struct ng_sort_item make_item(struct ng_sort_order order,
                                            struct ng_entry *const *entries,
                                            size_t count, size_t i)
{
  if (i + PREFETCH_ENTRIES < count)
    __builtin_prefetch(entries[i + PREFETCH_ENTRIES]);
  return ng_sort_item(order, entries[i]);
}

bool ng_sort_make(struct ng_sort_order order, struct ng_entry *const *entries,
                  size_t count, struct ng_sort_item *items,
                  const struct ng_stop *stop)
{
  for (size_t i = 0; i < count; i++) {
    if (i % ASK_COUNT == 0 && ng_stop_asked(stop))
      return false;
    items[i] = make_item(order, entries, count, i);
  }
  return ng_sort(order, items, count, stop);
}

bool ng_sort_first(struct ng_sort_order order, struct ng_entry *const *entries,
                   size_t count, struct ng_sort_item *items, size_t most,
                   const struct ng_stop *stop)
{
  size_t taken = 0;
  bool full = false; /* items[most - 1] is the last of the first `most` so
                        far; later items have to go before it */

  for (size_t i = 0; i < count; i++) {
    struct ng_sort_item item;

    if (i % ASK_COUNT == 0 && ng_stop_asked(stop))
      return false;
    item = make_item(order, entries, count, i);
    if (full && !is_before(order, &item, &items[most - 1]))
      continue;
    items[taken++] = item;
    if (taken == 2 * most) {
      ng_sort(order, items, taken, NULL);
      taken = most;
      full = true;
    }
  }
  ng_sort(order, items, taken, NULL);
  return true;
}
