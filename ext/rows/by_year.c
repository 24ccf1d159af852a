/* SPDX-License-Identifier: MIT */
/*
 * The rows of a file sorted by year.
 *
 * Making: rows are encoded and collected until a segment is full; bytes and
 * rows are counted for each year meanwhile. The segment is then sorted by
 * counting, appended to the temporary file, and its runs are listed in memory
 * with their CRC-32. A row is encoded as four numbers (base/varint.h) and its
 * word: the difference of its number to that of the row before it in the run,
 * the word's length, the word, match_count, volume_count.
 *
 * Reading: the reader goes through the list of runs, skips those of other
 * years, and reads and verifies each of the others as a whole.
 *
 * Refused: one run for each year over all of the file. The segments would have
 * to be merged once more, to save a hundred reads of a few KiB for each year.
 *
 * rows_sort.c makes it, lookups.c keeps it, lookup.c reads it. The maker is
 * freed when all rows were added. The file, and the list of runs, last until
 * the last reference is released, so a reader goes on when lookups.c drops what
 * it keeps.
 */
#include "rows/by_year.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/crc32.h"
#include "base/temp_file.h"
#include "base/varint.h"

#define YEARS 10000
/* A row has at most this and 4 * NG_VARINT64_BYTES, which fits 16 bits. */
#define WORD_BYTES_MAX 60000
/* Row numbers within a segment have 32 bits. */
#define SEGMENT_ROWS_MAX UINT32_MAX

/* The rows of a year in a segment. */
struct run {
  uint64_t offset; /* in the temporary file */
  uint64_t first;  /* number of the segment's first row in the source file */
  uint32_t bytes;
  uint32_t rows;
  uint32_t crc;
  int32_t year;
};

/* The header of an encoded row in a segment that is being filled. */
struct waiting {
  uint16_t year;
  uint16_t bytes; /* of the row, which follows */
};

/* The segment that is being filled. */
struct maker {
  struct ng_budget *budget; /* borrowed */
  size_t segment_bytes;
  char *waiting;         /* owned: rows in the order in which they were added */
  char *sorted;          /* owned: working space to sort them */
  size_t filled;         /* bytes of `waiting` */
  uint64_t first;        /* number of the segment's first row */
  uint32_t last[YEARS];  /* number of each year's last row, from `first` on */
  uint32_t rows[YEARS];  /* of each year */
  uint32_t bytes[YEARS]; /* of each year, without struct waiting */
};

struct ng_by_year {
  unsigned holders; /* references */
  enum ng_layout layout;
  uint64_t rows;        /* that were added */
  uint64_t limit_bytes; /* of memory for `runs` */
  uint64_t room_bytes;  /* the largest size of the file */
  bool is_odd;
  struct ng_temp_file file;
  struct run *runs; /* owned array, in the order of the file */
  size_t run_count;
  size_t run_capacity;
  struct maker *maker; /* owned; NULL after ng_by_year_end() */
};

/* ----------------------------------------------------------------- make -- */

static void free_maker(struct maker *maker)
{
  if (!maker)
    return;
  ng_budget_give(maker->budget, maker->waiting, maker->segment_bytes);
  ng_budget_give(maker->budget, maker->sorted, maker->segment_bytes);
  ng_budget_give(maker->budget, maker, sizeof *maker);
}

static struct maker *new_maker(struct ng_budget *budget, size_t segment_bytes)
{
  struct maker *maker = ng_budget_take(budget, sizeof *maker);

  if (!maker)
    return NULL;
  maker->budget = budget;
  maker->segment_bytes = segment_bytes;
  maker->waiting = ng_budget_take(budget, segment_bytes);
  maker->sorted = ng_budget_take(budget, segment_bytes);
  if (maker->waiting && maker->sorted)
    return maker;
  free_maker(maker);
  return NULL;
}

struct ng_by_year *ng_by_year_new(struct ng_budget *budget,
                                  size_t segment_bytes, uint64_t limit_bytes,
                                  uint64_t used_bytes)
{
  struct ng_by_year *by_year = calloc(1, sizeof *by_year);
  uint64_t room;

  if (!by_year)
    return NULL;
  by_year->holders = 1;
  by_year->limit_bytes = limit_bytes;
  by_year->maker = new_maker(budget, segment_bytes);
  if (!by_year->maker || ng_temp_file_open(&by_year->file) != 0) {
    ng_by_year_release(by_year);
    return NULL;
  }
  room = ng_temp_file_room(&by_year->file) / 2 + used_bytes / 2;
  by_year->room_bytes = room > used_bytes ? room - used_bytes : 0;
  return by_year;
}

bool ng_by_year_has_room(const struct ng_by_year *by_year, uint64_t bytes)
{
  return bytes <= by_year->room_bytes;
}

