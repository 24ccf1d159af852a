/* SPDX-License-Identifier: MIT */
/*
 * The strategy of a stream: one worker at a time reads and decodes at the
 * front, all map what was decoded. scan/stream_state.h has its state.
 *
 * Threads: all workers of a pass call ng_stream_work(); the caller of the pass
 * calls the others while no worker runs.
 */
#ifndef NG_SCAN_STREAM_H
#define NG_SCAN_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "scan/pass.h"

/* Open the reader of a planned pass; `monitor` and `pool` of the stream are
   ready. Returns false if there is no memory; the stream is freed all the
   same. */
bool ng_stream_init(struct ng_stream *stream, struct ng_pass *pass);

/* Free all but the monitor. A zeroed stream is allowed. */
void ng_stream_free(struct ng_stream *stream, struct ng_pass *pass);

/* Work until all of the stream is mapped or ng_pass_must_pause(). In the latter
   case it may be called again. */
void ng_stream_work(struct ng_stream *stream, struct ng_worker *worker);

/* Returns the bytes of the file that have been read. */
uint64_t ng_stream_bytes_read(const struct ng_stream *stream);

#endif
