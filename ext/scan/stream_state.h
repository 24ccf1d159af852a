/* SPDX-License-Identifier: MIT */
/*
 * The state of a stream: one worker at a time reads and decodes at the front,
 * one at a time cuts chunks off the decoded text, all map what they have cut,
 * and those that are left decode ahead (scan/stream.h).
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
  /* Used by the worker that decodes, see `decoding`. */
  struct ng_reader *reader;
  uint64_t next_number;
  bool collects; /* seek points */
  struct ng_seek_points points;
  uint64_t text;    /* bytes of it decoded */
  uint64_t members; /* that ended in them */

  struct ng_monitor monitor; /* guards the rest, and the map's part of blocks */
  struct ng_pool pool;       /* blocks to decode into; of all ways */
  struct ng_block *ready;    /* decoded, to be cut, in order */
  struct ng_block **ready_end;
  struct ng_speculation ahead;
  uint64_t until; /* the bit of the file at which the front is to look for a
                     guess */
  _Atomic uint64_t front; /* bytes of the file that are decoded, or of plain
                             text read; may be looked at without the lock */
  uint64_t place;         /* the bit where a block begins and decoding
                                    stopped; 0: it stopped elsewhere */
  bool decoding;          /* a worker is about it */
  bool ended;             /* everything is decoded */
  uint64_t chunk_size;    /* rows; 0: a chunk is a block */
  uint64_t rows_left;     /* of the batch of chunks begun */
  struct ng_worker *chunk_owner; /* the worker whose batch is not complete */
};

#endif
