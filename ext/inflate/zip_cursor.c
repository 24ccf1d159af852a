/* SPDX-License-Identifier: MIT */
#include "inflate/zip_cursor.h"

static uint64_t end_of_data(const struct ng_zip_entry *entry)
{
  return entry->data + entry->packed_bytes;
}

static void enter(struct ng_zip_cursor *cursor, struct ng_input *input,
                  size_t index)
{
  cursor->entry = &cursor->zip->entries[index];
  cursor->next = index + 1;
  input->limit = end_of_data(cursor->entry);
}

bool ng_zip_cursor_next(struct ng_zip_cursor *cursor, struct ng_input *input)
{
  if (cursor->next == cursor->zip->count) {
    ng_input_jump(input, cursor->zip->file_bytes);
    return false;
  }
  enter(cursor, input, cursor->next);
  ng_input_jump(input, cursor->entry->data);
  return true;
}

bool ng_zip_cursor_enter(struct ng_zip_cursor *cursor, struct ng_input *input,
                         uint64_t offset)
{
  size_t after = ng_zip_find(cursor->zip, offset + 1);

  if (after == 0)
    return false;
  enter(cursor, input, after - 1);
  return !cursor->entry->is_stored && offset < input->limit;
}

void ng_zip_cursor_seek(struct ng_zip_cursor *cursor, uint64_t offset)
{
  cursor->next = ng_zip_find(cursor->zip, offset);
}

void ng_zip_cursor_get_end(const struct ng_zip_cursor *cursor,
                           struct ng_member_end *end)
{
  end->file_offset = end_of_data(cursor->entry);
  end->length_offset = end->file_offset;
  end->crc = cursor->entry->crc;
  end->length = (uint32_t)cursor->entry->text_bytes;
}
