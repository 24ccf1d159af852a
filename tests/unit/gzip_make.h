/* SPDX-License-Identifier: MIT */
/*
 * Makes gzip files, with zlib's deflate, and knows what must be read from
 * them: the text, and the end of every member.
 */
#ifndef NG_TESTS_UNIT_GZIP_MAKE_H
#define NG_TESTS_UNIT_GZIP_MAKE_H

#include <zlib.h>

#include "inflate/reader.h"
#include "unit/bytes.h"

enum gzip_flag {
  GZIP_TEXT = 1,
  GZIP_HCRC = 2,
  GZIP_EXTRA = 4,
  GZIP_NAME = 8,
  GZIP_COMMENT = 16,
  GZIP_ALL_FLAGS = 31,
};

struct gzip_file {
  struct bytes bytes; /* the file */
  struct bytes text;  /* what it holds */
  struct bytes ends;  /* struct ng_member_end, text_end in the whole text */
};

static inline void gzip_file_free(struct gzip_file *file)
{
  bytes_free(&file->bytes);
  bytes_free(&file->text);
  bytes_free(&file->ends);
}

static inline size_t gzip_file_end_count(const struct gzip_file *file)
{
  return file->ends.size / sizeof(struct ng_member_end);
}

static inline const struct ng_member_end *
gzip_file_end(const struct gzip_file *file, size_t index)
{
  return (const struct ng_member_end *)(const void *)file->ends.data + index;
}

/* Text like rows, so that it compresses like them. */
static inline void gzip_make_text(struct bytes *text, size_t size)
{
  size_t end = text->size + size;

  while (text->size < end)
    bytes_print(text, "word%zu_NOUN\t%zu\t%zu\t%zu\n", random_below(500),
                1800 + random_below(200), random_below(100000),
                random_below(900));
  text->size = end;
}

/* Raw DEFLATE of a text. `level` -1 to 9, `strategy` as zlib has them. */
static inline void add_deflate(struct bytes *to, const void *text, size_t size,
                               int level, int strategy)
{
  z_stream stream = {.next_in = NULL};
  size_t room = size + size / 100 + 1000;

  if (deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, 8, strategy) != Z_OK)
    exit(1);
  stream.next_in = (z_const Bytef *)text;
  stream.avail_in = (uInt)size;
  stream.next_out = bytes_reserve(to, room);
  stream.avail_out = (uInt)room;
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
    exit(1);
  to->size += stream.total_out;
  deflateEnd(&stream);
}

/* A header with the fields that the flags announce. */
static inline void add_gzip_header(struct bytes *to, unsigned flags)
{
  size_t start = to->size;
  unsigned char begin[10] = {0x1f, 0x8b, 8,  (unsigned char)flags, 1, 2, 3,
                             4,    0,    255};

  bytes_add(to, begin, sizeof begin);
  if (flags & GZIP_EXTRA) {
    bytes_add_number(to, 7, 2);
    bytes_add(to, "ab\3\0\0\n\0", 7);
  }
  if (flags & GZIP_NAME)
    bytes_add(to, "a name.txt", 11);
  if (flags & GZIP_COMMENT)
    bytes_add(to, "", 1);
  if (flags & GZIP_HCRC)
    bytes_add_number(
        to, crc32(0, to->data + start, (uInt)(to->size - start)) & 0xFFFF, 2);
}

/* The trailer of a member whose text begins at `text_start`. */
static inline void gzip_file_end_member(struct gzip_file *file,
                                        size_t text_start)
{
  struct ng_member_end end = {
      .text_end = file->text.size,
      .crc = (uint32_t)crc32(0, file->text.data + text_start,
                             (uInt)(file->text.size - text_start)),
      .length = (uint32_t)(file->text.size - text_start),
      .file_offset = file->bytes.size,
      .length_offset = file->bytes.size + 4,
  };

  bytes_add_number(&file->bytes, end.crc, 4);
  bytes_add_number(&file->bytes, end.length, 4);
  bytes_add(&file->ends, &end, sizeof end);
}

static inline void gzip_file_add_as(struct gzip_file *file, const void *text,
                                    size_t size, unsigned flags, int level,
                                    int strategy)
{
  size_t text_start = file->text.size;

  add_gzip_header(&file->bytes, flags);
  add_deflate(&file->bytes, text, size, level, strategy);
  bytes_reserve(&file->text, 1); /* a pointer even for no text */
  bytes_add(&file->text, text, size);
  gzip_file_end_member(file, text_start);
}

/* A plain member. */
static inline void gzip_file_add(struct gzip_file *file, const void *text,
                                 size_t size)
{
  gzip_file_add_as(file, text, size, 0, -1, Z_DEFAULT_STRATEGY);
}

#endif
