/* SPDX-License-Identifier: MIT */
/*
 * The decoders of this binary. ISA-L decodes n-gram files some four to six
 * times as fast as zlib; zlib is everywhere and the reference.
 */
#include "inflate/decoder.h"

static const struct ng_decoder *const decoders[] = {
#ifdef HAVE_ISAL
    &ng_decoder_isal,
#endif
    &ng_decoder_zlib,
};

const struct ng_decoder *ng_decoder_at(size_t index)
{
  return index < sizeof decoders / sizeof *decoders ? decoders[index] : NULL;
}
