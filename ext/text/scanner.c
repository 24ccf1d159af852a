/* SPDX-License-Identifier: MIT */
/*
 * How rows are scanned.
 *
 * The text is taken in tiles that stay in the first-level cache. A SIMD kernel
 * lists the delimiters of a tile and marks its odd bytes, those that are in no
 * number (delimiters.c). Then rows are read off the list, four delimiters each
 * (2009: five; 2020: one), with no search and hardly a branch. A row is plainly
 * good if its numbers have 1 to 8 digits, only its line end is odd after the
 * word (2020: its commas, too), and its word is that of the row before, or has
 * been checked. The count is converted eight digits at a time (digits.h).
 *
 * All other lines go to the careful parser (line.c), which finds them good
 * after all (a count of 9 digits, a word of a MiB) or gives their fault. So one
 * parser decides what a row is, and the fast path recognizes a subset of the
 * good ones.
 *
 * The row loops (scanner_loop.h, scanner_entries.h) are compiled for each
 * layout and each mode (scanner_take.h): narrow for (word, total), wide for
 * years and volumes, too, and one for the rows themselves. In the last mode
 * there are word groups as well, but none is put: a group only tells that a row
 * has the word of the row before, and whether the word is wanted.
 *
 * A sink has a scanner for each worker (tally/tally.c, rows/row_queue.c,
 * rows/postings_sink.c). The worker calls ng_scanner_scan() for each block of
 * text, and for each line that crosses blocks. No word group goes on in the
 * next call. The scanner owns the list of a tile; words in groups point into
 * the caller's text.
 */
#include "text/scanner.h"

#include <stdlib.h>
#include <string.h>

#include "base/hints.h"
#include "base/le.h"
#include "text/digits.h"
#include "text/word.h"

/* Measured: 8 to 32 KiB make no difference. With less the loops start too
   often, and with more the list of positions leaves the cache (2 to 4 %
   each). */
#define TILE_BYTES ((size_t)16 << 10)

/* Odd bits that are kept of the tile before: a plainly good row has fewer bytes
   after its word. */
#define ODD_BEFORE ((size_t)64)

/* A line with a longer word may be too long. */
#define PLAIN_WORD_MAX (NG_LINE_MAX - 64)

#define SUM_OVERFLOW (UINT64_C(1) << 63)

/* The state of one scan; kept out of struct ng_scanner so that compilers can
   hold it in registers. */
struct scan {
  struct ng_scanner *scanner;
  struct ng_scanner_result *result;
  const char *text;
  const char *end;    /* after the last newline */
  const char *line;   /* the line to be read next */
  uint32_t odd_start; /* the position of the first odd bit, modulo 2^32 */
  struct ng_word_group group;
  bool in_group;
  bool wanted; /* the group's word, if rows are read one by one */

  /* Of a line of 2020 that has not been read to its end. */
  const char *entry;           /* the row to be read next; NULL: no such line */
  uint64_t entries;            /* rows of it that have been read */
  struct ng_word_group before; /* the group without those rows */
  bool in_group_before;
  size_t rows_before;
};

bool ng_scanner_init(struct ng_scanner *scanner,
                     const struct ng_scanner_options *options,
                     ng_word_group_fn *put_group, void *context)
{
  *scanner = (struct ng_scanner){
      .options = *options, .put_group = put_group, .context = context};
  if (options->tokens != NG_TOKENS_NONE) {
    scanner->tokenizer =
        ng_tokenizer_new(options->tokens, options->kernel->boundaries,
                         options->put_words, context);
    if (scanner->tokenizer)
      scanner->tokenizer->skips_bad = options->skip_bad_rows;
    return scanner->tokenizer != NULL;
  }
  scanner->positions = malloc((TILE_BYTES + 128) * sizeof(uint32_t));
  scanner->odd = calloc(1, ODD_BEFORE / 8 + TILE_BYTES / 8 + 8);
  return scanner->positions && scanner->odd;
}

void ng_scanner_free(struct ng_scanner *scanner)
{
  free(scanner->positions);
  free(scanner->odd);
  ng_tokenizer_free(scanner->tokenizer);
  scanner->positions = NULL;
  scanner->odd = NULL;
  scanner->tokenizer = NULL;
}

