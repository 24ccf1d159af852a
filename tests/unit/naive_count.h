/* SPDX-License-Identifier: MIT */
/*
 * A whole count in the plainest way: the text from front to back, a line at a
 * time. The reference for the engine, errors and their order included.
 */
#ifndef NG_TESTS_UNIT_NAIVE_COUNT_H
#define NG_TESTS_UNIT_NAIVE_COUNT_H

#include <zlib.h>

#include "fault/fail.h"
#include "inflate/reader.h"
#include "ngram.h"
#include "text/line.h"
#include "unit/naive_map.h"
#include "unit/naive_rows.h"
#include "unit/naive_tags.h"

/* What is to be counted, and what its file has behind the text. */
struct naive_input {
  const char *path;
  const char *text;
  size_t size;
  const struct ng_member_end *ends; /* text_end in the whole text */
  size_t end_count;
  struct ng_gzip_fault fault; /* behind all text, NG_GZIP_OK: none */
};

struct naive_count {
  enum ngram_status status;
  struct ngram_error error;
  struct naive_map map;
  enum ng_layout layout;
  uint64_t lines;
  uint64_t rows;
  uint64_t skipped;
  struct naive_rows *list; /* NULL: not wanted */
};

static inline void naive_count_free(struct naive_count *count)
{
  naive_free(&count->map);
}

/* < 0, 0, > 0: the row's word goes before, is, or goes behind the bound. */
static int naive_side(const struct ng_row *row, const struct ngram_word *bound)
{
  size_t at = 0;

  while (at < row->word_length && at < bound->length &&
         row->word[at] == bound->bytes[at])
    at++;
  if (at == row->word_length || at == bound->length)
    return (row->word_length > at) - (bound->length > at);
  return (unsigned char)row->word[at] < (unsigned char)bound->bytes[at] ? -1
                                                                        : 1;
}

static inline bool naive_wants(const struct ngram_count_options *options,
                               const struct ng_row *row)
{
  if (row->year < options->year_from || row->year > options->year_to ||
      !naive_wants_tags(options->tags, row->word, row->word_length))
    return false;
  if (options->word_from && naive_side(row, options->word_from) < 0)
    return false;
  if (options->word_to && naive_side(row, options->word_to) > 0)
    return false;
  if (!options->words)
    return true;
  for (size_t i = 0; i < options->word_count; i++)
    if (options->words[i].length == row->word_length &&
        memcmp(options->words[i].bytes, row->word, row->word_length) == 0)
      return true;
  return false;
}

static inline void naive_take_row(struct naive_count *count,
                                  const struct ngram_count_options *options,
                                  const struct ng_row *row, size_t known_at)
{
  struct ng_sums sums = {.total = row->match_count,
                         .row_count = 1,
                         .first_year = row->year,
                         .last_year = row->year};

  if (options->columns & NGRAM_VOLUMES)
    sums.volumes = row->volume_count;
  if (count->list && naive_wants(options, row))
    naive_rows_add(count->list, row, count->rows, known_at);
  else if (naive_wants(options, row))
    naive_add(&count->map, row->word, row->word_length, &sums);
}

/* The first member end before `position` whose CRC or length is wrong, fault
   by fault; count->list is cut there. False: none. */
static inline bool naive_find_member(const struct naive_input *input,
                                     size_t position, size_t *found_at,
                                     struct ng_gzip_fault *fault)
{
  size_t start = 0;

  for (size_t i = 0; i < input->end_count; i++) {
    const struct ng_member_end *end = &input->ends[i];
    size_t size = end->text_end - start;

    if (end->text_end >= position)
      return false;
    *found_at = end->text_end;
    fault->file_offset = end->file_offset;
    fault->kind =
        end->crc != crc32(0, (const Bytef *)input->text + start, (uInt)size)
            ? NG_GZIP_BAD_CRC
        : end->length != (uint32_t)size ? NG_GZIP_BAD_LENGTH
                                        : NG_GZIP_OK;
    if (fault->kind == NG_GZIP_BAD_LENGTH)
      fault->file_offset = end->length_offset;
    if (fault->kind != NG_GZIP_OK)
      return true;
    start = end->text_end;
  }
  return false;
}

