/* SPDX-License-Identifier: MIT */
/*
 * The way of a stream (scan/stream_state.h).
 *
 * Threads: all workers of a pass call ng_stream_work(); the rest is for the
 * calling thread while none works.
 */
#ifndef NG_SCAN_STREAM_H
#define NG_SCAN_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "scan/pass.h"

/* Open the decoder. False: no memory; free it all the same. */
bool ng_stream_init(struct ng_stream *stream, struct ng_pass *pass);
void ng_stream_free(struct ng_stream *stream, struct ng_pass *pass);

/* Work until the stream is mapped or the pass stops. */
void ng_stream_work(struct ng_stream *stream, struct ng_worker *worker);

/* Bytes of the file that have been read. */
uint64_t ng_stream_bytes_read(const struct ng_stream *stream);

#endif
