/* SPDX-License-Identifier: MIT */
/*
 * The reader is a small machine: header, body, trailer, then another member,
 * padding or the end. Bytes come through one input buffer; `file_end` is the
 * offset in the file of the end of that buffer, so any place in it is known.
 *
 * Unlike gzip(1), which warns and goes on, bytes behind the last member are a
 * fault, unless they are all zero (tapes and some tools pad): a count that
 * leaves out half of a badly joined file is worse than none.
 */
#include "inflate/gzip.h"

#include <stdlib.h>
#include <string.h>

#include "inflate/gzip_state.h"

/* Large enough that reading it costs nothing beside decoding it. */
#define INPUT_BYTES ((size_t)256 << 10)
#define BUFFER_BYTES (NG_INFLATE_PUT_BACK + INPUT_BYTES)

#define NO_LIMIT UINT64_MAX

bool ng_gzip_is_gzip(const unsigned char *head, size_t size)
{
  return size >= 2 && head[0] == 0x1f && head[1] == 0x8b;
}

bool ng_gzip_is_bgzf(const unsigned char *head, size_t size)
{
  return size >= NG_GZIP_HEAD_BYTES && ng_gzip_is_gzip(head, size) &&
         (head[3] & FLAG_EXTRA) && head[12] == 'B' && head[13] == 'C' &&
         head[14] == 2 && head[15] == 0;
}

struct ng_gzip *ng_gzip_open(struct ng_source *source,
                             const struct ng_decoder *decoder,
                             struct ng_budget *budget,
                             const unsigned char *head, size_t head_size)
{
  struct ng_gzip *gzip = calloc(1, sizeof *gzip);

  if (!gzip)
    return NULL;
  gzip->ends_max = NG_MEMBER_ENDS_MAX;
  gzip->source = source;
  gzip->budget = budget;
  gzip->decoder = decoder;
  gzip->decoder_state = decoder->create();
  gzip->buffer = ng_budget_take(budget, BUFFER_BYTES);
  if (!gzip->decoder_state || !gzip->buffer) {
    ng_gzip_close(gzip);
    return NULL;
  }
  memcpy(gzip->buffer + NG_INFLATE_PUT_BACK, head, head_size);
  gzip->io.in = gzip->buffer + NG_INFLATE_PUT_BACK;
  gzip->io.in_size = head_size;
  gzip->file_end = head_size;
  gzip->limit = NO_LIMIT;
  return gzip;
}

void ng_gzip_close(struct ng_gzip *gzip)
{
  if (!gzip)
    return;
  gzip->decoder->destroy(gzip->decoder_state);
  ng_budget_give(gzip->budget, gzip->buffer, BUFFER_BYTES);
  free(gzip);
}

void ng_gzip_stop_at_members(struct ng_gzip *gzip)
{
  gzip->ends_max = 1;
}

uint64_t ng_gzip_bytes_read(const struct ng_gzip *gzip)
{
  return gzip->file_end;
}

uint64_t ng_gzip_offset(const struct ng_gzip *gzip)
{
  return gzip->file_end - gzip->io.in_size;
}

bool ng_gzip_fail_at(struct ng_gzip *gzip, enum ng_gzip_fault_kind kind,
                     uint64_t offset, int system_error)
{
  gzip->fault = (struct ng_gzip_fault){kind, offset, system_error};
  return false;
}

/* Keeps the last bytes before the input, which a decoder may put back. */
bool ng_gzip_refill(struct ng_gzip *gzip)
{
  unsigned char *start = gzip->buffer + NG_INFLATE_PUT_BACK;
  uint64_t left = gzip->limit - gzip->file_end;
  size_t room = left < INPUT_BYTES ? (size_t)left : INPUT_BYTES;
  size_t got;
  int error;

  if (gzip->io.in_size > 0)
    return true;
  if (room == 0)
    return false;
  memmove(gzip->buffer, gzip->io.in - NG_INFLATE_PUT_BACK, NG_INFLATE_PUT_BACK);
  error = ng_source_read(gzip->source, start, room, gzip->file_end, &got);
  gzip->io.in = start;
  gzip->io.in_size = got;
  gzip->file_end += got;
  if (error)
    return ng_gzip_fail_at(gzip, NG_GZIP_READ_FAILED, gzip->file_end, error);
  return got > 0;
}

