/* SPDX-License-Identifier: MIT */
/*
 * What a worker of a stream does with guesses: make one, take one over at the
 * front, and turn its slices into blocks of text.
 */
#ifndef NG_SCAN_STREAM_SPECULATION_H
#define NG_SCAN_STREAM_SPECULATION_H

#include "scan/pass.h"

/* The decoder has arrived where the next guess begins: go on at its end. The
   stream's lock is held, but not meanwhile, as with
   ng_stream_speculation_decode(). */
void ng_stream_speculation_take(struct ng_stream *stream,
                                struct ng_worker *worker);

/* Begin a guess, which may be begun, and make it. */
void ng_stream_speculation_decode(struct ng_stream *stream,
                                  struct ng_worker *worker);

/* Fill a block with slice `index` of a guess that was taken. */
void ng_stream_speculation_replace(struct ng_worker *worker,
                                   struct ng_block *block,
                                   const struct ng_speculation_slot *slot,
                                   size_t index);

#endif
