/* SPDX-License-Identifier: MIT */
/*
 * The map: blocks of text, by way of a sink, to the commit.
 *
 * Threads: called by workers, each with its own struct ng_worker. No lock is
 * held.
 */
#ifndef NG_SCAN_MAP_H
#define NG_SCAN_MAP_H

#include <stdbool.h>

#include "scan/block.h"
#include "scan/pass.h"

/* Text [from, to) of a block; both lie at its edges or behind
   newlines. */
struct ng_span {
  struct ng_block *block;
  size_t from;
  size_t to;
  uint64_t lines_before; /* lines of the block that end before `from` */
  uint64_t chunk_rows;   /* rows of its first chunk that end before `from` */
};

/* Map a span. False: no memory, and the pass has failed. */
bool ng_map_span(struct ng_worker *worker, const struct ng_span *span,
                 struct ng_mapped *result);

/* All spans of the block are mapped: compute its CRCs and commit it. If the
   sink keeps blocks, it goes with that, whatever is returned. False: the scan
   is to stop, and the workers have been told. */
bool ng_map_finish(struct ng_worker *worker, struct ng_block *block);

/* Map a whole block and finish it, as above. */
bool ng_map_block(struct ng_worker *worker, struct ng_block *block);

/* Whether a worker that reads by itself may begin block `number`: not while too
   much waits for earlier ones (scan/commit.h), of which each is in the hands of
   another worker. Waits a moment before it says no. */
bool ng_map_may_begin(struct ng_pass *pass, uint64_t number);

/* A worker that reads by itself needs a block for text number `number`: the one
   that it has, or another one where that was handed on. *block is NULL at
   first. False: the pass is to stop, and knows why. */
bool ng_map_take_block(struct ng_worker *worker, uint64_t number,
                       struct ng_block **block);
/* It needs no more. NULL is allowed. */
void ng_map_drop_block(struct ng_worker *worker, struct ng_block *block);

/* A list of blocks that the sink kept goes back to the pool. NULL: none;
   workers only look again whether they may take one. */
void ng_map_give_back(struct ng_pass *pass, struct ng_block *blocks);

/* The way of a plain file: draw extents and map them until none is left. */
void ng_map_extents(struct ng_worker *worker);

#endif
