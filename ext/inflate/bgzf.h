/* SPDX-License-Identifier: MIT */
/*
 * BGZF (SAM specification, section 4.1): gzip whose members are small and say
 * in a header field how many bytes they take. So a file can be cut into batches
 * of members without being decoded, and many threads decode a batch each.
 *
 * The size in the header decides where a member ends; if its DEFLATE data end
 * elsewhere, that is a fault. Members that do not look like BGZF from their
 * first byte to the header of the next one are left to the reader, which needs
 * no such size.
 */
#ifndef NG_INFLATE_BGZF_H
#define NG_INFLATE_BGZF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "inflate/decoder.h"
#include "inflate/reader.h"

/* A batch of whole members, and a decoder for them. Threads: one at a time. */
struct ng_bgzf {
  struct ng_budget *budget; /* borrowed */
  const struct ng_decoder *decoder;
  void *decoder_state;  /* owned */
  unsigned char *bytes; /* owned: the members; NG_INFLATE_PUT_BACK bytes of room
                           precede them */
  size_t size;
  uint64_t file_offset; /* of `bytes` */
  bool last;            /* the file ends after them */
};

/* Returns false if there is no memory; ng_bgzf_free() is called all the same.
 */
bool ng_bgzf_init(struct ng_bgzf *bgzf, const struct ng_decoder *decoder,
                  struct ng_budget *budget);
void ng_bgzf_free(struct ng_bgzf *bgzf);

/* Move members from the reader's input to the batch, as many as it has room for
   and as fit in `capacity` bytes of text, by the lengths in their trailers.
   Returns false if there is none to be cut: the caller then reads on by
   ng_reader_read_until(). The cut depends on `capacity` and the file's bytes
   only. */
bool ng_bgzf_cut(struct ng_bgzf *bgzf, struct ng_reader *reader,
                 size_t capacity);

/* Decode the batch into `text`, and fill in *block but for `position` and
   `arrived`. Sizes or lengths that are not true are faults. */
void ng_bgzf_decode(struct ng_bgzf *bgzf, char *text, size_t capacity,
                    struct ng_gzip_block *block);

#endif
