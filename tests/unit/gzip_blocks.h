/* SPDX-License-Identifier: MIT */
/*
 * Samples: gzip files with blocks of all kinds, and zlib's word on where the
 * blocks begin and how a stream goes on there.
 */
#ifndef NG_TESTS_UNIT_GZIP_BLOCKS_H
#define NG_TESTS_UNIT_GZIP_BLOCKS_H

#include <zlib.h>

#include "inflate/decoder.h"
#include "unit/bytes.h"
#include "unit/gzip_make.h"

/* Here begins a block of DEFLATE. */
struct block_start {
  uint64_t bit;       /* of the file */
  size_t text;        /* bytes of the whole text before it */
  size_t member_text; /* where the text of its member begins */
  size_t members;     /* that have ended before it */
};

enum sample_kind {
  SAMPLE_PLAIN,   /* one member, as gzip makes it */
  SAMPLE_MIXED,   /* levels, strategies and flushes change as they like */
  SAMPLE_MEMBERS, /* many, some of them empty */
  SAMPLE_STORED,
  SAMPLE_FIXED,
  SAMPLE_EMPTY_BLOCKS,
  SAMPLE_LONG_BLOCKS, /* of 512 KiB of text and more */
  SAMPLE_NESTED,      /* stored blocks hold a gzip file */
  SAMPLE_NOISE,       /* longer than the reader's input buffer */
  SAMPLE_PADDED,
  SAMPLE_KINDS
};

struct sample {
  enum sample_kind kind;
  struct gzip_file file;
  struct bytes starts; /* struct block_start */
};

static inline void sample_free(struct sample *sample)
{
  gzip_file_free(&sample->file);
  bytes_free(&sample->starts);
}

static inline size_t sample_start_count(const struct sample *sample)
{
  return sample->starts.size / sizeof(struct block_start);
}

static inline const struct block_start *
sample_start(const struct sample *sample, size_t index)
{
  return (const struct block_start *)(const void *)sample->starts.data + index;
}