void ng_by_year_release(struct ng_by_year *by_year)
{
  if (!by_year || --by_year->holders > 0)
    return;
  free_maker(by_year->maker);
  ng_temp_file_close(&by_year->file);
  free(by_year->runs);
  free(by_year);
}

uint64_t ng_by_year_bytes(const struct ng_by_year *by_year)
{
  return sizeof *by_year + by_year->run_capacity * sizeof *by_year->runs;
}

uint64_t ng_by_year_file_bytes(const struct ng_by_year *by_year)
{
  return by_year->file.size;
}

uint64_t ng_by_year_rows(const struct ng_by_year *by_year)
{
  return by_year->rows;
}

enum ng_layout ng_by_year_layout(const struct ng_by_year *by_year)
{
  return by_year->layout;
}

static bool reserve_run(struct ng_by_year *by_year)
{
  return NG_ARRAY_RESERVE(by_year->runs, by_year->run_capacity,
                          by_year->run_count + 1) &&
         ng_by_year_bytes(by_year) <= by_year->limit_bytes;
}

/* Add the runs of the segment to the list, without their CRCs. Replaces
   maker->bytes by the offset at which each year begins in the sorted segment.
   Returns false for lack of room. */
static bool begin_runs(struct ng_by_year *by_year)
{
  struct maker *maker = by_year->maker;
  uint32_t at = 0;

  for (int32_t year = 0; year < YEARS; year++) {
    uint32_t bytes = maker->bytes[year];

    maker->bytes[year] = at;
    if (maker->rows[year] == 0)
      continue;
    if (!reserve_run(by_year))
      return false;
    by_year->runs[by_year->run_count++] =
        (struct run){.offset = by_year->file.size + at,
                     .first = maker->first,
                     .bytes = bytes,
                     .rows = maker->rows[year],
                     .year = year};
    at += bytes;
  }
  return true;
}

/* Move the rows to maker->sorted, by year. Replaces maker->bytes by the offset
   at which each year ends. Returns the bytes of all rows. */
static size_t sort_waiting(struct maker *maker)
{
  size_t bytes = 0;

  for (size_t at = 0; at < maker->filled;) {
    struct waiting row;

    memcpy(&row, maker->waiting + at, sizeof row);
    at += sizeof row;
    memcpy(maker->sorted + maker->bytes[row.year], maker->waiting + at,
           row.bytes);
    maker->bytes[row.year] += row.bytes;
    bytes += row.bytes;
    at += row.bytes;
  }
  return bytes;
}

/* Write the segment and begin a new one. Returns false for lack of room. */
static bool end_segment(struct ng_by_year *by_year)
{
  struct maker *maker = by_year->maker;
  uint64_t start = by_year->file.size;
  size_t first_run = by_year->run_count;
  size_t bytes;

  if (!begin_runs(by_year))
    return false;
  bytes = sort_waiting(maker);
  if (!ng_by_year_has_room(by_year, start + bytes))
    return false;
  for (size_t i = first_run; i < by_year->run_count; i++) {
    struct run *run = &by_year->runs[i];

    run->crc = ng_crc32(0, maker->sorted + (run->offset - start), run->bytes);
  }
  memset(maker->last, 0, sizeof maker->last);
  memset(maker->rows, 0, sizeof maker->rows);
  memset(maker->bytes, 0, sizeof maker->bytes);
  maker->filled = 0;
  return ng_temp_file_write(&by_year->file, maker->sorted, bytes) == 0;
}

/* Add row `i` of a batch, whose number in the source file is `number`. */
static bool add_row(struct ng_by_year *by_year,
                    const struct ngram_row_batch *batch, size_t i,
                    uint64_t number)
{
  struct maker *maker = by_year->maker;
  size_t length = batch->word_length[i];
  int32_t year = batch->year[i];
  struct waiting row;
  uint32_t in_segment;
  char *start;
  char *at;

  by_year->is_odd = year < 0 || year >= YEARS || length > WORD_BYTES_MAX;
  if (by_year->is_odd)
    return false;
  if (maker->segment_bytes - maker->filled <
          sizeof row + 4 * NG_VARINT64_BYTES + length ||
      number - maker->first >= SEGMENT_ROWS_MAX) {
    if (!end_segment(by_year))
      return false;
  }
  if (maker->filled == 0)
    maker->first = number;
  in_segment = (uint32_t)(number - maker->first);
  start = maker->waiting + maker->filled + sizeof row;
  at = ng_varint_put(start, in_segment - maker->last[year]);
  at = ng_varint_put(at, length);
  memcpy(at, batch->text + batch->word_at[i], length);
  at = ng_varint_put(at + length, (uint64_t)batch->match_count[i]);
  at = ng_varint_put(at, (uint64_t)batch->volume_count[i]);
  row = (struct waiting){(uint16_t)year, (uint16_t)(at - start)};
  memcpy(start - sizeof row, &row, sizeof row);
  maker->filled = (size_t)(at - maker->waiting);
  maker->last[year] = in_segment;
  maker->rows[year]++;
  maker->bytes[year] += row.bytes;
  return true;
}

