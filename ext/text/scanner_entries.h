/* SPDX-License-Identifier: MIT */
/*
 * The row loop for the layout of 2020.
 *
 * A row is year,match_count,volume_count between two delimiters; an entry is
 * its text. A line may have more rows than a tile, so scan->entry says where
 * the line goes on in the next tile. A line is good or bad as a whole: if one
 * of its rows is not plainly good, what the line has added is taken back, and
 * the careful parser reads the line from its start.
 */

/* Find the numbers of the row from `entry` to the delimiter at `stop`. Returns
   false if it is not plainly good. */
ALWAYS_INLINE bool shape_entry(const struct tile *tile, const char *entry,
                               const char *stop, struct numbers *numbers)
{
  size_t length = (size_t)(stop - entry);
  size_t match_length;
  size_t volume_length;
  struct odd_positions found;

  if (NG_UNLIKELY(length > 3 * 8 + 3))
    return false;
  found = find_odd_positions(
      load_odd(tile->odd, (uint32_t)(entry - tile->text) - tile->odd_start));
  /* A newline at `stop` is odd, a TAB is not. A CR before a newline belongs to
     the end of the line. */
  if (NG_UNLIKELY(found.third < length)) {
    if (found.third + 1 != length || *stop != '\n' || stop[-1] != '\r')
      return false;
    length--;
  }
  match_length = found.second - found.first - 1;
  volume_length = length - found.second - 1;
  if (NG_UNLIKELY(((found.first - (size_t)1) | (match_length - 1) |
                   (volume_length - 1)) > 7 ||
                  entry[found.first] != ',' || entry[found.second] != ','))
    return false;
  *numbers = (struct numbers){{entry, found.first},
                              {entry + found.first + 1, match_length},
                              {entry + found.second + 1, volume_length}};
  return true;
}

/* Begin the line whose word ends at `tab`. Returns false if it is not plainly
   good, or if the scan is stopped. */
ALWAYS_INLINE bool enter_line(struct scan *scan, struct taker *taker,
                              enum mode mode, const char *tab)
{
  taker_store(taker, scan, mode);
  if (*tab != '\t' || !begin_entries(scan, tab))
    return false;
  taker_turn(taker, scan);
  return true;
}

/* End the line at `newline`, after `entries` rows. Returns false if it is too
   long. */
ALWAYS_INLINE bool leave_line(struct scan *scan, const struct taker *taker,
                              const char *newline, uint64_t entries)
{
  if (NG_UNLIKELY((size_t)(newline - scan->line) > NG_LINE_MAX))
    return false;
  scan->group.total = taker->total;
  scan->line = newline + 1;
  scan->result->lines++;
  scan->result->rows += entries;
  scan->entry = NULL;
  return true;
}

/* Store the loop's state, read the line by the careful parser, and load the
   state again. Returns false if the scan ends. */
ALWAYS_INLINE bool care_for_entries(struct scan *scan, struct taker *taker,
                                    enum mode mode, size_t left)
{
  taker_store(taker, scan, mode);
  if (!read_with_care(scan, left))
    return false;
  taker_load(taker, scan, mode);
  return true;
}

/* Read all rows that end at scanner->positions[0 .. count); *kept is 0. Returns
   false if the scan ends. */
ALWAYS_INLINE bool read_entries(struct scan *scan, size_t count, size_t *kept,
                                enum mode mode)
{
  const uint32_t *const positions = scan->scanner->positions;
  const struct tile tile = tile_of(scan);
  const char *entry = scan->entry;
  uint64_t entries = scan->entries;
  size_t i = 0;
  struct taker taker;

  *kept = 0;
  taker_load(&taker, scan, mode);
  while (i < count) {
    const char *stop = tile.text + positions[i++];
    struct numbers numbers;

    if (entry) {
      if (NG_UNLIKELY(!shape_entry(&tile, entry, stop, &numbers)))
        goto careful;
      take(&taker, scan, mode, scan->line, scan->group.length, &numbers);
      entries++;
      entry = stop + 1;
      if (*stop != '\n')
        continue;
      if (!leave_line(scan, &taker, stop, entries))
        goto careful;
      entry = NULL;
      continue;
    }
    if (enter_line(scan, &taker, mode, stop)) {
      entry = stop + 1;
      entries = 0;
      continue;
    }
    if (scan->result->stopped)
      return false;

  careful:
    if (!care_for_entries(scan, &taker, mode, count - i))
      return false;
    entry = NULL;
    i = skip_delimiters(scan, i, count);
  }
  taker_store(&taker, scan, mode);
  scan->entry = entry;
  scan->entries = entries;
  return true;
}
