/* SPDX-License-Identifier: MIT */
/*
 * The row loop, the hottest of the project, included six times by scan.c: with
 * WIDE 0 and 1, or EACH 1, and COLUMNS 4 and 5 (there is a page_count before
 * the last), under the name READ_ROWS. It stays in one piece so that its state
 * stays in registers.
 *
 * Reads rows off scanner->positions[0 .. count), beginning at scan->line, as
 * long as so many delimiters are left. *kept of them, fewer than COLUMNS,
 * belong to the line at scan->line and have been moved to the front. False: the
 * scan ends.
 */
/* NOLINTNEXTLINE(readability-function-size) */
static bool READ_ROWS(struct scan *scan, size_t count, size_t *kept)
{
  const char *const text = scan->text;
  uint32_t *const positions = scan->scanner->positions;
  const unsigned char *const odd = scan->scanner->odd;
  const uint32_t odd_start = scan->odd_start;
  const char *line = scan->line;
  const char *word = scan->run.word;
  /* Longer than any word: the first row differs from "the row before". */
  size_t length = scan->in_run ? scan->run.length : SIZE_MAX;
  uint64_t total = scan->run.total;
  uint64_t lines = 0;
  size_t i = 0;
#if WIDE
  int32_t year;
#elif EACH
  const struct ng_row_filter filter = scan->scanner->filter;
  struct ng_rows rows = *scan->scanner->rows;
  uint64_t number = scan->result->rows;
  bool wanted = scan->wanted;
#endif

  while (i + COLUMNS <= count) {
    uint32_t tab1_at = positions[i];
    const char *tab1 = text + tab1_at;
    const char *tab2 = text + positions[i + 1];
    const char *tab3 = text + positions[i + 2];
    const char *newline = text + positions[i + COLUMNS - 1];
#if COLUMNS == 5
    const char *tab4 = text + positions[i + 3];
    size_t page_length = (size_t)(tab4 - tab3) - 1;
#else
    const char *tab4 = tab3; /* the one before volume_count */
    size_t page_length = 1;
#endif
    size_t year_length = (size_t)(tab2 - tab1) - 1;
    size_t match_length = (size_t)(tab3 - tab2) - 1;
    size_t volume_length = (size_t)(newline - tab4) - 1; /* a CR with it */
    uint64_t odd_bits;

    if (NG_UNLIKELY(((year_length - 1) | (match_length - 1) |
                     (page_length - 1) | (volume_length - 1)) > 7))
      goto careful;
    /* From the first TAB on, only the end is odd. */
    odd_bits = load_odd(odd, tab1_at - odd_start) << (63 - (newline - tab1));
    if (NG_UNLIKELY(odd_bits != ODD_NEWLINE)) {
      if (odd_bits != ODD_CR_NEWLINE || newline[-1] != '\r' ||
          --volume_length == 0)
        goto careful;
    }
    if (NG_UNLIKELY((size_t)(tab1 - line) != length ||
                    !is_same_word(line, word, length))) {
      scan->run.total = total;
      if (!change_word(scan, line, (size_t)(tab1 - line))) {
        if (scan->result->stopped)
          return false;
        goto careful;
      }
      word = line;
      length = scan->run.length;
      total = 0;
#if EACH
      wanted = scan->wanted;
#endif
    }
#if EACH
    put_word(&rows, line, length, number++);
    put_numbers(&rows, &filter, wanted,
                (struct ng_digits){tab1 + 1, year_length},
                (struct ng_digits){tab2 + 1, match_length},
                (struct ng_digits){tab4 + 1, volume_length});
#elif WIDE
    year = (int32_t)ng_digits_value(ng_load_digits(tab1 + 1, year_length));
    if (is_wanted_year(scan, year)) {
      total += ng_digits_value(ng_load_digits(tab2 + 1, match_length));
      add_to_wide_run(&scan->run, year,
                      ng_digits_value(ng_load_digits(tab4 + 1, volume_length)));
    }
#else
    total += ng_digits_value(ng_load_digits(tab2 + 1, match_length));
#endif
    lines++;
    line = newline + 1;
    i += COLUMNS;
    continue;

  careful:
    scan->run.total = total;
    scan->line = line;
    scan->result->lines += lines;
    scan->result->rows += lines;
    lines = 0;
#if EACH
    scan->scanner->rows->count = rows.count;
#endif
    if (!read_line(scan))
      return false;
#if EACH
    /* It may have moved; and the rest of the tile has to find room still. */
    if (!reserve_rows(scan, count - i))
      return false;
    rows = *scan->scanner->rows;
    number = scan->result->rows;
    wanted = scan->wanted;
#endif
    line = scan->line;
    word = scan->run.word;
    length = scan->in_run ? scan->run.length : SIZE_MAX;
    total = scan->run.total;
    while (i < count && text + positions[i] < line)
      i++;
  }
#if EACH
  scan->scanner->rows->count = rows.count;
#endif
  scan->run.total = total;
  scan->line = line;
  scan->result->lines += lines;
  scan->result->rows += lines;
  *kept = count - i;
  memmove(positions, positions + i, *kept * sizeof *positions);
  return true;
}
