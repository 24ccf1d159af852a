/* SPDX-License-Identifier: MIT */
/*
 * Finds the directory from the end of a zip archive.
 *
 * From the end of the file backward there are: a comment; the end record
 * (4.3.16); with zip64, the locator (4.3.15) and the end record of zip64
 * (4.3.14); then the directory. A signature inside the comment is no end
 * record: its comment would not end with the file, or no directory would end
 * before it.
 *
 * ng_zip_open() calls this first. It fills r->directory.
 */
#include <string.h>

#include "base/le.h"
#include "inflate/zip_reader.h"

#define END_BYTES 22
#define LOCATOR_BYTES 20
#define END64_BYTES 56
#define COMMENT_BYTES_MAX 65535

#define LOCATOR_SIGNATURE "PK\6\7"
#define END64_SIGNATURE "PK\6\6"

_Static_assert(NG_ZIP_WINDOW_BYTES >=
                   LOCATOR_BYTES + END_BYTES + COMMENT_BYTES_MAX,
               "the window has room for the end");

/* Set the directory. Returns whether it ends right before `end`. */
static bool set_directory(struct ng_zip_directory *directory, uint64_t offset,
                          uint64_t bytes, uint64_t end)
{
  directory->offset = offset;
  directory->end = end;
  return offset <= end && bytes == end - offset;
}

/* Read the end record of zip64 that the locator at byte `at` leads to. */
static bool read_end64(struct ng_zip_reader *r, const unsigned char *locator,
                       uint64_t at)
{
  uint64_t offset = ng_le_load(locator + 8, 8);
  unsigned char end[END64_BYTES];

  if (ng_le_load(locator + 4, 4) != 0 || ng_le_load(locator + 16, 4) > 1)
    return ng_zip_reader_fail(r, NG_ZIP_SPLIT, at, 0);
  if (at < END64_BYTES || offset > at - END64_BYTES)
    return ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
  if (!ng_zip_reader_read(r, end, sizeof end, offset))
    return false;
  if (memcmp(end, END64_SIGNATURE, 4) != 0)
    return ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, offset, 0);
  if (ng_le_load(end + 16, 4) != 0 || ng_le_load(end + 20, 4) != 0)
    return ng_zip_reader_fail(r, NG_ZIP_SPLIT, offset, 0);
  r->directory.count = ng_le_load(end + 32, 8);
  r->directory.count_mask = UINT64_MAX;
  return set_directory(&r->directory, ng_le_load(end + 48, 8),
                       ng_le_load(end + 40, 8), offset) ||
         ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, offset, 0);
}

/* Read the end record `end` at byte `at`. The LOCATOR_BYTES before it can be
   read, too, if the file has them. */
static bool read_end(struct ng_zip_reader *r, const unsigned char *end,
                     uint64_t at)
{
  if (at >= LOCATOR_BYTES &&
      memcmp(end - LOCATOR_BYTES, LOCATOR_SIGNATURE, 4) == 0)
    return read_end64(r, end - LOCATOR_BYTES, at - LOCATOR_BYTES);
  if (ng_le_load(end + 4, 2) != 0 || ng_le_load(end + 6, 2) != 0)
    return ng_zip_reader_fail(r, NG_ZIP_SPLIT, at, 0);
  r->directory.count = ng_le_load(end + 10, 2);
  r->directory.count_mask = NG_ZIP_ELSEWHERE_16;
  return set_directory(&r->directory, ng_le_load(end + 16, 4),
                       ng_le_load(end + 12, 4), at) ||
         ng_zip_reader_fail(r, NG_ZIP_BAD_DIRECTORY, at, 0);
}

bool ng_zip_reader_find_directory(struct ng_zip_reader *r)
{
  uint64_t size = r->zip->file_bytes;
  size_t most = LOCATOR_BYTES + END_BYTES + COMMENT_BYTES_MAX;
  size_t tail = size < most ? (size_t)size : most;
  const unsigned char *bytes = ng_zip_reader_view(r, size - tail, tail, size);
  struct ng_gzip_fault first = {NG_ZIP_NO_DIRECTORY, size, 0};

  for (size_t left = END_BYTES; bytes && left <= tail; left++) {
    const unsigned char *end = bytes + tail - left;

    if (memcmp(end, NG_ZIP_END_SIGNATURE, 4) != 0 ||
        ng_le_load(end + 20, 2) != left - END_BYTES)
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
