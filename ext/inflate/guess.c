/* SPDX-License-Identifier: MIT */
#include "inflate/guess.h"

#include <string.h>

#include "base/le.h"

/* Places that look like a beginning and are none are rare: after so many the
   bytes are made to look so, or of another kind. */
#define TRIES_MAX 8

/* A place is some 10 KB away: about half of a block. */
#define SEARCH_BYTES ((size_t)32 << 10)
#define BUFFER_BYTES (SEARCH_BYTES + NG_BLOCK_HEADER_BYTES)

bool ng_guesser_init(struct ng_guesser *guesser, struct ng_source *source,
                     const struct ng_zip *zip, struct ng_budget *budget)
{
  *guesser = (struct ng_guesser){
      .reader = ng_reader_open(source, &ng_decoder_ahead, zip, budget),
      .is_zip = zip != NULL,
      .finder = ng_block_finder_new(),
      .bytes = ng_budget_take(budget, BUFFER_BYTES)};
  return guesser->reader && guesser->finder && guesser->bytes;
}

void ng_guesser_free(struct ng_guesser *guesser, struct ng_budget *budget)
{
  ng_reader_close(guesser->reader);
  ng_block_finder_free(guesser->finder);
  ng_budget_give(budget, guesser->bytes, BUFFER_BYTES);
}

static size_t cells_bytes(size_t capacity)
{
  return (NG_WINDOW_BYTES + capacity) * sizeof(uint16_t);
}

bool ng_guess_init(struct ng_guess *guess, struct ng_budget *budget,
                   size_t capacity)
{
  guess->capacity = capacity;
  guess->cells = ng_budget_take(budget, cells_bytes(capacity));
  if (!guess->cells)
    return false;
  for (size_t i = 0; i < NG_WINDOW_BYTES; i++)
    guess->cells[i] = (uint16_t)(NG_MARKER + i);
  for (size_t i = 0; i < NG_MARKER; i++)
    guess->bytes[i] = (unsigned char)i;
  return true;
}

void ng_guess_free(struct ng_guess *guess, struct ng_budget *budget)
{
  ng_budget_give(budget, guess->cells, cells_bytes(guess->capacity));
}

/* ----------------------------------------------------------------- make -- */

/* The reader counts bytes, two for each cell. */
static void count_cells(struct ng_gzip_block *in)
{
  in->size /= sizeof(uint16_t);
  in->place.text /= sizeof(uint16_t);
  for (size_t i = 0; i < in->end_count; i++)
    in->ends[i].text_end /= sizeof(uint16_t);
}

/* Fill slices until it arrives, or cannot go on. */
static void decode(struct ng_guess *guess, struct ng_reader *reader,
                   uint64_t until, size_t slice_cells)
{
  bool more = true;

  guess->size = 0;
  guess->slice_count = 0;
  while (more && guess->slice_count < NG_GUESS_SLICES) {
    struct ng_slice *slice = &guess->slices[guess->slice_count++];
    size_t room = guess->capacity - guess->size;
    uint16_t *cells = guess->cells + NG_WINDOW_BYTES + guess->size;

    room = room < slice_cells ? room : slice_cells;
    slice->start = guess->size;
    ng_reader_read_until(reader, (char *)cells, room * sizeof *cells, until * 8,
                         &slice->in);
    count_cells(&slice->in);
    guess->size += slice->in.size;
    more =
        !slice->in.last && !slice->in.arrived && guess->size < guess->capacity;
  }
}

/* Cut the guess off at its last place. False: it has none but its start. */
static bool cut(struct ng_guess *guess)
{
  struct ng_gzip_block *in;
  size_t ends = 0;

  while (guess->slice_count > 0 &&
         guess->slices[guess->slice_count - 1].in.place.bit <= guess->start)
    guess->slice_count--;
  if (guess->slice_count == 0)
    return false;
  in = &guess->slices[guess->slice_count - 1].in;
  while (ends < in->end_count && in->ends[ends].file_offset * 8 < in->place.bit)
    ends++;
  in->end_count = ends;
  in->size = in->place.text;
  in->last = false;
  in->fault.kind = NG_GZIP_OK;
  guess->size = guess->slices[guess->slice_count - 1].start + in->size;
  guess->end = in->place.bit;
  return true;
}

/* Whether the header of a member (RFC 1952, section 2.3) ends in these bytes,
   as hardly one does not: others are not guessed, so that no long name is read
   again and again. */
