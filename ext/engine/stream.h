/* SPDX-License-Identifier: MIT */
/*
 * The way of a stream: one worker at a time reads and decodes, one at a time
 * cuts chunks off the decoded text, and all map what they have cut.
 *
 * Threads: see struct ng_stream.
 */
#ifndef NG_ENGINE_STREAM_H
#define NG_ENGINE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/block.h"
#include "inflate/gzip.h"
#include "sched/monitor.h"

struct ng_job;
struct ng_worker;

struct ng_stream {
  /* Used by the worker that decodes, see `decoding`. */
  struct ng_gzip *gzip; /* NULL: plain text */
  uint64_t bytes_read;  /* of plain text */
  uint64_t next_number;

  struct ng_monitor monitor; /* guards the rest, and the map's part of blocks */
  unsigned blocks_left;      /* that may still be made */
  struct ng_block *spare;    /* blocks to decode into */
  struct ng_block *ready;    /* decoded, to be cut, in order */
  struct ng_block **ready_end;
  bool decoding;                 /* a worker is about it */
  bool ended;                    /* everything is decoded */
  uint64_t chunk_size;           /* rows; 0: a chunk is a block */
  uint64_t rows_left;            /* of the batch of chunks begun */
  struct ng_worker *chunk_owner; /* the worker whose batch is not complete */
};

/* Open the decoder. False: no memory; free it all the same. */
bool ng_stream_init(struct ng_stream *stream, struct ng_job *job);
void ng_stream_free(struct ng_stream *stream, struct ng_job *job);

/* Work until the stream is mapped or the job stops. */
void ng_stream_work(struct ng_stream *stream, struct ng_worker *worker);

/* Bytes of the file that have been read. */
uint64_t ng_stream_bytes_read(const struct ng_stream *stream);

#endif
