/* SPDX-License-Identifier: MIT */
/*
 * A pass over the text of one file, which a sink consumes. What its
 * workers share.
 *
 * Invariants:
 *   - No thread outlives the pass that made it.
 *   - No pass ends well before every byte was read and every member's CRC-32
 *     and length agree.
 *   - What the sink gets is the same for every number of workers, chunk size,
 *     way, decoder and kernel.
 *   - The error reported is the one at the earliest offset, on any schedule.
 *   - Memory held: what the sink holds, one block for each place in the pool,
 *     some 4 MiB for each slot of a guess, at most 32, what the commit waits
 * for, and one line that it joins.
 *   - At most one lock is held at a time. Every loop over input looks at the
 *     stop flag once a block.
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

/* A map worker. All but `pass` is its own until it has ended. */
struct ng_worker {
  struct ng_pass *pass;
  unsigned number;                       /* below plan.workers */
  struct ng_bgzf bgzf;                   /* what it decodes by itself */
  struct ng_speculative_context guesser; /* what it decodes ahead with */
  double decode_seconds;
  double map_seconds;
};

struct ng_pass {
  /* Set before the workers start, and only read by them. */
  const char *path; /* as the caller has it */
  char *full_path;  /* owned; as the index knows it */
  const struct ngram_count_options *options;
  struct ng_plan plan;
  struct ng_source *source;
  enum ng_layout layout;
  struct ng_request *request; /* borrowed */
  struct ng_sink *sink;       /* borrowed */
  enum ng_format format;
  bool is_tiny;       /* the bytes that tell the format are all of the file */
  struct ng_zip *zip; /* owned; NULL: the file is none */
  const struct ng_seek_points *points; /* borrowed; NULL: none are used */
  struct ng_seek_points taken;         /* out of the index, to be put back */
  uint64_t *stretch_numbers; /* of the first block behind each point */

  /* Shared, each with its own rule. */
  struct ng_budget *budget;
  struct ng_control control;
  struct ng_commit commit;
  struct ng_stream stream;
  _Atomic uint64_t next_extent;  /* or stretch, to be drawn */
  _Atomic uint64_t points_bytes; /* of the file, in stretches that are done */

  struct ng_worker *workers;
  unsigned worker_count; /* that worked */
  uint64_t noted_bytes;  /* of the file, in request->part_bytes; one worker */
};

/* Whether to stop, or, where a worker is in the caller's thread, to come back
   to it, for the sink has something there. */
bool ng_pass_must_pause(struct ng_pass *pass);

/* How the text is to be scanned: its layout, kernel, tokens, years and bad
   rows. The pass is planned, and its layout known. */
struct ng_scanner_options ng_pass_scanner_options(const struct ng_pass *pass);

/* What the host is asked about a pass, its context: ng_control_init() takes it.
   Tells the host how far the pass is. */
int ng_pass_ask(void *pass);

/* A block of so much text is mapped. */
void ng_pass_note(struct ng_pass *pass, size_t text_bytes);

#endif