static bool has_short_header(const unsigned char *bytes, size_t size)
{
  enum {
    HCRC = 2,
    EXTRA = 4,
    NAME = 8,
    COMMENT = 16
  };
  size_t at = 10;

  if (size < at + 2)
    return false;
  if (bytes[3] & EXTRA)
    at += 2 + (size_t)(bytes[at] | bytes[at + 1] << 8);
  for (unsigned text = NAME; text <= COMMENT; text *= 2) {
    const unsigned char *end;

    if (!(bytes[3] & text))
      continue;
    end = at < size ? memchr(bytes + at, 0, size - at) : NULL;
    if (!end)
      return false;
    at = (size_t)(end - bytes) + 1;
  }
  return at + (bytes[3] & HCRC) <= size;
}

/* Stand at the place, or at the first one of the member that begins there.
   False: it is no member. */
static bool stand_at(struct ng_guess *guess, struct ng_reader *reader,
                     uint64_t bit, bool is_member)
{
  struct ng_gzip_block header;

  guess->is_fresh = is_member;
  guess->start = bit;
  if (!is_member) {
    ng_reader_resume(reader, bit, NULL, 0);
    return true;
  }
  ng_reader_seek(reader, bit / 8);
  ng_reader_read_until(reader, (char *)(guess->cells + NG_WINDOW_BYTES), 0, 0,
                       &header);
  guess->start = header.place.bit;
  return header.arrived;
}

/* Search bytes from `*from` on for a place from which text can be decoded, with
   at most `*tries` tries; both are moved on. */
static bool search(struct ng_guess *guess, struct ng_guesser *guesser,
                   uint64_t *from, uint64_t to, size_t got, size_t slice_cells,
                   unsigned *tries)
{
  size_t left = (size_t)(to - *from);
  size_t bits = (left < SEARCH_BYTES ? left : SEARCH_BYTES) * 8;
  size_t found;

  for (size_t bit = 0;
       *tries > 0 &&
       ng_block_find(guesser->finder, guesser->bytes, got, bit, bits, &found);
       bit = found + 1) {
    const unsigned char *at = guesser->bytes + found / 8;
    size_t left_here = got - found / 8;
    bool is_member = found % 8 == 0 && ng_is_member_start(at, left_here);

    if (is_member && (guesser->is_zip || !has_short_header(at, left_here)))
      continue;
    --*tries;
    if (stand_at(guess, guesser->reader, *from * 8 + found, is_member)) {
      decode(guess, guesser->reader, to, slice_cells);
      if (cut(guess))
        return true;
    }
  }
  *from += SEARCH_BYTES;
  return false;
}

void ng_guess_make(struct ng_guess *guess, struct ng_guesser *guesser,
                   struct ng_source *source, uint64_t from, uint64_t to,
                   size_t slice_cells)
{
  unsigned tries = TRIES_MAX;

  while (from < to && tries > 0) {
    size_t got;
    int error =
        ng_source_read(source, guesser->bytes, BUFFER_BYTES, from, &got);

    if (error || got == 0)
      break;
    if (search(guess, guesser, &from, to, got, slice_cells, &tries))
      return;
  }
  guess->start = 0;
}

/* ----------------------------------------------------------------- take -- */

/* What follows the guess may reach back to so much text. */
static size_t window_behind(const struct ng_guess *guess)
{
  size_t size = guess->is_fresh ? guess->size : NG_WINDOW_BYTES;

  for (size_t i = 0; i < guess->slice_count; i++) {
    const struct ng_slice *slice = &guess->slices[i];

    if (slice->in.end_count > 0)
      size = guess->size - slice->start -
             slice->in.ends[slice->in.end_count - 1].text_end;
  }
  return size < NG_WINDOW_BYTES ? size : NG_WINDOW_BYTES;
}

static void resolve(const struct ng_guess *guess, const uint16_t *cells,
                    size_t count, unsigned char *bytes)
{
  const unsigned char *table = guess->bytes;
  size_t i = 0;

  for (; i + 8 <= count; i += 8)
    for (size_t j = 0; j < 8; j++)
      bytes[i + j] = table[cells[i + j]];
  for (; i < count; i++)
    bytes[i] = table[cells[i]];
}

bool ng_guess_take(struct ng_guess *guess, struct ng_reader *reader)
{
  unsigned char window[NG_WINDOW_BYTES];
  size_t size = ng_reader_window(reader, window);

  if (size != (guess->is_fresh ? 0 : NG_WINDOW_BYTES))
    return false;
  memcpy(guess->bytes + NG_MARKER, window, size);
  size = window_behind(guess);
  resolve(guess, guess->cells + NG_WINDOW_BYTES + guess->size - size, size,
          window);
  ng_reader_resume(reader, guess->end, window, size);
  return true;
}

void ng_guess_resolve(const struct ng_guess *guess,
                      const struct ng_slice *slice, char *text)
{
  resolve(guess, guess->cells + NG_WINDOW_BYTES + slice->start, slice->in.size,
          (unsigned char *)text);
}
