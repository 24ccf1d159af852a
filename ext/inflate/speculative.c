/* SPDX-License-Identifier: MIT */
/*
 * Fills and accepts chunks of speculatively decoded text.
 *
 * Bytes `from` to `to` of the file are searched for a position at which a block
 * or a member could begin (block_finder.c). At each one found the context's
 * reader decodes into cells, slice by slice, until it arrives at a position in
 * byte `to` or after it, has no room, or meets a fault. The chunk then ends at
 * the last position that the reader has passed; cells after it are dropped. If
 * there is no position but the chunk's start, as is usual where no block
 * begins, the search goes on, for TRIES_MAX tries in all.
 *
 * A chunk that was decoded from a false start is harmless: the reader at the
 * front stops at true positions only, and so not at this one. If it does stop
 * at the start of a chunk, both decode the same from there on, and what the
 * chunk lacks is the window. In the window's place, before the first cell of
 * text, the chunk has markers of ascending value. So a table of 256 bytes and
 * the window gives the text of each cell.
 *
 * A worker that has no other work calls ng_speculative_decode(). The worker
 * that has the reader at the front calls ng_speculative_accept(), and each
 * worker that maps a slice ng_speculative_replace_markers(). The caller owns
 * chunks and contexts; their memory is from its budget.
 */
#include "inflate/speculative.h"

#include <string.h>

#include "inflate/gzip_member.h"

/* Positions at which no block begins are rarely found. After this many the
   bytes were made to look like blocks, or are of another kind. */
#define TRIES_MAX 8

/* A position is some 10 KB away: about half of a block. */
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

/* --------------------------------------------------------------- decode -- */

struct search {
  struct ng_speculative_chunk *chunk;
  struct ng_speculative_context *context;
  uint64_t to; /* no chunk begins in this byte of the file or after it */
  size_t slice_cells;
  unsigned tries_left;
};

/* The reader counts bytes, two for each cell. */
static void count_cells(struct ng_gzip_block *in)
{
  in->size /= sizeof(uint16_t);
  in->position.text /= sizeof(uint16_t);
  for (size_t i = 0; i < in->end_count; i++)
    in->ends[i].text_end /= sizeof(uint16_t);
}

/* Fill slices until the reader arrives at `to`, or cannot go on. */
static void fill_slices(const struct search *search)
{
  struct ng_speculative_chunk *chunk = search->chunk;
  bool more = true;

  chunk->size = 0;
  chunk->slice_count = 0;
  while (more && chunk->slice_count < NG_SPECULATIVE_SLICES_MAX) {
    struct ng_speculative_slice *slice = &chunk->slices[chunk->slice_count++];
    size_t room = chunk->capacity - chunk->size;
    uint16_t *cells = chunk->cells + NG_WINDOW_BYTES + chunk->size;

    room = room < search->slice_cells ? room : search->slice_cells;
    slice->start = chunk->size;
    ng_reader_read_until(search->context->reader, (char *)cells,
                         room * sizeof *cells, search->to * 8, &slice->in);
    count_cells(&slice->in);
    chunk->size += slice->in.size;
    more =
        !slice->in.last && !slice->in.arrived && chunk->size < chunk->capacity;
  }
}

/* Cut the chunk off at its last position. Returns false if that is its start.
   Members that end after it, and a fault, are dropped with the text. */
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

/* Begin the chunk at a bit of the file, or at the first block of the member
   that begins there. Returns false if there is no such member. */
static bool begin_at(const struct search *search, uint64_t bit, bool is_member)
{
  struct ng_speculative_chunk *chunk = search->chunk;
  struct ng_reader *reader = search->context->reader;
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

/* Fill the chunk from a bit of the file on. */
static bool try_at(struct search *search, uint64_t bit, bool is_member)
{
  search->tries_left--;
  if (!begin_at(search, bit, is_member))
    return false;
  fill_slices(search);
  return cut(search->chunk);
}

/* Search SEARCH_BYTES from byte `from` of the file on, of which `size` bytes
   and those after them have been read, and fill the chunk. A member with a long
   header, which is rare, is passed over, so that no long name is read again and
   again. */
static bool search_bytes(struct search *search, uint64_t from, size_t size)
{
  const struct ng_speculative_context *context = search->context;
  uint64_t left = search->to - from;
  size_t bits = (left < SEARCH_BYTES ? (size_t)left : SEARCH_BYTES) * 8;
  size_t found;

  for (size_t bit = 0; search->tries_left > 0 &&
                       ng_block_finder_find(context->finder, context->bytes,
                                            size, bit, bits, &found);
       bit = found + 1) {
    const unsigned char *at = context->bytes + found / 8;
    size_t rest = size - found / 8;
    bool is_member = found % 8 == 0 && ng_block_finder_is_member(at, rest);

    if (is_member &&
        (context->is_zip || !ng_gzip_member_holds_header(at, rest)))
      continue;
    if (try_at(search, from * 8 + found, is_member))
      return true;
  }
  return false;
}

void ng_speculative_decode(struct ng_speculative_chunk *chunk,
                           struct ng_speculative_context *context,
                           struct ng_source *source, uint64_t from, uint64_t to,
                           size_t slice_cells)
{
  struct search search = {chunk, context, to, slice_cells, TRIES_MAX};

  for (; from < to && search.tries_left > 0; from += SEARCH_BYTES) {
    size_t got;
    int error =
        ng_source_read(source, context->bytes, BUFFER_BYTES, from, &got);

    if (error || got == 0)
      break;
    if (search_bytes(&search, from, got))
      return;
  }
  chunk->start = 0;
}

/* --------------------------------------------------------------- accept -- */

/* How much text before the chunk's end the block after it may reach back to. */
static size_t window_size_at_end(const struct ng_speculative_chunk *chunk)
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

static void replace(const struct ng_speculative_chunk *chunk,
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
  size = window_size_at_end(chunk);
  replace(chunk, chunk->cells + NG_WINDOW_BYTES + chunk->size - size, size,
          window);
  ng_reader_resume(reader, chunk->end, window, size);
  return true;
}

void ng_speculative_replace_markers(const struct ng_speculative_chunk *chunk,
                                    const struct ng_speculative_slice *slice,
                                    char *text)
{
  replace(chunk, chunk->cells + NG_WINDOW_BYTES + slice->start, slice->in.size,
          (unsigned char *)text);
}
