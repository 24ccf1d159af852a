/* SPDX-License-Identifier: MIT */
/*
 * The row loop for the layout of 2020, included three times by scan.c: with
 * WIDE 0 and 1, or EACH 1, under the name READ_ENTRIES. In one piece for the
 * same reason as the other.
 *
 * A row is year,match_count,volume_count between two delimiters, and a line may
 * have more of them than a tile: scan->entry says where the line goes on. It is
 * good or bad as a whole, so what it has added is taken back when a row of it
 * is not plainly good, and the line is read with care.
 */
/* NOLINTNEXTLINE(readability-function-size) */
static bool READ_ENTRIES(struct scan *scan, size_t count, size_t *kept)
{
  const char *const text = scan->text;
  const uint32_t *const positions = scan->scanner->positions;
  const unsigned char *const odd = scan->scanner->odd;
  const uint32_t odd_start = scan->odd_start;
  const char *entry = scan->entry;
  uint64_t total = scan->run.total;
  uint64_t entries = scan->entries;
  size_t i = 0;
#if WIDE
  int32_t year;
#elif EACH
  const struct ng_row_filter filter = scan->scanner->filter;
  struct ng_rows rows = *scan->scanner->rows;
  uint64_t number = scan->result->rows;
#endif

  *kept = 0;
  while (i < count) {
    const char *stop = text + positions[i];
    size_t length;
    size_t match_length;
    size_t volume_length;
    struct odd_places places;

    if (!entry) {
#if EACH
      scan->scanner->rows->count = rows.count;
#endif
      if (*stop != '\t' || !begin_entries(scan, stop)) {
        if (scan->result->stopped)
          return false;
        goto careful;
      }
      entry = scan->entry;
      total = scan->run.total;
      entries = 0;
      i++;
      continue;
    }
    length = (size_t)(stop - entry);
    if (NG_UNLIKELY(length > 3 * 8 + 3))
      goto careful;
    places =
        find_odd_places(load_odd(odd, (uint32_t)(entry - text) - odd_start));
    /* What ends the row is odd or not; a CR before it belongs to the end. */
    if (NG_UNLIKELY(places.third < length)) {
      if (places.third + 1 != length || *stop != '\n' || stop[-1] != '\r')
        goto careful;
      length--;
    }
    match_length = places.second - places.first - 1;
    volume_length = length - places.second - 1;
    if (NG_UNLIKELY(((places.first - (size_t)1) | (match_length - 1) |
                     (volume_length - 1)) > 7 ||
                    entry[places.first] != ',' || entry[places.second] != ','))
      goto careful;
#if EACH
    put_word(&rows, scan->line, scan->run.length, number + entries);
    put_numbers(&rows, &filter, scan->wanted,
                (struct ng_digits){entry, places.first},
                (struct ng_digits){entry + places.first + 1, match_length},
                (struct ng_digits){entry + places.second + 1, volume_length});
#elif WIDE
    year = (int32_t)ng_digits_value(ng_load_digits(entry, places.first));
    if (is_wanted_year(scan, year)) {
      total += ng_digits_value(
          ng_load_digits(entry + places.first + 1, match_length));
      add_to_wide_run(&scan->run, year,
                      ng_digits_value(ng_load_digits(entry + places.second + 1,
                                                     volume_length)));
    }
#else
    total +=
        ng_digits_value(ng_load_digits(entry + places.first + 1, match_length));
#endif
    entries++;
    entry = stop + 1;
    i++;
    if (*stop != '\n')
      continue;
    if (NG_UNLIKELY((size_t)(stop - scan->line) > NG_LINE_MAX))
      goto careful;
    scan->run.total = total;
    scan->line = entry;
    scan->result->lines++;
    scan->result->rows += entries;
#if EACH
    number += entries;
#endif
    scan->entry = entry = NULL;
    continue;

  careful:
#if EACH
    scan->scanner->rows->count = rows.count;
#endif
    undo_entries(scan);
    if (!read_line(scan))
      return false;
#if EACH
    if (!reserve_rows(scan, count - i))
      return false;
    rows = *scan->scanner->rows;
    number = scan->result->rows;
#endif
    entry = NULL;
    total = scan->run.total;
    while (i < count && text + positions[i] < scan->line)
      i++;
  }
#if EACH
  scan->scanner->rows->count = rows.count;
#endif
  scan->run.total = total;
  scan->entry = entry;
  scan->entries = entries;
  return true;
}
