/* SPDX-License-Identifier: MIT */
/* What stands around the text of a member of gzip: its header and trailer, and
   the padding after the last one. */
#include "base/crc32.h"
#include "inflate/reader.h"
#include "inflate/reader_state.h"

/* As ng_reader_refill(), where a member needs more bytes. */
static bool need_input(struct ng_reader *reader)
{
  if (ng_reader_refill(reader))
    return true;
  return reader->fault.kind == NG_GZIP_OK &&
         ng_reader_fail(reader, NG_GZIP_TRUNCATED);
}

/* The next byte of a header or trailer. */
static bool next_byte(struct ng_reader *reader, unsigned char *byte)
{
  if (!need_input(reader))
    return false;
  *byte = *reader->io.in++;
  reader->io.in_size--;
  reader->header_crc = ng_crc32(reader->header_crc, byte, 1);
  return true;
}

/* A little-endian number of `bytes` bytes. */
static bool next_number(struct ng_reader *reader, unsigned bytes,
                        uint32_t *value)
{
  unsigned char byte;

  *value = 0;
  for (unsigned i = 0; i < bytes; i++) {
    if (!next_byte(reader, &byte))
      return false;
    *value |= (uint32_t)byte << (8 * i);
  }
  return true;
}

static bool skip_bytes(struct ng_reader *reader, uint32_t count)
{
  unsigned char byte;

  while (count-- > 0)
    if (!next_byte(reader, &byte))
      return false;
  return true;
}

static bool skip_string(struct ng_reader *reader)
{
  unsigned char byte;

  do
    if (!next_byte(reader, &byte))
      return false;
  while (byte != 0);
  return true;
}

static bool skip_extra(struct ng_reader *reader)
{
  uint32_t length;

  return next_number(reader, 2, &length) && skip_bytes(reader, length);
}

static bool check_header_crc(struct ng_reader *reader)
{
  uint32_t computed = reader->header_crc & 0xFFFF;
  uint64_t offset = ng_reader_offset(reader);
  uint32_t stored;

  if (!next_number(reader, 2, &stored))
    return false;
  return stored == computed ||
         ng_reader_fail_at(reader, NG_GZIP_BAD_HEADER, offset, 0);
}

/* Method and flags, then time, extra flags and system, which say nothing that
   a count needs; then the fields that the flags announce. */
static bool read_header(struct ng_reader *reader)
{
  uint64_t offset = ng_reader_offset(reader);
  unsigned char method;
  unsigned char flags;

  if (!next_byte(reader, &method) || !next_byte(reader, &flags))
    return false;
  if (method != 8)
    return ng_reader_fail_at(reader, NG_GZIP_BAD_HEADER, offset, 0);
  if (flags & FLAG_RESERVED)
    return ng_reader_fail_at(reader, NG_GZIP_BAD_HEADER, offset + 1, 0);
  return skip_bytes(reader, 6) &&
         (!(flags & FLAG_EXTRA) || skip_extra(reader)) &&
         (!(flags & FLAG_NAME) || skip_string(reader)) &&
         (!(flags & FLAG_COMMENT) || skip_string(reader)) &&
         (!(flags & FLAG_HCRC) || check_header_crc(reader));
}

/* Whether what follows looks like a member. */
static bool is_at_magic(const struct ng_reader *reader)
{
  return reader->io.in[0] == 0x1f &&
         (reader->io.in_size < 2 || reader->io.in[1] == 0x8b);
}

/* Zero bytes up to the end of the file. */
static bool read_padding(struct ng_reader *reader)
{
  while (ng_reader_refill(reader)) {
    for (; reader->io.in_size > 0; reader->io.in++, reader->io.in_size--)
      if (*reader->io.in != 0)
        return ng_reader_fail(reader, is_at_magic(reader)
                                          ? NG_GZIP_ZEROS_INSIDE
                                          : NG_GZIP_NOT_A_MEMBER);
  }
  reader->state = AT_END;
  return reader->fault.kind == NG_GZIP_OK;
}

static bool read_magic(struct ng_reader *reader)
{
  static const unsigned char magic[2] = {0x1f, 0x8b};
  unsigned char byte;

  reader->header_crc = 0;
  for (int i = 0; i < 2; i++) {
    uint64_t offset = ng_reader_offset(reader);

    if (!next_byte(reader, &byte))
      return false;
    if (byte != magic[i])
      return ng_reader_fail_at(reader, NG_GZIP_NOT_A_MEMBER,
                               offset - (uint64_t)i, 0);
  }
  return true;
}

bool ng_reader_begin_member(struct ng_reader *reader)
{
  if (!ng_reader_refill(reader)) {
    reader->state = AT_END;
    return reader->fault.kind == NG_GZIP_OK;
  }
  if (reader->seen_member && *reader->io.in == 0)
    return read_padding(reader);
  if (!read_magic(reader) || !read_header(reader))
    return false;
  if (reader->decoder->begin(reader->decoder_state) == NG_INFLATE_NO_MEMORY)
    return ng_reader_fail(reader, NG_GZIP_NO_MEMORY);
  reader->seen_member = true;
  reader->state = IN_BODY;
  return true;
}

bool ng_reader_read_trailer(struct ng_reader *reader, struct ng_member_end *end)
{
  end->file_offset = ng_reader_offset(reader);
  end->length_offset = end->file_offset + 4;
  return next_number(reader, 4, &end->crc) &&
         next_number(reader, 4, &end->length);
}
