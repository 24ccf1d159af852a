/* SPDX-License-Identifier: MIT */
/*
 * Reads what stands before and after the DEFLATE data of a gzip member, byte by
 * byte, since any of it may lie across the end of the input's buffer. The
 * reader (reader.c) calls it at the start and end of each member. It keeps no
 * state but the input's.
 */
#include "inflate/gzip_member.h"

#include <string.h>

#include "base/crc32.h"

/* Reads the fields of a header or trailer. */
struct fields {
  struct ng_input *input;
  uint32_t crc; /* of the bytes that were read */
};

static bool next_byte(struct fields *fields, unsigned char *byte)
{
  struct ng_input *input = fields->input;

  if (!ng_input_refill(input)) {
    if (input->fault.kind == NG_GZIP_OK)
      ng_input_fail(input, NG_GZIP_TRUNCATED);
    return false;
  }
  *byte = *input->in;
  ng_input_skip(input, 1);
  fields->crc = ng_crc32(fields->crc, byte, 1);
  return true;
}

/* A little-endian number of `bytes` bytes. */
static bool next_number(struct fields *fields, unsigned bytes, uint32_t *value)
{
  unsigned char byte;

  *value = 0;
  for (unsigned i = 0; i < bytes; i++) {
    if (!next_byte(fields, &byte))
      return false;
    *value |= (uint32_t)byte << (8 * i);
  }
  return true;
}

/* -------------------------------------------------------------- header -- */

static bool read_magic(struct fields *fields)
{
  static const unsigned char magic[2] = {0x1f, 0x8b};
  unsigned char byte;

  for (int i = 0; i < 2; i++) {
    uint64_t offset = ng_input_offset(fields->input);

    if (!next_byte(fields, &byte))
      return false;
    if (byte != magic[i])
      return ng_input_fail_at(fields->input, NG_GZIP_NOT_A_MEMBER,
                              offset - (uint64_t)i, 0);
  }
  return true;
}

static bool skip_bytes(struct fields *fields, uint32_t count)
{
  unsigned char byte;

  while (count-- > 0)
    if (!next_byte(fields, &byte))
      return false;
  return true;
}

static bool skip_string(struct fields *fields)
{
  unsigned char byte;

  do
    if (!next_byte(fields, &byte))
      return false;
  while (byte != 0);
  return true;
}

static bool skip_extra(struct fields *fields)
{
  uint32_t length;

  return next_number(fields, 2, &length) && skip_bytes(fields, length);
}

static bool check_header_crc(struct fields *fields)
{
  uint32_t computed = fields->crc & 0xFFFF;
  uint64_t offset = ng_input_offset(fields->input);
  uint32_t stored;

  if (!next_number(fields, 2, &stored))
    return false;
  return stored == computed ||
         ng_input_fail_at(fields->input, NG_GZIP_BAD_HEADER, offset, 0);
}

/* Method and flags; time, extra flags and system, which a count does not need;
   then the fields that the flags announce. */
bool ng_gzip_member_read_header(struct ng_input *input)
{
  struct fields fields = {.input = input};
  uint64_t offset;
  unsigned char method;
  unsigned char flags;

  if (!read_magic(&fields))
    return false;
  offset = ng_input_offset(input);
  if (!next_byte(&fields, &method) || !next_byte(&fields, &flags))
    return false;
  if (method != 8)
    return ng_input_fail_at(input, NG_GZIP_BAD_HEADER, offset, 0);
  if (flags & NG_GZIP_FLAG_RESERVED)
    return ng_input_fail_at(input, NG_GZIP_BAD_HEADER, offset + 1, 0);
  return skip_bytes(&fields, 6) &&
         (!(flags & NG_GZIP_FLAG_EXTRA) || skip_extra(&fields)) &&
         (!(flags & NG_GZIP_FLAG_NAME) || skip_string(&fields)) &&
         (!(flags & NG_GZIP_FLAG_COMMENT) || skip_string(&fields)) &&
         (!(flags & NG_GZIP_FLAG_HCRC) || check_header_crc(&fields));
}

bool ng_gzip_member_holds_header(const unsigned char *bytes, size_t size)
{
  size_t at = 10;

  if (size < at + 2)
    return false;
  if (bytes[3] & NG_GZIP_FLAG_EXTRA)
    at += 2 + (size_t)(bytes[at] | bytes[at + 1] << 8);
  for (unsigned text = NG_GZIP_FLAG_NAME; text <= NG_GZIP_FLAG_COMMENT;
       text *= 2) {
    const unsigned char *end;

    if (!(bytes[3] & text))
      continue;
    end = at < size ? memchr(bytes + at, 0, size - at) : NULL;
    if (!end)
      return false;
    at = (size_t)(end - bytes) + 1;
  }
  return at + (bytes[3] & NG_GZIP_FLAG_HCRC) <= size;
}

/* ----------------------------------------------------------------- end -- */

bool ng_gzip_member_read_trailer(struct ng_input *input,
                                 struct ng_member_end *end)
{
  struct fields fields = {.input = input};

  end->file_offset = ng_input_offset(input);
  end->length_offset = end->file_offset + 4;
  return next_number(&fields, 4, &end->crc) &&
         next_number(&fields, 4, &end->length);
}

/* Whether the next bytes look like a member. */
static bool is_at_magic(const struct ng_input *input)
{
  return input->in[0] == 0x1f && (input->in_size < 2 || input->in[1] == 0x8b);
}

bool ng_gzip_member_read_padding(struct ng_input *input)
{
  while (ng_input_refill(input)) {
    for (; input->in_size > 0; ng_input_skip(input, 1))
      if (*input->in != 0)
        return ng_input_fail(input, is_at_magic(input) ? NG_GZIP_ZEROS_INSIDE
                                                       : NG_GZIP_NOT_A_MEMBER);
  }
  return input->fault.kind == NG_GZIP_OK;
}
