/* SPDX-License-Identifier: MIT */
/*
 * What a reader of compressed files tells: blocks of text, the members of gzip
 * or entries of a zip archive that end in them, and what is wrong, where.
 */
#ifndef NG_INFLATE_MEMBER_H
#define NG_INFLATE_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most members that end in one block of text; it ends early then. */
#define NG_MEMBER_ENDS_MAX 128

/* A member ended here. */
struct ng_member_end {
  size_t text_end;      /* bytes of the block that it and earlier ones hold */
  uint32_t crc;         /* stored CRC-32 of its text */
  uint32_t length;      /* stored length of its text, modulo 2^32 */
  uint64_t file_offset; /* of the stored CRC-32; of a zip entry, where its data
                           end */
  uint64_t length_offset; /* of the stored length; of a zip entry, as above */
};

/* So far after the CRC-32 the next member begins. (Where a zip entry follows,
   its local header takes more.) */
#define NG_GZIP_TRAILER_BYTES 8

enum ng_gzip_fault_kind {
  NG_GZIP_OK,
  NG_GZIP_TRUNCATED,    /* the file ends inside a member */
  NG_GZIP_BAD_HEADER,   /* unknown method, reserved flags, wrong header CRC */
  NG_GZIP_BAD_DEFLATE,  /* not DEFLATE data */
  NG_GZIP_NOT_A_MEMBER, /* bytes behind the last member */
  NG_GZIP_ZEROS_INSIDE, /* zero bytes, and behind them another member */
  NG_GZIP_BAD_CRC,      /* the text is not what was compressed */
  NG_GZIP_BAD_LENGTH,
  NG_GZIP_BAD_BGZF,    /* a member ends before its header says */
  NG_GZIP_READ_FAILED, /* see system_error; ECANCELED: told to stop */
  NG_GZIP_NO_MEMORY,
  NG_GZIP_BAD_POINT,    /* of ours: decoding did not arrive at a seek point */
  NG_ZIP_FORWARD_ONLY,  /* a stream ends before its directory can be read */
  NG_ZIP_TRUNCATED,     /* the file ends before an entry or record does */
  NG_ZIP_NO_DIRECTORY,  /* no end record at the end of the file */
  NG_ZIP_BAD_DIRECTORY, /* what it says cannot be */
  NG_ZIP_BAD_LOCAL,     /* an entry's local header is not there, or another */
  NG_ZIP_OVERLAP,       /* an entry lies over another, or over the directory */
  NG_ZIP_ENCRYPTED,
  NG_ZIP_METHOD,   /* system_error says which: neither stored nor deflated */
  NG_ZIP_SPLIT,    /* parts of the archive are in other files */
  NG_ZIP_BAD_SIZE, /* the data of an entry do not end where it does */
};

struct ng_gzip_fault {
  enum ng_gzip_fault_kind kind;
  uint64_t file_offset;
  int system_error; /* errno */
};

/* Whether the text of a member, `size` bytes with this CRC-32, is the one that
   was packed; *fault is what is wrong otherwise. */
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

/* Where a block of DEFLATE begins, and decoding can be taken up. */
struct ng_gzip_position {
  uint64_t
      bit;     /* of the file: 8 for each byte before it, and 0 to 7; 0: none */
  size_t text; /* bytes of the block of text before it */
};

/* One block of text. The text before a fault is good to be read. */
struct ng_gzip_block {
  size_t size; /* bytes of text */
  struct ng_gzip_position
      position; /* the last one in it; its end is in it too */
  bool arrived; /* the text ends at `place`, as was asked for */
  size_t end_count;
  struct ng_member_end ends[NG_MEMBER_ENDS_MAX];
  bool last; /* nothing follows: the file ended well, or `fault` */
  struct ng_gzip_fault fault;
};

#endif
