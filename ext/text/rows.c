/* SPDX-License-Identifier: MIT */
/* Columns that grow together. */
#include "text/rows.h"

#include <string.h>

#define ROW_BYTES (2 * sizeof(int64_t) + 3 * sizeof(uint32_t) + sizeof(int32_t))

/* Between columns, so that the places which are written together are not a
   power of two apart: those share a few places of the cache. */
#define GAP_BYTES ((size_t)11 * 64)

/* What a block of text holds, some 25,000 rows, takes few steps from here. */
#define FIRST_CAPACITY ((size_t)1 << 10)

static size_t memory_bytes(size_t capacity)
{
  return capacity > 0 ? capacity * ROW_BYTES + 5 * GAP_BYTES : 0;
}

void ng_rows_init(struct ng_rows *rows, struct ng_budget *budget)
{
  *rows = (struct ng_rows){.budget = budget};
}

void ng_rows_free(struct ng_rows *rows)
{
  ng_budget_give(rows->budget, rows->match_count, memory_bytes(rows->capacity));
  ng_rows_init(rows, rows->budget);
}

/* The next column of `capacity` values of `size` bytes; *at moves behind it. */
static void *cut_column(char **at, size_t capacity, size_t size)
{
  void *column = *at;

  *at += capacity * size + GAP_BYTES;
  return column;
}

/* The widest columns first, so that each is aligned. */
static void set_columns(struct ng_rows *rows, void *memory, size_t capacity)
{
  char *at = memory;

  rows->capacity = capacity;
  rows->match_count = cut_column(&at, capacity, sizeof *rows->match_count);
  rows->volume_count = cut_column(&at, capacity, sizeof *rows->volume_count);
  rows->word_at = cut_column(&at, capacity, sizeof *rows->word_at);
  rows->word_length = cut_column(&at, capacity, sizeof *rows->word_length);
  rows->number = cut_column(&at, capacity, sizeof *rows->number);
  rows->year = cut_column(&at, capacity, sizeof *rows->year);
}

static void copy_rows(struct ng_rows *to, const struct ng_rows *from)
{
  size_t count = from->count;

  memcpy(to->match_count, from->match_count, count * sizeof *to->match_count);
  memcpy(to->volume_count, from->volume_count,
         count * sizeof *to->volume_count);
  memcpy(to->word_at, from->word_at, count * sizeof *to->word_at);
  memcpy(to->word_length, from->word_length, count * sizeof *to->word_length);
  memcpy(to->number, from->number, count * sizeof *to->number);
  memcpy(to->year, from->year, count * sizeof *to->year);
}

bool ng_rows_reserve(struct ng_rows *rows, size_t more)
{
  struct ng_rows old = *rows;
  size_t capacity = old.capacity ? old.capacity : FIRST_CAPACITY;
  void *memory;

  if (old.capacity - old.count >= more)
    return true;
  while (capacity - old.count < more)
    capacity *= 2;
  memory = ng_budget_take(old.budget, memory_bytes(capacity));
  if (!memory)
    return false;
  set_columns(rows, memory, capacity);
  if (old.count > 0)
    copy_rows(rows, &old);
  ng_budget_give(old.budget, old.match_count, memory_bytes(old.capacity));
  return true;
}

size_t ng_rows_before(const struct ng_rows *rows, size_t place)
{
  size_t from = 0;
  size_t to = rows->count;

  while (from < to) {
    size_t middle = from + (to - from) / 2;

    if (rows->word_at[middle] < place)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}
