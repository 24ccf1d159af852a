/* SPDX-License-Identifier: MIT */
/*
 * What a reader of files reports: blocks of text, the members of gzip or
 * entries of a zip archive that end in them, and faults.
 */
#ifndef NG_INFLATE_MEMBER_H
#define NG_INFLATE_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most members that end in one block of text; it ends early then. */
#define NG_MEMBER_ENDS_MAX 128

/* The end of a member in a block of text. */
struct ng_member_end {
  size_t text_end;      /* bytes of the block of text before it */
  uint32_t crc;         /* stored CRC-32 of its text */
  uint32_t length;      /* stored length of its text, modulo 2^32 */
  uint64_t file_offset; /* of the stored CRC-32; of a zip entry, where its data
                           end */
  uint64_t length_offset; /* of the stored length; of a zip entry, as above */
};

/* From the stored CRC-32 to the next member. (In a zip archive the next entry
   begins later.) */
#define NG_GZIP_TRAILER_BYTES 8

enum ng_gzip_fault_kind {
  NG_GZIP_OK,
  NG_GZIP_TRUNCATED,    /* the file ends inside a member */
  NG_GZIP_BAD_HEADER,   /* unknown method, reserved flags, wrong header CRC */
  NG_GZIP_BAD_DEFLATE,  /* not DEFLATE data */
  NG_GZIP_NOT_A_MEMBER, /* other bytes after the last member */
  NG_GZIP_ZEROS_INSIDE, /* zero bytes, and another member after them */
  NG_GZIP_BAD_CRC,      /* the text is not the one that was compressed */
  NG_GZIP_BAD_LENGTH,
  NG_GZIP_BAD_BGZF,    /* a member is shorter than its header says */
  NG_GZIP_READ_FAILED, /* see system_error; ECANCELED: told to stop */
  NG_GZIP_NO_MEMORY,
  NG_GZIP_BAD_POINT,    /* decoding did not arrive at a seek point: the points
                           are wrong, not the file */
  NG_ZIP_FORWARD_ONLY,  /* the directory of a stream comes too late */
  NG_ZIP_TRUNCATED,     /* the file ends inside an entry or record */
  NG_ZIP_NO_DIRECTORY,  /* no end record at the end of the file */
  NG_ZIP_BAD_DIRECTORY, /* it contradicts itself or the file */
  NG_ZIP_BAD_LOCAL,     /* an entry's local header is missing, or another's */
  NG_ZIP_OVERLAP,       /* an entry overlaps another, or the directory */
  NG_ZIP_ENCRYPTED,
  NG_ZIP_METHOD,   /* neither stored nor deflated: system_error is the method */
  NG_ZIP_SPLIT,    /* parts of the archive are in other files */
  NG_ZIP_BAD_SIZE, /* the data of an entry end elsewhere than the entry */
};

struct ng_gzip_fault {
  enum ng_gzip_fault_kind kind;
  uint64_t file_offset;
  int system_error; /* errno */
};

/* Whether the text of a member, `size` bytes with this CRC-32, is the one that
   was packed. Otherwise *fault says which trailer field differs. */
static inline bool ng_member_is_good(const struct ng_member_end *end,
                                     uint32_t crc, uint64_t size,
                                     struct ng_gzip_fault *fault)
{
  *fault = (struct ng_gzip_fault){NG_GZIP_OK, end->file_offset, 0};
  if (end->crc != crc)
    fault->kind = NG_GZIP_BAD_CRC;
  else if (end->length != (uint32_t)size)
    *fault = (struct ng_gzip_fault){NG_GZIP_BAD_LENGTH, end->length_offset, 0};
  return fault->kind == NG_GZIP_OK;
}

/* A position: one at which a block of DEFLATE begins, so decoding can be
   resumed there. */
struct ng_gzip_position {
  uint64_t
      bit;     /* of the file: 8 for each byte before it, and 0 to 7; 0: none */
  size_t text; /* bytes of the block of text before it */
};

/* What a reader says of one block of text. (A block of DEFLATE, which the file
   has, is another thing.) The text before a fault may be used. */
struct ng_gzip_block {
  size_t size; /* bytes of text */
  struct ng_gzip_position
      position; /* the last one in this text or at its end */
  bool arrived; /* the reader stopped at the position that was asked for: see
                   ng_reader_read_until() */
  size_t end_count;
  struct ng_member_end ends[NG_MEMBER_ENDS_MAX];
  bool last; /* nothing follows: the file ended well, or `fault` */
  struct ng_gzip_fault fault;
};

#endif
