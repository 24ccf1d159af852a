/* SPDX-License-Identifier: MIT */
/*
 * All layouts are the same thing seen from afar: blocks with blanks around
 * them, each of some cells with something between. Two questions tell them
 * apart, where does the block end and where does the cell end, and one parser
 * asks them. Without a heading there are two: with commas a block is a run of
 * bytes that are no blanks, and else it is a line, and cells lie between
 * blanks. A comma in a line of the second kind, or a blank in a block of the
 * first, leaves something that is no number: nothing is guessed.
 *
 * In a table with commas or semicolons a blank beside one of them does not end
 * the block, nor does one in quotes. A table with TABs is the only one where a
 * line may begin with a separator that is a blank too.
 */
#include "text/totals_parser.h"

#include <string.h>

#include "text/bom.h"

const char ng_totals_parser_names[] =
    "year, match_count (total, count), page_count (pages), volume_count "
    "(volumes, books)";

static const struct {
  const char *text;
  enum ng_total_number number;
} names[] = {
    {"year", NG_TOTAL_YEAR},
    {"match_count", NG_TOTAL_MATCH_COUNT},
    {"total", NG_TOTAL_MATCH_COUNT},
    {"count", NG_TOTAL_MATCH_COUNT},
    {"page_count", NG_TOTAL_PAGE_COUNT},
    {"pages", NG_TOTAL_PAGE_COUNT},
    {"volume_count", NG_TOTAL_VOLUME_COUNT},
    {"volumes", NG_TOTAL_VOLUME_COUNT},
    {"books", NG_TOTAL_VOLUME_COUNT},
};

/* Some bytes of the text: a block or a cell. */
struct span {
  const char *start;
  const char *end;
};

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
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

static const char *find_line_end(const char *at, const char *end)
{
  const char *line_end = memchr(at, '\n', (size_t)(end - at));

  return line_end ? line_end : end;
}

static bool is_separator(const struct ng_totals_parser *reader, char c)
{
  return reader->separator == ' ' ? is_blank(c) : c == reader->separator;
}

/* Whether blocks are lines, whatever else stands in them. */
static bool is_by_lines(const struct ng_totals_parser *reader)
{
  return is_blank(reader->separator);
}

/* ---------------------------------------------------------------- cells -- */

/* The separator outside of quotes that ends the cell at `at`, or `end`. */
static const char *find_separator(const struct ng_totals_parser *reader,
                                  const char *at, const char *end)
{
  bool quoted = false;

  for (; at < end && (quoted || !is_separator(reader, *at)); at++)
    quoted ^= *at == '"';
  return at;
}

/* The cell at *at without blanks and quotes around it; *at is set to the next
   one, or to NULL if there is none. */
static struct span take_cell(const struct ng_totals_parser *reader,
                             const struct span *block, const char **at)
{
  const char *end = find_separator(reader, *at, block->end);
  struct span cell = {skip_blanks(*at, end), end};

  cell.end = trim_blanks(cell.start, cell.end);
  if (cell.end - cell.start >= 2 && *cell.start == '"' && cell.end[-1] == '"') {
    cell.start++;
    cell.end--;
  }
  if (end == block->end)
    *at = NULL;
  else
    *at = reader->separator == ' ' ? skip_blanks(end, block->end) : end + 1;
  return cell;
}

static size_t count_cells(const struct ng_totals_parser *reader,
                          const struct span *block)
{
  const char *at = block->start;
  size_t count = 0;

  do {
    take_cell(reader, block, &at);
    count++;
  } while (at);
  return count;
}

/* Which number the column is for, by its place. */
static bool find_number(const struct ng_totals_parser *reader, size_t column,
                        unsigned *number)
{
  for (*number = 0; *number < NG_TOTAL_NUMBERS; ++*number)
    if (reader->columns[*number] == column)
      return true;
  return false;
}

