/* SPDX-License-Identifier: MIT */
/*
 * The native decoder of DEFLATE, into 16-bit cells.
 *
 * The cells of a stream are contiguous, so those already decoded are the
 * window, and the markers before the first cell are a window like any other:
 * matches copy markers as they copy text, and the decoder never reads one.
 */
#include <stdlib.h>

#define CELL uint16_t
#include "inflate/decode_cells.h"

/* The window is the markers before the first cell. */
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

  native->window_size = 0; /* run_cells() counts it as text before `out` */
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
    "speculative", is_available, create, free, begin, resume, NULL, step,
};
