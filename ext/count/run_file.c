/* SPDX-License-Identifier: MIT */
/*
 * The file layout of sorted runs, its writer and its reader.
 *
 *     piece:        length, crc, check, records; the first three 4 bytes each
 *     length        bytes of the records
 *     crc           CRC-32 of the records
 *     check         CRC-32 of the offset of the piece in the file, length, crc
 *     record:       length of the word, total, word
 *     wide record:  length of the word, total, volumes, row_count, first_year,
 *                   last_year, word
 *
 * Numbers before the word have seven bits a byte, the least first: most sums
 * are small, and a record takes less than half of what the entry takes in
 * memory. To write and to free pages is most of what a spill costs. The reader
 * verifies the check before it uses the length. The check covers the offset, so
 * a piece that was put elsewhere is an error.
 *
 * The writer fills the caller's buffer and leaves room for the head of the open
 * piece, which is put there when the piece ends. Before a record has no room
 * left, the buffer is written. A word that is longer than the buffer ends its
 * piece, and is written from where it lies.
 *
 * The reader holds whole pieces in its buffer. A record becomes an entry where
 * it stands: the word is moved down by up to 7 bytes, to an aligned position,
 * and the sums are put in front of it, over the record before, which the caller
 * has done with, or over ROOM_BYTES that are kept free before the first piece.
 * So entries are compared, merged and used where they were read, and take no
 * memory beside the buffer.
 */
#include "count/run_file.h"

#include <errno.h>
#include <string.h>

#include "base/crc32.h"
#include "base/varint.h"

/* The most bytes before the word: in a record, and in an entry, where up to 7
   more are lost to its alignment. */
#define HEAD_BYTES (3 * NG_VARINT64_BYTES + 3 * NG_VARINT32_BYTES)
#define ROOM_BYTES                                                             \
  ((sizeof(struct ng_entry_wide) + sizeof(struct ng_entry) + 7) & ~(size_t)7)

struct piece_head {
  uint32_t length; /* 1 or more */
  uint32_t crc;
  uint32_t check;
};

#define PIECE_HEAD_BYTES sizeof(struct piece_head)

/* -------------------------------------------------------------- records -- */

/* Write what a record has before its word. Returns how many bytes. */
static size_t put_head(char *head, const struct ng_entry *entry, bool wide)
{
  char *at = ng_varint_put(head, entry->length);

  at = ng_varint_put(at, entry->total);
  if (wide) {
    const struct ng_entry_wide *more =
        (const void *)ng_entry_image(entry, wide);

    at = ng_varint_put(at, more->volumes);
    at = ng_varint_put(at, more->row_count);
    at = ng_varint_put(at, (uint32_t)more->first_year);
    at = ng_varint_put(at, (uint32_t)more->last_year);
  }
  return (size_t)(at - head);
}

/* Read what a record has before its word. Returns the word, or NULL if that is
   past `end`. */
static const char *take_head(const char *at, const char *end,
                             struct ng_sums *sums, uint64_t *length, bool wide)
{
  uint64_t years[2];

  at = ng_varint_get(at, end, length);
  at = ng_varint_get(at, end, &sums->total);
  if (!wide)
    return at;
  at = ng_varint_get(at, end, &sums->volumes);
  at = ng_varint_get(at, end, &sums->row_count);
  at = ng_varint_get(at, end, &years[0]);
  at = ng_varint_get(at, end, &years[1]);
  sums->first_year = (int32_t)years[0];
  sums->last_year = (int32_t)years[1];
  return at;
}

static uint32_t check_of(const struct piece_head *head, uint64_t offset)
{
  struct {
    uint64_t offset;
    uint32_t length;
    uint32_t crc;
  } checked = {offset, head->length, head->crc};

  return ng_crc32(0, &checked, sizeof checked);
}

/* ---------------------------------------------------------------- write -- */

/* Put the head of the open piece before its records. */
static void end_piece(struct ng_run_file_writer *writer, uint32_t length,
                      uint32_t crc)
{
  struct piece_head head = {.length = length, .crc = crc};

  head.check = check_of(&head, writer->piece_offset);
  memcpy(writer->buffer + writer->piece, &head, sizeof head);
  writer->is_open = false;
}

uint64_t ng_run_file_cut(struct ng_run_file_writer *writer)
{
  const char *records = writer->buffer + writer->piece + PIECE_HEAD_BYTES;

  if (writer->is_open) {
    size_t length = writer->filled - writer->piece - PIECE_HEAD_BYTES;

    end_piece(writer, (uint32_t)length, ng_crc32(0, records, length));
  }
  return writer->file->size + writer->filled;
}

static int write_buffer(struct ng_run_file_writer *writer)
{
  int error = ng_temp_file_write(writer->file, writer->buffer, writer->filled);

  writer->filled = 0;
  return error;
}

int ng_run_file_flush(struct ng_run_file_writer *writer)
{
  ng_run_file_cut(writer);
  return write_buffer(writer);
}

/* Whether a record fits into the open piece and into the buffer. */
static bool has_room(const struct ng_run_file_writer *writer, size_t bytes)
{
  return writer->is_open &&
         writer->filled - writer->piece + bytes <= writer->piece_bytes &&
         bytes <= writer->capacity - writer->filled;
}

/* Begin a piece that has room for `bytes` of a record, unless the buffer is
   shorter. Returns 0, or an errno. */
static int begin_piece(struct ng_run_file_writer *writer, size_t bytes)
{
  int error = 0;

  ng_run_file_cut(writer);
  if (writer->capacity - writer->filled < PIECE_HEAD_BYTES + bytes)
    error = write_buffer(writer);
  if (error)
    return error;
  writer->piece = writer->filled;
  writer->piece_offset = writer->file->size + writer->filled;
  writer->filled += PIECE_HEAD_BYTES;
  writer->is_open = true;
  return 0;
}

