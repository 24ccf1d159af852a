/* SPDX-License-Identifier: MIT */
/*
 * fuzz_inflate.c - any bytes as DEFLATE: our decoder and zlib agree.
 *
 * The first two bytes of the input say in pieces of what size our decoder gets
 * the rest and has room for text; zlib gets all at once. Both must give the
 * same text and the same verdict, and end at the same byte.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "inflate/decoder.h"

#define TEXT_MAX ((size_t)1 << 20)

struct verdict {
  enum ng_inflate_status status;
  size_t used;
  size_t text_size;
  unsigned char text[TEXT_MAX];
};

static void ask_zlib(const uint8_t *in, size_t size, struct verdict *v)
{
  z_stream stream = {.next_in = (z_const Bytef *)in,
                     .avail_in = (uInt)size,
                     .next_out = v->text,
                     .avail_out = (uInt)TEXT_MAX};
  int result;

  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    exit(1);
  result = inflate(&stream, Z_SYNC_FLUSH);
  v->status = result == Z_STREAM_END   ? NG_INFLATE_END
              : result == Z_DATA_ERROR ? NG_INFLATE_BAD
                                       : NG_INFLATE_MORE;
  v->used = stream.total_in;
  v->text_size = stream.total_out;
  inflateEnd(&stream);
}

static size_t at_most(size_t size, size_t limit)
{
  return size < limit ? size : limit;
}

/* Text goes to memory of its own in each step, as it does in a scan. */
static size_t step(void *state, struct ng_inflate_io *io, size_t room,
                   struct verdict *v)
{
  unsigned char *text = malloc(room);

  if (!text)
    exit(1);
  io->out = text;
  io->out_size = room;
  v->status = ng_decoder_native.step(state, io);
  room -= io->out_size;
  memcpy(v->text + v->text_size, text, room);
  v->text_size += room;
  free(text);
  return room;
}

static void ask_native(const uint8_t *in, size_t size, size_t in_step,
                       size_t out_step, struct verdict *v)
{
  void *state = ng_decoder_native.create();
  size_t given = 0;
  size_t progress;

  if (!state)
    exit(1);
  v->used = v->text_size = 0;
  ng_decoder_native.begin(state);
  do {
    size_t piece = at_most(size - given, in_step);
    struct ng_inflate_io io = {.in = in + given, .in_size = piece};

    progress = step(state, &io, at_most(out_step, TEXT_MAX - v->text_size), v);
    given = (size_t)(io.in - in);
    progress += piece - io.in_size;
  } while (v->status == NG_INFLATE_MORE && progress > 0 &&
           v->text_size < TEXT_MAX);
  v->used = given;
  ng_decoder_native.destroy(state);
}

static void must(int condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "native and zlib differ: %s\n", what);
  abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct verdict native;
  static struct verdict zlib;

  if (size < 2)
    return 0;
  ask_zlib(data + 2, size - 2, &zlib);
  ask_native(data + 2, size - 2, data[0] ? data[0] : SIZE_MAX,
             data[1] ? (size_t)data[1] * data[1] : TEXT_MAX, &native);
  if (zlib.text_size == TEXT_MAX)
    return 0; /* where each of them stops is its own affair */
  must(native.status == zlib.status, "verdict");
  must(native.text_size == zlib.text_size, "length of the text");
  must(memcmp(native.text, zlib.text, zlib.text_size) == 0, "text");
  if (zlib.status == NG_INFLATE_END)
    must(native.used == zlib.used, "end");
  return 0;
}
