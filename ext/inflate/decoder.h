/* SPDX-License-Identifier: MIT */
/*
 * A decoder of raw DEFLATE (RFC 1951), one stream at a time. Framing, CRC and
 * length are reader.c's.
 *
 * Threads: a decoder's state belongs to one thread at a time.
 */
#ifndef NG_INFLATE_DECODER_H
#define NG_INFLATE_DECODER_H

#include <stdbool.h>
#include <stddef.h>

enum ng_inflate_status {
  NG_INFLATE_MORE,  /* input used up, or output full */
  NG_INFLATE_END,   /* the stream has ended; `in` is behind its last byte */
  NG_INFLATE_UNTIL, /* a block begins at `until` or behind it */
  NG_INFLATE_BAD,   /* not DEFLATE data */
  NG_INFLATE_NO_MEMORY,
};

/*
 * A decoder may take bytes of `in` that belong to what follows the stream. At
 * the end, and behind bad data, it puts them back, so up to
 * NG_INFLATE_PUT_BACK bytes that were read before must still stand before `in`.
 */
#define NG_INFLATE_PUT_BACK 8

/* The text that a match may reach back to. */
#define NG_WINDOW_BYTES ((size_t)32 << 10)

/* What a step works on; it moves `in` and `out` on and counts down. */
struct ng_inflate_io {
  const unsigned char *in;
  size_t in_size;
  unsigned char *out;
  size_t out_size;
  /* The rest is for decoders that can resume. */
  const unsigned char *until; /* stop at the first block that begins in this
                                 byte or behind it; NULL: never */
  /* The last block that began in this step, or at its end. */
  const unsigned char *block_in; /* the byte in which it begins; NULL: none */
  unsigned block_bit;            /* 0 to 7, of that byte */
  unsigned char *block_out;      /* the text before it ends here */
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
  /* Be ready for a block that begins with bit `bit`, 0 to 7, of the next byte,
     behind `size` bytes of text, at most NG_WINDOW_BYTES, which are copied.
     NULL: this decoder can do so at the start of a stream only. */
  void (*resume)(void *state, unsigned bit, const unsigned char *window,
                 size_t size);
  /* Copy the text before the next byte of it, as much as a match may reach back
     to, to `window`; how much it is. NULL where `resume` is. */
  size_t (*window)(const void *state, unsigned char *window);
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

/*
 * Native for text whose window is not known yet: `out` are 16-bit cells (its
 * size still in bytes), each one a byte of text or, from NG_MARKER on, a marker
 * that says which byte of the window stands there, 0 the oldest one. The cells
 * of a stream stand one behind the other, through all steps, and 32 Ki cells
 * of markers, in ascending order, before the first one. (M. Kerbiriou and
 * R. Chikhi: Parallel decompression of gzip-compressed files and random access
 * to DNA sequences, 2019.) `resume` takes no window: pass NULL and 0. It is
 * in no list.
 */
extern const struct ng_decoder ng_decoder_speculative;

#define NG_MARKER 256

#endif
