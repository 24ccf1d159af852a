/* SPDX-License-Identifier: MIT */
/*
 * The steps of a worker of a stream (scan/stream.c) that have to do with
 * speculative chunks: decode one, accept one at the front, and turn a slice
 * into a block of text.
 *
 * Threads: any worker. It holds the lock of the stream for the first two, which
 * release it while they decode; ng_stream_speculation_replace() is called
 * without it.
 */
#ifndef NG_SCAN_STREAM_SPECULATION_H
#define NG_SCAN_STREAM_SPECULATION_H

#include "scan/pass.h"

/* The front has arrived where the next chunk, which is ready, begins: accept
   it, and have the front go on at its end; or drop it. */
void ng_stream_speculation_accept(struct ng_stream *stream,
                                  struct ng_worker *worker);

/* Begin a chunk and decode it. Requires ng_speculation_may_begin(). */
void ng_stream_speculation_decode(struct ng_stream *stream,
                                  struct ng_worker *worker);

/* Fill a block with slice `index` of an accepted chunk. */
void ng_stream_speculation_replace(struct ng_worker *worker,
                                   struct ng_block *block,
                                   const struct ng_speculation_slot *slot,
                                   size_t index);

#endif
