/* SPDX-License-Identifier: MIT */
/*
 * BGZF (SAM specification, section 4.1): gzip whose members are small and say
 * in a header field how many bytes they take. So the file can be cut without
 * being decoded, and whoever gets a piece decodes it alone.
 *
 * What is cut off is decoded by the size that was promised. Members that do
 * not look like BGZF from their first byte to the header of the next one are
 * left to the reader of gzip, which needs no promise.
 */
#ifndef NG_INFLATE_BGZF_H
#define NG_INFLATE_BGZF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "inflate/decoder.h"
#include "inflate/reader.h"

/* Whole members, compressed, and what it takes to decode them. One belongs to
   one thread. */
struct ng_bgzf {
  struct ng_budget *budget; /* borrowed */
  const struct ng_decoder *decoder;
  void *decoder_state;
  unsigned char *bytes; /* room for NG_INFLATE_PUT_BACK bytes before it */
  size_t size;
  uint64_t file_offset; /* of `bytes` */
  bool last;            /* the file ends behind them */
};

/* False: no memory; free it all the same. */
bool ng_bgzf_init(struct ng_bgzf *bgzf, const struct ng_decoder *decoder,
                  struct ng_budget *budget);
void ng_bgzf_free(struct ng_bgzf *bgzf);

/* Cut as many members off the reader's input as promise to fill `capacity`
   bytes of text. False: there is none to be cut, read on by ng_reader_read().
   What is cut depends on nothing but the file's bytes. */
bool ng_bgzf_cut(struct ng_bgzf *bgzf, struct ng_reader *reader,
                 size_t capacity);

/* Decode what was cut. A promise that turns out wrong is a fault. */
void ng_bgzf_decode(struct ng_bgzf *bgzf, char *text, size_t capacity,
                    struct ng_gzip_block *block);

#endif
