/* SPDX-License-Identifier: MIT */
/*
 * Plain text is read to where the caller wants it. For all else the reader is a
 * small machine: header, body, trailer, then another member, padding or the
 * end. Bytes come through one input buffer; `file_end` is the offset in the
 * file of the end of that buffer, so any place in it is known.
 *
 * Unlike gzip(1), which warns and goes on, bytes behind the last member are a
 * fault, unless they are all zero (tapes and some tools pad): a count that
 * leaves out half of a badly joined file is worse than none.
 */
#include "inflate/reader.h"

#include <stdlib.h>
#include <string.h>

#include "inflate/reader_state.h"

/* Large enough that reading it costs nothing beside decoding it. */
#define INPUT_BYTES ((size_t)256 << 10)
#define BUFFER_BYTES (NG_INFLATE_PUT_BACK + INPUT_BYTES)

#define NO_LIMIT NG_READER_NO_LIMIT

/* BGZF (SAM specification, section 4.1) is told by the field of that size. */
#define HEAD_BYTES 18

enum ng_format ng_reader_find_format(struct ng_source *source,
                                     struct ng_gzip_block *block)
{
  unsigned char head[HEAD_BYTES];

  ng_reader_read_plain(source, 0, (char *)head, sizeof head, block);
  if (ng_zip_is_zip(head, block->size))
    return NG_ZIP;
  if (block->size < 2 || head[0] != 0x1f || head[1] != 0x8b)
    return NG_PLAIN;
  return block->size == HEAD_BYTES && (head[3] & FLAG_EXTRA) &&
                 memcmp(head + 12, "BC\2", 4) == 0
             ? NG_BGZF
             : NG_GZIP;
}

struct ng_reader *ng_reader_open(struct ng_source *source,
                                 const struct ng_decoder *decoder,
                                 const struct ng_zip *zip,
                                 struct ng_budget *budget)
{
  struct ng_reader *reader = calloc(1, sizeof *reader);

  if (!reader)
    return NULL;
  *reader = (struct ng_reader){.source = source,
                               .budget = budget,
                               .decoder = decoder,
                               .zip = zip,
                               .limit = NO_LIMIT,
                               .ends_max = NG_MEMBER_ENDS_MAX};
  if (!decoder)
    return reader;
  reader->decoder_state = decoder->create();
  reader->buffer = ng_budget_take(budget, BUFFER_BYTES);
  if (!reader->decoder_state || !reader->buffer) {
    ng_reader_close(reader);
    return NULL;
  }
  reader->io.in = reader->buffer + NG_INFLATE_PUT_BACK;
  return reader;
}

void ng_reader_close(struct ng_reader *reader)
{
  if (!reader)
    return;
  if (reader->decoder)
    reader->decoder->destroy(reader->decoder_state);
  ng_budget_give(reader->budget, reader->buffer, BUFFER_BYTES);
  free(reader);
}

void ng_reader_stop_at_members(struct ng_reader *reader)
{
  reader->ends_max = 1;
}

uint64_t ng_reader_bytes_read(const struct ng_reader *reader)
{
  return reader->file_end;
}

uint64_t ng_reader_offset(const struct ng_reader *reader)
{
  return reader->file_end - reader->io.in_size;
}

bool ng_reader_fail_at(struct ng_reader *reader, enum ng_gzip_fault_kind kind,
                       uint64_t offset, int system_error)
{
  reader->fault = (struct ng_gzip_fault){kind, offset, system_error};
  return false;
}

/* Keeps the last bytes before the input, which a decoder may put back. */
bool ng_reader_refill(struct ng_reader *reader)
{
  unsigned char *start = reader->buffer + NG_INFLATE_PUT_BACK;
  uint64_t left = reader->limit - reader->file_end;
  size_t room = left < INPUT_BYTES ? (size_t)left : INPUT_BYTES;
  size_t got;
  int error;

  if (reader->io.in_size > 0)
    return true;
  if (room == 0)
    return false;
  memmove(reader->buffer, reader->io.in - NG_INFLATE_PUT_BACK,
          NG_INFLATE_PUT_BACK);
  error = ng_source_read(reader->source, start, room, reader->file_end, &got);
  reader->io.in = start;
  reader->io.in_size = got;
  reader->file_end += got;
  if (error)
    return ng_reader_fail_at(reader, NG_GZIP_READ_FAILED, reader->file_end,
                             error);
  return got > 0;
}