static inline size_t naive_bom(const char *text, size_t size)
{
  return size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* The layout that the first line of a text looks like. */
static inline enum ng_layout naive_look(const char *text, size_t size)
{
  size_t tabs = 0;

  for (size_t i = 0; i < size && text[i] != '\n'; i++) {
    tabs += text[i] == '\t';
    if (text[i] == ',' && tabs == 1)
      return NG_LAYOUT_2020;
  }
  return tabs == 4 ? NG_LAYOUT_2009 : NG_LAYOUT_2012;
}

/* The layout of a text: that of its first line that is good in one. */
static inline enum ng_layout naive_layout(const char *text, size_t size)
{
  static const enum ng_layout layouts[] = {NG_LAYOUT_2012, NG_LAYOUT_2009,
                                           NG_LAYOUT_2020};
  size_t bom = naive_bom(text, size);

  for (size_t start = bom, stop; start < size; start = stop + 1) {
    struct ng_row_fault fault;
    struct ng_line line;
    size_t end;

    for (stop = start; stop < size && text[stop] != '\n'; stop++)
      ;
    end =
        stop < size && stop > start && text[stop - 1] == '\r' ? stop - 1 : stop;
    for (size_t i = 0; i < COUNT(layouts); i++)
      if (ng_line_open(&line, layouts[i], text + start, end - start, &fault))
        return layouts[i];
  }
  return naive_look(text + bom, size - bom);
}

/*
 * Judge the line from `start`; `stop` is its newline or the end of the text.
 * Returns false for a bad one, of which a reader knows behind *known_at.
 */
static inline bool naive_take_line(struct naive_count *count,
                                   const struct naive_input *input,
                                   const struct ngram_count_options *options,
                                   size_t start, size_t stop,
                                   struct ng_row_fault *fault, size_t *known_at)
{
  bool ended = stop < input->size;
  size_t hopeless = start + NG_LINE_MAX + 2;
  size_t end = stop;
  struct ng_line line;
  struct ng_row row;

  if (ended && end > start && input->text[end - 1] == '\r')
    end--;
  /* The last line is known at the end of the file, behind everything. */
  *known_at = ended ? stop + 1 : SIZE_MAX;
  if (stop >= hopeless && *known_at > hopeless)
    *known_at = hopeless;
  if (!ng_line_open(&line, count->layout, input->text + start, end - start,
                    fault))
    return false;
  for (; ng_line_next(&line, &row); count->rows++)
    naive_take_row(count, options, &row, *known_at);
  return true;
}

static inline bool naive_overflows(struct naive_map *map)
{
  naive_settle(map);
  for (size_t i = 0; i < map->count; i++)
    if ((map->entries[i].sums.total | map->entries[i].sums.volumes) &
        NG_SUM_OVERFLOW)
      return true;
  return false;
}

/* Read all lines, up to the first bad one that counts. */
static inline bool naive_read(struct naive_count *count,
                              const struct naive_input *input,
                              const struct ngram_count_options *options,
                              struct ng_row_fault *fault, size_t *known_at)
{
  const char *end = input->text + input->size;
  size_t start = naive_bom(input->text, input->size);

  while (start < input->size) {
    const char *newline =
        memchr(input->text + start, '\n', input->size - start);
    size_t stop = (size_t)((newline ? newline : end) - input->text);

    if (!naive_take_line(count, input, options, start, stop, fault, known_at)) {
      if (options->on_error == NGRAM_ON_ERROR_FAIL)
        return false;
      count->skipped++;
    }
    count->lines++;
    start = stop + 1;
  }
  *known_at = SIZE_MAX;
  return true;
}

/* Count, or, with a list, put the rows on it that stand before an error. */
static inline void
naive_count_or_list(const struct naive_input *input,
                    const struct ngram_count_options *options,
                    struct naive_count *count, struct naive_rows *list)
{
  struct ng_gzip_fault member;
  struct ng_row_fault row;
  size_t served = SIZE_MAX; /* bytes of the text */
  size_t found_at;
  size_t known_at;
  bool good;

  *count =
      (struct naive_count){.status = NGRAM_OK,
                           .layout = naive_layout(input->text, input->size),
                           .list = list};
  good = naive_read(count, input, options, &row, &known_at);
  if (naive_find_member(input, known_at, &found_at, &member)) {
    count->status = ng_fail_gzip(&count->error, input->path, &member);
    served = found_at;
  } else if (!good && known_at < SIZE_MAX) {
    count->status =
        ng_fail_row(&count->error, input->path, count->lines + 1, &row);
  } else if (input->fault.kind != NG_GZIP_OK) {
    count->status = ng_fail_gzip(&count->error, input->path, &input->fault);
    served = input->size;
  } else if (!good) {
    count->status =
        ng_fail_row(&count->error, input->path, count->lines + 1, &row);
  } else if (naive_overflows(&count->map)) {
    count->status = ng_fail(&count->error, NGRAM_OVERFLOW, "integer overflow");
  }
  if (list)
    naive_rows_cut(list, served);
}

static inline void naive_count(const struct naive_input *input,
                               const struct ngram_count_options *options,
                               struct naive_count *count)
{
  naive_count_or_list(input, options, count, NULL);
}

#endif
