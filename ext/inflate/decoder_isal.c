/* SPDX-License-Identifier: MIT */
/*
 * Intel's ISA-L as a decoder, compiled against its header and loaded at run
 * time, so that one binary serves machines with and without the library. The
 * first call of is_available() loads it; the reader creates a state only if
 * that returned true. The state is the library's own struct.
 */
#ifdef HAVE_ISAL

#include <dlfcn.h>
#include <isa-l/igzip_lib.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

#include "inflate/decoder.h"

/* The major version in the name is the ABI of struct inflate_state. */
#ifdef __APPLE__
#define LIBRARY "libisal.2.dylib"
#else
#define LIBRARY "libisal.so.2"
#endif

static struct {
  bool loaded;
  void (*init)(struct inflate_state *state);
  void (*reset)(struct inflate_state *state);
  int (*inflate)(struct inflate_state *state);
} isal;

static pthread_once_t load_once = PTHREAD_ONCE_INIT;

/* POSIX lets dlsym() return functions; ISO C has no cast for it. */
static bool find_function(void *library, const char *name, void *function)
{
  void *symbol = dlsym(library, name);

  *(void **)function = symbol;
  return symbol != NULL;
}

/* The handle is never closed, since threads may run in the library. */
static void load(void)
{
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

  isal.loaded = library &&
                find_function(library, "isal_inflate_init", &isal.init) &&
                find_function(library, "isal_inflate_reset", &isal.reset) &&
                find_function(library, "isal_inflate", &isal.inflate);
}

static bool is_available(void)
{
  pthread_once(&load_once, load);
  return isal.loaded;
}

static void *create(void)
{
  struct inflate_state *state = calloc(1, sizeof *state);

  if (state)
    isal.init(state);
  return state;
}

static enum ng_inflate_status begin(void *state)
{
  isal.reset(state);
  ((struct inflate_state *)state)->crc_flag = ISAL_DEFLATE;
  return NG_INFLATE_MORE;
}

static uint32_t clamp(size_t size)
{
  return size < INT_MAX ? (uint32_t)size : INT_MAX;
}

/* Whole bytes left in the bit buffer follow the stream. */
static void put_back(struct inflate_state *state, struct ng_inflate_io *io)
{
  uint32_t bytes = (uint32_t)state->read_in_length / 8;

  io->in -= bytes;
  io->in_size += bytes;
  state->read_in_length = 0;
}

/* ISA-L refuses a match that reaches before the text only after it has counted
   room for it as text: up to 258 bytes (RFC 1951, section 3.2.5). It does not
   tell how many, so up to 258 good bytes are taken back as well. */
static void take_back_match(struct ng_inflate_io *io, size_t written)
{
  size_t bytes = written < 258 ? written : 258;

  io->out -= bytes;
  io->out_size += bytes;
}

static enum ng_inflate_status step(void *memory, struct ng_inflate_io *io)
{
  struct inflate_state *state = memory;
  uint32_t in_size = clamp(io->in_size);
  size_t written;
  int result;

  state->next_in = (uint8_t *)(uintptr_t)io->in;
  state->avail_in = in_size;
  state->next_out = io->out;
  state->avail_out = clamp(io->out_size);
  result = isal.inflate(state);
  io->in_size -= (size_t)(state->next_in - io->in);
  io->in = state->next_in;
  /* After a fault avail_out counts bytes that were not written. */
  written = (size_t)(state->next_out - io->out);
  io->out += written;
  io->out_size -= written;
  if (result == ISAL_INVALID_LOOKBACK)
    take_back_match(io, written);
  if (result < 0)
    return NG_INFLATE_BAD;
  if (state->block_state != ISAL_BLOCK_FINISH)
    return NG_INFLATE_MORE;
  put_back(state, io);
  return NG_INFLATE_END;
}

const struct ng_decoder ng_decoder_isal = {
    "isal", is_available, create, free, begin, NULL, NULL, step,
};

#else

/* A translation unit must not be empty. */
typedef int ng_decoder_isal_is_not_built;

#endif
