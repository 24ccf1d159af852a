/* SPDX-License-Identifier: MIT */
/*
 * Cuts BGZF files into batches of members, and decodes batches.
 *
 * The worker that has the reader calls ng_bgzf_cut(): it looks at the reader's
 * input where a member begins, and copies whole members to the worker's batch
 * by the sizes in their headers. The worker then leaves the reader to another,
 * which cuts the next batch, and calls ng_bgzf_decode() on its own. A batch
 * owns its bytes and the state of its decoder; the text goes to the caller's
 * block.
 *
 * Only headers as bgzip and htslib write them are cut: one extra field, that of
 * BGZF, and no name. All else is rare and is left to the reader.
 */
#include "inflate/bgzf.h"

#include <string.h>

#include "base/le.h"

#define HEADER_BYTES ((size_t)18)
#define TRAILER_BYTES NG_GZIP_TRAILER_BYTES
#define SIZE_OFFSET 16 /* of the size, BSIZE, in a header */
#define MEMBER_BYTES_MAX ((size_t)64 << 10) /* BSIZE has 16 bits */
#define TEXT_BYTES_MAX ((uint32_t)64 << 10)

/* A block of text takes some 100 KiB. */
#define BATCH_BYTES ((size_t)256 << 10)
#define BUFFER_BYTES (NG_INFLATE_PUT_BACK + BATCH_BYTES)

bool ng_bgzf_init(struct ng_bgzf *bgzf, const struct ng_decoder *decoder,
                  struct ng_budget *budget)
{
  unsigned char *buffer = ng_budget_take(budget, BUFFER_BYTES);

  *bgzf = (struct ng_bgzf){
      .budget = budget, .decoder = decoder, .decoder_state = decoder->create()};
  if (buffer)
    bgzf->bytes = buffer + NG_INFLATE_PUT_BACK;
  return buffer && bgzf->decoder_state;
}

void ng_bgzf_free(struct ng_bgzf *bgzf)
{
  if (bgzf->decoder_state)
    bgzf->decoder->destroy(bgzf->decoder_state);
  if (bgzf->bytes)
    ng_budget_give(bgzf->budget, bgzf->bytes - NG_INFLATE_PUT_BACK,
                   BUFFER_BYTES);
}

static bool is_header(const unsigned char *bytes, size_t size)
{
  static const unsigned char start[] = {0x1f, 0x8b, 8, 4};
  static const unsigned char field[] = {6, 0, 'B', 'C', 2, 0};

  return size >= HEADER_BYTES && memcmp(bytes, start, sizeof start) == 0 &&
         memcmp(bytes + 10, field, sizeof field) == 0;
}

static size_t member_bytes(const unsigned char *header)
{
  return (size_t)(header[SIZE_OFFSET] | header[SIZE_OFFSET + 1] << 8) + 1;
}

static uint32_t load32(const unsigned char *bytes)
{
  return ng_le_load32((const char *)bytes);
}

/* Returns the next member if it looks like BGZF up to the header of the one
   after it, else NULL. */
static const unsigned char *find_member(struct ng_reader *reader, size_t *size,
                                        bool *last)
{
  size_t left;
  const unsigned char *member =
      ng_reader_peek(reader, MEMBER_BYTES_MAX + HEADER_BYTES, &left);

  if (!member || !is_header(member, left))
    return NULL;
  *size = member_bytes(member);
  if (*size <= HEADER_BYTES + TRAILER_BYTES || *size > left ||
      load32(member + *size - 4) > TEXT_BYTES_MAX)
    return NULL;
  *last = *size == left;
  return *last || is_header(member + *size, left - *size) ? member : NULL;
}

bool ng_bgzf_cut(struct ng_bgzf *bgzf, struct ng_reader *reader,
                 size_t capacity)
{
  size_t text = 0;

  bgzf->size = 0;
  bgzf->last = false;
  bgzf->file_offset = ng_reader_offset(reader);
  for (unsigned count = 0; count < NG_MEMBER_ENDS_MAX && !bgzf->last; count++) {
    bool last;
    size_t size;
    const unsigned char *member = find_member(reader, &size, &last);

    if (!member || bgzf->size + size > BATCH_BYTES)
      break;
    text += load32(member + size - 4);
    if (text > capacity)
      break;
    memcpy(bgzf->bytes + bgzf->size, member, size);
    bgzf->size += size;
    bgzf->last = last;
    ng_reader_skip_member(reader, size);
  }
  return bgzf->size > 0;
}

static enum ng_gzip_fault_kind decode_body(struct ng_bgzf *bgzf,
                                           struct ng_inflate_io *io)
{
  enum ng_inflate_status status = bgzf->decoder->begin(bgzf->decoder_state);

  if (status == NG_INFLATE_MORE)
    status = bgzf->decoder->step(bgzf->decoder_state, io);
  switch (status) {
  case NG_INFLATE_END:
    return io->in_size == 0 ? NG_GZIP_OK : NG_GZIP_BAD_BGZF;
  case NG_INFLATE_NO_MEMORY:
    return NG_GZIP_NO_MEMORY;
  case NG_INFLATE_MORE:
    return io->out_size == 0 ? NG_GZIP_BAD_LENGTH : NG_GZIP_BAD_DEFLATE;
  default:
    return NG_GZIP_BAD_DEFLATE;
  }
}

/* The offset in the batch of a fault in the member at `at`: of the field of the
   header or trailer that is not true, or of the byte where decoding stopped. */
static size_t fault_offset(const struct ng_bgzf *bgzf,
                           enum ng_gzip_fault_kind kind, size_t at, size_t size,
                           const struct ng_inflate_io *io)
{
  if (kind == NG_GZIP_BAD_BGZF)
    return at + SIZE_OFFSET;
  if (kind == NG_GZIP_BAD_LENGTH)
    return at + size - 4;
  return (size_t)(io->in - bgzf->bytes);
}

/* Decode the member at `at` of the batch. Returns false after a fault. */
static bool decode_member(struct ng_bgzf *bgzf, size_t at, size_t size,
                          struct ng_inflate_io *io, struct ng_gzip_block *block)
{
  const unsigned char *trailer = bgzf->bytes + at + size - TRAILER_BYTES;
  uint64_t trailer_at = bgzf->file_offset + at + size - TRAILER_BYTES;
  size_t room = io->out_size;
  enum ng_gzip_fault_kind kind;

  io->in = bgzf->bytes + at + HEADER_BYTES;
  io->in_size = size - HEADER_BYTES - TRAILER_BYTES;
  kind = decode_body(bgzf, io);
  block->size += room - io->out_size;
  if (kind != NG_GZIP_OK) {
    block->fault = (struct ng_gzip_fault){
        kind, bgzf->file_offset + fault_offset(bgzf, kind, at, size, io), 0};
    return false;
  }
  block->ends[block->end_count++] =
      (struct ng_member_end){block->size, load32(trailer), load32(trailer + 4),
                             trailer_at, trailer_at + 4};
  return true;
}

void ng_bgzf_decode(struct ng_bgzf *bgzf, char *text, size_t capacity,
                    struct ng_gzip_block *block)
{
  struct ng_inflate_io io = {.out = (unsigned char *)text,
                             .out_size = capacity};
  bool ok = true;

  block->size = 0;
  block->end_count = 0;
  block->fault = (struct ng_gzip_fault){.kind = NG_GZIP_OK};
  for (size_t at = 0, size; ok && at < bgzf->size; at += size) {
    size = member_bytes(bgzf->bytes + at);
    ok = decode_member(bgzf, at, size, &io, block);
  }
  block->last = bgzf->last || !ok;
}
