/* SPDX-License-Identifier: MIT */
/*
 * The reading of a zip archive's directory, as shared by its parts: the bytes
 * of the archive (zip_reader.c), its end (zip_end.c), the records of the
 * directory (zip_records.c), and ng_zip_open(), which calls all these
 * (zip_open.c). Functions that return bool return false after a fault, which
 * they keep in *fault.
 *
 * Numbers such as 4.3.7 in comments are sections of APPNOTE.TXT. All numbers of
 * the format are little-endian.
 */
#ifndef NG_INFLATE_ZIP_READER_H
#define NG_INFLATE_ZIP_READER_H

#include "inflate/zip.h"

#define NG_ZIP_LOCAL_SIGNATURE "PK\3\4"
#define NG_ZIP_END_SIGNATURE "PK\5\6"

/* Of a record of the directory, without its name, extra fields and comment. */
#define NG_ZIP_RECORD_BYTES 46

/* Room for a record of the directory with its name and extra fields, and for
   all bytes in which an end record can be. */
#define NG_ZIP_WINDOW_BYTES ((size_t)256 << 10)

/* In a field of 16 bits: the number is elsewhere, in a field of zip64. */
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
  uint64_t offset;     /* in the file */
  uint64_t end;        /* offset of the byte after it */
  uint64_t count;      /* of its records, modulo count_mask + 1 */
  uint64_t count_mask; /* some writers count modulo 2^16 */
};

/* Lives during ng_zip_open(). */
struct ng_zip_reader {
  struct ng_source *source;    /* borrowed, as all below */
  const struct ng_stop *stop;  /* or NULL */
  struct ng_gzip_fault *fault; /* written with each fault */
  struct ng_zip *zip;          /* that is being filled */
  unsigned char *window;       /* NG_ZIP_WINDOW_BYTES of the file */
  uint64_t window_start;       /* offset of the bytes in it */
  size_t window_size;
  struct ng_zip_directory directory;
};

/* Keep a fault; returns false. `detail` is its system_error. */
bool ng_zip_reader_fail(struct ng_zip_reader *r, enum ng_gzip_fault_kind kind,
                        uint64_t offset, int detail);

/* Read `size` bytes at `offset`; fewer are a fault. */
bool ng_zip_reader_read(struct ng_zip_reader *r, unsigned char *bytes,
                        size_t size, uint64_t offset);

/* Return `size` bytes at `offset`, at most NG_ZIP_WINDOW_BYTES. They and all
   others that are read with them lie before offset `end`. They are valid until
   the next call. Returns NULL after a fault. */
const unsigned char *ng_zip_reader_view(struct ng_zip_reader *r,
                                        uint64_t offset, size_t size,
                                        uint64_t end);

/* Find the directory, by the last end record whose comment ends with the file
   and before which a directory ends. If there is none, the fault is that of
   the last end record whose comment ends with the file. */
bool ng_zip_reader_find_directory(struct ng_zip_reader *r);

/* Add the entries of the directory to the archive, which has room for as many
   as the directory can have. For now, `data` of each is the offset of its local
   header. */
bool ng_zip_reader_read_records(struct ng_zip_reader *r);

#endif
