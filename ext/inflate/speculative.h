/* SPDX-License-Identifier: MIT */
/*
 * Speculative decoding of a gzip file or zip archive: text is decoded from a
 * position in the middle of the file at which a block seems to begin, without
 * the 32 KiB of text before it. Markers (inflate/decoder.h,
 * ng_decoder_speculative) stand for the bytes of that window.
 *
 * Life of a chunk: ng_speculative_decode() fills it. A reader that comes from
 * the start of the file, the reader at the front, then reads until the chunk's
 * start (ng_reader_read_until()). If it stops at exactly that bit,
 * ng_speculative_accept() gives the chunk its window and moves the reader to
 * the chunk's end; then ng_speculative_replace_markers() gives the text of each
 * slice. If it stops at another bit, no block begins at this one, and the
 * caller throws the chunk away. A chunk can be filled again.
 *
 * Threads: a chunk and a context belong to one thread at a time. Any number of
 * threads may replace markers of one accepted chunk at once.
 */
#ifndef NG_INFLATE_SPECULATIVE_H
#define NG_INFLATE_SPECULATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "inflate/block_finder.h"
#include "inflate/reader.h"

/* What one worker decodes chunks with. All but the flag is owned. */
struct ng_speculative_context {
  struct ng_reader *reader; /* its text is cells */
  struct ng_block_finder *finder;
  unsigned char *bytes; /* the part of the file that is searched */
  bool is_zip;          /* members of gzip that are found are none */
};

/* The part of a chunk that becomes one block of text. */
struct ng_speculative_slice {
  size_t start;            /* cells of the chunk before it */
  struct ng_gzip_block in; /* counts cells as bytes of text */
};

#define NG_SPECULATIVE_SLICES_MAX 16

struct ng_speculative_chunk {
  uint16_t *cells; /* owned: NG_WINDOW_BYTES markers, then the text */
  size_t capacity; /* cells of text */
  uint64_t start;  /* the bit of the file at which its first block begins; 0:
                      the chunk is empty */
  uint64_t end;    /* the bit at which the block after the chunk begins */
  bool is_fresh;   /* a member begins at `start`: no text precedes it */
  size_t size;     /* cells of text */
  size_t slice_count;
  struct ng_speculative_slice slices[NG_SPECULATIVE_SLICES_MAX];
  unsigned char bytes[NG_MARKER + NG_WINDOW_BYTES]; /* the value of each cell;
                                                       those of markers are set
                                                       on acceptance */
};

/* The source is borrowed and not forward-only; `zip` is as for
   ng_reader_open(). Returns false if there is no memory; the caller frees the
   context all the same. */
bool ng_speculative_context_init(struct ng_speculative_context *context,
                                 struct ng_source *source,
                                 const struct ng_zip *zip,
                                 struct ng_budget *budget);
void ng_speculative_context_free(struct ng_speculative_context *context,
                                 struct ng_budget *budget);

/* Make a zeroed chunk ready for `capacity` cells of text. Returns false if
   there is no memory; ng_speculative_chunk_free() is allowed then, too. */
bool ng_speculative_chunk_init(struct ng_speculative_chunk *chunk,
                               struct ng_budget *budget, size_t capacity);
void ng_speculative_chunk_free(struct ng_speculative_chunk *chunk,
                               struct ng_budget *budget);

/*
 * Fill a chunk: decode from the first position that is found in bytes `from` to
 * `to`, not included, of the source, up to the first position in byte `to` or
 * after it, or to the last one for which there is room, in slices of up to
 * `slice_cells`. Sets chunk->start to 0 if nothing can be decoded; errors of
 * reading are left to the reader at the front.
 */
void ng_speculative_decode(struct ng_speculative_chunk *chunk,
                           struct ng_speculative_context *context,
                           struct ng_source *source, uint64_t from, uint64_t to,
                           size_t slice_cells);

/* `reader` has arrived at chunk->start: move it to chunk->end. Returns false,
   with nothing changed, if its window is not as the chunk needs it: empty if
   the chunk is fresh, else full. */
bool ng_speculative_accept(struct ng_speculative_chunk *chunk,
                           struct ng_reader *reader);

/* Write the text of a slice of an accepted chunk, `slice->in.size` bytes. */
void ng_speculative_replace_markers(const struct ng_speculative_chunk *chunk,
                                    const struct ng_speculative_slice *slice,
                                    char *text);

#endif
