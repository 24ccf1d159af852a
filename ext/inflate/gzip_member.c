/* SPDX-License-Identifier: MIT */
/* What stands around the text of a member of gzip: its header and trailer, and
   the padding after the last one. */
#include "base/crc32.h"
#include "inflate/gzip.h"
#include "inflate/gzip_state.h"

/* As ng_gzip_refill(), where a member needs more bytes. */
static bool need_input(struct ng_gzip *gzip)
{
  if (ng_gzip_refill(gzip))
    return true;
  return gzip->fault.kind == NG_GZIP_OK &&
         ng_gzip_fail(gzip, NG_GZIP_TRUNCATED);
}

/* The next byte of a header or trailer. */
static bool next_byte(struct ng_gzip *gzip, unsigned char *byte)
{
  if (!need_input(gzip))
    return false;
  *byte = *gzip->io.in++;
  gzip->io.in_size--;
  gzip->header_crc = ng_crc32(gzip->header_crc, byte, 1);
  return true;
}

/* A little-endian number of `bytes` bytes. */
static bool next_number(struct ng_gzip *gzip, unsigned bytes, uint32_t *value)
{
  unsigned char byte;

  *value = 0;
  for (unsigned i = 0; i < bytes; i++) {
    if (!next_byte(gzip, &byte))
      return false;
    *value |= (uint32_t)byte << (8 * i);
  }
  return true;
}

static bool skip_bytes(struct ng_gzip *gzip, uint32_t count)
{
  unsigned char byte;

  while (count-- > 0)
    if (!next_byte(gzip, &byte))
      return false;
  return true;
}

static bool skip_string(struct ng_gzip *gzip)
{
  unsigned char byte;

  do
    if (!next_byte(gzip, &byte))
      return false;
  while (byte != 0);
  return true;
}

static bool skip_extra(struct ng_gzip *gzip)
{
  uint32_t length;

  return next_number(gzip, 2, &length) && skip_bytes(gzip, length);
}

static bool check_header_crc(struct ng_gzip *gzip)
{
  uint32_t computed = gzip->header_crc & 0xFFFF;
  uint64_t offset = ng_gzip_offset(gzip);
  uint32_t stored;

  if (!next_number(gzip, 2, &stored))
    return false;
  return stored == computed ||
         ng_gzip_fail_at(gzip, NG_GZIP_BAD_HEADER, offset, 0);
}

/* Method and flags, then time, extra flags and system, which say nothing that
   a count needs; then the fields that the flags announce. */
static bool read_header(struct ng_gzip *gzip)
{
  uint64_t offset = ng_gzip_offset(gzip);
  unsigned char method;
  unsigned char flags;

  if (!next_byte(gzip, &method) || !next_byte(gzip, &flags))
    return false;
  if (method != 8)
    return ng_gzip_fail_at(gzip, NG_GZIP_BAD_HEADER, offset, 0);
  if (flags & FLAG_RESERVED)
    return ng_gzip_fail_at(gzip, NG_GZIP_BAD_HEADER, offset + 1, 0);
  return skip_bytes(gzip, 6) && (!(flags & FLAG_EXTRA) || skip_extra(gzip)) &&
         (!(flags & FLAG_NAME) || skip_string(gzip)) &&
         (!(flags & FLAG_COMMENT) || skip_string(gzip)) &&
         (!(flags & FLAG_HCRC) || check_header_crc(gzip));
}

/* Whether what follows looks like a member. */
static bool is_at_magic(const struct ng_gzip *gzip)
{
  return gzip->io.in[0] == 0x1f &&
         (gzip->io.in_size < 2 || gzip->io.in[1] == 0x8b);
}

/* Zero bytes up to the end of the file. */
static bool read_padding(struct ng_gzip *gzip)
{
  while (ng_gzip_refill(gzip)) {
    for (; gzip->io.in_size > 0; gzip->io.in++, gzip->io.in_size--)
      if (*gzip->io.in != 0)
        return ng_gzip_fail(gzip, is_at_magic(gzip) ? NG_GZIP_ZEROS_INSIDE
                                                    : NG_GZIP_NOT_A_MEMBER);
  }
  gzip->state = AT_END;
  return gzip->fault.kind == NG_GZIP_OK;
}

static bool read_magic(struct ng_gzip *gzip)
{
  static const unsigned char magic[2] = {0x1f, 0x8b};
  unsigned char byte;

  gzip->header_crc = 0;
  for (int i = 0; i < 2; i++) {
    uint64_t offset = ng_gzip_offset(gzip);

    if (!next_byte(gzip, &byte))
      return false;
    if (byte != magic[i])
      return ng_gzip_fail_at(gzip, NG_GZIP_NOT_A_MEMBER, offset - (uint64_t)i,
                             0);
  }
  return true;
}

bool ng_gzip_begin_member(struct ng_gzip *gzip)
{
  if (!ng_gzip_refill(gzip)) {
    gzip->state = AT_END;
    return gzip->fault.kind == NG_GZIP_OK;
  }
  if (gzip->seen_member && *gzip->io.in == 0)
    return read_padding(gzip);
  if (!read_magic(gzip) || !read_header(gzip))
    return false;
  if (gzip->decoder->begin(gzip->decoder_state) == NG_INFLATE_NO_MEMORY)
    return ng_gzip_fail(gzip, NG_GZIP_NO_MEMORY);
  gzip->seen_member = true;
  gzip->state = IN_BODY;
  return true;
}

bool ng_gzip_read_trailer(struct ng_gzip *gzip, struct ng_member_end *end)
{
  end->file_offset = ng_gzip_offset(gzip);
  end->length_offset = end->file_offset + 4;
  return next_number(gzip, 4, &end->crc) && next_number(gzip, 4, &end->length);
}
