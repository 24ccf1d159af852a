/* SPDX-License-Identifier: MIT */
/*
 * The row loop, the hottest of the project, for the layouts in which a line is
 * a row. A row has 4 columns, or 5 with a page_count before the last.
 */

/* A row between its delimiters. */
struct row_shape {
  const char *tab; /* after its word */
  const char *newline;
  struct numbers numbers;
};

/* Find the parts of the row whose first delimiter is the first of `positions`.
   Returns false if it is not plainly good. */
ALWAYS_INLINE bool shape_row(const struct tile *tile, const uint32_t *positions,
                             unsigned columns, struct row_shape *row)
{
  const char *tab1 = tile->text + positions[0];
  const char *tab2 = tile->text + positions[1];
  const char *tab3 = tile->text + positions[2];
  const char *last = tile->text + positions[columns - 2];
  const char *newline = tile->text + positions[columns - 1];
  size_t year_length = (size_t)(tab2 - tab1) - 1;
  size_t match_length = (size_t)(tab3 - tab2) - 1;
  size_t page_length = columns == 5 ? (size_t)(last - tab3) - 1 : 1;
  size_t volume_length = (size_t)(newline - last) - 1; /* a CR with it */
  uint64_t odd_bits;

  if (NG_UNLIKELY(((year_length - 1) | (match_length - 1) | (page_length - 1) |
                   (volume_length - 1)) > 7))
    return false;
  /* From the first TAB on, only the end is odd. */
  odd_bits = load_odd(tile->odd, positions[0] - tile->odd_start)
             << (63 - (newline - tab1));
  if (NG_UNLIKELY(odd_bits != ODD_NEWLINE) &&
      (odd_bits != ODD_CR_NEWLINE || newline[-1] != '\r' ||
       --volume_length == 0))
    return false;
  *row = (struct row_shape){tab1,
                            newline,
                            {{tab1 + 1, year_length},
                             {tab2 + 1, match_length},
                             {last + 1, volume_length}}};
  return true;
}

/* Store the loop's state, read the line at `line` by the careful parser, and
   load the state again. `lines` have been read before it and are not in the
   result yet. Returns false if the scan ends. */
ALWAYS_INLINE bool care_for_row(struct scan *scan, struct taker *taker,
                                enum mode mode, const char *line,
                                uint64_t lines, size_t left)
{
  taker_store(taker, scan, mode);
  scan->line = line;
  scan->result->lines += lines;
  scan->result->rows += lines;
  if (!read_with_care(scan, left))
    return false;
  taker_load(taker, scan, mode);
  return true;
}

/*
 * Read rows off scanner->positions[0 .. count), beginning at scan->line, until
 * fewer than `columns` delimiters are left. Those, *kept of them, belong to the
 * line at scan->line, and are moved to the front. Returns false if the scan
 * ends.
 */
ALWAYS_INLINE bool read_rows(struct scan *scan, size_t count, size_t *kept,
                             enum mode mode, unsigned columns)
{
  uint32_t *const positions = scan->scanner->positions;
  const struct tile tile = tile_of(scan);
  const char *line = scan->line;
  const char *word = scan->group.word;
  /* Longer than any word: the first row differs from "the row before". */
  size_t length = scan->in_group ? scan->group.length : SIZE_MAX;
  uint64_t lines = 0;
  size_t i = 0;
  struct row_shape row;
  struct taker taker;

  taker_load(&taker, scan, mode);
  while (i + columns <= count) {
    bool good = shape_row(&tile, positions + i, columns, &row);

    if (NG_LIKELY(good) && NG_UNLIKELY((size_t)(row.tab - line) != length ||
                                       !is_same_word(line, word, length))) {
      taker_store(&taker, scan, mode);
      good = change_word(scan, line, (size_t)(row.tab - line));
      if (scan->result->stopped)
        return false;
      word = line;
      length = (size_t)(row.tab - line);
      taker_turn(&taker, scan);
    }
    if (NG_UNLIKELY(!good)) {
      if (!care_for_row(scan, &taker, mode, line, lines, count - i))
        return false;
      lines = 0;
      line = scan->line;
      word = scan->group.word;
      length = scan->in_group ? scan->group.length : SIZE_MAX;
      i = skip_delimiters(scan, i, count);
      continue;
    }
    take(&taker, scan, mode, line, length, &row.numbers);
    lines++;
    line = row.newline + 1;
    i += columns;
  }
  taker_store(&taker, scan, mode);
  scan->line = line;
  scan->result->lines += lines;
  scan->result->rows += lines;
  *kept = count - i;
  memmove(positions, positions + i, *kept * sizeof *positions);
  return true;
}
