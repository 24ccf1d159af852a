/* SPDX-License-Identifier: MIT */
/*
 * Reads the records of a zip archive's directory (4.3.12). A record has the
 * sizes, CRC-32 and method of an entry and the offset of its local header;
 * numbers too large for it are in an extra field of zip64. ng_zip_open() calls
 * this after zip_end.c has found the directory. The entries go to memory of the
 * archive.
 */
#include <string.h>

#include "base/le.h"
#include "inflate/zip_reader.h"

#define RECORD_SIGNATURE "PK\1\2"

_Static_assert(NG_ZIP_WINDOW_BYTES >= NG_ZIP_RECORD_BYTES + 2 * 65535,
               "the window has room for a record");

/* 4.5.3. */
#define ZIP64_FIELD 1

/* In a field of 32 bits: the number is in the field of zip64. */
#define ELSEWHERE_32 0xFFFFFFFF

/* A record of the directory. */
struct record {
  unsigned flags;
  unsigned method;
  uint64_t disk;
  uint64_t local; /* offset of the local header */
  struct ng_zip_entry entry;
};

/* Take the numbers that are in the field of zip64, in this order. Returns false
   if it has too few. */
static bool take_zip64(const unsigned char *field, size_t size,
                       struct record *record)
{
  uint64_t *const numbers[] = {&record->entry.text_bytes,
                               &record->entry.packed_bytes, &record->local};

  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (*numbers[i] != ELSEWHERE_32)
      continue;
    if (size < 8)
      return false;
    *numbers[i] = ng_le_load(field, 8);
    field += 8;
    size -= 8;
  }
  if (record->disk != NG_ZIP_ELSEWHERE_16)
    return true;
  record->disk = size >= 4 ? ng_le_load(field, 4) : 0;
  return size >= 4;
}

/* Read the extra fields of a record (4.5.1). Fields of other kinds, and bytes
   that are no field, are of no use to a count. */
static bool read_extra(const unsigned char *extra, size_t size,
                       struct record *record)
{
  while (size >= 4) {
    size_t field = (size_t)ng_le_load(extra + 2, 2);

    if (field > size - 4)
      break;
    if (ng_le_load(extra, 2) == ZIP64_FIELD)
      return take_zip64(extra + 4, field, record);
    extra += 4 + field;
    size -= 4 + field;
  }
  return take_zip64(extra, 0, record);
}

static bool parse_record(const unsigned char *bytes, struct record *record)
{
  size_t name = (size_t)ng_le_load(bytes + 28, 2);
  size_t extra = (size_t)ng_le_load(bytes + 30, 2);

  record->flags = (unsigned)ng_le_load(bytes + 8, 2);
  record->method = (unsigned)ng_le_load(bytes + 10, 2);
  record->disk = ng_le_load(bytes + 34, 2);
  record->local = ng_le_load(bytes + 42, 4);
  record->entry =
      (struct ng_zip_entry){.packed_bytes = ng_le_load(bytes + 20, 4),
                            .text_bytes = ng_le_load(bytes + 24, 4),
                            .crc = (uint32_t)ng_le_load(bytes + 16, 4),
                            .is_stored = record->method == NG_ZIP_STORED};
  return read_extra(bytes + NG_ZIP_RECORD_BYTES + name, extra, record);
}

/* Whether the entry of the record at byte `at` can be read; else it is a
   fault. */
static bool accept_record(struct ng_zip_reader *r, const struct record *record,
                          uint64_t at)
{
  const struct ng_zip_entry *entry = &record->entry;

  if (record->flags & NG_ZIP_FLAGS_ENCRYPTED)
    return ng_zip_reader_fail(r, NG_ZIP_ENCRYPTED, at, 0);
  if (record->method != NG_ZIP_STORED && record->method != NG_ZIP_DEFLATED)
    return ng_zip_reader_fail(r, NG_ZIP_METHOD, at, (int)record->method);
  if (record->disk != 0)
    return ng_zip_reader_fail(r, NG_ZIP_SPLIT, at, 0);
  if ((entry->is_stored || entry->packed_bytes == 0) &&
      entry->packed_bytes != entry->text_bytes)
    return ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
  if (entry->packed_bytes == 0 && entry->crc != 0)
    return ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
  return true;
}

/* Add the entry of a record, if it has data. */
static bool take_record(struct ng_zip_reader *r, const unsigned char *bytes,
                        uint64_t at)
{
  struct record record;

  if (!parse_record(bytes, &record))
    return ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
  if (!accept_record(r, &record, at))
    return false;
  record.entry.data = record.local;
  if (record.entry.packed_bytes > 0)
    r->zip->entries[r->zip->count++] = record.entry;
  return true;
}

/* The size of a record, with its comment; 0 if these are not the bytes of one.
 */
static size_t record_bytes(const unsigned char *bytes, uint64_t left)
{
  size_t size;

  if (memcmp(bytes, RECORD_SIGNATURE, 4) != 0)
    return 0;
  size = NG_ZIP_RECORD_BYTES +
         (size_t)(ng_le_load(bytes + 28, 2) + ng_le_load(bytes + 30, 2) +
                  ng_le_load(bytes + 32, 2));
  return size <= left ? size : 0;
}

bool ng_zip_reader_read_records(struct ng_zip_reader *r)
{
  const struct ng_zip_directory *directory = &r->directory;
  uint64_t at = directory->offset;
  uint64_t count = 0;

  while (at < directory->end) {
    uint64_t left = directory->end - at;
    const unsigned char *bytes;
    size_t size;

    if (left < NG_ZIP_RECORD_BYTES)
      return ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
    bytes = ng_zip_reader_view(r, at, NG_ZIP_RECORD_BYTES, directory->end);
    size = bytes ? record_bytes(bytes, left) : 0;
    if (size == 0)
      return bytes && ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
    bytes = ng_zip_reader_view(r, at, size - (size_t)ng_le_load(bytes + 32, 2),
                               directory->end);
    if (!bytes || !take_record(r, bytes, at))
      return false;
    at += size;
    count++;
  }
  return (count & directory->count_mask) == directory->count ||
         ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
}