/* Get more input although there is some. False: a fault, which is not kept. */
static bool add_input(struct ng_reader *reader)
{
  unsigned char *start = reader->buffer + NG_INFLATE_PUT_BACK;
  size_t size = reader->io.in_size;
  size_t got;
  int error;

  memmove(reader->buffer, reader->io.in - NG_INFLATE_PUT_BACK,
          NG_INFLATE_PUT_BACK + size);
  reader->io.in = start;
  error = ng_source_read(reader->source, start + size, INPUT_BYTES - size,
                         reader->file_end, &got);
  reader->io.in_size += got;
  reader->file_end += got;
  return error == 0;
}

const unsigned char *ng_reader_peek(struct ng_reader *reader, size_t wanted,
                                    size_t *got)
{
  if (reader->state != AT_MEMBER)
    return NULL;
  if (reader->io.in_size < wanted && !add_input(reader))
    return NULL;
  *got = reader->io.in_size;
  return reader->io.in;
}

void ng_reader_skip_member(struct ng_reader *reader, size_t size)
{
  reader->io.in += size;
  reader->io.in_size -= size;
  reader->seen_member = true;
}

/* --------------------------------------------------------------- places -- */

void ng_reader_jump(struct ng_reader *reader, uint64_t offset)
{
  uint64_t start = ng_reader_offset(reader);

  reader->fault = (struct ng_gzip_fault){.kind = NG_GZIP_OK};
  if (offset >= start && offset <= reader->file_end) {
    reader->io.in += offset - start;
    reader->io.in_size -= (size_t)(offset - start);
    return;
  }
  reader->io.in = reader->buffer + NG_INFLATE_PUT_BACK;
  reader->io.in_size = 0;
  reader->file_end = offset;
}

void ng_reader_resume(struct ng_reader *reader, uint64_t bit,
                      const unsigned char *window, size_t size)
{
  ng_reader_jump(reader, bit / 8);
  if (reader->zip && !ng_reader_find_entry(reader, bit / 8))
    return;
  reader->decoder->resume(reader->decoder_state, bit % 8, window, size);
  reader->state = IN_BODY;
  reader->seen_member = true;
  reader->position_bit = bit;
  reader->at_position = true;
}

void ng_reader_seek(struct ng_reader *reader, uint64_t offset)
{
  if (!reader->decoder) {
    reader->file_end = offset;
    return;
  }
  ng_reader_jump(reader, offset);
  if (reader->zip)
    reader->next_entry = ng_zip_find(reader->zip, offset);
  reader->state = AT_MEMBER;
  reader->at_position = false;
}

size_t ng_reader_window(const struct ng_reader *reader, unsigned char *window)
{
  return reader->decoder->window(reader->decoder_state, window);
}

static bool has_arrived(const struct ng_reader *reader)
{
  return reader->at_position && reader->position_bit / 8 >= reader->until / 8;
}

/* Tell the decoder where in the input to stop: perhaps in bytes that it has
   taken already. */
static void aim(struct ng_reader *reader)
{
  uint64_t offset = ng_reader_offset(reader);
  uint64_t until = reader->until / 8;

  if (until > reader->file_end)
    reader->io.until = NULL;
  else if (until + NG_INFLATE_PUT_BACK > offset)
    reader->io.until = reader->io.in + (ptrdiff_t)(until - offset);
  else
    reader->io.until = reader->buffer;
}

/* Take from the decoder where the last block began. */
static void note_position(struct ng_reader *reader,
                          enum ng_inflate_status status)
{
  const struct ng_inflate_io *io = &reader->io;

  reader->at_position = status == NG_INFLATE_UNTIL;
  if (!io->block_in)
    return;
  reader->position_bit =
      (ng_reader_offset(reader) - (uint64_t)(io->in - io->block_in)) * 8 +
      io->block_bit;
  reader->position_out = io->block_out;
}

/* --------------------------------------------------------------- text -- */

