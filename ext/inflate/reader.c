/* SPDX-License-Identifier: MIT */
/*
 * Turns a file into blocks of text.
 *
 * Plain text is read to where the caller wants it. For all else the reader is a
 * state machine: header, data, trailer, then another member, padding or the
 * end. Each call of ng_reader_read_until() makes it go on until the block of
 * text is complete (is_complete()). The packed bytes come through one buffer
 * (input.c), which knows the offset in the file of each byte. Headers and
 * trailers are gzip_member.c's; in a zip archive an entry is a member, and
 * zip_cursor.c finds its data and trailer in the directory.
 *
 * Unlike gzip(1), which warns and goes on, the reader takes bytes after the
 * last member for a fault, unless they are all zero (tapes and some tools pad):
 * a count that leaves out half of a badly joined file is worse than none.
 *
 * The reader owns its input buffer and the state of the decoder; text goes to
 * memory of the caller.
 */
#include "inflate/reader.h"

#include <stdlib.h>
#include <string.h>

#include "inflate/gzip_member.h"
#include "inflate/input.h"
#include "inflate/zip_cursor.h"

#define NO_LIMIT NG_READER_NO_LIMIT

/* BGZF (SAM specification, section 4.1) is told by the field of that size. */
#define HEAD_BYTES 18

enum state {
  AT_MEMBER, /* the start of a member, padding or the end */
  IN_BODY,   /* DEFLATE data */
  IN_STORED, /* data of a zip entry that is not packed */
  AT_TRAILER,
  AT_END,
};

struct ng_reader {
  struct ng_input input; /* of plain text only source and file_end are used */
  const struct ng_decoder *decoder; /* NULL: plain text */
  void *decoder_state;
  unsigned char *out; /* the next byte of text, in the caller's block */
  size_t out_size;    /* room from there on */
  enum state state;
  bool seen_member;
  bool full;                         /* the decoder needs room to go on */
  size_t ends_max;                   /* members that end in one block of text */
  uint64_t until;                    /* a bit of the file; NO_LIMIT */
  uint64_t position_bit;             /* of the last position */
  const unsigned char *position_out; /* the text before it ends here; NULL: it
                                        is not in this block of text */
  bool at_position;                  /* nothing was read after it */
  struct ng_zip_cursor cursor;       /* its zip is NULL: members of gzip */
};

enum ng_format ng_reader_find_format(struct ng_source *source,
                                     struct ng_gzip_block *block)
{
  unsigned char head[HEAD_BYTES];

  ng_reader_read_plain(source, 0, (char *)head, sizeof head, block);
  if (ng_zip_is_zip(head, block->size))
    return NG_ZIP;
  if (block->size < 2 || head[0] != 0x1f || head[1] != 0x8b)
    return NG_PLAIN;
  return block->size == HEAD_BYTES && (head[3] & NG_GZIP_FLAG_EXTRA) &&
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
  bool has_input;

  if (!reader)
    return NULL;
  *reader = (struct ng_reader){.input = {.source = source, .budget = budget},
                               .decoder = decoder,
                               .cursor = {.zip = zip},
                               .ends_max = NG_MEMBER_ENDS_MAX};
  if (!decoder)
    return reader;
  reader->decoder_state = decoder->create();
  has_input = ng_input_init(&reader->input, source, budget);
  if (!reader->decoder_state || !has_input) {
    ng_reader_close(reader);
    return NULL;
  }
  return reader;
}

void ng_reader_close(struct ng_reader *reader)
{
  if (!reader)
    return;
  if (reader->decoder)
    reader->decoder->destroy(reader->decoder_state);
  ng_input_free(&reader->input);
  free(reader);
}

void ng_reader_stop_at_members(struct ng_reader *reader)
{
  reader->ends_max = 1;
}

uint64_t ng_reader_bytes_read(const struct ng_reader *reader)
{
  return reader->input.file_end;
}

uint64_t ng_reader_offset(const struct ng_reader *reader)
{
  return ng_input_offset(&reader->input);
}

const unsigned char *ng_reader_peek(struct ng_reader *reader, size_t wanted,
                                    size_t *got)
{
  struct ng_input *input = &reader->input;

  if (reader->state != AT_MEMBER)
    return NULL;
  if (input->in_size < wanted && !ng_input_fill(input))
    return NULL;
  *got = input->in_size;
  return input->in;
}

