/* SPDX-License-Identifier: MIT */
/*
 * The sink of postings: a pass with this sink makes the postings of a file.
 *
 * Threads: workers of the pass call the sink (scan/sink.h). The caller of the
 * pass calls the functions below, while no worker runs.
 */
#ifndef NG_ROWS_POSTINGS_SINK_H
#define NG_ROWS_POSTINGS_SINK_H

#include "rows/postings.h"
#include "scan/pass.h"
#include "scan/sink.h"

struct ng_postings_worker;

struct ng_postings_sink {
  struct ng_sink sink;
  struct ng_postings *postings; /* borrowed; changed under the commit's lock */
  struct ng_pass *pass;         /* borrowed; set when the pass begins */
  struct ng_postings_worker *workers; /* owned; NULL until the pass begins */
};

/* Initialize a sink that appends to new, borrowed postings. They get all words,
   whatever the options of the pass ask for. The caller calls ng_postings_end()
   after the pass. */
void ng_postings_sink_init(struct ng_postings_sink *sink,
                           struct ng_postings *postings);
/* Free what the sink owns, after the pass has ended or without one. */
void ng_postings_sink_free(struct ng_postings_sink *sink);

#endif