bool ng_by_year_add(struct ng_by_year *by_year,
                    const struct ngram_row_batch *batch)
{
  for (size_t i = 0; i < batch->count; i++) {
    uint64_t number = batch->number ? batch->number[i] : i;

    if (!add_row(by_year, batch, i, batch->first + number))
      return false;
  }
  by_year->rows += batch->count;
  return true;
}

bool ng_by_year_is_odd(const struct ng_by_year *by_year)
{
  return by_year->is_odd;
}

bool ng_by_year_end(struct ng_by_year *by_year, enum ng_layout layout)
{
  bool ok = end_segment(by_year);

  by_year->layout = layout;
  free_maker(by_year->maker);
  by_year->maker = NULL;
  return ok;
}

/* ----------------------------------------------------------------- read -- */

void ng_by_year_reader_open(struct ng_by_year_reader *reader,
                            struct ng_by_year *by_year,
                            struct ng_budget *budget, int64_t year_from,
                            int64_t year_to)
{
  by_year->holders++;
  *reader = (struct ng_by_year_reader){.by_year = by_year,
                                       .budget = budget,
                                       .year_from = year_from,
                                       .year_to = year_to};
}

void ng_by_year_reader_close(struct ng_by_year_reader *reader)
{
  if (!reader->by_year)
    return;
  ng_budget_give(reader->budget, reader->bytes, reader->capacity);
  ng_by_year_release(reader->by_year);
  *reader = (struct ng_by_year_reader){.by_year = NULL};
}

static bool reserve_bytes(struct ng_by_year_reader *reader, size_t size)
{
  if (reader->bytes && reader->capacity >= size)
    return true;
  ng_budget_give(reader->budget, reader->bytes, reader->capacity);
  reader->capacity = size + size / 4;
  reader->bytes = ng_budget_take(reader->budget, reader->capacity);
  return reader->bytes != NULL;
}

/* Decode the word and counts of a row from the bytes at `at` to row `i` of
   `rows`. Returns the end of the bytes, or NULL if that is not before `end`. */
static const char *get_row(const char *at, const char *end,
                           struct ng_row_columns *rows, size_t i)
{
  uint64_t length;
  uint64_t match_count;
  uint64_t volume_count;

  at = ng_varint_get(at, end, &length);
  if (!at || length > (uint64_t)(end - at))
    return NULL;
  if (rows->word_at) {
    rows->word_at[i] = (uint32_t)(at - rows->text);
    rows->word_length[i] = (uint32_t)length;
  }
  at = ng_varint_get(at + length, end, &match_count);
  at = ng_varint_get(at, end, &volume_count);
  if (rows->match_count)
    rows->match_count[i] = (int64_t)match_count;
  if (rows->volume_count)
    rows->volume_count[i] = (int64_t)volume_count;
  return at;
}

/* Decode a run. Returns false if the bytes are not as they were written. */
static bool get_rows(const char *bytes, const struct run *run,
                     struct ng_row_columns *rows)
{
  const char *end = bytes + run->bytes;
  const char *at = bytes;
  uint32_t number = 0;

  rows->text = bytes;
  for (size_t i = 0; at && i < run->rows; i++) {
    uint64_t step;

    at = ng_varint_get(at, end, &step);
    number += (uint32_t)step;
    if (rows->number)
      rows->number[i] = number;
    if (rows->year)
      rows->year[i] = run->year;
    at = get_row(at, end, rows, i);
  }
  rows->count = at ? run->rows : 0;
  return at != NULL;
}

static enum ngram_status read_run(struct ng_by_year_reader *reader,
                                  const struct run *run,
                                  struct ng_row_columns *rows)
{
  if (!reserve_bytes(reader, run->bytes) ||
      !ng_row_columns_reserve(rows, run->rows))
    return NGRAM_NO_MEMORY;
  if (ng_temp_file_read(&reader->by_year->file, reader->bytes, run->bytes,
                        run->offset) != 0 ||
      ng_crc32(0, reader->bytes, run->bytes) != run->crc ||
      !get_rows(reader->bytes, run, rows))
    return NGRAM_BAD_INPUT;
  reader->runs++;
  return NGRAM_OK;
}

enum ngram_status ng_by_year_read(struct ng_by_year_reader *reader,
                                  struct ng_row_columns *rows, uint64_t *first)
{
  const struct ng_by_year *by_year = reader->by_year;

  rows->count = 0;
  while (reader->next < by_year->run_count) {
    const struct run *run = &by_year->runs[reader->next++];

    if (run->year < reader->year_from || run->year > reader->year_to)
      continue;
    *first = run->first;
    return read_run(reader, run, rows);
  }
  return NGRAM_OK;
}
