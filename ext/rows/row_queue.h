/* SPDX-License-Identifier: MIT */
/*
 * The sink of rows, a queue: the commit puts batches of rows on it in the order
 * of the file, and the caller of the pass takes them.
 *
 * A batch (struct ng_batch) is a block with its text and its rows, or a joined
 * line. The caller gives each batch back when it has read it, and the block
 * returns to the pool. So the pool bounds how far workers run ahead of the
 * caller (scan/map.c).
 *
 * Life: ng_row_queue_init(), a pass with this sink, ng_row_queue_take() and
 * ng_row_queue_give_back() in turn, ng_row_queue_free() before the pass is
 * closed.
 *
 * Threads: workers call the sink (scan/sink.h). One thread, the caller, calls
 * the functions below.
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
  /* Set before the workers start, and only read by them. */
  struct ng_budget *budget;     /* borrowed */
  struct ng_pass *pass;         /* borrowed; set when the pass begins */
  unsigned columns;             /* a set of enum ng_row_columns_kept */
  struct ng_word_filter filter; /* of wanted words */

  /* Owned, one for each worker, which changes only its own; NULL until the pass
     begins. */
  struct ng_scanner *scanners;

  /* Guarded by the commit's lock while workers run. */
  pthread_cond_t changed;  /* a batch was put, or the text has ended */
  struct ng_batch *first;  /* owned list, in the order of the file */
  struct ng_batch **end;   /* the last `next`, or `first` */
  struct ng_batch *joined; /* owned: the line that was joined last, until the
                              commit of the block that ends it; may be NULL */

  /* Used by the caller only. */
  struct ng_block *used; /* owned list of blocks to be given back to the pool */
  unsigned used_count;
};

/* Initialize an empty queue; `budget` is borrowed. Returns false if there is no
   memory, and nothing is to be freed. */
bool ng_row_queue_init(struct ng_row_queue *queue, struct ng_budget *budget,
                       unsigned columns);
/* Free the queue and all batches in it. No worker runs, and the pass is not
   closed yet. */
void ng_row_queue_free(struct ng_row_queue *queue);

/* Initialize a scanner that appends the rows of a question to columns: rows in
   `layout` whose words `filter` wants and whose years the planned pass asks
   for. `filter` is borrowed. The caller sets scanner->rows, the columns, before
   each scan. Returns false if there is no memory. */
bool ng_row_queue_scanner_init(struct ng_scanner *scanner,
                               const struct ng_pass *pass,
                               enum ng_layout layout,
                               struct ng_word_filter *filter);

/* Take the next batch; the caller owns it. Returns NULL if there is none yet.
   While workers run, the caller holds the commit's lock. */
struct ng_batch *ng_row_queue_take(struct ng_row_queue *queue);

/*
 * Give a batch back; takes ownership. Its block goes back to the pool together
 * with others, as soon as they are half of all blocks: a caller that is slower
 * than the workers would wake them for each block otherwise. The caller holds
 * no lock.
 */
void ng_row_queue_give_back(struct ng_row_queue *queue, struct ng_batch *batch);
/* Give the blocks back to the pool now. Called before the caller waits. */
void ng_row_queue_flush(struct ng_row_queue *queue);

/* Free a batch that was taken, together with its block. NULL is allowed. */
void ng_row_queue_free_batch(struct ng_row_queue *queue,
                             struct ng_batch *batch);

#endif
