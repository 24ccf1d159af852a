/* SPDX-License-Identifier: MIT */
/*
 * The numbers in section comments are those of APPNOTE.TXT. All numbers of the
 * format are little-endian.
 *
 * From the end of the file: the end record (4.3.16), which a comment follows;
 * with zip64, the locator (4.3.15) before it and the end record of zip64
 * (4.3.14) before that; then the directory (4.3.12). Signatures in comments
 * are told from true ones by what they would have to fit.
 */
#include "inflate/zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define END_BYTES 22
#define LOCATOR_BYTES 20
#define END64_BYTES 56
#define RECORD_BYTES 46
#define LOCAL_BYTES 30
#define COMMENT_BYTES_MAX 65535

#define LOCAL_SIGNATURE "PK\3\4"
#define RECORD_SIGNATURE "PK\1\2"
#define END_SIGNATURE "PK\5\6"
#define LOCATOR_SIGNATURE "PK\6\7"
#define END64_SIGNATURE "PK\6\6"
#define SPLIT_SIGNATURE "PK\7\10"

/* Holds a record of the directory with its name and extra fields, and all in
   which an end record can stand. */
#define WINDOW_BYTES ((size_t)256 << 10)
_Static_assert(WINDOW_BYTES >= RECORD_BYTES + 2 * 65535, "a record fits");
_Static_assert(WINDOW_BYTES >= LOCATOR_BYTES + END_BYTES + COMMENT_BYTES_MAX,
               "the end fits");

/* Section 4.4.4. */
enum flag {
  FLAG_ENCRYPTED = 1,
  FLAG_STRONGLY_ENCRYPTED = 1 << 6,
  FLAG_MASKED = 1 << 13, /* the directory is encrypted */
};

/* Section 4.4.5. */
enum method {
  METHOD_STORED = 0,
  METHOD_DEFLATED = 8,
};

/* Section 4.5.3. */
#define ZIP64_FIELD 1

/* What says that a number stands elsewhere. */
#define ELSEWHERE_16 0xFFFF
#define ELSEWHERE_32 0xFFFFFFFF

/* Entries put in order between two questions whether to stop. */
#define ASK_ENTRIES ((size_t)1 << 14)

struct directory {
  uint64_t offset;
  uint64_t end;        /* offset of what follows it */
  uint64_t count;      /* of its records, as far as count_mask goes */
  uint64_t count_mask; /* some writers count modulo 2^16 */
};

/* A record of the directory. */
struct record {
  unsigned flags;
  unsigned method;
  uint64_t disk;
  uint64_t local; /* offset of the local header */
  struct ng_zip_entry entry;
};

struct reader {
  struct ng_source *source;
  const struct ng_stop *stop;
  struct ng_gzip_fault *fault;
  struct ng_zip *zip;
  unsigned char *window;
  uint64_t window_start; /* offset of the bytes in it */
  size_t window_size;
  struct directory directory;
};

bool ng_zip_is_zip(const unsigned char *head, size_t size)
{
  return size >= 4 && (memcmp(head, LOCAL_SIGNATURE, 4) == 0 ||
                       memcmp(head, END_SIGNATURE, 4) == 0 ||
                       memcmp(head, SPLIT_SIGNATURE, 4) == 0);
}

/* ---------------------------------------------------------------- bytes -- */

static uint64_t number(const unsigned char *bytes, unsigned size)
{
  uint64_t value = 0;

  for (unsigned i = 0; i < size; i++)
    value |= (uint64_t)bytes[i] << (8 * i);
  return value;
}

static bool fail(struct reader *r, enum ng_gzip_fault_kind kind,
                 uint64_t offset, int detail)
{
  *r->fault = (struct ng_gzip_fault){kind, offset, detail};
  return false;
}

/* Read `size` bytes, or fail. */
static bool read_bytes(struct reader *r, unsigned char *bytes, size_t size,
                       uint64_t offset)
{
  size_t got;
  int error = ng_source_read(r->source, bytes, size, offset, &got);

  if (error)
    return fail(r, NG_GZIP_READ_FAILED, offset + got, error);
  return got == size || fail(r, NG_ZIP_TRUNCATED, offset + got, 0);
}

/* See `size` bytes at `offset`, which stand before `end`. They stay until the
   next call. NULL: a fault. */
static const unsigned char *see(struct reader *r, uint64_t offset, size_t size,
                                uint64_t end)
{
  uint64_t left = end - offset;

  if (offset < r->window_start ||
      offset + size > r->window_start + r->window_size) {
    r->window_start = offset;
    r->window_size = left < WINDOW_BYTES ? (size_t)left : WINDOW_BYTES;
    if (!read_bytes(r, r->window, r->window_size, offset)) {
      r->window_size = 0;
      return NULL;
    }
  }
  return r->window + (size_t)(offset - r->window_start);
}

