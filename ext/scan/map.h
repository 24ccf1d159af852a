/* SPDX-License-Identifier: MIT */
/*
 * To map a block: the sink scans its text, and its report goes to the commit.
 * All three strategies end here. This file also has the blocks of workers that
 * read by themselves, and the strategy of extents.
 *
 * A worker of extents or points does, for each block:
 *
 *     ng_map_may_begin(), ng_map_take_block(), fill it, ng_map_block()
 *
 * and ng_map_drop_block() at the end. The stream takes its blocks from the pool
 * itself, and may map a block in spans, by more than one worker: ng_map_span()
 * for each, then ng_map_finish().
 *
 * Threads: any worker, each with its own struct ng_worker; also
 * ng_map_give_back() by the caller of the pass. The caller holds no lock.
 */
#ifndef NG_SCAN_MAP_H
#define NG_SCAN_MAP_H

#include <stdbool.h>

#include "scan/block.h"
#include "scan/pass.h"

/* Text [from, to) of a block. Both bounds lie at an edge of the block or after
   a newline. */
struct ng_span {
  struct ng_block *block;
  size_t from;
  size_t to;
  uint64_t lines_before; /* lines of the block that end before `from` */
  uint64_t chunk_rows;   /* rows of its first chunk that end before `from` */
};

/* Have the sink scan a span without the block's head and tail, and set
 *result. Returns false if there is no memory; the pass has then failed. */
bool ng_map_span(struct ng_worker *worker, const struct ng_span *span,
                 struct ng_mapped *result);

/* All spans of the block are mapped: make its report and commit it. If the sink
   keeps blocks, the block is no longer the caller's, whatever is returned.
   Returns false if the pass is to stop; the workers have been told. */
bool ng_map_finish(struct ng_worker *worker, struct ng_block *block);

/* Map a whole block and finish it. As ng_map_finish(). */
bool ng_map_block(struct ng_worker *worker, struct ng_block *block);

/* Returns whether a worker may begin block `number`: it is the next one to be
   committed, or the commit is not full. Waits some milliseconds before it
   returns false; the caller then checks for a stop and asks again. */
bool ng_map_may_begin(struct ng_pass *pass, uint64_t number);

/* Get a block for the text of sequence number `number`. If the sink keeps
   blocks, *block becomes one from the pool, for which the worker may have to
   wait. Else *block is the worker's own: one is made if it is NULL, as it is at
   first. Returns false if the pass is to stop, or if there is no memory; the
   pass has then failed. */
bool ng_map_take_block(struct ng_worker *worker, uint64_t number,
                       struct ng_block **block);

/* The worker needs no more blocks: free its own one, if it has one. NULL is
   allowed. */
void ng_map_drop_block(struct ng_worker *worker, struct ng_block *block);

/* Give a list of blocks back to the pool. If it is NULL, only have workers
   check again whether they may take a block. */
void ng_map_give_back(struct ng_pass *pass, struct ng_block *blocks);

/* The strategy of a plain file: draw extents of plan.block_bytes and map them
   until none is left or ng_pass_must_pause(). */
void ng_map_extents(struct ng_worker *worker);

#endif