/* Get more input although there is some. False: a fault, which is not kept. */
static bool add_input(struct ng_gzip *gzip)
{
  unsigned char *start = gzip->buffer + NG_INFLATE_PUT_BACK;
  size_t size = gzip->io.in_size;
  size_t got;
  int error;

  memmove(gzip->buffer, gzip->io.in - NG_INFLATE_PUT_BACK,
          NG_INFLATE_PUT_BACK + size);
  gzip->io.in = start;
  error = ng_source_read(gzip->source, start + size, INPUT_BYTES - size,
                         gzip->file_end, &got);
  gzip->io.in_size += got;
  gzip->file_end += got;
  return error == 0;
}

const unsigned char *ng_gzip_peek(struct ng_gzip *gzip, size_t wanted,
                                  size_t *got)
{
  if (gzip->state != AT_MEMBER)
    return NULL;
  if (gzip->io.in_size < wanted && !add_input(gzip))
    return NULL;
  *got = gzip->io.in_size;
  return gzip->io.in;
}

void ng_gzip_skip_member(struct ng_gzip *gzip, size_t size)
{
  gzip->io.in += size;
  gzip->io.in_size -= size;
  gzip->seen_member = true;
}

/* --------------------------------------------------------------- places -- */

void ng_gzip_jump(struct ng_gzip *gzip, uint64_t offset)
{
  uint64_t start = ng_gzip_offset(gzip);

  gzip->fault = (struct ng_gzip_fault){.kind = NG_GZIP_OK};
  if (offset >= start && offset <= gzip->file_end) {
    gzip->io.in += offset - start;
    gzip->io.in_size -= (size_t)(offset - start);
    return;
  }
  gzip->io.in = gzip->buffer + NG_INFLATE_PUT_BACK;
  gzip->io.in_size = 0;
  gzip->file_end = offset;
}

void ng_gzip_resume(struct ng_gzip *gzip, uint64_t bit,
                    const unsigned char *window, size_t size)
{
  ng_gzip_jump(gzip, bit / 8);
  if (gzip->zip && !ng_gzip_find_entry(gzip, bit / 8))
    return;
  gzip->decoder->resume(gzip->decoder_state, bit % 8, window, size);
  gzip->state = IN_BODY;
  gzip->seen_member = true;
  gzip->place_bit = bit;
  gzip->at_place = true;
}

void ng_gzip_resume_member(struct ng_gzip *gzip, uint64_t offset)
{
  ng_gzip_jump(gzip, offset);
  if (gzip->zip)
    gzip->next_entry = ng_zip_find(gzip->zip, offset);
  gzip->state = AT_MEMBER;
  gzip->at_place = false;
}

void ng_gzip_enter_zip(struct ng_gzip *gzip, const struct ng_zip *zip)
{
  if (gzip)
    gzip->zip = zip;
}

size_t ng_gzip_window(const struct ng_gzip *gzip, unsigned char *window)
{
  return gzip->decoder->window(gzip->decoder_state, window);
}

static bool has_arrived(const struct ng_gzip *gzip)
{
  return gzip->at_place && gzip->place_bit / 8 >= gzip->until / 8;
}

/* Tell the decoder where in the input to stop: perhaps in bytes that it has
   taken already. */
static void aim(struct ng_gzip *gzip)
{
  uint64_t offset = ng_gzip_offset(gzip);
  uint64_t until = gzip->until / 8;

  if (until > gzip->file_end)
    gzip->io.until = NULL;
  else if (until + NG_INFLATE_PUT_BACK > offset)
    gzip->io.until = gzip->io.in + (ptrdiff_t)(until - offset);
  else
    gzip->io.until = gzip->buffer;
}