/* ------------------------------------------------------------------ end -- */

/* Whether the directory ends right before `end`. */
static bool place_directory(struct directory *directory, uint64_t offset,
                            uint64_t bytes, uint64_t end)
{
  directory->offset = offset;
  directory->end = end;
  return offset <= end && bytes == end - offset;
}

/* With zip64: `locator` stands at byte `at`. */
static bool read_end64(struct reader *r, const unsigned char *locator,
                       uint64_t at)
{
  uint64_t offset = number(locator + 8, 8);
  unsigned char end[END64_BYTES];

  if (number(locator + 4, 4) != 0 || number(locator + 16, 4) > 1)
    return fail(r, NG_ZIP_SPLIT, at, 0);
  if (at < END64_BYTES || offset > at - END64_BYTES)
    return fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
  if (!read_bytes(r, end, sizeof end, offset))
    return false;
  if (memcmp(end, END64_SIGNATURE, 4) != 0)
    return fail(r, NG_ZIP_BAD_DIRECTORY, offset, 0);
  if (number(end + 16, 4) != 0 || number(end + 20, 4) != 0)
    return fail(r, NG_ZIP_SPLIT, offset, 0);
  r->directory.count = number(end + 32, 8);
  r->directory.count_mask = UINT64_MAX;
  return place_directory(&r->directory, number(end + 48, 8),
                         number(end + 40, 8), offset) ||
         fail(r, NG_ZIP_BAD_DIRECTORY, offset, 0);
}

/* `end` stands at byte `at`, and LOCATOR_BYTES before it are there if the file
   has them. */
static bool read_end(struct reader *r, const unsigned char *end, uint64_t at)
{
  if (at >= LOCATOR_BYTES &&
      memcmp(end - LOCATOR_BYTES, LOCATOR_SIGNATURE, 4) == 0)
    return read_end64(r, end - LOCATOR_BYTES, at - LOCATOR_BYTES);
  if (number(end + 4, 2) != 0 || number(end + 6, 2) != 0)
    return fail(r, NG_ZIP_SPLIT, at, 0);
  r->directory.count = number(end + 10, 2);
  r->directory.count_mask = ELSEWHERE_16;
  return place_directory(&r->directory, number(end + 16, 4),
                         number(end + 12, 4), at) ||
         fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
}

/* The last end record whose comment ends with the file and before which a
   directory ends; else the fault of the last one without that. */
static bool find_directory(struct reader *r)
{
  uint64_t size = r->zip->file_bytes;
  size_t most = LOCATOR_BYTES + END_BYTES + COMMENT_BYTES_MAX;
  size_t tail = size < most ? (size_t)size : most;
  const unsigned char *bytes = see(r, size - tail, tail, size);
  struct ng_gzip_fault first = {NG_ZIP_NO_DIRECTORY, size, 0};

  for (size_t left = END_BYTES; bytes && left <= tail; left++) {
    const unsigned char *end = bytes + tail - left;

    if (memcmp(end, END_SIGNATURE, 4) != 0 ||
        number(end + 20, 2) != left - END_BYTES)
      continue;
    if (read_end(r, end, size - left))
      return true;
    if (r->fault->kind == NG_GZIP_READ_FAILED)
      return false;
    if (first.kind == NG_ZIP_NO_DIRECTORY)
      first = *r->fault;
  }
  if (bytes)
    *r->fault = first;
  return false;
}

/* -------------------------------------------------------------- records -- */

/* Take the numbers that stand in the field of zip64, in this order. False: it
   has too few. */
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
    *numbers[i] = number(field, 8);
    field += 8;
    size -= 8;
  }
  if (record->disk != ELSEWHERE_16)
    return true;
  record->disk = size >= 4 ? number(field, 4) : 0;
  return size >= 4;
}

/* The extra fields of a record (4.5.1). Those of an unknown kind say nothing
   that a count needs, nor do bytes that are no field. */
static bool read_extra(const unsigned char *extra, size_t size,
                       struct record *record)
{
  while (size >= 4) {
    size_t field = (size_t)number(extra + 2, 2);

    if (field > size - 4)
      break;
    if (number(extra, 2) == ZIP64_FIELD)
      return take_zip64(extra + 4, field, record);
    extra += 4 + field;
    size -= 4 + field;
  }
  return take_zip64(extra, 0, record);
}