/* The odd bits from bit `at` on, 57 or more. */
static inline uint64_t load_odd(const unsigned char *odd, uint32_t at)
{
  return ng_le_load64((const char *)odd + at / 8) >> at % 8;
}

/* Where a row ends, at the top of its odd bits. */
#define ODD_NEWLINE (UINT64_C(1) << 63)
#define ODD_CR_NEWLINE (UINT64_C(3) << 62)

/* Whether two words of one length are the same. Reads up to 7 bytes after
   short ones. */
static inline bool is_same_word(const char *a, const char *b, size_t length)
{
  if (NG_LIKELY(length <= 8))
    return (ng_le_load64(a) ^ ng_le_load64(b)) << ((64 - 8 * length) & 63) == 0;
  if (length <= 16)
    return ((ng_le_load64(a) ^ ng_le_load64(b)) |
            (ng_le_load64(a + length - 8) ^ ng_le_load64(b + length - 8))) == 0;
  return memcmp(a, b, length) == 0;
}

/* Put the group, if there is one and it counts. Returns false if the scan is
   stopped. */
static bool end_group(struct scan *scan)
{
  bool wanted = scan->in_group && !scan->scanner->rows &&
                (!scan->scanner->options.wide || scan->group.row_count > 0);

  scan->in_group = false;
  if (scan->group.total > SUM_OVERFLOW)
    scan->group.total = SUM_OVERFLOW;
  if (wanted &&
      !scan->scanner->put_group(scan->scanner->context, &scan->group)) {
    scan->result->stopped = true;
    return false;
  }
  return true;
}

/* End the group, and begin that of another word, which has been checked.
   Returns false if the scan is stopped. */
static bool begin_group(struct scan *scan, const char *word, size_t length)
{
  const struct ng_row_filter *filter = &scan->scanner->filter;

  if (!end_group(scan))
    return false;
  scan->in_group = true;
  scan->wanted = scan->scanner->rows &&
                 (!filter->wants_word ||
                  filter->wants_word(filter->context, word, length));
  scan->group = (struct ng_word_group){.word = word, .length = length};
  return true;
}

/* The row loop may have added to a sum that was past 2^63 before. */
static inline uint64_t add_saturated(uint64_t a, uint64_t b)
{
  uint64_t sum = a + b;

  return ((a | b | sum) & SUM_OVERFLOW) ? SUM_OVERFLOW : sum;
}

static inline bool is_wanted_year(const struct scan *scan, int32_t year)
{
  return year >= scan->scanner->options.year_from &&
         year <= scan->scanner->options.year_to;
}

static inline void add_to_wide_group(struct ng_word_group *group, int32_t year,
                                     uint64_t volumes)
{
  if (group->row_count++ == 0)
    group->first_year = group->last_year = year;
  if (year < group->first_year)
    group->first_year = year;
  if (year > group->last_year)
    group->last_year = year;
  group->volumes = add_saturated(group->volumes, volumes);
}

static inline bool is_filtered_year(const struct ng_row_filter *filter,
                                    int32_t year)
{
  return (year >= filter->year_from) & (year <= filter->year_to);
}

static inline void put_word(struct ng_row_columns *rows, const char *word,
                            size_t length, uint64_t number)
{
  size_t at = rows->count;

  if (rows->word_at) {
    rows->word_at[at] = (uint32_t)(word - rows->text);
    rows->word_length[at] = (uint32_t)length;
  }
  if (rows->number)
    rows->number[at] = (uint32_t)number;
}

/* Write the numbers of a row after the others, where there is room for it, and
   count the row if it is wanted. */
static inline void put_numbers(struct ng_row_columns *rows,
                               const struct ng_row_filter *filter, bool wanted,
                               struct ng_digits year,
                               struct ng_digits match_count,
                               struct ng_digits volume_count)
{
  size_t at = rows->count;

  if (rows->match_count)
    rows->match_count[at] = (int64_t)ng_digits_read(match_count);
  if (rows->volume_count)
    rows->volume_count[at] = (int64_t)ng_digits_read(volume_count);
  if (rows->year) {
    int32_t value = (int32_t)ng_digits_read(year);

    rows->year[at] = value;
    wanted &= is_filtered_year(filter, value);
  }
  rows->count += wanted;
}

/* Make room for `more` rows. Returns false, and stops the scan, if there is no
   memory. */