/* Take from the decoder where the last block began. */
static void note_place(struct ng_gzip *gzip, enum ng_inflate_status status)
{
  const struct ng_inflate_io *io = &gzip->io;

  gzip->at_place = status == NG_INFLATE_UNTIL;
  if (!io->block_in)
    return;
  gzip->place_bit =
      (ng_gzip_offset(gzip) - (uint64_t)(io->in - io->block_in)) * 8 +
      io->block_bit;
  gzip->place_out = io->block_out;
}

/* --------------------------------------------------------------- text -- */

/* One step of the decoder. It is asked once more after the input has ended,
   since it may hold text back. */
static bool read_body(struct ng_gzip *gzip)
{
  bool more = ng_gzip_refill(gzip);
  size_t room = gzip->io.out_size;
  enum ng_inflate_status status;

  if (gzip->fault.kind != NG_GZIP_OK)
    return false;
  aim(gzip);
  status = gzip->decoder->step(gzip->decoder_state, &gzip->io);
  note_place(gzip, status);
  switch (status) {
  case NG_INFLATE_UNTIL:
    return true;
  case NG_INFLATE_END:
    gzip->state = AT_TRAILER;
    return !gzip->zip || ng_gzip_entry_is_used_up(gzip);
  case NG_INFLATE_BAD:
    return ng_gzip_fail(gzip, NG_GZIP_BAD_DEFLATE);
  case NG_INFLATE_NO_MEMORY:
    return ng_gzip_fail(gzip, NG_GZIP_NO_MEMORY);
  case NG_INFLATE_MORE:
    break;
  }
  gzip->full = gzip->io.out_size == 0 && (gzip->io.in_size > 0 || !more);
  if (!more && !gzip->full && gzip->io.out_size == room)
    return ng_gzip_fail_short(gzip);
  return true;
}

/* False: a fault. */
static bool take_step(struct ng_gzip *gzip, struct ng_gzip_block *block,
                      size_t text_end)
{
  struct ng_member_end *end;

  switch (gzip->state) {
  case AT_MEMBER:
    return gzip->zip ? ng_gzip_begin_entry(gzip) : ng_gzip_begin_member(gzip);
  case IN_BODY:
    return read_body(gzip);
  case IN_STORED:
    return ng_gzip_copy_stored(gzip);
  case AT_TRAILER:
    end = &block->ends[block->end_count];
    end->text_end = text_end;
    if (gzip->zip)
      ng_gzip_end_entry(gzip, end);
    else if (!ng_gzip_read_trailer(gzip, end))
      return false;
    block->end_count++;
    gzip->state = AT_MEMBER;
    return true;
  case AT_END:
    break;
  }
  return true;
}

/* Whether the block of text is complete. */
static bool is_complete(const struct ng_gzip *gzip,
                        const struct ng_gzip_block *block)
{
  if (gzip->until != NO_LIMIT && has_arrived(gzip))
    return true;
  return gzip->state == AT_END || block->end_count == gzip->ends_max ||
         (gzip->io.out_size == 0 && (gzip->until == NO_LIMIT || gzip->full));
}

void ng_gzip_read_until(struct ng_gzip *gzip, char *text, size_t capacity,
                        uint64_t until, struct ng_gzip_block *block)
{
  bool ok = true;

  block->end_count = 0;
  gzip->io.out = (unsigned char *)text;
  gzip->io.out_size = capacity;
  gzip->until = until;
  gzip->place_out = gzip->at_place ? gzip->io.out : NULL;
  gzip->full = false;
  while (ok && !is_complete(gzip, block))
    ok = take_step(gzip, block, capacity - gzip->io.out_size);
  block->size = capacity - gzip->io.out_size;
  block->last = !ok || gzip->state == AT_END;
  block->fault = gzip->fault;
  block->arrived = until != NO_LIMIT && ok && has_arrived(gzip);
  block->place = (struct ng_place){.bit = 0};
  if (gzip->place_out)
    block->place = (struct ng_place){
        gzip->place_bit, (size_t)(gzip->place_out - (unsigned char *)text)};
}

void ng_gzip_read(struct ng_gzip *gzip, char *text, size_t capacity,
                  struct ng_gzip_block *block)
{
  ng_gzip_read_until(gzip, text, capacity, NO_LIMIT, block);
}
