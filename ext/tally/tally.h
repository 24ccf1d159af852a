/* SPDX-License-Identifier: MIT */
/*
 * The sink of totals: what the scan adds up for each word goes to the worker's
 * own table.
 */
#ifndef NG_TALLY_TALLY_H
#define NG_TALLY_TALLY_H

#include "count/table.h"
#include "scan/pass.h"
#include "scan/sink.h"

struct ng_tally_worker;

struct ng_tally {
  struct ng_sink sink;
  struct ng_pass *pass;            /* borrowed */
  struct ng_table *tables;         /* borrowed: one for each worker, or more */
  struct ng_tally_worker *workers; /* owned; NULL: it has not begun */
};

/* Ready the sink. The caller sets `tables` after the pass is planned, and may
   use them for other passes after this one. */
void ng_tally_init(struct ng_tally *tally);

/* The pass has ended, or never began. After an error the tables hold a part of
   the totals. */
void ng_tally_free(struct ng_tally *tally);

#endif
