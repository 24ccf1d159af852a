/* SPDX-License-Identifier: MIT */
/*
 * A bottom-up merge sort. qsort(3), which cannot be stopped, sorts runs of
 * ASK_ITEMS. Then each pass merges runs from one array to the other, by turns:
 * from the items to a spare array, and back. It leaves the array that it reads
 * unchanged, so a stop loses no item: the last array that is complete is the
 * result, and is copied to the items if it is the spare one.
 */
#include "base/long_sort.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Items sorted or merged between two checks for a stop. */
#define ASK_ITEMS 1024

struct sorting {
  const char *from; /* the sorted runs to be merged */
  char *to;         /* where a pass puts the merged ones */
  size_t count;
  size_t size;
  int (*compare)(const void *a, const void *b);
  const struct ng_stop *stop;
};

/* Merge the runs [first, middle) and [middle, end). Returns false if told to
   stop. */
static bool merge_runs(const struct sorting *s, size_t first, size_t middle,
                       size_t end)
{
  size_t a = first;
  size_t b = middle;

  for (size_t i = first; i < end; i++) {
    bool takes_a =
        b == end || (a < middle && s->compare(s->from + a * s->size,
                                              s->from + b * s->size) <= 0);

    if (i % ASK_ITEMS == 0 && ng_stop_asked(s->stop))
      return false;
    memcpy(s->to + i * s->size, s->from + (takes_a ? a++ : b++) * s->size,
           s->size);
  }
  return true;
}

/* Merge each two runs of `width` items. Returns false if told to stop. */
static bool merge_pass(const struct sorting *s, size_t width)
{
  bool ok = true;

  for (size_t first = 0; ok && first < s->count; first += 2 * width) {
    size_t middle = first + width < s->count ? first + width : s->count;
    size_t end = middle + width < s->count ? middle + width : s->count;

    ok = merge_runs(s, first, middle, end);
  }
  return ok;
}

/* Sort runs of ASK_ITEMS items. Returns false if told to stop. */
static bool sort_runs(const struct sorting *s, char *items)
{
  for (size_t i = 0; i < s->count; i += ASK_ITEMS) {
    size_t left = s->count - i;

    if (ng_stop_asked(s->stop))
      return false;
    qsort(items + i * s->size, left < ASK_ITEMS ? left : ASK_ITEMS, s->size,
          s->compare);
  }
  return true;
}

int ng_long_sort(void *items, size_t count, size_t size,
                 int (*compare)(const void *a, const void *b),
                 const struct ng_stop *stop)
{
  struct sorting s = {items, NULL, count, size, compare, stop};
  char *spare = malloc(count * size + 1);
  char *sorted = items;
  bool ok;

  if (!spare)
    return ENOMEM;
  ok = sort_runs(&s, items);
  for (size_t width = ASK_ITEMS; ok && width < count; width *= 2) {
    s.from = sorted;
    s.to = sorted == spare ? items : spare;
    ok = merge_pass(&s, width);
    if (ok)
      sorted = s.to;
  }
  if (sorted == spare)
    memcpy(items, spare, count * size);
  free(spare);
  return ok ? 0 : ECANCELED;
}
