/* SPDX-License-Identifier: MIT */
#include "count/run_file.h"

#include <errno.h>
#include <string.h>

/* ---------------------------------------------------------------- write -- */

uint64_t ng_run_writer_offset(const struct ng_run_writer *writer)
{
  return writer->file->size + writer->filled;
}

int ng_run_flush(struct ng_run_writer *writer)
{
  int error = ng_temp_file_write(writer->file, writer->buffer, writer->filled);

  writer->filled = 0;
  return error;
}

int ng_run_write(struct ng_run_writer *writer, const struct ng_entry *entry)
{
  const char *image = ng_entry_image(entry, writer->wide);
  size_t bytes = ng_entry_bytes(entry, writer->wide);
  size_t used = offsetof(struct ng_entry, word) + entry->length +
                (size_t)((const char *)entry - image);
  int error;

  if (writer->capacity - writer->filled < bytes) {
    error = ng_run_flush(writer);
    if (error)
      return error;
  }
  if (bytes > writer->capacity) {
    static const char pad[8];

    error = ng_temp_file_write(writer->file, image, used);
    return error ? error : ng_temp_file_write(writer->file, pad, bytes - used);
  }
  memcpy(writer->buffer + writer->filled, image, used);
  memset(writer->buffer + writer->filled + used, 0, bytes - used);
  writer->filled += bytes;
  return 0;
}

/* ----------------------------------------------------------------- read -- */

bool ng_run_reader_init(struct ng_run_reader *reader, struct ng_budget *budget,
                        size_t buffer_bytes, bool wide)
{
  *reader = (struct ng_run_reader){
      .budget = budget, .wide = wide, .capacity = buffer_bytes};
  reader->buffer = ng_budget_take(budget, buffer_bytes);
  return reader->buffer != NULL;
}

void ng_run_reader_free(struct ng_run_reader *reader)
{
  ng_budget_give(reader->budget, reader->buffer, reader->capacity);
  reader->buffer = NULL;
}

void ng_run_reader_set(struct ng_run_reader *reader,
                       const struct ng_temp_file *file, uint64_t from,
                       uint64_t to)
{
  reader->file = file;
  reader->at = from;
  reader->end = to;
  reader->filled = 0;
  reader->used = 0;
}

static int grow(struct ng_run_reader *reader, size_t capacity)
{
  char *larger = ng_budget_take(reader->budget, capacity);

  if (!larger)
    return ENOMEM;
  memcpy(larger, reader->buffer, reader->filled);
  ng_budget_give(reader->budget, reader->buffer, reader->capacity);
  reader->buffer = larger;
  reader->capacity = capacity;
  return 0;
}

/* Have at least `wanted` bytes behind what is used. */
static int fill(struct ng_run_reader *reader, size_t wanted)
{
  size_t left = reader->filled - reader->used;
  uint64_t more;
  int error = 0;

  memmove(reader->buffer, reader->buffer + reader->used, left);
  reader->filled = left;
  reader->used = 0;
  if (wanted > reader->capacity)
    error = grow(reader, wanted);
  if (error)
    return error;
  more = reader->end - reader->at;
  if (more > reader->capacity - left)
    more = reader->capacity - left;
  error = ng_temp_file_read(reader->file, reader->buffer + left, (size_t)more,
                            reader->at);
  if (error)
    return error;
  reader->at += more;
  reader->filled += (size_t)more;
  return reader->filled < wanted ? EIO : 0;
}

int ng_run_read(struct ng_run_reader *reader, struct ng_entry **entry)
{
  size_t before = reader->wide ? sizeof(struct ng_entry_wide) : 0;
  size_t head = before + sizeof(struct ng_entry);
  size_t bytes;
  int error = 0;

  *entry = NULL;
  if (reader->used == reader->filled && reader->at == reader->end)
    return 0;
  if (reader->filled - reader->used < head)
    error = fill(reader, head);
  if (error)
    return error;
  *entry = (void *)(reader->buffer + reader->used + before);
  bytes = ng_entry_bytes(*entry, reader->wide);
  if (reader->filled - reader->used < bytes) {
    *entry = NULL;
    error = fill(reader, bytes);
    if (error)
      return error;
    *entry = (void *)(reader->buffer + before);
  }
  reader->used += bytes;
  return 0;
}
