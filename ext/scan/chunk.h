/* SPDX-License-Identifier: MIT */
/*
 * Chunks of a number of rows that the user has set (chunk_size). Not to be
 * confused with speculative chunks (scan/speculation.h).
 *
 * A chunk is one map task: the scanner adds up its rows by themselves, so a
 * word group never crosses a chunk. Workers of a stream draw whole chunks in
 * batches, so that they take the stream's lock less often.
 *
 * Threads: any worker.
 */
#ifndef NG_SCAN_CHUNK_H
#define NG_SCAN_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan/block.h"
#include "scan/map.h"

/* Returns the rows that a worker draws at once: whole chunks, of some thousand
   rows together if they are small. chunk_size > 0. */
uint64_t ng_chunk_batch_rows(uint64_t chunk_size);

/* Returns the offset at which `*rows` rows from offset `from` on end, or the
   end of the block. *rows becomes the number of rows that are not in the
   block. */
size_t ng_chunk_skip_rows(const struct ng_block *block, size_t from,
                          uint64_t *rows);

/* As ng_map_span(), chunk by chunk; ends at the first fault. The first chunk
   has span->chunk_rows rows before the span. */
bool ng_chunk_map(struct ng_worker *worker, const struct ng_span *span,
                  uint64_t chunk_size, struct ng_mapped *result);

#endif
