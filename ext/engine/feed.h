/* SPDX-License-Identifier: MIT */
/*
 * The way of rows that are wanted one by one: from the fold, which has put them
 * in order, to the caller who takes them.
 *
 * What is handed on is a block, with its text and its rows (struct ng_batch).
 * The caller gives it back to the pool when it has read them. So the pool
 * bounds how far workers may be ahead of the caller, as it bounds how far
 * decoding is ahead of the map.
 *
 * Nobody waits for ever: of the blocks that are not handed on yet, the earliest
 * one can always be had. In a stream blocks are taken in their order, so
 * whoever finds none knows that all earlier ones are on their way. Where they
 * are not (from extents and seek points), the last block of the pool is for the
 * number that the fold waits for.
 *
 * Threads: the fold's lock is held, unless it is said.
 */
#ifndef NG_ENGINE_FEED_H
#define NG_ENGINE_FEED_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "engine/block.h"
#include "text/scanner.h"

struct ng_job;
struct ng_worker;

struct ng_feed {
  struct ng_budget *budget; /* borrowed */
  unsigned columns; /* a set of enum ng_row_columns_kept; that are wanted */
  pthread_cond_t changed; /* there is a batch, or there will be none; goes with
                             the fold's lock */
  struct ng_batch *first; /* in order */
  struct ng_batch **end;
  struct ng_batch *joined; /* of the line joined last; not handed on yet */
  struct ng_block *spent;  /* without rows: to go back to the pool */

  /* The caller's. */
  struct ng_block *used; /* read, to go back, too */
  unsigned used_count;
};

/* False: no memory. */
bool ng_feed_init(struct ng_feed *feed, struct ng_budget *budget,
                  unsigned columns);
/* No other thread is there. Batches that nobody took are freed. */
void ng_feed_free(struct ng_feed *feed);

/* ---------------------------------------------------------------- workers --
 */

/* The next block is to be number `number`: wait until it may be taken. No lock
   is held. NULL: the job is to stop. */
struct ng_block *ng_feed_wait_for_block(struct ng_job *job, uint64_t number);

/* A block that nothing came of goes back to the pool. No lock is held. */
void ng_feed_return(struct ng_job *job, struct ng_block *block);

/* Tell workers that the fold has gone on, and give blocks back that had no
   rows. No lock is held. */
void ng_feed_settle(struct ng_job *job);

/* --------------------------------------------------------------- the fold --
 */

/* A line of `size` bytes is about to be read by `scanner`, behind `first` rows
   of the file. False: no memory. */
bool ng_feed_begin_line(struct ng_feed *feed, struct ng_scanner *scanner,
                        const char *line, uint64_t first);
/* It was: its text is copied, for it does not last. False: no memory. */
bool ng_feed_end_line(struct ng_feed *feed, size_t size);
/* Its rows are not to be served. */
void ng_feed_drop_line(struct ng_feed *feed);
/* Hand its rows on. True: there are some. */
bool ng_feed_put_line(struct ng_feed *feed);

/* Hand a block on, which has rows, or goes with a line that has: so no more
   lines wait than there are blocks. */
void ng_feed_put_block(struct ng_feed *feed, struct ng_block *block);

/* A block has no rows. */
void ng_feed_spend(struct ng_feed *feed, struct ng_block *block);

/* ------------------------------------------------------------- the caller --
 */

/* The next batch, which becomes the caller's; NULL: there is none yet. */
struct ng_batch *ng_feed_take(struct ng_feed *feed);

/*
 * The caller has read it: its block goes back to the pool, together with
 * others, when half of all blocks have been read. A caller who is slower than
 * the workers would wake them for each block otherwise. No lock is held.
 */
void ng_feed_give_back(struct ng_job *job, struct ng_batch *batch);
/* They go back at once: the caller has nothing left to read. */
void ng_feed_flush(struct ng_job *job);

/* Free a batch together with its block; NULL is allowed. */
void ng_feed_free_batch(struct ng_feed *feed, struct ng_batch *batch);

#endif
