/* SPDX-License-Identifier: MIT */
/*
 * Chunks of a number of rows that the user has given.
 *
 * A chunk is one map task: its rows are added up by themselves before they
 * meet others. Workers draw chunks in batches, for the sake of the lock.
 */
#ifndef NG_SCAN_CHUNK_H
#define NG_SCAN_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan/block.h"
#include "scan/map.h"

/* Rows that are drawn at once: whole chunks, of some thousand rows together
   when they are small. */
uint64_t ng_chunk_batch_rows(uint64_t chunk_size);

/* Where the text of *rows rows from `from` on ends; *rows becomes the rows
   that are not in the block, whose end is the answer then. */
size_t ng_chunk_skip_rows(const struct ng_block *block, size_t from,
                          uint64_t *rows);

/* As ng_map_span(), chunk by chunk. */
bool ng_chunk_map(struct ng_worker *worker, const struct ng_span *span,
                  uint64_t chunk_size, struct ng_mapped *result);

#endif
