/* SPDX-License-Identifier: MIT */
/*
 * Columns that grow together, in one piece of memory: when it is full, a piece
 * of at least twice the capacity is taken from the budget, and the columns are
 * copied.
 *
 * scanner.c reserves room for a tile of rows at a time, and writes them. A
 * block (scan/block.c), rows/row_queue.c and rows/lookup.c own columns.
 * rows/by_year.c fills those of rows/lookup.c from a file, without a scanner.
 */
#include "text/row_columns.h"

#include <string.h>

/* Between columns, so that the addresses that are written together are not a
   power of two apart: those share a few sets of the cache. */
#define GAP_BYTES ((size_t)11 * 64)

/* A block of text holds some 25,000 rows: a few doublings of this. */
#define FIRST_CAPACITY ((size_t)1 << 10)

static size_t row_bytes(const struct ng_row_columns *rows)
{
  size_t bytes = 0;

  if (rows->columns & NG_ROW_COLUMNS_WORD)
    bytes += sizeof *rows->word_at + sizeof *rows->word_length;
  if (rows->columns & NG_ROW_COLUMNS_YEAR)
    bytes += sizeof *rows->year;
  if (rows->columns & NG_ROW_COLUMNS_MATCH_COUNT)
    bytes += sizeof *rows->match_count;
  if (rows->columns & NG_ROW_COLUMNS_VOLUME_COUNT)
    bytes += sizeof *rows->volume_count;
  if (rows->columns & NG_ROW_COLUMNS_NUMBER)
    bytes += sizeof *rows->number;
  return bytes;
}

static size_t memory_bytes(const struct ng_row_columns *rows)
{
  return rows->capacity * row_bytes(rows) + 6 * GAP_BYTES;
}

void ng_row_columns_init(struct ng_row_columns *rows, struct ng_budget *budget,
                         unsigned columns)
{
  *rows = (struct ng_row_columns){.budget = budget, .columns = columns};
}

void ng_row_columns_free(struct ng_row_columns *rows)
{
  if (rows->memory)
    ng_budget_give(rows->budget, rows->memory, memory_bytes(rows));
  ng_row_columns_init(rows, rows->budget, rows->columns);
}

/* Cut the next column at *at, which is moved after it, if it is kept; else
   return NULL. */
static void *cut_column(char **at, bool kept, size_t bytes)
{
  void *column = *at;

  if (!kept)
    return NULL;
  *at += bytes + GAP_BYTES;
  return column;
}

/* The widest columns come first, so that each is aligned. */
static void set_columns(struct ng_row_columns *rows)
{
  unsigned kept = rows->columns;
  size_t wide = rows->capacity * sizeof(int64_t);
  size_t narrow = rows->capacity * sizeof(int32_t);
  char *at = rows->memory;

  rows->match_count = cut_column(&at, kept & NG_ROW_COLUMNS_MATCH_COUNT, wide);
  rows->volume_count =
      cut_column(&at, kept & NG_ROW_COLUMNS_VOLUME_COUNT, wide);
  rows->word_at = cut_column(&at, kept & NG_ROW_COLUMNS_WORD, narrow);
  rows->word_length = cut_column(&at, kept & NG_ROW_COLUMNS_WORD, narrow);
  rows->year = cut_column(&at, kept & NG_ROW_COLUMNS_YEAR, narrow);
  rows->number = cut_column(&at, kept & NG_ROW_COLUMNS_NUMBER, narrow);
}

static void copy_column(void *to, const void *from, size_t bytes)
{
  if (from && bytes > 0)
    memcpy(to, from, bytes);
}

static void copy_rows(struct ng_row_columns *to,
                      const struct ng_row_columns *from)
{
  size_t wide = from->count * sizeof(int64_t);
  size_t narrow = from->count * sizeof(int32_t);

  copy_column(to->match_count, from->match_count, wide);
  copy_column(to->volume_count, from->volume_count, wide);
  copy_column(to->word_at, from->word_at, narrow);
  copy_column(to->word_length, from->word_length, narrow);
  copy_column(to->year, from->year, narrow);
  copy_column(to->number, from->number, narrow);
}

bool ng_row_columns_reserve(struct ng_row_columns *rows, size_t more)
{
  struct ng_row_columns grown = *rows;

  if (rows->capacity - rows->count >= more)
    return true;
  if (grown.capacity == 0)
    grown.capacity = FIRST_CAPACITY;
  while (grown.capacity - grown.count < more)
    grown.capacity *= 2;
  grown.memory = ng_budget_take(grown.budget, memory_bytes(&grown));
  if (!grown.memory)
    return false;
  set_columns(&grown);
  copy_rows(&grown, rows);
  ng_row_columns_free(rows);
  *rows = grown;
  return true;
}

static void move_row(struct ng_row_columns *rows, size_t from, size_t to)
{
  rows->word_at[to] = rows->word_at[from];
  rows->word_length[to] = rows->word_length[from];
  if (rows->year)
    rows->year[to] = rows->year[from];
  if (rows->match_count)
    rows->match_count[to] = rows->match_count[from];
  if (rows->volume_count)
    rows->volume_count[to] = rows->volume_count[from];
  if (rows->number)
    rows->number[to] = rows->number[from];
}

void ng_row_columns_filter(struct ng_row_columns *rows,
                           const struct ng_row_filter *filter)
{
  size_t count = 0;

  if (!filter->wants_word)
    return;
  for (size_t i = 0; i < rows->count; i++)
    if (filter->wants_word(filter->context, rows->text + rows->word_at[i],
                           rows->word_length[i]))
      move_row(rows, i, count++);
  rows->count = count;
}
