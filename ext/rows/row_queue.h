/* SPDX-License-Identifier: MIT */
/*
 * The sink of rows: from the commit, which has put them in order, to the caller
 * that takes them.
 *
 * What is handed on is a block, with its text and its rows (struct ng_batch).
 * The caller gives it back to the pool when it has read them. So the pool
 * bounds how far workers may be ahead of the caller (scan/map.c).
 *
 * Threads: workers append to the commit's side under the commit's lock; the
 * caller takes batches under it.
 */
#ifndef NG_ROWS_ROW_QUEUE_H
#define NG_ROWS_ROW_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "scan/block.h"
#include "scan/pass.h"
#include "scan/sink.h"
#include "scan/word_filter.h"
#include "text/scanner.h"

struct ng_row_queue {
  struct ng_sink sink;
  struct ng_budget *budget; /* borrowed */
  struct ng_pass *pass;     /* borrowed */
  unsigned columns;         /* a set of enum ng_row_columns_kept: wanted ones */
  struct ng_word_filter filter; /* of their words */
  struct ng_scanner *scanners;  /* owned, one for each worker; NULL: it has not
                                   begun */

  /* Guarded by the commit's lock. */
  pthread_cond_t changed; /* there is a batch, or there will be none */
  struct ng_batch *first; /* in order */
  struct ng_batch **end;
  struct ng_batch *joined; /* of the line joined last; not handed on yet */

  /* The caller's. */
  struct ng_block *used; /* read, to go back to the pool */
  unsigned used_count;
};

/* False: no memory. */
bool ng_row_queue_init(struct ng_row_queue *queue, struct ng_budget *budget,
                       unsigned columns);
/* No other thread works, and the pass is not closed yet. Frees batches that
   were not taken. */
void ng_row_queue_free(struct ng_row_queue *queue);

/* A scanner of rows of a planned pass in this layout, for those that `filter`
   wants, which is borrowed; where they go, scanner->rows, is set after it.
   False: no memory. */
bool ng_row_queue_scanner_init(struct ng_scanner *scanner,
                               const struct ng_pass *pass,
                               enum ng_layout layout,
                               struct ng_word_filter *filter);

/* The next batch, which becomes the caller's. Returns NULL if there is none
   yet. The commit's lock is held while workers run. */
struct ng_batch *ng_row_queue_take(struct ng_row_queue *queue);

/*
 * The caller has read it: its block goes back to the pool, together with
 * others, when half of all blocks have been read. A caller that is slower than
 * the workers would wake them for each block otherwise. No lock is held.
 */
void ng_row_queue_give_back(struct ng_row_queue *queue, struct ng_batch *batch);
/* They go back at once: the caller has nothing left to read. */
void ng_row_queue_flush(struct ng_row_queue *queue);

/* Free a batch together with its block; NULL is allowed. */
void ng_row_queue_free_batch(struct ng_row_queue *queue,
                             struct ng_batch *batch);

#endif
