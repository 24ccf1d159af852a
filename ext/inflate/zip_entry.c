/* SPDX-License-Identifier: MIT */
/*
 * The entries of a zip archive for the reader of gzip. Input never reaches
 * beyond the data of the entry that is being read, so whatever they are, what
 * follows is not taken for a part of them.
 */
#include <string.h>

#include "inflate/gzip.h"
#include "inflate/gzip_state.h"

static void enter(struct ng_gzip *gzip, size_t index)
{
  gzip->entry = &gzip->zip->entries[index];
  gzip->next_entry = index + 1;
  gzip->limit = gzip->entry->data + gzip->entry->packed_bytes;
}

bool ng_gzip_begin_entry(struct ng_gzip *gzip)
{
  gzip->at_place = false;
  if (gzip->next_entry == gzip->zip->count) {
    ng_gzip_jump(gzip, gzip->zip->file_bytes);
    gzip->state = AT_END;
    return true;
  }
  enter(gzip, gzip->next_entry);
  ng_gzip_jump(gzip, gzip->entry->data);
  gzip->state = gzip->entry->is_stored ? IN_STORED : IN_BODY;
  if (!gzip->entry->is_stored &&
      gzip->decoder->begin(gzip->decoder_state) == NG_INFLATE_NO_MEMORY)
    return ng_gzip_fail(gzip, NG_GZIP_NO_MEMORY);
  return true;
}

bool ng_gzip_find_entry(struct ng_gzip *gzip, uint64_t offset)
{
  size_t next = ng_zip_find(gzip->zip, offset + 1);

  if (next > 0) {
    enter(gzip, next - 1);
    if (!gzip->entry->is_stored && offset < gzip->limit)
      return true;
  }
  gzip->at_place = false;
  gzip->state = AT_END;
  return false;
}

/* A guess has cells, which only a decoder can write: it ends here. */
bool ng_gzip_copy_stored(struct ng_gzip *gzip)
{
  struct ng_inflate_io *io = &gzip->io;
  size_t size;

  if (gzip->decoder == &ng_decoder_ahead)
    return ng_gzip_fail(gzip, NG_ZIP_METHOD);
  if (!ng_gzip_refill(gzip))
    return gzip->fault.kind == NG_GZIP_OK && ng_gzip_fail_short(gzip);
  size = io->in_size < io->out_size ? io->in_size : io->out_size;
  memcpy(io->out, io->in, size);
  io->in += size;
  io->in_size -= size;
  io->out += size;
  io->out_size -= size;
  if (ng_gzip_offset(gzip) == gzip->limit)
    gzip->state = AT_TRAILER;
  else
    gzip->full = io->out_size == 0;
  return true;
}

bool ng_gzip_entry_is_used_up(struct ng_gzip *gzip)
{
  return ng_gzip_offset(gzip) == gzip->limit ||
         ng_gzip_fail(gzip, NG_ZIP_BAD_SIZE);
}

bool ng_gzip_fail_short(struct ng_gzip *gzip)
{
  if (!gzip->zip)
    return ng_gzip_fail(gzip, NG_GZIP_TRUNCATED);
  return ng_gzip_fail(gzip, gzip->file_end < gzip->limit ? NG_ZIP_TRUNCATED
                                                         : NG_ZIP_BAD_SIZE);
}

void ng_gzip_end_entry(const struct ng_gzip *gzip, struct ng_member_end *end)
{
  end->file_offset = gzip->limit;
  end->length_offset = gzip->limit;
  end->crc = gzip->entry->crc;
  end->length = (uint32_t)gzip->entry->text_bytes;
}