static enum ng_totals_fault_kind parse_number(const struct span *cell,
                                              int64_t max, int64_t *number)
{
  enum ng_totals_fault_kind kind = NG_TOTALS_OK;

  *number = 0;
  if (cell->start == cell->end)
    return NG_TOTALS_NOT_A_NUMBER;
  for (const char *at = cell->start; at < cell->end; at++) {
    int digit = *at - '0';

    if (!is_digit(*at))
      return NG_TOTALS_NOT_A_NUMBER;
    if (*number > (max - digit) / 10)
      kind = NG_TOTALS_DOES_NOT_FIT;
    else
      *number = *number * 10 + digit;
  }
  return kind;
}

static bool parse_block(const struct ng_totals_parser *reader,
                        const struct span *block,
                        int64_t numbers[NG_TOTAL_NUMBERS],
                        struct ng_totals_fault *fault)
{
  const char *at = block->start;

  fault->numbers_found = count_cells(reader, block);
  if (fault->numbers_found != reader->column_count) {
    fault->kind = NG_TOTALS_NUMBER_COUNT;
    return false;
  }
  for (unsigned i = 0; i < NG_TOTAL_NUMBERS; i++)
    numbers[i] = -1;
  for (size_t column = 1; at; column++) {
    struct span cell = take_cell(reader, block, &at);
    unsigned i;

    if (!find_number(reader, column, &i))
      continue;
    fault->number = (enum ng_total_number)i;
    fault->kind = parse_number(
        &cell, i == NG_TOTAL_YEAR ? INT32_MAX : INT64_MAX, &numbers[i]);
    if (fault->kind != NG_TOTALS_OK)
      return false;
  }
  return true;
}

/* --------------------------------------------------------------- blocks -- */

/* Whether the blanks from `at` to `after` end a block, not just a cell. */
static bool ends_block(const struct ng_totals_parser *reader, const char *at,
                       const char *after)
{
  if (!reader->has_heading || after == reader->end || *after == '\n')
    return true;
  return !is_separator(reader, at[-1]) && !is_separator(reader, *after);
}

/* Blocks of bytes that are no blanks. In a table those in quotes, and those
   beside a separator, are part of the block all the same. */
static const char *find_block_end(const struct ng_totals_parser *reader,
                                  const char *start)
{
  const char *at = start;
  bool quoted = false;

  while (at < reader->end && *at != '\n') {
    const char *after = at;

    quoted ^= *at == '"' && reader->has_heading;
    while (!quoted && after < reader->end && *after != '\n' && is_blank(*after))
      after++;
    if (after > at && ends_block(reader, at, after))
      return at;
    at = after > at ? after : at + 1;
  }
  return at;
}

/* A table with TABs has them in front of a line whose first cell is empty. */
static const char *find_block_start(const struct ng_totals_parser *reader)
{
  const char *start = skip_blanks(reader->at, reader->end);

  if (reader->separator == '\t' && start < reader->end)
    while (start > reader->at && start[-1] != '\n')
      start--;
  return start;
}

/* Find the next block and its place. False: there is none. */
static bool find_block(struct ng_totals_parser *reader, struct span *block)
{
  const char *line_end;

  block->start = find_block_start(reader);
  reader->block++;
  while ((line_end = memchr(reader->line_seen, '\n',
                            (size_t)(block->start - reader->line_seen)))) {
    reader->line_seen = line_end + 1;
    reader->line++;
    reader->block = 1;
  }
  reader->line_seen = block->start;
  block->end = is_by_lines(reader) ? find_line_end(block->start, reader->end)
                                   : find_block_end(reader, block->start);
  reader->at = block->end;
  if (reader->separator == ' ')
    block->end = trim_blanks(block->start, block->end);
  return block->start < reader->end;
}

/* ------------------------------------------------------------- headings -- */