void ng_reader_skip_member(struct ng_reader *reader, size_t size)
{
  ng_input_skip(&reader->input, size);
  reader->seen_member = true;
}

/* ------------------------------------------------------------ positions -- */

void ng_reader_resume(struct ng_reader *reader, uint64_t bit,
                      const unsigned char *window, size_t size)
{
  ng_input_jump(&reader->input, bit / 8);
  if (reader->cursor.zip &&
      !ng_zip_cursor_enter(&reader->cursor, &reader->input, bit / 8)) {
    reader->at_position = false;
    reader->state = AT_END;
    return;
  }
  reader->decoder->resume(reader->decoder_state, bit % 8, window, size);
  reader->state = IN_BODY;
  reader->seen_member = true;
  reader->position_bit = bit;
  reader->at_position = true;
}

void ng_reader_seek(struct ng_reader *reader, uint64_t offset)
{
  if (!reader->decoder) {
    reader->input.file_end = offset;
    return;
  }
  ng_input_jump(&reader->input, offset);
  if (reader->cursor.zip)
    ng_zip_cursor_seek(&reader->cursor, offset);
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

/* Where in the input the decoder is to stop, which may be in bytes that it has
   taken already; NULL if it is in none that were read. */
static const unsigned char *stop_of(const struct ng_reader *reader)
{
  const struct ng_input *input = &reader->input;
  uint64_t offset = ng_input_offset(input);
  uint64_t until = reader->until / 8;

  if (until > input->file_end)
    return NULL;
  if (until + NG_INFLATE_PUT_BACK > offset)
    return input->in + (ptrdiff_t)(until - offset);
  return input->buffer;
}

/* Note where the last block of DEFLATE began, if one did in this step. */
static void note_position(struct ng_reader *reader,
                          const struct ng_inflate_io *io,
                          enum ng_inflate_status status)
{
  reader->at_position = status == NG_INFLATE_UNTIL;
  if (!io->block_in)
    return;
  reader->position_bit =
      (ng_input_offset(&reader->input) - (uint64_t)(io->in - io->block_in)) *
          8 +
      io->block_bit;
  reader->position_out = io->block_out;
}

/* ---------------------------------------------------------------- steps -- */

/* All steps return false after a fault, which the input keeps. */

/* The input has ended before the data. */
static bool fail_short(struct ng_reader *reader)
{
  struct ng_input *input = &reader->input;

  if (!reader->cursor.zip)
    return ng_input_fail(input, NG_GZIP_TRUNCATED);
  return ng_input_fail(input, input->file_end < input->limit ? NG_ZIP_TRUNCATED
                                                             : NG_ZIP_BAD_SIZE);
}

static bool begin_body(struct ng_reader *reader)
{
  reader->state = IN_BODY;
  if (reader->decoder->begin(reader->decoder_state) == NG_INFLATE_NO_MEMORY)
    return ng_input_fail(&reader->input, NG_GZIP_NO_MEMORY);
  return true;
}

static bool begin_entry(struct ng_reader *reader)
{
  reader->at_position = false;
  if (!ng_zip_cursor_next(&reader->cursor, &reader->input)) {
    reader->state = AT_END;
    return true;
  }
  if (!reader->cursor.entry->is_stored)
    return begin_body(reader);
  reader->state = IN_STORED;
  return true;
}

static bool begin_member(struct ng_reader *reader)
{
  struct ng_input *input = &reader->input;

  if (!ng_input_refill(input)) {
    reader->state = AT_END;
    return input->fault.kind == NG_GZIP_OK;
  }
  if (reader->seen_member && *input->in == 0) {
    reader->state = AT_END;
    return ng_gzip_member_read_padding(input);
  }
  if (!ng_gzip_member_read_header(input))
    return false;
  reader->seen_member = true;
  return begin_body(reader);
}

/* Account for a step of the decoder. Returns whether it wrote text. */
static bool take_io(struct ng_reader *reader, const struct ng_inflate_io *io)
{
  bool wrote = io->out_size < reader->out_size;

  reader->input.in = io->in;
  reader->input.in_size = io->in_size;
  reader->out = io->out;
  reader->out_size = io->out_size;
  return wrote;
}

/* One step of the decoder, and one more after the input has ended, since it may
   hold text back. */
static bool read_body(struct ng_reader *reader)
{
  struct ng_input *input = &reader->input;
  bool more = ng_input_refill(input);
  struct ng_inflate_io io = {.in = input->in,
                             .in_size = input->in_size,
                             .out = reader->out,
                             .out_size = reader->out_size,
                             .until = stop_of(reader)};
  enum ng_inflate_status status;
  bool wrote;

  if (input->fault.kind != NG_GZIP_OK)
    return false;
  status = reader->decoder->step(reader->decoder_state, &io);
  wrote = take_io(reader, &io);
  note_position(reader, &io, status);
  switch (status) {
  case NG_INFLATE_UNTIL:
    return true;
  case NG_INFLATE_END:
    reader->state = AT_TRAILER;
    return !reader->cursor.zip || ng_input_offset(input) == input->limit ||
           ng_input_fail(input, NG_ZIP_BAD_SIZE);
  case NG_INFLATE_BAD:
    return ng_input_fail(input, NG_GZIP_BAD_DEFLATE);
  case NG_INFLATE_NO_MEMORY:
    return ng_input_fail(input, NG_GZIP_NO_MEMORY);
  case NG_INFLATE_MORE:
    break;
  }
  reader->full = reader->out_size == 0 && (input->in_size > 0 || !more);
  if (!more && !reader->full && !wrote)
    return fail_short(reader);
  return true;
}

/* Copy bytes of a stored entry. The speculative decoder, whose text is cells,
   cannot have such an entry: its chunk ends before it. */
static bool read_stored(struct ng_reader *reader)
{
  struct ng_input *input = &reader->input;
  size_t size;

  if (reader->decoder == &ng_decoder_speculative)
    return ng_input_fail(input, NG_ZIP_METHOD);
  if (!ng_input_refill(input))
    return input->fault.kind == NG_GZIP_OK && fail_short(reader);
  size = input->in_size < reader->out_size ? input->in_size : reader->out_size;
  memcpy(reader->out, input->in, size);
  ng_input_skip(input, size);
  reader->out += size;
  reader->out_size -= size;
  if (ng_input_offset(input) == input->limit)
    reader->state = AT_TRAILER;
  else
    reader->full = reader->out_size == 0;
  return true;
}

static bool end_member(struct ng_reader *reader, struct ng_gzip_block *block,
                       size_t text_end)
{
  struct ng_member_end *end = &block->ends[block->end_count];

  end->text_end = text_end;
  if (reader->cursor.zip)
    ng_zip_cursor_get_end(&reader->cursor, end);
  else if (!ng_gzip_member_read_trailer(&reader->input, end))
    return false;
  block->end_count++;
  reader->state = AT_MEMBER;
  return true;
}

static bool take_step(struct ng_reader *reader, struct ng_gzip_block *block,
                      size_t text_end)
{
  switch (reader->state) {
  case AT_MEMBER:
    return reader->cursor.zip ? begin_entry(reader) : begin_member(reader);
  case IN_BODY:
    return read_body(reader);
  case IN_STORED:
    return read_stored(reader);
  default: /* AT_TRAILER */
    return end_member(reader, block, text_end);
  }
}

/* ----------------------------------------------------------------- text -- */

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

/* Whether the block of text is complete. */
static bool is_complete(const struct ng_reader *reader,
                        const struct ng_gzip_block *block)
{
  if (reader->until != NO_LIMIT && has_arrived(reader))
    return true;
  return reader->state == AT_END || block->end_count == reader->ends_max ||
         (reader->out_size == 0 && (reader->until == NO_LIMIT || reader->full));
}

void ng_reader_read_until(struct ng_reader *reader, char *text, size_t capacity,
                          uint64_t until, struct ng_gzip_block *block)
{
  bool ok = true;

  if (!reader->decoder) {
    ng_reader_read_plain(reader->input.source, reader->input.file_end, text,
                         capacity, block);
    reader->input.file_end += block->size;
    return;
  }
  block->end_count = 0;
  reader->out = (unsigned char *)text;
  reader->out_size = capacity;
  reader->until = until;
  reader->position_out = reader->at_position ? reader->out : NULL;
  reader->full = false;
  while (ok && !is_complete(reader, block))
    ok = take_step(reader, block, capacity - reader->out_size);
  block->size = capacity - reader->out_size;
  block->last = !ok || reader->state == AT_END;
  block->fault = reader->input.fault;
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
