/* SPDX-License-Identifier: MIT */
/*
 * The state of the reader, and what its parts ask of each other: input and text
 * (reader.c), members of gzip (gzip_member.c), and the entries of
 * a zip archive (zip_cursor.c). All return false for a fault, which is kept,
 * unless they say otherwise.
 */
#ifndef NG_INFLATE_READER_STATE_H
#define NG_INFLATE_READER_STATE_H

#include "base/budget.h"
#include "inflate/decoder.h"
#include "inflate/member.h"
#include "inflate/zip.h"
#include "source/source.h"

/* RFC 1952, section 2.3.1. */
enum header_flag {
  FLAG_HCRC = 2,
  FLAG_EXTRA = 4,
  FLAG_NAME = 8,
  FLAG_COMMENT = 16,
  FLAG_RESERVED = 0xE0,
};

enum reader_state {
  AT_MEMBER, /* the start of a member, padding or the end */
  IN_BODY,
  IN_STORED, /* of a zip entry that is not packed */
  AT_TRAILER,
  AT_END,
};

struct ng_reader {
  struct ng_source *source;
  struct ng_budget *budget;
  const struct ng_decoder *decoder; /* NULL: plain text, of which only
                                       `file_end` tells */
  void *decoder_state;
  unsigned char *buffer;
  struct ng_inflate_io io; /* `in` points into buffer */
  uint64_t file_end;       /* offset in the file of the end of `in` */
  uint64_t limit; /* offset in the file that no input reaches beyond: of the end
                     of an entry's data; UINT64_MAX */
  uint32_t header_crc;
  enum reader_state state;
  bool seen_member;
  size_t ends_max;       /* members that end in one block of text */
  uint64_t until;        /* a bit of the file; NO_LIMIT */
  uint64_t position_bit; /* of the last place */
  const unsigned char *position_out;
  bool at_position; /* nothing was read behind it */
  bool full;        /* the decoder has no room to go on */
  struct ng_gzip_fault fault;
  const struct ng_zip *zip;         /* borrowed; NULL: members of gzip */
  const struct ng_zip_entry *entry; /* that is being read */
  size_t next_entry;
};

/* Keep a fault: at a byte of the file, or at the next one. */
bool ng_reader_fail_at(struct ng_reader *reader, enum ng_gzip_fault_kind kind,
                       uint64_t offset, int system_error);

static inline bool ng_reader_fail(struct ng_reader *reader,
                                  enum ng_gzip_fault_kind kind)
{
  return ng_reader_fail_at(reader, kind, reader->file_end - reader->io.in_size,
                           0);
}

/* Get more input when there is none. False: the file has ended, or what may be
   read of it (no fault), or a fault. */
bool ng_reader_refill(struct ng_reader *reader);

/* Go on at another byte of the file. */
void ng_reader_jump(struct ng_reader *reader, uint64_t offset);

/* Where a member may begin: read its header, or find padding or the end. */
bool ng_reader_begin_member(struct ng_reader *reader);

/* Take the next entry of the archive, or find the end. */
bool ng_reader_begin_entry(struct ng_reader *reader);

/* Be in the entry of which this byte is deflated data. False: it is of none,
   and there is no more text; no fault. */
bool ng_reader_find_entry(struct ng_reader *reader, uint64_t offset);

/* One step through the data of an entry that is stored. */
bool ng_reader_copy_stored(struct ng_reader *reader);

/* After the last block of an entry: were its data as many as they should? */
bool ng_reader_entry_is_used_up(struct ng_reader *reader);

/* The input has ended before the text; false. */
bool ng_reader_fail_short(struct ng_reader *reader);

/* What is stored of the text that ended. */
bool ng_reader_read_trailer(struct ng_reader *reader,
                            struct ng_member_end *end);
void ng_reader_end_entry(const struct ng_reader *reader,
                         struct ng_member_end *end);

#endif
