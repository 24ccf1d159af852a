/* SPDX-License-Identifier: MIT */
/*
 * The decoders of this binary. zlib is the reference; ISA-L is the fastest
 * foreign one.
 */
#include "inflate/decoder.h"

static const struct ng_decoder *const decoders[] = {
    &ng_decoder_native,
    &ng_decoder_portable,
#ifdef HAVE_ISAL
    &ng_decoder_isal,
#endif
    &ng_decoder_zlib,
};

const struct ng_decoder *ng_decoder_at(size_t index)
{
  return index < sizeof decoders / sizeof *decoders ? decoders[index] : NULL;
}
