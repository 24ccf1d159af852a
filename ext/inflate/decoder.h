/* SPDX-License-Identifier: MIT */
/*
 * A decoder of raw DEFLATE (RFC 1951), one stream at a time: the data of a gzip
 * member or zip entry. The reader (reader.c) and a batch of BGZF (bgzf.c) call
 * create(); then, for each stream, begin(), or, to start inside of one,
 * resume(), and step() until the stream ends; and at last destroy(). Headers,
 * CRC-32 and length are the caller's business.
 *
 * Threads: a decoder's state belongs to one thread at a time.
 */
#ifndef NG_INFLATE_DECODER_H
#define NG_INFLATE_DECODER_H

#include <stdbool.h>
#include <stddef.h>

enum ng_inflate_status {
  NG_INFLATE_MORE,  /* input used up, or output full */
  NG_INFLATE_END,   /* the stream has ended; `in` is after its last byte */
  NG_INFLATE_UNTIL, /* a block begins in byte `until` or after it */
  NG_INFLATE_BAD,   /* not DEFLATE data */
  NG_INFLATE_NO_MEMORY,
};

/*
 * A decoder may take bytes of `in` that follow the stream. At the end, and
 * after bad data, it puts them back, so up to NG_INFLATE_PUT_BACK bytes that
 * earlier steps took must still precede `in` in memory.
 */
#define NG_INFLATE_PUT_BACK 8

/* The window: the text that a match may reach back to. */
#define NG_WINDOW_BYTES ((size_t)32 << 10)

/* Input and output of a step, which moves `in` and `out` on and lowers their
   sizes. The caller owns all memory. */
struct ng_inflate_io {
  const unsigned char *in;
  size_t in_size;
  unsigned char *out;
  size_t out_size;
  /* The rest is for decoders that can resume. */
  const unsigned char *until; /* stop at the first block that begins in this
                                 byte or after it; NULL: never */
  /* Set by the step: the last block that began in it, or at its end. */
  const unsigned char *block_in; /* the byte in which it begins; NULL: none */
  unsigned block_bit;            /* 0 to 7, of that byte */
  unsigned char *block_out;      /* the text before it ends here */
};

struct ng_decoder {
  const char *name; /* the value of NGRAM_DECODER that chooses it */
  /* Whether this machine has it. Any thread may call this. */
  bool (*is_available)(void);
  /* Returns NULL if there is no memory. */
  void *(*create)(void);
  /* `state` may be NULL. */
  void (*destroy)(void *state);
  /* Begin a stream. Returns NG_INFLATE_MORE, or NG_INFLATE_NO_MEMORY. */
  enum ng_inflate_status (*begin)(void *state);
  /* Begin at a block inside a stream, which starts with bit `bit`, 0 to 7, of
     the next byte. The `size` bytes of text before it, at most
     NG_WINDOW_BYTES, are copied from `window`. NULL if this decoder can only
     begin streams. */
  void (*resume)(void *state, unsigned bit, const unsigned char *window,
                 size_t size);
  /* Copy the window of the next byte of text to `window`, which has room for
     NG_WINDOW_BYTES; returns its size. NULL if `resume` is. */
  size_t (*window)(const void *state, unsigned char *window);
  /* Decode until input or room run out, the stream ends, or `until`. */
  enum ng_inflate_status (*step)(void *state, struct ng_inflate_io *io);
};

/* All decoders of this binary, the fastest first. Returns NULL for an index
   past the last one, "zlib", which is available everywhere. */
const struct ng_decoder *ng_decoder_at(size_t index);

extern const struct ng_decoder ng_decoder_zlib;
extern const struct ng_decoder ng_decoder_isal;
extern const struct ng_decoder ng_decoder_native;
/* The native decoder without BMI2, as on a processor that lacks it. */
extern const struct ng_decoder ng_decoder_portable;

/*
 * The native decoder for text whose window is not known yet: `out` are 16-bit
 * cells (out_size still counts bytes). A cell is a byte of text or, from
 * NG_MARKER on, a marker: NG_MARKER + i stands for byte i of the window, of
 * which 0 is the oldest. (M. Kerbiriou and R. Chikhi: Parallel decompression of
 * gzip-compressed files and random access to DNA sequences, 2019.)
 *
 * The cells of all steps of a stream must be contiguous in memory, and
 * NG_WINDOW_BYTES cells with all markers in ascending order must precede the
 * first. `resume` takes no window: pass NULL and 0. ng_decoder_at() does not
 * list this decoder.
 */
extern const struct ng_decoder ng_decoder_speculative;

#define NG_MARKER 256

#endif
