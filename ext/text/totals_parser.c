/* SPDX-License-Identifier: MIT */
/*
 * One parser for all layouts of totals. All are blocks with blanks around them.
 * A block has cells with separators between them, one number in each. A layout
 * says where a block ends and where a cell ends. Without a heading there are
 * two layouts: with commas a block is a sequence of bytes that are no blanks;
 * without commas it is a line, and cells lie between blanks. A comma in a block
 * of the second kind leaves a cell that is no number, and a blank in a block of
 * the first leaves two blocks with too few cells: both are faults.
 *
 * In a table with commas or semicolons a blank beside one of them does not end
 * the block, nor does one in quotes. Only in a table with TABs may a line begin
 * with a blank that is a separator: its first cell is empty.
 *
 * api/totals.c calls ng_totals_parser_init() with a whole file in memory, then
 * ng_totals_parser_next() for each block. Nothing is allocated.
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

static bool is_separator(const struct ng_totals_parser *parser, char c)
{
  return parser->separator == ' ' ? is_blank(c) : c == parser->separator;
}

/* Whether a block is a line. */
static bool is_by_lines(const struct ng_totals_parser *parser)
{
  return is_blank(parser->separator);
}

/* ---------------------------------------------------------------- cells -- */

/* The separator outside of quotes that ends the cell at `at`; `end` if there is
   none. */
static const char *find_separator(const struct ng_totals_parser *parser,
                                  const char *at, const char *end)
{
  bool quoted = false;

  for (; at < end && (quoted || !is_separator(parser, *at)); at++)
    quoted ^= *at == '"';
  return at;
}

/* Take the cell at *at, without blanks and quotes around it; *at becomes the
   start of the next one, or NULL if there is none. */
static struct span take_cell(const struct ng_totals_parser *parser,
                             const struct span *block, const char **at)
{
  const char *end = find_separator(parser, *at, block->end);
  struct span cell = {skip_blanks(*at, end), end};

  cell.end = trim_blanks(cell.start, cell.end);
  if (cell.end - cell.start >= 2 && *cell.start == '"' && cell.end[-1] == '"') {
    cell.start++;
    cell.end--;
  }
  if (end == block->end)
    *at = NULL;
  else
    *at = parser->separator == ' ' ? skip_blanks(end, block->end) : end + 1;
  return cell;
}

static size_t count_cells(const struct ng_totals_parser *parser,
                          const struct span *block)
{
  const char *at = block->start;
  size_t count = 0;

  do {
    take_cell(parser, block, &at);
    count++;
  } while (at);
  return count;
}

/* Find the number that a column is for, from its position. Returns false if it
   is for none. */
