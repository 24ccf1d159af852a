/* SPDX-License-Identifier: MIT */
/*
 * A decoder of raw DEFLATE (RFC 1951), one stream at a time. Framing, CRC and
 * length are gzip.c's.
 *
 * Threads: a decoder's state belongs to one thread at a time.
 */
#ifndef NG_INFLATE_DECODER_H
#define NG_INFLATE_DECODER_H

#include <stdbool.h>
#include <stddef.h>

enum ng_inflate_status {
  NG_INFLATE_MORE, /* input used up, or output full */
  NG_INFLATE_END,  /* the stream has ended; `in` is behind its last byte */
  NG_INFLATE_BAD,  /* not DEFLATE data */
  NG_INFLATE_NO_MEMORY,
};

/*
 * A decoder may take bytes of `in` that belong to what follows the stream. At
 * the end, and behind bad data, it puts them back, so up to
 * NG_INFLATE_PUT_BACK bytes that were read before must still stand before `in`.
 */
#define NG_INFLATE_PUT_BACK 8

/* What a step works on; it moves `in` and `out` on and counts down. */
struct ng_inflate_io {
  const unsigned char *in;
  size_t in_size;
  unsigned char *out;
  size_t out_size;
};

struct ng_decoder {
  const char *name; /* as NGRAM_DECODER has it */
  /* Whether this machine has it. Any thread may ask. */
  bool (*is_available)(void);
  /* NULL: no memory. */
  void *(*create)(void);
  void (*destroy)(void *state);
  /* Be ready for the first byte of a stream. */
  enum ng_inflate_status (*begin)(void *state);
  enum ng_inflate_status (*step)(void *state, struct ng_inflate_io *io);
};

/* All decoders of this binary, the fastest first; NULL past the end. The last
   one, "zlib", is always there. */
const struct ng_decoder *ng_decoder_at(size_t index);

extern const struct ng_decoder ng_decoder_zlib;
extern const struct ng_decoder ng_decoder_isal;
extern const struct ng_decoder ng_decoder_native;
/* Native as it is on a processor without BMI2. */
extern const struct ng_decoder ng_decoder_portable;

#endif
