/* SPDX-License-Identifier: MIT */
#include "inflate/speculative.h"

#include <string.h>

#include "base/bits.h"

/* Places that look like a beginning and are none are rare: after so many the
   bytes are made to look so, or of another kind. */
#define TRIES_MAX 8

/* A place is some 10 KB away: about half of a block. */
#define SEARCH_BYTES ((size_t)32 << 10)
#define BUFFER_BYTES (SEARCH_BYTES + NG_BLOCK_HEADER_BYTES)

bool ng_speculative_context_init(struct ng_speculative_context *context,
                                 struct ng_source *source,
                                 const struct ng_zip *zip,
                                 struct ng_budget *budget)
{
  *context = (struct ng_speculative_context){
      .reader = ng_reader_open(source, &ng_decoder_speculative, zip, budget),
      .is_zip = zip != NULL,
      .finder = ng_block_finder_new(),
      .bytes = ng_budget_take(budget, BUFFER_BYTES)};
  return context->reader && context->finder && context->bytes;
}

void ng_speculative_context_free(struct ng_speculative_context *context,
                                 struct ng_budget *budget)
{
  ng_reader_close(context->reader);
  ng_block_finder_free(context->finder);
  ng_budget_give(budget, context->bytes, BUFFER_BYTES);
}

static size_t cells_bytes(size_t capacity)
{
  return (NG_WINDOW_BYTES + capacity) * sizeof(uint16_t);
}

bool ng_speculative_chunk_init(struct ng_speculative_chunk *chunk,
                               struct ng_budget *budget, size_t capacity)
{
  chunk->capacity = capacity;
  chunk->cells = ng_budget_take(budget, cells_bytes(capacity));
  if (!chunk->cells)
    return false;
  for (size_t i = 0; i < NG_WINDOW_BYTES; i++)
    chunk->cells[i] = (uint16_t)(NG_MARKER + i);
  for (size_t i = 0; i < NG_MARKER; i++)
    chunk->bytes[i] = (unsigned char)i;
  return true;
}

void ng_speculative_chunk_free(struct ng_speculative_chunk *chunk,
                               struct ng_budget *budget)
{
  ng_budget_give(budget, chunk->cells, cells_bytes(chunk->capacity));
}

/* ----------------------------------------------------------------- make -- */

/* The reader counts bytes, two for each cell. */
static void count_cells(struct ng_gzip_block *in)
{
  in->size /= sizeof(uint16_t);
  in->position.text /= sizeof(uint16_t);
  for (size_t i = 0; i < in->end_count; i++)
    in->ends[i].text_end /= sizeof(uint16_t);
}

/* Fill slices until it arrives, or cannot go on. */
static void decode(struct ng_speculative_chunk *chunk, struct ng_reader *reader,
                   uint64_t until, size_t slice_cells)
{
  bool more = true;

  chunk->size = 0;
  chunk->slice_count = 0;
  while (more && chunk->slice_count < NG_SPECULATIVE_SLICES_MAX) {
    struct ng_speculative_slice *slice = &chunk->slices[chunk->slice_count++];
    size_t room = chunk->capacity - chunk->size;
    uint16_t *cells = chunk->cells + NG_WINDOW_BYTES + chunk->size;

    room = room < slice_cells ? room : slice_cells;
    slice->start = chunk->size;
    ng_reader_read_until(reader, (char *)cells, room * sizeof *cells, until * 8,
                         &slice->in);
    count_cells(&slice->in);
    chunk->size += slice->in.size;
    more =
        !slice->in.last && !slice->in.arrived && chunk->size < chunk->capacity;
  }
}

