/* SPDX-License-Identifier: MIT */
/*
 * The entries of a zip archive for the reader of gzip. Input never reaches
 * beyond the data of the entry that is being read, so whatever they are, what
 * follows is not taken for a part of them.
 */
#include <string.h>

#include "inflate/reader.h"
#include "inflate/reader_state.h"

static void enter(struct ng_reader *reader, size_t index)
{
  reader->entry = &reader->zip->entries[index];
  reader->next_entry = index + 1;
  reader->limit = reader->entry->data + reader->entry->packed_bytes;
}

bool ng_reader_begin_entry(struct ng_reader *reader)
{
  reader->at_position = false;
  if (reader->next_entry == reader->zip->count) {
    ng_reader_jump(reader, reader->zip->file_bytes);
    reader->state = AT_END;
    return true;
  }
  enter(reader, reader->next_entry);
  ng_reader_jump(reader, reader->entry->data);
  reader->state = reader->entry->is_stored ? IN_STORED : IN_BODY;
  if (!reader->entry->is_stored &&
      reader->decoder->begin(reader->decoder_state) == NG_INFLATE_NO_MEMORY)
    return ng_reader_fail(reader, NG_GZIP_NO_MEMORY);
  return true;
}

bool ng_reader_find_entry(struct ng_reader *reader, uint64_t offset)
{
  size_t next = ng_zip_find(reader->zip, offset + 1);

  if (next > 0) {
    enter(reader, next - 1);
    if (!reader->entry->is_stored && offset < reader->limit)
      return true;
  }
  reader->at_position = false;
  reader->state = AT_END;
  return false;
}

/* A guess has cells, which only a decoder can write: it ends here. */
bool ng_reader_copy_stored(struct ng_reader *reader)
{
  struct ng_inflate_io *io = &reader->io;
  size_t size;

  if (reader->decoder == &ng_decoder_speculative)
    return ng_reader_fail(reader, NG_ZIP_METHOD);
  if (!ng_reader_refill(reader))
    return reader->fault.kind == NG_GZIP_OK && ng_reader_fail_short(reader);
  size = io->in_size < io->out_size ? io->in_size : io->out_size;
  memcpy(io->out, io->in, size);
  io->in += size;
  io->in_size -= size;
  io->out += size;
  io->out_size -= size;
  if (ng_reader_offset(reader) == reader->limit)
    reader->state = AT_TRAILER;
  else
    reader->full = io->out_size == 0;
  return true;
}

bool ng_reader_entry_is_used_up(struct ng_reader *reader)
{
  return ng_reader_offset(reader) == reader->limit ||
         ng_reader_fail(reader, NG_ZIP_BAD_SIZE);
}

bool ng_reader_fail_short(struct ng_reader *reader)
{
  if (!reader->zip)
    return ng_reader_fail(reader, NG_GZIP_TRUNCATED);
  return ng_reader_fail(reader, reader->file_end < reader->limit
                                    ? NG_ZIP_TRUNCATED
                                    : NG_ZIP_BAD_SIZE);
}

void ng_reader_end_entry(const struct ng_reader *reader,
                         struct ng_member_end *end)
{
  end->file_offset = reader->limit;
  end->length_offset = reader->limit;
  end->crc = reader->entry->crc;
  end->length = (uint32_t)reader->entry->text_bytes;
}
