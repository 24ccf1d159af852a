/* SPDX-License-Identifier: MIT */
/*
 * Our own decoder of DEFLATE, into bytes.
 *
 * The last 32 KiB of text (the window) are kept in a ring when a step ends,
 * for matches that reach back before the room of the next one.
 */
#include <stdlib.h>

#define CELL unsigned char
#include "inflate/decode_cells.h"

static bool is_available(void)
{
  return true;
}

static enum ng_inflate_status begin(void *state)
{
  ng_native_begin(state);
  return NG_INFLATE_MORE;
}

/* The part of a match that lies before this step; how much it was. */
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

/* Keep the end of the text between `from` and `to`. */
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
