/* SPDX-License-Identifier: MIT */
/*
 * Texts that become gzip files of any shape: levels, flushes, pieces, members.
 */
#ifndef NG_TESTS_UNIT_SHAPES_H
#define NG_TESTS_UNIT_SHAPES_H

#include "unit/answer.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/rows_make.h"
#include "unit/test.h"

/* How a text becomes a gzip file. */
struct ahead_shape {
  int level;
  int strategy;
  int flush;     /* Z_NO_FLUSH, or what stands between pieces */
  size_t pieces; /* of a member */
  unsigned members;
};

static inline void deflate_some(z_stream *stream, struct bytes *to,
                                const void *text, size_t size, int flush)
{
  stream->next_in = (z_const Bytef *)text;
  stream->avail_in = (uInt)size;
  do {
    stream->next_out = bytes_reserve(to, 65536);
    stream->avail_out = 65536;
    deflate(stream, flush);
    to->size += 65536 - stream->avail_out;
  } while (stream->avail_out == 0);
}

static inline void add_member(struct bytes *to, const unsigned char *text,
                              size_t size, const struct ahead_shape *shape)
{
  z_stream stream = {.next_in = NULL};

  if (deflateInit2(&stream, shape->level, Z_DEFLATED, MAX_WBITS + 16, 8,
                   shape->strategy) != Z_OK)
    exit(1);
  for (size_t left = shape->pieces; left > 1 && size > 0; left--) {
    size_t piece = random_below(2 * size / left + 1);

    piece = piece < size ? piece : size;
    deflate_some(&stream, to, text, piece, shape->flush);
    text += piece;
    size -= piece;
  }
  deflate_some(&stream, to, text, size, Z_FINISH);
  deflateEnd(&stream);
}

/* Members of any size, cut anywhere. */
static inline void make_shape(struct bytes *file, const struct bytes *text,
                              const struct ahead_shape *shape)
{
  size_t at = 0;

  file->size = 0;
  for (unsigned left = shape->members; left > 0; left--) {
    size_t rest = text->size - at;
    size_t size = left == 1 ? rest : random_below(2 * rest / left + 1);

    size = size < rest ? size : rest;
    add_member(file, text->data + at, size, shape);
    at += size;
  }
}

static inline void unset_overrides(void)
{
  unsetenv("NGRAM_AHEAD");
  unsetenv("NGRAM_STRETCH");
  unsetenv("NGRAM_DECODER");
}

static inline const char *any_stretch(void)
{
  static const char *const sizes[] = {"1024", "1999", "5000", "16384", "70000"};

  return sizes[random_below(COUNT(sizes))];
}

/* Bytes changed, lost, or cut off. */
static inline void damage(struct bytes *file)
{
  size_t at = random_below(file->size);

  switch (random_below(5)) {
  case 0:
    file->size = at + 1;
    break;
  case 1:
    memmove(file->data + at, file->data + at + 1, file->size - at - 1);
    file->size--;
    break;
  case 2: /* in the trailer of the last member */
    at = file->size - 1 - random_below(8);
    /* fall through */
  default:
    file->data[at] ^= (unsigned char)(1 << random_below(8));
  }
  if (file->size < 100 || file->data[0] != 0x1f)
    file->data[0] = 0x1f;
}

#endif
