/* SPDX-License-Identifier: MIT */
/*
 * A guess: text decoded ahead, from a place in the middle of a gzip file where
 * a block seems to begin, without knowing the 32 KiB of text before it. Where
 * these are needed stand markers (inflate/decoder.h, ng_decoder_speculative),
 * to be replaced once a decoder that comes from the front arrives at that
 * place; if it does not, the guess was wrong and is thrown away.
 *
 * Threads: a guess belongs to one thread at a time;
 * ng_speculative_replace_markers() of one that was taken may be called from any
 * number at once.
 */
#ifndef NG_INFLATE_SPECULATIVE_H
#define NG_INFLATE_SPECULATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "inflate/block_finder.h"
#include "inflate/reader.h"

/* What a worker needs to make guesses. */
struct ng_speculative_context {
  struct ng_reader *reader; /* reads cells */
  struct ng_block_finder *finder;
  unsigned char *bytes; /* to search */
  bool is_zip;          /* what looks like a member of gzip is none */
};

/* Text of a guess that becomes a block. */
struct ng_speculative_slice {
  size_t start; /* cells of the guess before it */
  struct ng_gzip_block in;
};

#define NG_SPECULATIVE_SLICES_MAX 16

struct ng_speculative_chunk {
  uint16_t *cells; /* NG_WINDOW_BYTES markers, then the text */
  size_t capacity; /* cells of text */
  uint64_t
      start;     /* the bit of the file at which it begins; 0: none was found */
  uint64_t end;  /* the bit at which a block begins behind it */
  bool is_fresh; /* it begins with a member: there is no text before it */
  size_t size;   /* cells of text */
  size_t slice_count;
  struct ng_speculative_slice slices[NG_SPECULATIVE_SLICES_MAX];
  unsigned char bytes[NG_MARKER + NG_WINDOW_BYTES]; /* that cells stand for,
                                                       once it is taken */
};

/* False: no memory; free it all the same. The source is not forward-only;
   `zip` is as for ng_reader_open(). */
bool ng_speculative_context_init(struct ng_speculative_context *context,
                                 struct ng_source *source,
                                 const struct ng_zip *zip,
                                 struct ng_budget *budget);
void ng_speculative_context_free(struct ng_speculative_context *context,
                                 struct ng_budget *budget);

/* Room for `capacity` cells of text. False: no memory. */
bool ng_speculative_chunk_init(struct ng_speculative_chunk *chunk,
                               struct ng_budget *budget, size_t capacity);
void ng_speculative_chunk_free(struct ng_speculative_chunk *chunk,
                               struct ng_budget *budget);

/* Decode from the first place that is found in byte `from` to `to` of the
   source up to the first one at or behind `to`, or as far as there is room, in
   slices of up to `slice_cells`. chunk->start is 0 when there is nothing. */
void ng_speculative_decode(struct ng_speculative_chunk *chunk,
                           struct ng_speculative_context *context,
                           struct ng_source *source, uint64_t from, uint64_t to,
                           size_t slice_cells);

/*
 * `gzip` has arrived at chunk->start: let it go on at chunk->end. False: the
 * text before it is not as the guess needs it, and nothing was changed.
 */
bool ng_speculative_accept(struct ng_speculative_chunk *chunk,
                           struct ng_reader *reader);

/* Write the text of a slice, `in.size` bytes. */
void ng_speculative_replace_markers(const struct ng_speculative_chunk *chunk,
                                    const struct ng_speculative_slice *slice,
                                    char *text);

#endif
