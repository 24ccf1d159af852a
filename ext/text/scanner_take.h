/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a row that is plainly good, in the row loops, which scanner.c
 * alone includes behind this. A mode and a number of columns are constants
 * wherever a loop is called, and all is inlined: so each pair has a loop of its
 * own, without a test for what it is, and its state stays in registers.
 */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum mode {
  NARROW, /* totals alone */
  WIDE,   /* years and volumes, too */
  EACH,   /* the rows themselves */
};

/* The part of a scan's state that stays while a tile is read. */
struct tile {
  const char *text;
  const unsigned char *odd;
  uint32_t odd_start;
};

ALWAYS_INLINE struct tile tile_of(const struct scan *scan)
{
  return (struct tile){scan->text, scan->scanner->odd, scan->odd_start};
}

/* The part of a scan's state that changes with each row. */
struct taker {
  uint64_t total; /* of the run */
  /* The rest is for rows. */
  struct ng_row_columns rows;
  struct ng_row_filter filter;
  uint64_t number; /* of the next row */
  bool wanted;     /* the word */
};

/* The numbers of a row. */
struct numbers {
  struct ng_digits year;
  struct ng_digits match_count;
  struct ng_digits volume_count;
};

/* The scan has turned to another word. */
ALWAYS_INLINE void taker_turn(struct taker *taker, const struct scan *scan)
{
  taker->total = scan->group.total;
  taker->wanted = scan->wanted;
}

ALWAYS_INLINE void taker_load(struct taker *taker, const struct scan *scan,
                              enum mode mode)
{
  taker_turn(taker, scan);
  if (mode != EACH)
    return;
  taker->rows = *scan->scanner->rows;
  taker->filter = scan->scanner->filter;
  taker->number = scan->result->rows + (scan->entry ? scan->entries : 0);
}

ALWAYS_INLINE void taker_store(const struct taker *taker, struct scan *scan,
                               enum mode mode)
{
  scan->group.total = taker->total;
  if (mode == EACH)
    scan->scanner->rows->count = taker->rows.count;
}

ALWAYS_INLINE void take_wide(struct taker *taker, struct scan *scan,
                             const struct numbers *numbers)
{
  int32_t year = (int32_t)ng_digits_read(numbers->year);

  if (!is_wanted_year(scan, year))
    return;
  taker->total += ng_digits_read(numbers->match_count);
  add_to_wide_group(&scan->group, year, ng_digits_read(numbers->volume_count));
}

ALWAYS_INLINE void take(struct taker *taker, struct scan *scan, enum mode mode,
                        const char *word, size_t length,
                        const struct numbers *numbers)
{
  switch (mode) {
  case NARROW:
    taker->total += ng_digits_read(numbers->match_count);
    break;
  case WIDE:
    take_wide(taker, scan, numbers);
    break;
  case EACH:
    put_word(&taker->rows, word, length, taker->number++);
    put_numbers(&taker->rows, &taker->filter, taker->wanted, numbers->year,
                numbers->match_count, numbers->volume_count);
    break;
  }
}

/* The line at scan->line is not plainly good: read it with care, and make room
   for what `left` delimiters behind it may end. False: the scan ends. */
static NG_COLD bool read_with_care(struct scan *scan, size_t left)
{
  undo_entries(scan);
  return read_line(scan) && (!scan->scanner->rows || reserve_rows(scan, left));
}

/* The first delimiter from `i` on that is not before the line. */
static size_t skip_delimiters(const struct scan *scan, size_t i, size_t count)
{
  while (i < count && scan->text + scan->scanner->positions[i] < scan->line)
    i++;
  return i;
}