static char to_lower(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_name(const struct span *cell, const char *name)
{
  size_t size = strlen(name);

  if ((size_t)(cell->end - cell->start) != size)
    return false;
  for (size_t i = 0; i < size; i++)
    if (to_lower(cell->start[i]) != name[i])
      return false;
  return true;
}

/* Whether a cell holds something and none begins with a digit. */
static bool is_heading(const struct ng_totals_parser *reader,
                       const struct span *block)
{
  const char *at = block->start;
  bool has_name = false;

  do {
    struct span cell = take_cell(reader, block, &at);

    if (cell.start == cell.end)
      continue;
    if (is_digit(*cell.start))
      return false;
    has_name = true;
  } while (at);
  return has_name;
}

static enum ng_totals_fault_kind take_name(struct ng_totals_parser *reader,
                                           const struct span *cell,
                                           struct ng_totals_fault *fault)
{
  size_t i = 0;

  reader->column_count++;
  if (cell->start == cell->end)
    return NG_TOTALS_OK;
  fault->column = reader->column_count;
  while (i < sizeof names / sizeof names[0] && !is_name(cell, names[i].text))
    i++;
  if (i == sizeof names / sizeof names[0])
    return NG_TOTALS_UNKNOWN_NAME;
  fault->number = names[i].number;
  if (reader->columns[fault->number] > 0)
    return NG_TOTALS_NAME_TWICE;
  reader->columns[fault->number] = fault->column;
  return NG_TOTALS_OK;
}

static void take_heading(struct ng_totals_parser *reader,
                         const struct span *block)
{
  struct ng_totals_fault fault = {.kind = NG_TOTALS_OK};
  const char *at = block->start;

  memset(reader->columns, 0, sizeof reader->columns);
  reader->column_count = 0;
  while (at && fault.kind == NG_TOTALS_OK) {
    struct span cell = take_cell(reader, block, &at);

    fault.kind = take_name(reader, &cell, &fault);
  }
  for (unsigned i = 0; i < 2 && fault.kind == NG_TOTALS_OK; i++)
    if (reader->columns[i] == 0)
      fault = (struct ng_totals_fault){.kind = NG_TOTALS_NO_COLUMN,
                                       .number = (enum ng_total_number)i};
  if (fault.kind != NG_TOTALS_OK)
    reader->heading_fault = fault;
}

/* One that stands in the first line. */
static char heading_separator(const char *start, const char *end)
{
  static const char separators[] = ",;\t";
  const char *line_end = find_line_end(start, end);

  for (const char *at = separators; *at; at++)
    if (memchr(start, *at, (size_t)(line_end - start)))
      return *at;
  return ' ';
}

/* --------------------------------------------------------------- reader -- */

void ng_totals_parser_init(struct ng_totals_parser *reader, const char *text,
                           size_t size)
{
  const char *start = text + ng_bom_size(text, size);
  const char *first = skip_blanks(start, text + size);
  struct ng_totals_parser table = {.at = start,
                                   .end = text + size,
                                   .separator = ',',
                                   .columns = {1, 2, 3, 4},
                                   .column_count = NG_TOTAL_NUMBERS,
                                   .line = 1,
                                   .line_seen = start};
  struct span block;

  *reader = table;
  block.end = find_block_end(reader, first);
  if (!memchr(first, ',', (size_t)(block.end - first)))
    reader->separator = ' ';
  table.has_heading = true;
  table.separator = heading_separator(first, text + size);
  if (!find_block(&table, &block) || !is_heading(&table, &block))
    return;
  take_heading(&table, &block);
  *reader = table;
}

/* Whether a table has such a block only because a spreadsheet has the row. */
static bool is_empty(const struct ng_totals_parser *reader,
                     const struct span *block)
{
  const char *at = block->start;

  while (at < block->end && (is_separator(reader, *at) || is_blank(*at)))
    at++;
  return at == block->end;
}

bool ng_totals_parser_next(struct ng_totals_parser *reader,
                           int64_t numbers[NG_TOTAL_NUMBERS],
                           struct ng_totals_fault *fault)
{
  struct span block;

  *fault = reader->heading_fault;
  if (fault->kind != NG_TOTALS_OK)
    return false;
  do {
    if (!find_block(reader, &block))
      return false;
  } while (reader->has_heading && is_empty(reader, &block));
  return parse_block(reader, &block, numbers, fault);
}
