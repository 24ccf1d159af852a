/* SPDX-License-Identifier: MIT */
/*
 * Both layouts are the same thing seen from afar: blocks with blanks around
 * them, each of four numbers with something between. With commas a block is a
 * run of bytes that are no blanks, and numbers lie between commas. Without, a
 * block is a line, and numbers lie between blanks.
 *
 * So there are two pairs of questions, where does the block end and where does
 * the number end, and one parser that asks them. A comma in a line of the
 * second kind, or a blank in a block of the first, leaves something that is no
 * number: nothing is guessed.
 */
#include "text/totals.h"

#include <string.h>

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool ends_line(char c)
{
  return c == '\n';
}

static bool is_comma(char c)
{
  return c == ',';
}

/* The first byte of [at, end) of that kind, or `end`. */
static const char *find(const char *at, const char *end, bool (*kind)(char))
{
  while (at < end && !kind(*at))
    at++;
  return at;
}

static const char *skip_blanks(const char *at, const char *end)
{
  while (at < end && is_blank(*at))
    at++;
  return at;
}

static const char *trim_blanks(const char *start, const char *end)
{
  while (end > start && is_blank(end[-1]))
    end--;
  return end;
}

/* ---------------------------------------------------------------- block -- */

struct block {
  const char *start;
  const char *end;
};

/* Whether another number follows; *at is set behind what parts the two. */
static bool skip_separator(const struct ng_totals_reader *reader,
                           const struct block *block, const char **at)
{
  if (*at == block->end)
    return false;
  *at = reader->by_lines ? skip_blanks(*at, block->end) : *at + 1;
  return true;
}

static const char *number_end(const struct ng_totals_reader *reader,
                              const struct block *block, const char *at)
{
  return find(at, block->end, reader->by_lines ? is_blank : is_comma);
}

static size_t count_numbers(const struct ng_totals_reader *reader,
                            const struct block *block)
{
  const char *at = block->start;
  size_t count = 0;

  do {
    at = number_end(reader, block, at);
    count++;
  } while (skip_separator(reader, block, &at));
  return count;
}

static enum ng_totals_fault_kind parse_number(const char *at, const char *end,
                                              int64_t max, int64_t *number)
{
  enum ng_totals_fault_kind kind = NG_TOTALS_OK;

  *number = 0;
  if (at == end)
    return NG_TOTALS_NOT_A_NUMBER;
  for (; at < end; at++) {
    int digit = *at - '0';

    if (digit < 0 || digit > 9)
      return NG_TOTALS_NOT_A_NUMBER;
    if (*number > (max - digit) / 10)
      kind = NG_TOTALS_DOES_NOT_FIT;
    else
      *number = *number * 10 + digit;
  }
  return kind;
}

static bool parse_block(const struct ng_totals_reader *reader,
                        const struct block *block,
                        int64_t numbers[NG_TOTAL_NUMBERS],
                        struct ng_totals_fault *fault)
{
  static const int64_t max[NG_TOTAL_NUMBERS] = {INT32_MAX, INT64_MAX, INT64_MAX,
                                                INT64_MAX};
  const char *at = block->start;

  fault->numbers_found = count_numbers(reader, block);
  if (fault->numbers_found != NG_TOTAL_NUMBERS) {
    fault->kind = NG_TOTALS_NUMBER_COUNT;
    return false;
  }
  for (unsigned i = 0; i < NG_TOTAL_NUMBERS; i++) {
    const char *end = number_end(reader, block, at);

    fault->number = (enum ng_total_number)i;
    fault->kind = parse_number(at, end, max[i], &numbers[i]);
    if (fault->kind != NG_TOTALS_OK)
      return false;
    at = end;
    skip_separator(reader, block, &at);
  }
  return true;
}

static bool is_heading(const struct ng_totals_reader *reader,
                       const struct block *block)
{
  static const char *const names[NG_TOTAL_NUMBERS] = {
      "year", "match_count", "page_count", "volume_count"};
  const char *at = block->start;

  if (count_numbers(reader, block) != NG_TOTAL_NUMBERS)
    return false;
  for (unsigned i = 0; i < NG_TOTAL_NUMBERS; i++) {
    const char *end = number_end(reader, block, at);

    if ((size_t)(end - at) != strlen(names[i]) ||
        memcmp(at, names[i], strlen(names[i])) != 0)
      return false;
    at = end;
    skip_separator(reader, block, &at);
  }
  return true;
}

/* --------------------------------------------------------------- reader -- */

/* Find the next block and its place. False: there is none. */
static bool find_block(struct ng_totals_reader *reader, struct block *block)
{
  const char *line_end;

  block->start = skip_blanks(reader->at, reader->end);
  reader->block++;
  while ((line_end = memchr(reader->line_seen, '\n',
                            (size_t)(block->start - reader->line_seen)))) {
    reader->line_seen = line_end + 1;
    reader->line++;
    reader->block = 1;
  }
  block->end =
      find(block->start, reader->end, reader->by_lines ? ends_line : is_blank);
  reader->at = block->end;
  block->end = trim_blanks(block->start, block->end);
  return block->start < reader->end;
}

void ng_totals_begin(struct ng_totals_reader *reader, const char *text,
                     size_t size)
{
  struct ng_totals_reader begin = {
      .at = text, .end = text + size, .line = 1, .line_seen = text};
  struct block first;

  *reader = begin;
  if (!find_block(reader, &first))
    return;
  begin.by_lines = find(first.start, first.end, is_comma) == first.end;
  *reader = begin;
  find_block(reader, &first);
  if (!is_heading(reader, &first))
    *reader = begin;
}

bool ng_totals_next(struct ng_totals_reader *reader,
                    int64_t numbers[NG_TOTAL_NUMBERS],
                    struct ng_totals_fault *fault)
{
  struct block block;

  *fault = (struct ng_totals_fault){NG_TOTALS_OK, NG_TOTAL_YEAR, 0};
  return find_block(reader, &block) &&
         parse_block(reader, &block, numbers, fault);
}