/* Write the buffer and a word that has no room in it, and end the piece.
   Returns 0, or an errno. */
static int write_long(struct ng_run_file_writer *writer,
                      const struct ng_entry *entry)
{
  const char *records = writer->buffer + writer->piece + PIECE_HEAD_BYTES;
  size_t head = writer->filled - writer->piece - PIECE_HEAD_BYTES;
  uint32_t crc = ng_crc32(0, records, head);
  int error;

  crc = ng_crc32(crc, entry->word, entry->length);
  end_piece(writer, (uint32_t)head + entry->length, crc);
  error = write_buffer(writer);
  return error ? error
               : ng_temp_file_write(writer->file, entry->word, entry->length);
}

int ng_run_file_write(struct ng_run_file_writer *writer,
                      const struct ng_entry *entry)
{
  char head[HEAD_BYTES];
  size_t head_bytes = put_head(head, entry, writer->wide);
  size_t bytes = head_bytes + entry->length;
  int error = 0;

  writer->is_first = !has_room(writer, bytes);
  if (writer->is_first)
    error = begin_piece(writer, bytes);
  if (error)
    return error;
  memcpy(writer->buffer + writer->filled, head, head_bytes);
  writer->filled += head_bytes;
  if (writer->capacity - writer->filled < entry->length)
    return write_long(writer, entry);
  memcpy(writer->buffer + writer->filled, entry->word, entry->length);
  writer->filled += entry->length;
  return 0;
}

/* ----------------------------------------------------------------- read -- */

bool ng_run_file_reader_init(struct ng_run_file_reader *reader,
                             struct ng_budget *budget, size_t buffer_bytes,
                             bool wide)
{
  *reader = (struct ng_run_file_reader){.budget = budget,
                                        .wide = wide,
                                        .capacity = ROOM_BYTES + buffer_bytes,
                                        .filled = ROOM_BYTES,
                                        .used = ROOM_BYTES,
                                        .piece_end = ROOM_BYTES};
  reader->buffer = ng_budget_take(budget, reader->capacity);
  return reader->buffer != NULL;
}

void ng_run_file_reader_free(struct ng_run_file_reader *reader)
{
  ng_budget_give(reader->budget, reader->buffer, reader->capacity);
  reader->buffer = NULL;
}

void ng_run_file_reader_set(struct ng_run_file_reader *reader,
                            const struct ng_temp_file *file, uint64_t from,
                            uint64_t to)
{
  reader->file = file;
  reader->at = from;
  reader->end = to;
  reader->filled = ROOM_BYTES;
  reader->used = ROOM_BYTES;
  reader->piece_end = ROOM_BYTES;
}

static int grow(struct ng_run_file_reader *reader, size_t capacity)
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

/* Have at least `wanted` unused bytes in the buffer. Returns 0, or an errno. */
static int fill(struct ng_run_file_reader *reader, size_t wanted)
{
  size_t left = reader->filled - reader->used;
  uint64_t more = reader->end - reader->at;
  int error = 0;

  if (wanted <= left)
    return 0;
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

/* Read the next piece into the buffer, and verify it. Returns 0, or an errno.
 */
static int next_piece(struct ng_run_file_reader *reader)
{
  uint64_t offset = reader->at - (reader->filled - reader->used);
  struct piece_head head;
  int error = fill(reader, PIECE_HEAD_BYTES);

  if (error)
    return error;
  memcpy(&head, reader->buffer + reader->used, sizeof head);
  if (head.check != check_of(&head, offset) || head.length == 0)
    return EIO;
  error = fill(reader, PIECE_HEAD_BYTES + head.length);
  if (error)
    return error;
  reader->used += PIECE_HEAD_BYTES;
  if (ng_crc32(0, reader->buffer + reader->used, head.length) != head.crc)
    return EIO;
  reader->piece_end = reader->used + head.length;
  return 0;
}

/* Make an entry of a word in the buffer and its sums: the word is moved to the
   next position before it that suits an entry. */
static struct ng_entry *make_entry(const struct ng_run_file_reader *reader,
                                   size_t word, uint32_t length,
                                   const struct ng_sums *sums)
{
  size_t begin = (word - offsetof(struct ng_entry, word)) & ~(size_t)7;
  struct ng_entry *entry = (void *)(reader->buffer + begin);

  /* The reader has a buffer since it was made.
     NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
  memmove(entry->word, reader->buffer + word, length);
  entry->total = sums->total;
  entry->length = length;
  if (reader->wide)
    *ng_entry_wide(entry) = (struct ng_entry_wide){
        sums->volumes, sums->row_count, sums->first_year, sums->last_year};
  return entry;
}

int ng_run_file_read(struct ng_run_file_reader *reader, struct ng_entry **entry)
{
  struct ng_sums sums = {.total = 0};
  const char *end;
  const char *word;
  uint64_t length;
  int error = 0;

  *entry = NULL;
  if (reader->used == reader->piece_end) {
    if (reader->used == reader->filled && reader->at == reader->end)
      return 0;
    error = next_piece(reader);
  }
  if (error)
    return error;
  end = reader->buffer + reader->piece_end;
  word = take_head(reader->buffer + reader->used, end, &sums, &length,
                   reader->wide);
  if (!word || length > (uint64_t)(end - word))
    return EIO;
  reader->used = (size_t)(word - reader->buffer) + (size_t)length;
  *entry = make_entry(reader, reader->used - (size_t)length, (uint32_t)length,
                      &sums);
  return 0;
}
