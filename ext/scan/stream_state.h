/* SPDX-License-Identifier: MIT */
/*
 * The state of a stream (scan/stream.h). Its front is where one decoder reads
 * the file in order.
 *
 * Fields are read and written under the lock of `monitor` while workers run,
 * but for those that say otherwise. The monitor and the pool are ready in every
 * pass: workers of other strategies take blocks from them, too.
 */
#ifndef NG_SCAN_STREAM_STATE_H
#define NG_SCAN_STREAM_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "inflate/reader.h"
#include "inflate/seek_points.h"
#include "scan/block.h"
#include "scan/pool.h"
#include "scan/speculation.h"
#include "sched/monitor.h"

struct ng_worker;

struct ng_stream {
  /* Used without lock by the worker that has set `decoding`. */
  struct ng_reader *reader; /* owned */
  uint64_t next_number;     /* sequence number of the next block */
  bool collects;            /* seek points, for the index */
  struct ng_seek_points points;
  uint64_t text;    /* bytes of text before the front */
  uint64_t members; /* that end before the front */
  uint64_t until;   /* the bit of the file at which the front stops for the next
                       speculative chunk; chosen under the lock */

  struct ng_monitor monitor;
  struct ng_pool pool;
  struct ng_block *ready;      /* owned: decoded blocks with text to be cut off,
                                  in order */
  struct ng_block **ready_end; /* where the next one is linked */
  struct ng_speculation speculation;
  _Atomic uint64_t front; /* bytes of the file before the front; read without
                             lock by progress */
  uint64_t position; /* the bit of the file at which the front has stopped, if a
                        block of DEFLATE or a member may begin there; else 0 */
  bool decoding;     /* a worker is at the front */
  bool ended;        /* the front is at the end of the text */

  /* For chunks given in rows. */
  uint64_t chunk_size; /* rows; 0: a chunk is a block */
  uint64_t rows_left;  /* of the batch of chunks that was begun last */
  struct ng_worker *chunk_owner; /* has begun the batch, which did not end in
                                    the blocks so far; NULL: it is complete */
};

#endif
