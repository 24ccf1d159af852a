/* SPDX-License-Identifier: MIT */
/*
 * A pass over the text of one file, which a sink consumes. This file has the
 * state that its workers share; scan/scan.h has its life.
 *
 * The plan (scan/plan.h) chooses one of three strategies by which workers get
 * blocks of text: extents of a plain file (scan/map.h), stretches between seek
 * points (scan/points.h), or a stream with one decoder at its front
 * (scan/stream.h). To map a block (scan/map.h) is to have the sink scan its
 * text and to hand its report to the commit (scan/commit.h). In a stream,
 * workers may decode ahead of the front; the stretches of scan/speculation.h
 * are parts of equal size, and not those between seek points.
 *
 * Invariants:
 *   - No thread outlives the pass that made it.
 *   - No pass ends with NGRAM_OK before every byte was read and the CRC-32 and
 *     length of every member were verified, but for input that is salvaged.
 *   - The sink gets the same text for every number of workers, chunk size,
 *     strategy, decoder and kernel.
 *   - The error reported is the one at the earliest position of the text, on
 *     any schedule.
 *   - Memory held is bounded: what the sink holds, plan.blocks blocks, some
 *     4 MiB for each of at most 32 speculative chunks, the reports that wait
 *     for earlier ones (commit.room_bytes), and one line that is joined.
 *   - A thread holds at most one lock at a time. Every loop over input checks
 *     the stop flag once a block.
 */
#ifndef NG_SCAN_PASS_H
#define NG_SCAN_PASS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/budget.h"
#include "inflate/bgzf.h"
#include "inflate/reader.h"
#include "inflate/seek_points.h"
#include "inflate/speculative.h"
#include "inflate/zip.h"
#include "ngram.h"
#include "scan/block.h"
#include "scan/commit.h"
#include "scan/control.h"
#include "scan/plan.h"
#include "scan/request.h"
#include "scan/sink.h"
#include "scan/stream_state.h"
#include "source/source.h"
#include "text/scanner.h"

struct ng_pass;

/* A worker of a pass. Only the worker writes it; the caller of the pass reads
   the seconds after the worker has ended. */
struct ng_worker {
  struct ng_pass *pass;
  unsigned number;     /* below plan.workers */
  struct ng_bgzf bgzf; /* members it has cut off; if plan.cuts_members */
  struct ng_speculative_context speculative; /* if plan.speculates */
  double decode_seconds;                     /* spent reading and decoding */
  double map_seconds;                        /* spent scanning and committing */
};

struct ng_pass {
  /* Set by the caller of the pass before the workers start; workers only read
     them. */
  const char *path; /* borrowed; as the caller wrote it */
  char *full_path;  /* owned; the key of the index */
  const struct ngram_count_options *options; /* borrowed */
  struct ng_plan plan;
  struct ng_source *source;   /* owned */
  enum ng_layout layout;      /* of rows */
  struct ng_request *request; /* borrowed */
  struct ng_sink *sink;       /* borrowed */
  enum ng_format format;      /* set when the file is opened */
  bool is_tiny;               /* the bytes read to find it are the whole file */
  struct ng_zip *zip;         /* owned; NULL if the file is no zip archive */
  const struct ng_seek_points *points; /* borrowed; NULL: do not use any */
  struct ng_seek_points taken; /* owned; if the sink keeps blocks, what `points`
                                  points to: the pass has taken them out of the
                                  index, and puts them back when it is closed */
  uint64_t *stretch_numbers;   /* owned; the sequence number of the first block
                                  of each stretch; if the strategy is points */

  /* Written while workers run, each under its own rule. */
  struct ng_budget *budget;      /* borrowed; atomic */
  struct ng_control control;     /* see scan/control.h */
  struct ng_commit commit;       /* under commit.lock */
  struct ng_stream stream;       /* under stream.monitor; its pool serves
                                    all strategies */
  _Atomic uint64_t next_extent;  /* the next extent or stretch to be drawn */
  _Atomic uint64_t points_bytes; /* bytes of the file in finished stretches */

  struct ng_worker *workers; /* owned; plan.workers */
  unsigned worker_count;     /* that ran; set by the caller of the pass */
  uint64_t noted_bytes; /* of this file in request->part_bytes; written by the
                           worker of a pass with one worker */
};

/* Returns whether the calling worker must return: because the pass is to stop
   or, if the worker runs in the thread of the caller of the pass, because the
   sink has output for that caller. */
bool ng_pass_must_pause(struct ng_pass *pass);

/* Returns how the text is to be scanned: kernel, layout, tokens, years, and
   whether bad rows are skipped. Valid once the pass is planned and its layout
   is known; called by sinks in begin(). */
struct ng_scanner_options ng_pass_scanner_options(const struct ng_pass *pass);

/* Tell the host the progress of a pass, which is the context. Returns not 0 if
   the host wants to stop. pass->control calls it, in the thread of the caller
   of the pass. */
int ng_pass_ask(void *pass);

/* Add a block of `text_bytes` of text, which has been scanned, to the progress.
   By any worker. */
void ng_pass_note(struct ng_pass *pass, size_t text_bytes);

#endif