/* Cut the guess off at its last place. False: it has none but its start. */
static bool cut(struct ng_speculative_chunk *chunk)
{
  struct ng_gzip_block *in;
  size_t ends = 0;

  while (chunk->slice_count > 0 &&
         chunk->slices[chunk->slice_count - 1].in.position.bit <= chunk->start)
    chunk->slice_count--;
  if (chunk->slice_count == 0)
    return false;
  in = &chunk->slices[chunk->slice_count - 1].in;
  while (ends < in->end_count &&
         in->ends[ends].file_offset * 8 < in->position.bit)
    ends++;
  in->end_count = ends;
  in->size = in->position.text;
  in->last = false;
  in->fault.kind = NG_GZIP_OK;
  chunk->size = chunk->slices[chunk->slice_count - 1].start + in->size;
  chunk->end = in->position.bit;
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
static bool stand_at(struct ng_speculative_chunk *chunk,
                     struct ng_reader *reader, uint64_t bit, bool is_member)
{
  struct ng_gzip_block header;

  chunk->is_fresh = is_member;
  chunk->start = bit;
  if (!is_member) {
    ng_reader_resume(reader, bit, NULL, 0);
    return true;
  }
  ng_reader_seek(reader, bit / 8);
  ng_reader_read_until(reader, (char *)(chunk->cells + NG_WINDOW_BYTES), 0, 0,
                       &header);
  chunk->start = header.position.bit;
  return header.arrived;
}

/* Search bytes from `*from` on for a place from which text can be decoded, with
   at most `*tries` tries; both are moved on. */
static bool search(struct ng_speculative_chunk *chunk,
                   struct ng_speculative_context *context, uint64_t *from,
                   uint64_t to, size_t got, size_t slice_cells, unsigned *tries)
{
  size_t left = (size_t)(to - *from);
  size_t bits = (left < SEARCH_BYTES ? left : SEARCH_BYTES) * 8;
  size_t found;

  for (size_t bit = 0;
       *tries > 0 && ng_block_finder_find(context->finder, context->bytes, got,
                                          bit, bits, &found);
       bit = found + 1) {
    const unsigned char *at = context->bytes + found / 8;
    size_t left_here = got - found / 8;
    bool is_member = found % 8 == 0 && ng_block_finder_is_member(at, left_here);

    if (is_member && (context->is_zip || !has_short_header(at, left_here)))
      continue;
    --*tries;
    if (stand_at(chunk, context->reader, *from * 8 + found, is_member)) {
      decode(chunk, context->reader, to, slice_cells);
      if (cut(chunk))
        return true;
    }
  }
  *from += SEARCH_BYTES;
  return false;
}

void ng_speculative_decode(struct ng_speculative_chunk *chunk,
                           struct ng_speculative_context *context,
                           struct ng_source *source, uint64_t from, uint64_t to,
                           size_t slice_cells)
{
  unsigned tries = TRIES_MAX;

  while (from < to && tries > 0) {
    size_t got;
    int error =
        ng_source_read(source, context->bytes, BUFFER_BYTES, from, &got);

    if (error || got == 0)
      break;
    if (search(chunk, context, &from, to, got, slice_cells, &tries))
      return;
  }
  chunk->start = 0;
}

/* ----------------------------------------------------------------- take -- */

/* What follows the guess may reach back to so much text. */
static size_t window_behind(const struct ng_speculative_chunk *chunk)
{
  size_t size = chunk->is_fresh ? chunk->size : NG_WINDOW_BYTES;

  for (size_t i = 0; i < chunk->slice_count; i++) {
    const struct ng_speculative_slice *slice = &chunk->slices[i];

    if (slice->in.end_count > 0)
      size = chunk->size - slice->start -
             slice->in.ends[slice->in.end_count - 1].text_end;
  }
  return size < NG_WINDOW_BYTES ? size : NG_WINDOW_BYTES;
}

static void resolve(const struct ng_speculative_chunk *chunk,
                    const uint16_t *cells, size_t count, unsigned char *bytes)
{
  const unsigned char *table = chunk->bytes;
  size_t i = 0;

  for (; i + 8 <= count; i += 8)
    for (size_t j = 0; j < 8; j++)
      bytes[i + j] = table[cells[i + j]];
  for (; i < count; i++)
    bytes[i] = table[cells[i]];
}

bool ng_speculative_accept(struct ng_speculative_chunk *chunk,
                           struct ng_reader *reader)
{
  unsigned char window[NG_WINDOW_BYTES];
  size_t size = ng_reader_window(reader, window);

  if (size != (chunk->is_fresh ? 0 : NG_WINDOW_BYTES))
    return false;
  memcpy(chunk->bytes + NG_MARKER, window, size);
  size = window_behind(chunk);
  resolve(chunk, chunk->cells + NG_WINDOW_BYTES + chunk->size - size, size,
          window);
  ng_reader_resume(reader, chunk->end, window, size);
  return true;
}

void ng_speculative_replace_markers(const struct ng_speculative_chunk *chunk,
                                    const struct ng_speculative_slice *slice,
                                    char *text)
{
  resolve(chunk, chunk->cells + NG_WINDOW_BYTES + slice->start, slice->in.size,
          (unsigned char *)text);
}
