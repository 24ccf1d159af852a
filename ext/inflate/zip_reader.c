/* SPDX-License-Identifier: MIT */
/* Reads bytes of a zip archive, small pieces through a window of the file. */
#include "inflate/zip_reader.h"

bool ng_zip_reader_fail(struct ng_zip_reader *r, enum ng_gzip_fault_kind kind,
                        uint64_t offset, int detail)
{
  *r->fault = (struct ng_gzip_fault){kind, offset, detail};
  return false;
}

bool ng_zip_reader_read(struct ng_zip_reader *r, unsigned char *bytes,
                        size_t size, uint64_t offset)
{
  size_t got;
  int error = ng_source_read(r->source, bytes, size, offset, &got);

  if (error)
    return ng_zip_reader_fail(r, NG_GZIP_READ_FAILED, offset + got, error);
  return got == size ||
         ng_zip_reader_fail(r, NG_ZIP_TRUNCATED, offset + got, 0);
}

const unsigned char *ng_zip_reader_view(struct ng_zip_reader *r,
                                        uint64_t offset, size_t size,
                                        uint64_t end)
{
  uint64_t left = end - offset;

  if (offset < r->window_start ||
      offset + size > r->window_start + r->window_size) {
    r->window_start = offset;
    r->window_size =
        left < NG_ZIP_WINDOW_BYTES ? (size_t)left : NG_ZIP_WINDOW_BYTES;
    if (!ng_zip_reader_read(r, r->window, r->window_size, offset)) {
      r->window_size = 0;
      return NULL;
    }
  }
  return r->window + (size_t)(offset - r->window_start);
}
