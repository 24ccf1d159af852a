/* SPDX-License-Identifier: MIT */
/*
 * zlib as a decoder of raw DEFLATE. It keeps the window itself, and does not
 * count input that follows the stream as taken.
 */
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "inflate/decoder.h"

static bool is_available(void)
{
  return true;
}

static void *create(void)
{
  z_stream *stream = calloc(1, sizeof *stream);

  if (stream && inflateInit2(stream, -MAX_WBITS) != Z_OK) {
    free(stream);
    return NULL;
  }
  return stream;
}

static void destroy(void *state)
{
  if (state)
    inflateEnd(state);
  free(state);
}

static enum ng_inflate_status begin(void *state)
{
  inflateReset(state);
  return NG_INFLATE_MORE;
}

static uInt clamp(size_t size)
{
  return size < UINT_MAX ? (uInt)size : UINT_MAX;
}

static enum ng_inflate_status step(void *state, struct ng_inflate_io *io)
{
  z_stream *stream = state;
  uInt in_size = clamp(io->in_size);
  uInt out_size = clamp(io->out_size);
  int result;

  stream->next_in = (z_const Bytef *)io->in;
  stream->avail_in = in_size;
  stream->next_out = io->out;
  stream->avail_out = out_size;
  result = inflate(stream, Z_NO_FLUSH);
  io->in += in_size - stream->avail_in;
  io->in_size -= in_size - stream->avail_in;
  io->out += out_size - stream->avail_out;
  io->out_size -= out_size - stream->avail_out;
  switch (result) {
  case Z_OK:
  case Z_BUF_ERROR:
    return NG_INFLATE_MORE;
  case Z_STREAM_END:
    return NG_INFLATE_END;
  case Z_MEM_ERROR:
    return NG_INFLATE_NO_MEMORY;
  default:
    return NG_INFLATE_BAD;
  }
}

const struct ng_decoder ng_decoder_zlib = {
    "zlib", is_available, create, destroy, begin, NULL, NULL, step,
};
