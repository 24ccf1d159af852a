/* SPDX-License-Identifier: MIT */
/*
 * The row loop, the hottest of the project, included twice by scan.c: with
 * WIDE 0 and 1, under the name READ_ROWS. It stays in one piece so that its
 * state stays in registers.
 *
 * Reads rows off scanner->positions[0 .. count), beginning at scan->line, as
 * long as four delimiters are left. *kept of them, at most 3, belong to the
 * line at scan->line and have been moved to the front. False: the scan ends.
 */
/* NOLINTNEXTLINE(readability-function-size) */
static bool READ_ROWS(struct scan *scan, size_t count, size_t *kept)
{
  const char *const text = scan->text;
  uint32_t *const positions = scan->scanner->positions;
  const char *line = scan->line;
  const char *word = scan->run.word;
  /* Longer than any word: the first row differs from "the row before". */
  size_t length = scan->in_run ? scan->run.length : SIZE_MAX;
  uint64_t total = scan->run.total;
  uint64_t lines = 0;
  size_t i = 0;

  while (i + 4 <= count) {
    const char *tab1 = text + positions[i];
    const char *tab2 = text + positions[i + 1];
    const char *tab3 = text + positions[i + 2];
    const char *newline = text + positions[i + 3];
    const char *end = newline - (newline[-1] == '\r');
    size_t year_length = (size_t)(tab2 - tab1) - 1;
    size_t match_length = (size_t)(tab3 - tab2) - 1;
    size_t volume_length = (size_t)(end - tab3) - 1;
    uint64_t year = load_digits(tab1 + 1, year_length);
    uint64_t match = load_digits(tab2 + 1, match_length);
    uint64_t volume = load_digits(tab3 + 1, volume_length);
    /* Delimiters are TABs or newlines, and only the latter have bit 1. */
    bool is_row = ((*tab1 | *tab2 | *tab3) & 2) == 0 && (*newline & 2) != 0;
    bool is_short =
        ((year_length - 1) | (match_length - 1) | (volume_length - 1)) <= 7;
    uint64_t no_digit =
        (find_no_digit(year) | find_no_digit(match) | find_no_digit(volume)) &
        EACH_BYTE * 0x80;

    if (NG_UNLIKELY(!((unsigned)is_row & (unsigned)is_short) || no_digit))
      goto careful;
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
    }
#if WIDE
    if (is_wanted_year(scan, (int32_t)digits_value(year))) {
      total += digits_value(match);
      add_to_wide_run(&scan->run, (int32_t)digits_value(year),
                      digits_value(volume));
    }
#else
    (void)year;
    (void)volume;
    total += digits_value(match);
#endif
    lines++;
    line = newline + 1;
    i += 4;
    continue;

  careful:
    scan->run.total = total;
    scan->line = line;
    scan->result->lines += lines;
    lines = 0;
    if (!read_line(scan))
      return false;
    line = scan->line;
    word = scan->run.word;
    length = scan->in_run ? scan->run.length : SIZE_MAX;
    total = scan->run.total;
    while (i < count && text + positions[i] < line)
      i++;
  }
  scan->run.total = total;
  scan->line = line;
  scan->result->lines += lines;
  *kept = count - i;
  memmove(positions, positions + i, *kept * sizeof *positions);
  return true;
}
