/* SPDX-License-Identifier: MIT */
/*
 * The sink of totals: each worker adds the word groups of the text that it
 * scans to a table of its own.
 *
 * Threads: workers of the pass call the sink (scan/sink.h), each on its own
 * struct ng_tally_worker and table. The caller of the pass calls the functions
 * below, while no worker runs.
 */
#ifndef NG_TALLY_TALLY_H
#define NG_TALLY_TALLY_H

#include "count/table.h"
#include "scan/pass.h"
#include "scan/sink.h"

struct ng_tally_worker;

struct ng_tally {
  struct ng_sink sink;
  struct ng_pass *pass;            /* borrowed; set when the pass begins */
  struct ng_table *tables;         /* borrowed; at least one for each worker */
  struct ng_tally_worker *workers; /* owned; NULL until the pass begins */
};

/* Initialize the sink. The caller sets `tables` before the pass begins, and may
   use the same tables for other passes afterwards. */
void ng_tally_init(struct ng_tally *tally);

/* Free what the sink owns, after the pass has ended or without one. The tables
   hold all totals of the text, or a part of them if the pass failed. */
void ng_tally_free(struct ng_tally *tally);

#endif