static bool reserve_rows(struct scan *scan, size_t more)
{
  if (ng_row_columns_reserve(scan->scanner->rows, more))
    return true;
  scan->result->stopped = true;
  return false;
}

static bool add_to_rows(struct scan *scan, const struct ng_row *row)
{
  struct ng_row_columns *rows = scan->scanner->rows;
  size_t at = rows->count;

  if (!reserve_rows(scan, 1))
    return false;
  put_word(rows, row->word, row->word_length, scan->result->rows);
  if (rows->match_count)
    rows->match_count[at] = (int64_t)row->match_count;
  if (rows->volume_count)
    rows->volume_count[at] = (int64_t)row->volume_count;
  if (rows->year)
    rows->year[at] = row->year;
  rows->count +=
      scan->wanted && is_filtered_year(&scan->scanner->filter, row->year);
  return true;
}

static bool add_row(struct scan *scan, const struct ng_row *row)
{
  struct ng_word_group *group = &scan->group;

  if (!scan->in_group || group->length != row->word_length ||
      memcmp(group->word, row->word, row->word_length) != 0)
    if (!begin_group(scan, row->word, row->word_length))
      return false;
  if (scan->scanner->rows)
    return add_to_rows(scan, row);
  if (!scan->scanner->options.wide) {
    group->total = add_saturated(group->total, row->match_count);
  } else if (is_wanted_year(scan, row->year)) {
    group->total = add_saturated(group->total, row->match_count);
    add_to_wide_group(group, row->year, row->volume_count);
  }
  return true;
}

static bool add_rows(struct scan *scan, struct ng_line *line)
{
  struct ng_row row;

  while (ng_line_next(line, &row)) {
    if (!add_row(scan, &row))
      return false;
    scan->result->rows++;
  }
  return true;
}

/*
 * Read the line at scan->line by the careful parser, and move scan->line to the
 * next one. Returns false if the scan ends here.
 */
static NG_COLD bool read_line(struct scan *scan)
{
  const char *start = scan->line;
  const char *newline = memchr(start, '\n', (size_t)(scan->end - start));
  const char *stop = newline - (newline > start && newline[-1] == '\r');
  struct ng_row_fault fault;
  struct ng_line line;

  if (ng_line_open(&line, scan->scanner->options.layout, start,
                   (size_t)(stop - start), &fault)) {
    if (!add_rows(scan, &line))
      return false;
  } else if (scan->scanner->options.skip_bad_rows) {
    scan->result->skipped++;
  } else {
    scan->result->fault = fault;
    scan->result->fault_start = (size_t)(start - scan->text);
    scan->result->fault_end = (size_t)(newline - scan->text);
    return false;
  }
  scan->result->lines++;
  scan->line = newline + 1;
  return true;
}

/* Begin the group of a row that has another word than the row before. Returns
   false if the word is not plainly good, and has no effect then; or if the scan
   is stopped. */
static NG_COLD bool change_word(struct scan *scan, const char *word,
                                size_t length)
{
  return length <= PLAIN_WORD_MAX &&
         ng_word_check(word, length) == NG_WORD_OK &&
         begin_group(scan, word, length);
}

/* Begin a line of 2020, whose word ends at `tab`. Returns false as
   change_word(). */
static NG_COLD bool begin_entries(struct scan *scan, const char *tab)
{
  const char *word = scan->line;
  size_t length = (size_t)(tab - word);
  bool goes_on = scan->in_group && scan->group.length == length &&
                 memcmp(scan->group.word, word, length) == 0;

  if (!goes_on && !change_word(scan, word, length))
    return false;
  scan->before = scan->group;
  scan->in_group_before = goes_on;
  if (scan->scanner->rows)
    scan->rows_before = scan->scanner->rows->count;
  scan->entry = tab + 1;
  scan->entries = 0;
  return true;
}

/* Take back what the rows of a line of 2020 have added, so that the careful
   parser can read the line from its beginning. */
static NG_COLD void undo_entries(struct scan *scan)
{
  if (!scan->entry)
    return;
  scan->group = scan->before;
  scan->in_group = scan->in_group_before;
  if (scan->scanner->rows)
    scan->scanner->rows->count = scan->rows_before;
  scan->entry = NULL;
}

/* The offsets in a row of 2020 of its two commas, and of the first odd byte
   after them. */
