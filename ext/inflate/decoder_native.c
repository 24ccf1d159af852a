/* SPDX-License-Identifier: MIT */
/*
 * The native decoder of DEFLATE, into bytes.
 *
 * Each step may write its text to other memory, so when a step ends it copies
 * the last 32 KiB of text (the window) to a ring in the state. A match that
 * reaches back before the text of the next step is copied from there; all other
 * matches are copied within the text. decode_cells.h does the rest.
 */
#include <stdlib.h>

#define CELL unsigned char
#include "inflate/decode_cells.h"

/* Copy the part of a match that lies before this step; returns its length. */
static size_t copy_from_window(const struct ng_native *native, struct cursor *c,
                               size_t distance, size_t length)
{
  size_t done = 0;

  while (done < length && distance > (size_t)(c->out - c->out_start)) {
    size_t before = distance - (size_t)(c->out - c->out_start);
    size_t from = (native->window_at - before) % NG_WINDOW_BYTES;
    size_t size = length - done;

    size = size < before ? size : before;
    size = size < NG_WINDOW_BYTES - from ? size : NG_WINDOW_BYTES - from;
    memcpy(c->out, native->window + from, size);
    c->out += size;
    done += size;
  }
  return done;
}

static void copy_exactly(const struct ng_native *native, struct cursor *c,
                         size_t distance, size_t length)
{
  length -= copy_from_window(native, c, distance, length);
  for (; length > 0; length--, c->out++)
    *c->out = c->out[-(ptrdiff_t)distance];
}

/* Add the text between `from` and `to` to the ring. */
static void keep_window(struct ng_native *native, const unsigned char *from,
                        const unsigned char *to)
{
  size_t size = (size_t)(to - from);
  size_t kept = size < NG_WINDOW_BYTES ? size : NG_WINDOW_BYTES;
  size_t first = NG_WINDOW_BYTES - native->window_at;

  first = first < kept ? first : kept;
  if (kept > 0) {
    memcpy(native->window + native->window_at, to - kept, first);
    memcpy(native->window, to - kept + first, kept - first);
  }
  native->window_at = (native->window_at + kept) % NG_WINDOW_BYTES;
  native->window_size += kept;
  if (native->window_size > NG_WINDOW_BYTES)
    native->window_size = NG_WINDOW_BYTES;
}

static enum ng_inflate_status step(void *state, struct ng_inflate_io *io)
{
  struct cursor c;
  enum ng_inflate_status status = run_cells(state, &c, io, 0);

  if (status == NG_INFLATE_MORE || status == NG_INFLATE_UNTIL)
    keep_window(state, c.out_start, c.out);
  return status;
}

static void resume(void *state, unsigned bit, const unsigned char *window,
                   size_t size)
{
  struct ng_native *native = state;

  ng_native_begin(native);
  native->skip_bits = bit;
  keep_window(native, window, window + size);
}

static size_t copy_window(const void *state, unsigned char *window)
{
  const struct ng_native *native = state;
  size_t size = native->window_size;
  size_t start = (native->window_at - size) % NG_WINDOW_BYTES;
  size_t first = NG_WINDOW_BYTES - start;

  first = first < size ? first : size;
  memcpy(window, native->window + start, first);
  memcpy(window + first, native->window, size - first);
  return size;
}

static void *create_portable(void)
{
  return calloc(1, sizeof(struct ng_native));
}

static void *create_best(void)
{
  struct ng_native *native = create_portable();

  if (native)
    native->uses_bmi2 = has_bmi2();
  return native;
}

const struct ng_decoder ng_decoder_native = {
    "native", is_available, create_best, free, begin, resume, copy_window, step,
};

const struct ng_decoder ng_decoder_portable = {
    "portable", is_available, create_portable, free,
    begin,      resume,       copy_window,     step,
};