static bool find_number(const struct ng_totals_parser *parser, size_t column,
                        unsigned *number)
{
  for (*number = 0; *number < NG_TOTAL_NUMBERS; ++*number)
    if (parser->columns[*number] == column)
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

static bool parse_block(const struct ng_totals_parser *parser,
                        const struct span *block,
                        int64_t numbers[NG_TOTAL_NUMBERS],
                        struct ng_totals_fault *fault)
{
  const char *at = block->start;

  fault->numbers_found = count_cells(parser, block);
  if (fault->numbers_found != parser->column_count) {
    fault->kind = NG_TOTALS_NUMBER_COUNT;
    return false;
  }
  for (unsigned i = 0; i < NG_TOTAL_NUMBERS; i++)
    numbers[i] = -1;
  for (size_t column = 1; at; column++) {
    struct span cell = take_cell(parser, block, &at);
    unsigned i;

    if (!find_number(parser, column, &i))
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

/* Whether the blanks from `at` to `after` end a block, and not only a cell. */
static bool ends_block(const struct ng_totals_parser *parser, const char *at,
                       const char *after)
{
  if (!parser->has_heading || after == parser->end || *after == '\n')
    return true;
  return !is_separator(parser, at[-1]) && !is_separator(parser, *after);
}

/* The end of a block that ends at blanks. In a table, blanks in quotes and
   beside a separator do not end it. */
static const char *find_block_end(const struct ng_totals_parser *parser,
                                  const char *start)
{
  const char *at = start;
  bool quoted = false;

  while (at < parser->end && *at != '\n') {
    const char *after = at;

    quoted ^= *at == '"' && parser->has_heading;
    while (!quoted && after < parser->end && *after != '\n' && is_blank(*after))
      after++;
    if (after > at && ends_block(parser, at, after))
      return at;
    at = after > at ? after : at + 1;
  }
  return at;
}

/* The start of the next block. In a table with TABs, a line whose first cell is
   empty begins with a TAB. */
static const char *find_block_start(const struct ng_totals_parser *parser)
{
  const char *start = skip_blanks(parser->at, parser->end);

  if (parser->separator == '\t' && start < parser->end)
    while (start > parser->at && start[-1] != '\n')
      start--;
  return start;
}

/* Find the next block, its line, and its number there. Returns false if there
   is none. */
static bool find_block(struct ng_totals_parser *parser, struct span *block)
{
  const char *line_end;

  block->start = find_block_start(parser);
  parser->block++;
  while ((line_end = memchr(parser->line_seen, '\n',
                            (size_t)(block->start - parser->line_seen)))) {
    parser->line_seen = line_end + 1;
    parser->line++;
    parser->block = 1;
  }
  parser->line_seen = block->start;
  block->end = is_by_lines(parser) ? find_line_end(block->start, parser->end)
                                   : find_block_end(parser, block->start);
  parser->at = block->end;
  if (parser->separator == ' ')
    block->end = trim_blanks(block->start, block->end);
  return block->start < parser->end;
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

/* Whether a cell is not empty and none begins with a digit. */
static bool is_heading(const struct ng_totals_parser *parser,
                       const struct span *block)
{
  const char *at = block->start;
  bool has_name = false;

  do {
    struct span cell = take_cell(parser, block, &at);

    if (cell.start == cell.end)
      continue;
    if (is_digit(*cell.start))
      return false;
    has_name = true;
  } while (at);
  return has_name;
}

static enum ng_totals_fault_kind take_name(struct ng_totals_parser *parser,
                                           const struct span *cell,
                                           struct ng_totals_fault *fault)
{
  size_t i = 0;

  parser->column_count++;
  if (cell->start == cell->end)
    return NG_TOTALS_OK;
  fault->column = parser->column_count;
  while (i < sizeof names / sizeof names[0] && !is_name(cell, names[i].text))
    i++;
  if (i == sizeof names / sizeof names[0])
    return NG_TOTALS_UNKNOWN_NAME;
  fault->number = names[i].number;
  if (parser->columns[fault->number] > 0)
    return NG_TOTALS_NAME_TWICE;
  parser->columns[fault->number] = fault->column;
  return NG_TOTALS_OK;
}

static void take_heading(struct ng_totals_parser *parser,
                         const struct span *block)
{
  struct ng_totals_fault fault = {.kind = NG_TOTALS_OK};
  const char *at = block->start;

  memset(parser->columns, 0, sizeof parser->columns);
  parser->column_count = 0;
  while (at && fault.kind == NG_TOTALS_OK) {
    struct span cell = take_cell(parser, block, &at);

    fault.kind = take_name(parser, &cell, &fault);
  }
  for (unsigned i = 0; i < 2 && fault.kind == NG_TOTALS_OK; i++)
    if (parser->columns[i] == 0)
      fault = (struct ng_totals_fault){.kind = NG_TOTALS_NO_COLUMN,
                                       .number = (enum ng_total_number)i};
  if (fault.kind != NG_TOTALS_OK)
    parser->heading_fault = fault;
}

/* The separator that occurs in the first line; a space if none does. */
static char heading_separator(const char *start, const char *end)
{
  static const char separators[] = ",;\t";
  const char *line_end = find_line_end(start, end);

  for (const char *at = separators; *at; at++)
    if (memchr(start, *at, (size_t)(line_end - start)))
      return *at;
  return ' ';
}

/* --------------------------------------------------------------- parser -- */

void ng_totals_parser_init(struct ng_totals_parser *parser, const char *text,
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

  *parser = table;
  block.end = find_block_end(parser, first);
  if (!memchr(first, ',', (size_t)(block.end - first)))
    parser->separator = ' ';
  table.has_heading = true;
  table.separator = heading_separator(first, text + size);
  if (!find_block(&table, &block) || !is_heading(&table, &block))
    return;
  take_heading(&table, &block);
  *parser = table;
}

/* Whether a block has separators and blanks alone: an empty row of a
   spreadsheet. */
static bool is_empty(const struct ng_totals_parser *parser,
                     const struct span *block)
{
  const char *at = block->start;

  while (at < block->end && (is_separator(parser, *at) || is_blank(*at)))
    at++;
  return at == block->end;
}

bool ng_totals_parser_next(struct ng_totals_parser *parser,
                           int64_t numbers[NG_TOTAL_NUMBERS],
                           struct ng_totals_fault *fault)
{
  struct span block;

  *fault = parser->heading_fault;
  if (fault->kind != NG_TOTALS_OK)
    return false;
  do {
    if (!find_block(parser, &block))
      return false;
  } while (parser->has_heading && is_empty(parser, &block));
  return parse_block(parser, &block, numbers, fault);
}