struct odd_positions {
  unsigned first;
  unsigned second;
  unsigned third;
};

/* From the odd bits of a row, 57 or more. An offset is 63 if there is no such
   byte. */
static inline struct odd_positions find_odd_positions(uint64_t bits)
{
  const uint64_t none = UINT64_C(1) << 63;
  struct odd_positions found;

  bits |= none;
  found.first = (unsigned)__builtin_ctzll(bits);
  bits = (bits & (bits - 1)) | none;
  found.second = (unsigned)__builtin_ctzll(bits);
  bits = (bits & (bits - 1)) | none;
  found.third = (unsigned)__builtin_ctzll(bits);
  return found;
}

#include "text/scanner_take.h"

#include "text/scanner_entries.h"
#include "text/scanner_loop.h"

typedef bool read_fn(struct scan *scan, size_t count, size_t *kept);

#define READER(name, call)                                                     \
  static bool name(struct scan *scan, size_t count, size_t *kept)              \
  {                                                                            \
    return call;                                                               \
  }

READER(read_narrow, read_rows(scan, count, kept, NARROW, 4))
READER(read_wide, read_rows(scan, count, kept, WIDE, 4))
READER(read_each, read_rows(scan, count, kept, EACH, 4))
READER(read_paged_narrow, read_rows(scan, count, kept, NARROW, 5))
READER(read_paged_wide, read_rows(scan, count, kept, WIDE, 5))
READER(read_paged_each, read_rows(scan, count, kept, EACH, 5))
READER(read_entries_narrow, read_entries(scan, count, kept, NARROW))
READER(read_entries_wide, read_entries(scan, count, kept, WIDE))
READER(read_entries_each, read_entries(scan, count, kept, EACH))

static read_fn *choose_reader(const struct ng_scanner *scanner)
{
  static read_fn *const readers[][3] = {
      [NG_LAYOUT_2012] = {read_narrow, read_wide, read_each},
      [NG_LAYOUT_2009] = {read_paged_narrow, read_paged_wide, read_paged_each},
      [NG_LAYOUT_2020] = {read_entries_narrow, read_entries_wide,
                          read_entries_each},
  };
  enum mode mode = scanner->options.wide ? WIDE : NARROW;

  return readers[scanner->options.layout][scanner->rows ? EACH : mode];
}

/*
 * Tile by tile: list the delimiters, read the rows that end in the tile, and
 * keep the delimiters of the last row if it ends in a later one. A line that
 * the careful parser reads may end far after the tile; then the next tile
 * starts there.
 */
static void scan_rows(struct ng_scanner *scanner, const char *text, size_t size,
                      struct ng_scanner_result *result)
{
  struct scan scan = {.scanner = scanner,
                      .result = result,
                      .text = text,
                      .end = text + size,
                      .line = text,
                      .group = {.word = text}};
  read_fn *read = choose_reader(scanner);
  size_t kept = 0;
  size_t at = 0;

  while (at < size) {
    size_t tile = size - at < TILE_BYTES ? size - at : TILE_BYTES;
    size_t count =
        kept + scanner->options.kernel->find_delimiters(
                   text + at, tile, (uint32_t)at, scanner->positions + kept,
                   scanner->odd + ODD_BEFORE / 8);
    bool ok;

    scan.odd_start = (uint32_t)(at - ODD_BEFORE);
    /* A row ends with one of them, or more. */
    if (scanner->rows && !reserve_rows(&scan, count))
      return;
    ok = read(&scan, count, &kept);
    if (tile == TILE_BYTES)
      memcpy(scanner->odd, scanner->odd + TILE_BYTES / 8, ODD_BEFORE / 8);
    if (!ok)
      return;
    at += tile;
    if (NG_UNLIKELY((size_t)(scan.line - text) > at))
      at = (size_t)(scan.line - text);
  }
  while (scan.line < scan.end)
    if (!read_line(&scan))
      return;
  end_group(&scan);
}

void ng_scanner_scan(struct ng_scanner *scanner, const char *text, size_t size,
                     struct ng_scanner_result *result)
{
  *result = (struct ng_scanner_result){.lines = 0};
  if (scanner->tokenizer)
    ng_tokenizer_scan(scanner->tokenizer, text, size, result);
  else
    scan_rows(scanner, text, size, result);
}
