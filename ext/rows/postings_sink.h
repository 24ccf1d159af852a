/* SPDX-License-Identifier: MIT */
/*
 * The sink of postings: which words stand in which part of the text.
 *
 * A part is the body of a block and the line that follows it. Workers list the
 * words of their blocks; the commit puts the lists in order.
 */
#ifndef NG_ROWS_POSTINGS_SINK_H
#define NG_ROWS_POSTINGS_SINK_H

#include "rows/postings.h"
#include "scan/pass.h"
#include "scan/sink.h"

struct ng_postings_worker;

struct ng_postings_sink {
  struct ng_sink sink;
  struct ng_postings *postings;       /* borrowed, to be made */
  struct ng_pass *pass;               /* borrowed */
  struct ng_postings_worker *workers; /* owned; NULL: it has not begun */
};

/* Postings of all words, whatever the options of the pass ask for. */
void ng_postings_sink_init(struct ng_postings_sink *sink,
                           struct ng_postings *postings);
void ng_postings_sink_free(struct ng_postings_sink *sink);

#endif
