/* SPDX-License-Identifier: MIT */
/*
 * How a plainly good row is taken, that is added to its word group or appended
 * to the columns: the part that the row loops of scanner.c have in common.
 * scanner.c alone includes this, before the loops. The mode and the number of
 * columns are constants in each call, and all functions are inlined: each pair
 * becomes a loop of its own without a test of either, whose state stays in
 * registers.
 */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum mode {
  NARROW, /* word groups with totals alone */
  WIDE,   /* years and volumes, too */
  EACH,   /* the rows themselves, to columns */
};

/* The part of a scan's state that does not change while a tile is read. */
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
  uint64_t total; /* of the word group */
  /* The rest is for EACH. */
  struct ng_row_columns rows;
  struct ng_row_filter filter;
  uint64_t number; /* of the next row */
  bool wanted;     /* its word */
};

/* The numbers of a row. */
struct numbers {
  struct ng_digits year;
  struct ng_digits match_count;
  struct ng_digits volume_count;
};

/* Reload what has changed because the scan has begun another word. */
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

/* Read the line at scan->line, which is not plainly good, by the careful
   parser, and make room for the rows that `left` delimiters after it may end.
   Returns false if the scan ends. */
static NG_COLD bool read_with_care(struct scan *scan, size_t left)
{
  undo_entries(scan);
  return read_line(scan) && (!scan->scanner->rows || reserve_rows(scan, left));
}

/* The number of the first delimiter, from `i` on, that is not before the
   line. */
static size_t skip_delimiters(const struct scan *scan, size_t i, size_t count)
{
  while (i < count && scan->text + scan->scanner->positions[i] < scan->line)
    i++;
  return i;
}