static bool parse_record(const unsigned char *bytes, struct record *record)
{
  size_t name = (size_t)number(bytes + 28, 2);
  size_t extra = (size_t)number(bytes + 30, 2);

  record->flags = (unsigned)number(bytes + 8, 2);
  record->method = (unsigned)number(bytes + 10, 2);
  record->disk = number(bytes + 34, 2);
  record->local = number(bytes + 42, 4);
  record->entry =
      (struct ng_zip_entry){.packed_bytes = number(bytes + 20, 4),
                            .text_bytes = number(bytes + 24, 4),
                            .crc = (uint32_t)number(bytes + 16, 4),
                            .is_stored = record->method == METHOD_STORED};
  return read_extra(bytes + RECORD_BYTES + name, extra, record);
}

static bool is_encrypted(unsigned flags)
{
  return flags & (FLAG_ENCRYPTED | FLAG_STRONGLY_ENCRYPTED | FLAG_MASKED);
}

/* Whether the entry of the record at byte `at` can be read. */
static bool accept_record(struct reader *r, const struct record *record,
                          uint64_t at)
{
  const struct ng_zip_entry *entry = &record->entry;

  if (is_encrypted(record->flags))
    return fail(r, NG_ZIP_ENCRYPTED, at, 0);
  if (record->method != METHOD_STORED && record->method != METHOD_DEFLATED)
    return fail(r, NG_ZIP_METHOD, at, (int)record->method);
  if (record->disk != 0)
    return fail(r, NG_ZIP_SPLIT, at, 0);
  if ((entry->is_stored || entry->packed_bytes == 0) &&
      entry->packed_bytes != entry->text_bytes)
    return fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
  if (entry->packed_bytes == 0 && entry->crc != 0)
    return fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
  return true;
}

/* Keep the entry of a record, with the place of its local header for now. */
static bool take_record(struct reader *r, const unsigned char *bytes,
                        uint64_t at)
{
  struct record record;

  if (!parse_record(bytes, &record))
    return fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
  if (!accept_record(r, &record, at))
    return false;
  record.entry.data = record.local;
  if (record.entry.packed_bytes > 0)
    r->zip->entries[r->zip->count++] = record.entry;
  return true;
}

/* The bytes of the record at `at`, with its comment; 0: it is none. */
static size_t record_bytes(const unsigned char *bytes, uint64_t left)
{
  size_t size;

  if (memcmp(bytes, RECORD_SIGNATURE, 4) != 0)
    return 0;
  size = RECORD_BYTES + (size_t)(number(bytes + 28, 2) + number(bytes + 30, 2) +
                                 number(bytes + 32, 2));
  return size <= left ? size : 0;
}

static bool read_records(struct reader *r)
{
  const struct directory *directory = &r->directory;
  uint64_t at = directory->offset;
  uint64_t count = 0;

  while (at < directory->end) {
    uint64_t left = directory->end - at;
    const unsigned char *bytes;
    size_t size;

    if (left < RECORD_BYTES)
      return fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
    bytes = see(r, at, RECORD_BYTES, directory->end);
    size = bytes ? record_bytes(bytes, left) : 0;
    if (size == 0)
      return bytes && fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
    bytes = see(r, at, size - (size_t)number(bytes + 32, 2), directory->end);
    if (!bytes || !take_record(r, bytes, at))
      return false;
    at += size;
    count++;
  }
  return (count & directory->count_mask) == directory->count ||
         fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
}

/* ---------------------------------------------------------------- order -- */

static void swap(struct ng_zip_entry *a, struct ng_zip_entry *b)
{
  struct ng_zip_entry entry = *a;

  *a = *b;
  *b = entry;
}

/* Let the entry at `i` of a heap of `count` sink to its place. */
static void sink(struct ng_zip_entry *entries, size_t count, size_t i)
{
  for (size_t child = 2 * i + 1; child < count; child = 2 * i + 1) {
    if (child + 1 < count && entries[child + 1].data > entries[child].data)
      child++;
    if (entries[i].data >= entries[child].data)
      return;
    swap(&entries[i], &entries[child]);
    i = child;
  }
}

static bool is_in_order(const struct ng_zip *zip)
{
  for (size_t i = 1; i < zip->count; i++)
    if (zip->entries[i - 1].data > zip->entries[i].data)
      return false;
  return true;
}

