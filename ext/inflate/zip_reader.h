/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the reader of a zip archive's directory share: its bytes
 * (zip_open.c), the end of the archive (zip_end.c) and the records
 * (zip_records.c). All return false for a fault, which is kept.
 *
 * The numbers in comments are sections of APPNOTE.TXT. All numbers of the
 * format are little-endian.
 */
#ifndef NG_INFLATE_ZIP_READER_H
#define NG_INFLATE_ZIP_READER_H

#include "inflate/zip.h"

#define NG_ZIP_LOCAL_SIGNATURE "PK\3\4"
#define NG_ZIP_END_SIGNATURE "PK\5\6"

/* Of a record of the directory, without its name, extra fields and comment. */
#define NG_ZIP_RECORD_BYTES 46

/* Holds a record of the directory with its name and extra fields, and all in
   which an end record can stand. */
#define NG_ZIP_WINDOW_BYTES ((size_t)256 << 10)

/* What says that a number stands elsewhere. */
#define NG_ZIP_ELSEWHERE_16 0xFFFF

/* In the flags of a record or local header (4.4.4): the text is encrypted, or
   the header. */
#define NG_ZIP_FLAGS_ENCRYPTED (1u | 1u << 6 | 1u << 13)

/* 4.4.5. */
enum ng_zip_method {
  NG_ZIP_STORED = 0,
  NG_ZIP_DEFLATED = 8,
};

struct ng_zip_directory {
  uint64_t offset;
  uint64_t end;        /* offset of what follows it */
  uint64_t count;      /* of its records, as far as count_mask goes */
  uint64_t count_mask; /* some writers count modulo 2^16 */
};

struct ng_zip_reader {
  struct ng_source *source;
  const struct ng_stop *stop;
  struct ng_gzip_fault *fault;
  struct ng_zip *zip;
  unsigned char *window;
  uint64_t window_start; /* offset of the bytes in it */
  size_t window_size;
  struct ng_zip_directory directory;
};

/* A number of `size` bytes, 8 at most. */
static inline uint64_t ng_zip_reader_number(const unsigned char *bytes,
                                            unsigned size)
{
  uint64_t value = 0;

  for (unsigned i = 0; i < size; i++)
    value |= (uint64_t)bytes[i] << (8 * i);
  return value;
}

/* Keep a fault; false. */
bool ng_zip_reader_fail(struct ng_zip_reader *r, enum ng_gzip_fault_kind kind,
                        uint64_t offset, int detail);

/* Read `size` bytes, or fail. */
bool ng_zip_reader_read(struct ng_zip_reader *r, unsigned char *bytes,
                        size_t size, uint64_t offset);

/* See `size` bytes at `offset`, NG_ZIP_WINDOW_BYTES at most, which stand before
   `end`. They stay until the next call. NULL: a fault. */
const unsigned char *ng_zip_reader_view(struct ng_zip_reader *r,
                                        uint64_t offset, size_t size,
                                        uint64_t end);

/* Find where the directory is: by the last end record whose comment ends with
   the file and before which a directory ends; else the fault of the last one
   without that. */
bool ng_zip_reader_find_directory(struct ng_zip_reader *r);

/* Take the entries of the directory, with the places of their local headers in
   place of their data. The archive has room for as many as there can be. */
bool ng_zip_reader_read_records(struct ng_zip_reader *r);

#endif