void ng_reader_read_plain(struct ng_source *source, uint64_t offset, char *text,
                          size_t capacity, struct ng_gzip_block *block)
{
  int error = ng_source_read(source, text, capacity, offset, &block->size);

  block->position = (struct ng_gzip_position){.bit = 0};
  block->arrived = false;
  block->end_count = 0;
  block->last = error || block->size < capacity;
  block->fault = (struct ng_gzip_fault){
      error ? NG_GZIP_READ_FAILED : NG_GZIP_OK, offset + block->size, error};
}

/* One step of the decoder. It is asked once more after the input has ended,
   since it may hold text back. */
static bool read_body(struct ng_reader *reader)
{
  bool more = ng_reader_refill(reader);
  size_t room = reader->io.out_size;
  enum ng_inflate_status status;

  if (reader->fault.kind != NG_GZIP_OK)
    return false;
  aim(reader);
  status = reader->decoder->step(reader->decoder_state, &reader->io);
  note_position(reader, status);
  switch (status) {
  case NG_INFLATE_UNTIL:
    return true;
  case NG_INFLATE_END:
    reader->state = AT_TRAILER;
    return !reader->zip || ng_reader_entry_is_used_up(reader);
  case NG_INFLATE_BAD:
    return ng_reader_fail(reader, NG_GZIP_BAD_DEFLATE);
  case NG_INFLATE_NO_MEMORY:
    return ng_reader_fail(reader, NG_GZIP_NO_MEMORY);
  case NG_INFLATE_MORE:
    break;
  }
  reader->full = reader->io.out_size == 0 && (reader->io.in_size > 0 || !more);
  if (!more && !reader->full && reader->io.out_size == room)
    return ng_reader_fail_short(reader);
  return true;
}

/* False: a fault. */
static bool take_step(struct ng_reader *reader, struct ng_gzip_block *block,
                      size_t text_end)
{
  struct ng_member_end *end;

  switch (reader->state) {
  case AT_MEMBER:
    return reader->zip ? ng_reader_begin_entry(reader)
                       : ng_reader_begin_member(reader);
  case IN_BODY:
    return read_body(reader);
  case IN_STORED:
    return ng_reader_copy_stored(reader);
  case AT_TRAILER:
    end = &block->ends[block->end_count];
    end->text_end = text_end;
    if (reader->zip)
      ng_reader_end_entry(reader, end);
    else if (!ng_reader_read_trailer(reader, end))
      return false;
    block->end_count++;
    reader->state = AT_MEMBER;
    return true;
  case AT_END:
    break;
  }
  return true;
}

/* Whether the block of text is complete. */
static bool is_complete(const struct ng_reader *reader,
                        const struct ng_gzip_block *block)
{
  if (reader->until != NO_LIMIT && has_arrived(reader))
    return true;
  return reader->state == AT_END || block->end_count == reader->ends_max ||
         (reader->io.out_size == 0 &&
          (reader->until == NO_LIMIT || reader->full));
}

void ng_reader_read_until(struct ng_reader *reader, char *text, size_t capacity,
                          uint64_t until, struct ng_gzip_block *block)
{
  bool ok = true;

  if (!reader->decoder) {
    ng_reader_read_plain(reader->source, reader->file_end, text, capacity,
                         block);
    reader->file_end += block->size;
    return;
  }
  block->end_count = 0;
  reader->io.out = (unsigned char *)text;
  reader->io.out_size = capacity;
  reader->until = until;
  reader->position_out = reader->at_position ? reader->io.out : NULL;
  reader->full = false;
  while (ok && !is_complete(reader, block))
    ok = take_step(reader, block, capacity - reader->io.out_size);
  block->size = capacity - reader->io.out_size;
  block->last = !ok || reader->state == AT_END;
  block->fault = reader->fault;
  block->arrived = until != NO_LIMIT && ok && has_arrived(reader);
  block->position = (struct ng_gzip_position){.bit = 0};
  if (reader->position_out)
    block->position = (struct ng_gzip_position){
        reader->position_bit,
        (size_t)(reader->position_out - (unsigned char *)text)};
}

void ng_reader_read(struct ng_reader *reader, char *text, size_t capacity,
                    struct ng_gzip_block *block)
{
  ng_reader_read_until(reader, text, capacity, NO_LIMIT, block);
}