/* The first one in that byte or after it, or the count. */
static inline size_t sample_start_from(const struct sample *sample,
                                       uint64_t byte)
{
  size_t low = 0;
  size_t high = sample_start_count(sample);

  while (low < high) {
    size_t middle = (low + high) / 2;

    if (sample_start(sample, middle)->bit / 8 < byte)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* What a match after it may reach back to; *size is how much that is. */
static inline const unsigned char *
sample_window(const struct sample *sample, const struct block_start *start,
              size_t *size)
{
  size_t before = start->text - start->member_text;

  *size = before < NG_WINDOW_BYTES ? before : NG_WINDOW_BYTES;
  return sample->file.text.data + start->text - *size;
}

/* ----------------------------------------------------------------- make -- */

static inline void deflate_piece(z_stream *stream, const unsigned char *piece,
                                 size_t size, int flush)
{
  stream->next_in = (z_const Bytef *)piece;
  stream->avail_in = (uInt)size;
  if (deflate(stream, flush) == Z_STREAM_ERROR || stream->avail_in > 0)
    exit(1);
}

/* Raw DEFLATE in blocks that end anywhere, some of them with no text. */
static inline void add_any_blocks(struct bytes *to, const unsigned char *text,
                                  size_t size, size_t piece_max)
{
  static const int flushes[] = {Z_NO_FLUSH, Z_BLOCK, Z_PARTIAL_FLUSH,
                                Z_SYNC_FLUSH, Z_FULL_FLUSH};
  z_stream stream = {.next_in = NULL};
  size_t room = 3 * size + 10000;
  size_t done = 0;

  if (deflateInit2(&stream, (int)random_below(10), Z_DEFLATED, -MAX_WBITS,
                   1 + (int)random_below(9), (int)random_below(5)) != Z_OK)
    exit(1);
  stream.next_out = bytes_reserve(to, room);
  stream.avail_out = (uInt)room;
  while (done < size) {
    size_t piece = 1 + random_below(piece_max);

    piece = piece < size - done ? piece : size - done;
    deflate_piece(&stream, text + done, piece,
                  flushes[random_below(COUNT(flushes))]);
    done += piece;
    if (random_once_in(4))
      deflateParams(&stream, (int)random_below(10), (int)random_below(5));
  }
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
    exit(1);
  to->size += stream.total_out;
  deflateEnd(&stream);
}

static inline void sample_add(struct sample *sample, const struct bytes *text,
                              size_t piece_max)
{
  struct gzip_file *file = &sample->file;
  size_t text_start = file->text.size;

  add_gzip_header(&file->bytes, (unsigned)random_below(GZIP_ALL_FLAGS + 1));
  add_any_blocks(&file->bytes, text->data, text->size, piece_max);
  bytes_reserve(&file->text, 1);
  bytes_add(&file->text, text->data, text->size);
  gzip_file_end_member(file, text_start);
}

static inline void sample_add_as(struct sample *sample,
                                 const struct bytes *text, int level,
                                 int strategy)
{
  gzip_file_add_as(&sample->file, text->data, text->size,
                   (unsigned)random_below(GZIP_ALL_FLAGS + 1), level, strategy);
}

static inline void sample_add_members(struct sample *sample,
                                      const struct bytes *text)
{
  size_t most = text->size / 10;

  for (size_t done = 0; done < text->size;) {
    size_t size = random_once_in(4) ? 0 : 1 + random_below(most);
    struct bytes piece = {.data = text->data + done};

    piece.size = size < text->size - done ? size : text->size - done;
    sample_add(sample, &piece, 1 + piece.size);
    done += piece.size;
  }
}

/* What stands last once more, again and again. */
static inline void add_repeated(struct bytes *text, size_t period, size_t size)
{
  unsigned char *at = bytes_reserve(text, size);

  for (size_t i = 0; i < size; i++)
    at[i] = at[(ptrdiff_t)i - (ptrdiff_t)period];
  text->size += size;
}

static inline void sample_fill(struct sample *sample, struct bytes *text,
                               size_t size)
{
  struct sample inner = {.kind = SAMPLE_MEMBERS};

  switch (sample->kind) {
  case SAMPLE_PLAIN:
    sample_add_as(sample, text, 1 + (int)random_below(9), Z_DEFAULT_STRATEGY);
    break;
  case SAMPLE_MEMBERS:
    sample_add_members(sample, text);
    break;
  case SAMPLE_STORED:
    sample_add_as(sample, text, 0, Z_DEFAULT_STRATEGY);
    break;
  case SAMPLE_FIXED:
    sample_add_as(sample, text, 6, Z_FIXED);
    break;
  case SAMPLE_EMPTY_BLOCKS:
    sample_add(sample, text, 1 + size / 500);
    break;
  case SAMPLE_LONG_BLOCKS:
    add_repeated(text, 40, size + ((size_t)600 << 10));
    gzip_make_text(text, size);
    sample_add_as(sample, text, 9, Z_DEFAULT_STRATEGY);
    break;
  case SAMPLE_NESTED:
    sample_add_members(&inner, text);
    sample_add_as(sample, &inner.file.bytes, 0, Z_DEFAULT_STRATEGY);
    sample_add(sample, text, size);
    break;
  case SAMPLE_NOISE:
    random_fill(bytes_reserve(text, 4 * size), 4 * size);
    text->size += 4 * size;
    sample_add(sample, text, size);
    break;
  default:
    sample_add(sample, text, 1 + size / 10);
    sample_add(sample, text, size);
  }
  sample_free(&inner);
}

/* ------------------------------------------------------------------ ask -- */

/* Of one member. False: the file ends in it. */
static inline bool list_member(struct sample *sample, z_stream *stream,
                               struct block_start *start)
{
  const struct bytes *file = &sample->file.bytes;
  static unsigned char text[32768];
  int result = Z_OK;

  start->member_text = start->text;
  while (result == Z_OK) {
    stream->next_out = text;
    stream->avail_out = sizeof text;
    result = inflate(stream, Z_BLOCK);
    start->text += sizeof text - stream->avail_out;
    start->bit =
        (file->size - stream->avail_in) * 8 - (unsigned)(stream->data_type & 7);
    if (result == Z_OK && (stream->data_type & 128) &&
        !(stream->data_type & 64))
      bytes_add(&sample->starts, start, sizeof *start);
  }
  start->members++;
  return result == Z_STREAM_END;
}

/* List the starts of all blocks, as far as the file goes. */
static inline void sample_list(struct sample *sample)
{
  struct bytes *file = &sample->file.bytes;
  z_stream stream = {.next_in = file->data, .avail_in = (uInt)file->size};
  struct block_start start = {.bit = 0};

  sample->starts.size = 0;
  bytes_reserve(&sample->starts, sizeof start);
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
    exit(1);
  while (list_member(sample, &stream, &start) && stream.avail_in > 0 &&
         *stream.next_in != 0)
    inflateReset(&stream);
  inflateEnd(&stream);
}

/* About `size` bytes of text, but for those that have to be longer. */
static inline struct sample sample_make(enum sample_kind kind, size_t size)
{
  struct sample sample = {.kind = kind};
  struct bytes text = {.data = NULL};

  gzip_make_text(&text, size);
  sample_fill(&sample, &text, size);
  bytes_free(&text);
  if (kind == SAMPLE_PADDED)
    bytes_fill(&sample.file.bytes, 0, 1 + random_below(2000));
  sample_list(&sample);
  return sample;
}

/* Decode raw DEFLATE from that bit on, after a window, by zlib; how it ended:
   Z_STREAM_END, Z_DATA_ERROR or, for want of input or of `room`, another. */
static inline int inflate_from(const struct bytes *file, uint64_t bit,
                               const unsigned char *window, size_t window_size,
                               size_t room, struct bytes *text)
{
  size_t at = (size_t)(bit / 8);
  int rest = (int)(8 - bit % 8) % 8;
  z_stream stream = {.next_in = file->data + at + (rest > 0)};
  int result;

  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    exit(1);
  if (rest > 0)
    inflatePrime(&stream, rest, file->data[at] >> (bit % 8));
  if (window_size > 0)
    inflateSetDictionary(&stream, window, (uInt)window_size);
  stream.avail_in = (uInt)(file->size - at - (rest > 0));
  stream.next_out = bytes_reserve(text, room);
  stream.avail_out = (uInt)room;
  result = inflate(&stream, Z_SYNC_FLUSH);
  text->size += stream.total_out;
  inflateEnd(&stream);
  return result;
}

#endif
