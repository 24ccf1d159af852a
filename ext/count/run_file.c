/* SPDX-License-Identifier: MIT */
#include "count/run_file.h"

#include <errno.h>
#include <string.h>

/* Bytes of numbers of 32 and 64 bits, at most. */
#define NUMBER32_BYTES 5
#define NUMBER64_BYTES 10

/* Bytes before the word: in a record, at most, and in memory, where up to 7
   more are lost to its alignment. */
#define HEAD_BYTES (3 * NUMBER64_BYTES + 3 * NUMBER32_BYTES)
#define ROOM_BYTES                                                             \
  ((sizeof(struct ng_entry_wide) + sizeof(struct ng_entry) + 7) & ~(size_t)7)

/* -------------------------------------------------------------- numbers -- */

static char *put_number(char *at, uint64_t number)
{
  for (; number >= 0x80; number >>= 7)
    *at++ = (char)(number | 0x80);
  *at++ = (char)number;
  return at;
}

/* NULL: it does not end before `end`. */
static const char *take_number(const char *at, const char *end,
                               uint64_t *number)
{
  unsigned shift = 0;

  for (*number = 0; at < end && shift < 64; shift += 7) {
    unsigned char byte = (unsigned char)*at++;

    *number |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80)
      return at;
  }
  return NULL;
}

/* A record before its word. Returns its bytes. */
static size_t put_head(char *head, const struct ng_entry *entry, bool wide)
{
  char *at = put_number(head, entry->length);

  at = put_number(at, entry->total);
  if (wide) {
    const struct ng_entry_wide *more =
        (const void *)ng_entry_image(entry, wide);

    at = put_number(at, more->volumes);
    at = put_number(at, more->row_count);
    at = put_number(at, (uint32_t)more->first_year);
    at = put_number(at, (uint32_t)more->last_year);
  }
  return (size_t)(at - head);
}

/* Where the word begins; NULL: behind `end`. */
static const char *take_head(const char *at, const char *end,
                             struct ng_sums *sums, uint64_t *length, bool wide)
{
  uint64_t years[2];

  at = take_number(at, end, length);
  at = at ? take_number(at, end, &sums->total) : NULL;
  if (!wide)
    return at;
  at = at ? take_number(at, end, &sums->volumes) : NULL;
  at = at ? take_number(at, end, &sums->row_count) : NULL;
  at = at ? take_number(at, end, &years[0]) : NULL;
  at = at ? take_number(at, end, &years[1]) : NULL;
  if (at) {
    sums->first_year = (int32_t)years[0];
    sums->last_year = (int32_t)years[1];
  }
  return at;
}

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
  int error = 0;

  if (writer->capacity - writer->filled < HEAD_BYTES + (size_t)entry->length)
    error = ng_run_flush(writer);
  if (error)
    return error;
  writer->filled +=
      put_head(writer->buffer + writer->filled, entry, writer->wide);
  if (writer->capacity - writer->filled < entry->length) {
    error = ng_run_flush(writer);
    return error ? error
                 : ng_temp_file_write(writer->file, entry->word, entry->length);
  }
  memcpy(writer->buffer + writer->filled, entry->word, entry->length);
  writer->filled += entry->length;
  return 0;
}

/* ----------------------------------------------------------------- read -- */

bool ng_run_reader_init(struct ng_run_reader *reader, struct ng_budget *budget,
                        size_t buffer_bytes, bool wide)
{
  *reader = (struct ng_run_reader){.budget = budget,
                                   .wide = wide,
                                   .capacity = ROOM_BYTES + buffer_bytes,
                                   .filled = ROOM_BYTES,
                                   .used = ROOM_BYTES};
  reader->buffer = ng_budget_take(budget, reader->capacity);
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
  reader->filled = ROOM_BYTES;
  reader->used = ROOM_BYTES;
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
  uint64_t more = reader->end - reader->at;
  int error = 0;

  if (more < wanted - left)
    return EIO;
  memmove(reader->buffer + ROOM_BYTES, reader->buffer + reader->used, left);
  reader->filled = ROOM_BYTES + left;
  reader->used = ROOM_BYTES;
  if (wanted > reader->capacity - ROOM_BYTES)
    error = grow(reader, ROOM_BYTES + wanted);
  if (error)
    return error;
  if (more > reader->capacity - reader->filled)
    more = reader->capacity - reader->filled;
  error = ng_temp_file_read(reader->file, reader->buffer + reader->filled,
                            (size_t)more, reader->at);
  if (error)
    return error;
  reader->at += more;
  reader->filled += (size_t)more;
  return 0;
}

/* Have the longest head that there may be, or all that is left. */
static int fill_head(struct ng_run_reader *reader)
{
  size_t left = reader->filled - reader->used;
  uint64_t more = reader->end - reader->at;

  if (left >= HEAD_BYTES || more == 0)
    return 0;
  return fill(reader,
              more < HEAD_BYTES - left ? left + (size_t)more : HEAD_BYTES);
}

/* Make an entry of a word in the buffer and its sums: the word is moved to the
   next place before it that suits an entry. */
static struct ng_entry *make_entry(const struct ng_run_reader *reader,
                                   size_t word, uint32_t length,
                                   const struct ng_sums *sums)
{
  size_t begin = (word - offsetof(struct ng_entry, word)) & ~(size_t)7;
  struct ng_entry *entry = (void *)(reader->buffer + begin);

  memmove(entry->word, reader->buffer + word, length);
  entry->total = sums->total;
  entry->length = length;
  if (reader->wide)
    *ng_entry_wide(entry) = (struct ng_entry_wide){
        sums->volumes, sums->row_count, sums->first_year, sums->last_year};
  return entry;
}

int ng_run_read(struct ng_run_reader *reader, struct ng_entry **entry)
{
  struct ng_sums sums = {.total = 0};
  const char *word;
  uint64_t length;
  size_t head;
  int error;

  *entry = NULL;
  if (reader->used == reader->filled && reader->at == reader->end)
    return 0;
  error = fill_head(reader);
  if (error)
    return error;
  word =
      take_head(reader->buffer + reader->used, reader->buffer + reader->filled,
                &sums, &length, reader->wide);
  if (!word || length > UINT32_MAX)
    return EIO;
  head = (size_t)(word - reader->buffer) - reader->used;
  if (reader->filled - reader->used - head < length)
    error = fill(reader, head + (size_t)length);
  if (error)
    return error;
  *entry = make_entry(reader, reader->used + head, (uint32_t)length, &sums);
  reader->used += head + (size_t)length;
  return 0;
}
