/* SPDX-License-Identifier: MIT */
/*
 * Our own decoder of DEFLATE, into 16-bit cells.
 *
 * Cells stand one behind the other, so what was decoded is itself the window,
 * and the markers before the first cell are a window like any other: matches
 * copy them about, and nothing here ever looks at one.
 */
#include <stdlib.h>

#define CELL uint16_t
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

/* The window is all markers, and stands before the first cell. */
static void resume(void *state, unsigned bit, const unsigned char *window,
                   size_t size)
{
  struct ng_native *native = state;

  (void)window;
  (void)size;
  ng_native_begin(native);
  native->skip_bits = bit;
  native->window_size = NG_WINDOW_BYTES;
}

static void copy_exactly(const struct ng_native *native, struct cursor *c,
                         size_t distance, size_t length)
{
  (void)native;
  for (; length > 0; length--, c->out++)
    *c->out = c->out[-(ptrdiff_t)distance];
}

static enum ng_inflate_status step(void *state, struct ng_inflate_io *io)
{
  struct ng_native *native = state;
  size_t before = native->window_size;
  enum ng_inflate_status status;
  struct cursor c;

  native->window_size = 0; /* it is all before the room */
  status = run_cells(native, &c, io, before);
  native->window_size = smaller((size_t)(c.out - c.out_start), NG_WINDOW_BYTES);
  return status;
}

static void *create(void)
{
  struct ng_native *native = calloc(1, sizeof *native);

  if (native)
    native->uses_bmi2 = has_bmi2();
  return native;
}

const struct ng_decoder ng_decoder_speculative = {
    "ahead", is_available, create, free, begin, resume, NULL, step,
};