/* A heap, as it needs no memory and is never slow. */
static bool put_in_order(struct reader *r)
{
  struct ng_zip_entry *entries = r->zip->entries;
  size_t count = r->zip->count;
  size_t steps = is_in_order(r->zip) ? 0 : count / 2 + count;

  for (size_t step = 0; step < steps; step++) {
    if (step < count / 2) {
      sink(entries, count, count / 2 - 1 - step);
    } else {
      size_t last = steps - 1 - step;

      swap(&entries[0], &entries[last]);
      sink(entries, last, 0);
    }
    if (step % ASK_ENTRIES == 0 && ng_stop_asked(r->stop))
      return fail(r, NG_GZIP_READ_FAILED, r->directory.offset, ECANCELED);
  }
  return true;
}

/* --------------------------------------------------------------- locals -- */

/* Find an entry's data behind its local header (4.3.7), which begins at or
   after `from`. */
static bool find_data(struct reader *r, struct ng_zip_entry *entry,
                      uint64_t from)
{
  uint64_t end = r->directory.offset;
  uint64_t at = entry->data;
  unsigned char header[LOCAL_BYTES];
  unsigned method = entry->is_stored ? METHOD_STORED : METHOD_DEFLATED;
  uint64_t names;

  if (at < from)
    return fail(r, NG_ZIP_OVERLAP, at, 0);
  if (at > end || end - at < LOCAL_BYTES)
    return fail(r, NG_ZIP_BAD_LOCAL, at, 0);
  if (!read_bytes(r, header, sizeof header, at))
    return false;
  if (memcmp(header, LOCAL_SIGNATURE, 4) != 0 ||
      is_encrypted((unsigned)number(header + 6, 2)) ||
      number(header + 8, 2) != method)
    return fail(r, NG_ZIP_BAD_LOCAL, at, 0);
  names = number(header + 26, 2) + number(header + 28, 2);
  if (end - at - LOCAL_BYTES < names ||
      end - at - LOCAL_BYTES - names < entry->packed_bytes)
    return fail(r, NG_ZIP_OVERLAP, at, 0);
  entry->data = at + LOCAL_BYTES + names;
  return true;
}

static bool find_all_data(struct reader *r)
{
  uint64_t from = 0;

  for (size_t i = 0; i < r->zip->count; i++) {
    struct ng_zip_entry *entry = &r->zip->entries[i];

    if (!find_data(r, entry, from))
      return false;
    from = entry->data + entry->packed_bytes;
  }
  return true;
}

/* ----------------------------------------------------------------- open -- */

static size_t entries_bytes(const struct ng_zip *zip)
{
  return (size_t)zip->room * sizeof *zip->entries;
}

/* As many entries as the directory has room for: fewer bytes than it has. */
static bool take_entries(struct reader *r)
{
  struct ng_zip *zip = r->zip;

  _Static_assert(sizeof *zip->entries < RECORD_BYTES, "no size overflows");
  zip->room = (r->directory.end - r->directory.offset) / RECORD_BYTES + 1;
  zip->entries = ng_budget_take(zip->budget, entries_bytes(zip));
  return zip->entries || fail(r, NG_GZIP_NO_MEMORY, r->directory.offset, 0);
}

static bool read_archive(struct reader *r)
{
  if (ng_source_is_forward_only(r->source))
    return fail(r, NG_ZIP_FORWARD_ONLY, 0, 0);
  r->window = ng_budget_take(r->zip->budget, WINDOW_BYTES);
  if (!r->window)
    return fail(r, NG_GZIP_NO_MEMORY, 0, 0);
  return find_directory(r) && take_entries(r) && read_records(r) &&
         put_in_order(r) && find_all_data(r);
}

struct ng_zip *ng_zip_open(struct ng_source *source, struct ng_budget *budget,
                           const struct ng_stop *stop,
                           struct ng_gzip_fault *fault)
{
  struct reader r = {.source = source,
                     .stop = stop,
                     .fault = fault,
                     .zip = calloc(1, sizeof *r.zip)};
  bool ok;

  if (!r.zip) {
    fail(&r, NG_GZIP_NO_MEMORY, 0, 0);
    return NULL;
  }
  r.zip->budget = budget;
  r.zip->file_bytes = ng_source_size(source);
  ok = read_archive(&r);
  ng_budget_give(budget, r.window, WINDOW_BYTES);
  if (ok)
    return r.zip;
  ng_zip_close(r.zip);
  return NULL;
}

void ng_zip_close(struct ng_zip *zip)
{
  if (!zip)
    return;
  ng_budget_give(zip->budget, zip->entries, entries_bytes(zip));
  free(zip);
}

size_t ng_zip_find(const struct ng_zip *zip, uint64_t offset)
{
  size_t from = 0;
  size_t to = zip->count;

  while (from < to) {
    size_t middle = from + (to - from) / 2;

    if (zip->entries[middle].data < offset)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}
