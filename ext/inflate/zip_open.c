/* SPDX-License-Identifier: MIT */
/*
 * Opens a zip archive, in these steps: find its directory (zip_end.c), take the
 * entries (zip_records.c), sort them in the order of the file, and find the
 * data of each after its local header. A pass over a zip file (scan/scan.c), or
 * the reader of a small one (api/small_file.c), calls ng_zip_open() once,
 * before the first byte of text.
 *
 * The archive owns its entries; struct ng_zip_reader, with a window of the
 * file, lives only here.
 */
#include "inflate/zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "inflate/zip_reader.h"

#define LOCAL_BYTES 30
#define SPLIT_SIGNATURE "PK\7\10"

/* Steps of the sort between two tests whether to stop. */
#define ASK_ENTRIES ((size_t)1 << 14)

bool ng_zip_is_zip(const unsigned char *head, size_t size)
{
  return size >= 4 && (memcmp(head, NG_ZIP_LOCAL_SIGNATURE, 4) == 0 ||
                       memcmp(head, NG_ZIP_END_SIGNATURE, 4) == 0 ||
                       memcmp(head, SPLIT_SIGNATURE, 4) == 0);
}

/* ---------------------------------------------------------------- order -- */

static void swap(struct ng_zip_entry *a, struct ng_zip_entry *b)
{
  struct ng_zip_entry entry = *a;

  *a = *b;
  *b = entry;
}

/* Restore the heap of `count` entries below entry `i`, which may be too
   small. */
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

/* A heap sort: it needs no memory and is never slow. */
static bool sort_entries(struct ng_zip_reader *r)
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
      return ng_zip_reader_fail(r, NG_GZIP_READ_FAILED, r->directory.offset,
                                ECANCELED);
  }
  return true;
}

/* --------------------------------------------------------------- locals -- */

/* Find an entry's data, after its local header (4.3.7), which must not begin
   before `from`. */
static bool find_data(struct ng_zip_reader *r, struct ng_zip_entry *entry,
                      uint64_t from)
{
  uint64_t end = r->directory.offset;
  uint64_t at = entry->data;
  unsigned char header[LOCAL_BYTES];
  unsigned method = entry->is_stored ? NG_ZIP_STORED : NG_ZIP_DEFLATED;
  uint64_t names;

  if (at < from)
    return ng_zip_reader_fail(r, NG_ZIP_OVERLAP, at, 0);
  if (at > end || end - at < LOCAL_BYTES)
    return ng_zip_reader_fail(r, NG_ZIP_BAD_LOCAL, at, 0);
  if (!ng_zip_reader_read(r, header, sizeof header, at))
    return false;
  if (memcmp(header, NG_ZIP_LOCAL_SIGNATURE, 4) != 0 ||
      (ng_le_load(header + 6, 2) & NG_ZIP_FLAGS_ENCRYPTED) ||
      ng_le_load(header + 8, 2) != method)
    return ng_zip_reader_fail(r, NG_ZIP_BAD_LOCAL, at, 0);
  names = ng_le_load(header + 26, 2) + ng_le_load(header + 28, 2);
  if (end - at - LOCAL_BYTES < names ||
      end - at - LOCAL_BYTES - names < entry->packed_bytes)
    return ng_zip_reader_fail(r, NG_ZIP_OVERLAP, at, 0);
  entry->data = at + LOCAL_BYTES + names;
  return true;
}

static bool find_all_data(struct ng_zip_reader *r)
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

/* Take memory for as many entries as the directory can have. An entry is no
   larger than a record, so this is no more than its bytes. */
static bool make_room(struct ng_zip_reader *r)
{
  struct ng_zip *zip = r->zip;
  uint64_t most =
      (r->directory.end - r->directory.offset) / NG_ZIP_RECORD_BYTES;

  if (most < SIZE_MAX / sizeof *zip->entries) {
    zip->room = most + 1;
    zip->entries = ng_budget_take(zip->budget, entries_bytes(zip));
  }
  return zip->entries ||
         ng_zip_reader_fail(r, NG_GZIP_NO_MEMORY, r->directory.offset, 0);
}

static bool read_archive(struct ng_zip_reader *r)
{
  if (ng_source_is_forward_only(r->source))
    return ng_zip_reader_fail(r, NG_ZIP_FORWARD_ONLY, 0, 0);
  r->window = ng_budget_take(r->zip->budget, NG_ZIP_WINDOW_BYTES);
  if (!r->window)
    return ng_zip_reader_fail(r, NG_GZIP_NO_MEMORY, 0, 0);
  return ng_zip_reader_find_directory(r) && make_room(r) &&
         ng_zip_reader_read_records(r) && sort_entries(r) && find_all_data(r);
}

struct ng_zip *ng_zip_open(struct ng_source *source, struct ng_budget *budget,
                           const struct ng_stop *stop,
                           struct ng_gzip_fault *fault)
{
  struct ng_zip_reader r = {.source = source,
                            .stop = stop,
                            .fault = fault,
                            .zip = calloc(1, sizeof *r.zip)};
  bool ok;

  if (!r.zip) {
    ng_zip_reader_fail(&r, NG_GZIP_NO_MEMORY, 0, 0);
    return NULL;
  }
  r.zip->budget = budget;
  r.zip->file_bytes = ng_source_size(source);
  ok = read_archive(&r);
  ng_budget_give(budget, r.window, NG_ZIP_WINDOW_BYTES);
  if (ok) {
    *fault = (struct ng_gzip_fault){.kind = NG_GZIP_OK};
    return r.zip;
  }
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
