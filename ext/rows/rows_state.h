/* SPDX-License-Identifier: MIT */
/*
 * Rows that are read one by one: the files of a path, one after the other.
 *
 * Threads: one at a time; those that work are made and joined here.
 */
#ifndef NG_ROWS_ROWS_STATE_H
#define NG_ROWS_ROWS_STATE_H

#include <sys/types.h>

#include "ngram.h"
#include "rows/lookup.h"
#include "rows/lookups.h"
#include "rows/row_queue.h"
#include "rows/rows_question.h"
#include "scan/scan.h"
#include "sched/team.h"
#include "store/files.h"

/* What the readings of one connection remember of files; zero: nothing. */
struct ng_rows_memory {
  struct ng_lookups *lookups; /* borrowed; NULL: nothing is remembered */
  uint64_t limit_bytes;       /* that lookups and results may take together */
  void *owner;                /* borrowed, for the functions */
  /* Drop what does not fit the limit. */
  void (*trim)(void *owner);
  /* Standard input is to be read, which can be done once. False: it was. */
  bool (*take_stdin)(void *owner, const struct ng_source *source);
};

struct ngram_rows {
  struct ng_rows_question question; /* options, and what they point to */
  struct ng_rows_memory memory;
  struct ng_budget budget;
  struct ng_request request;
  struct ng_files files;
  size_t file; /* the one that is read */

  /* Of that file. */
  struct ng_row_queue queue;
  struct ng_pass pass;
  bool is_open;   /* the two of them */
  bool is_set_up; /* the pass */
  bool must_sort; /* its rows are to be sorted by year before it is read */
  struct ng_team team;
  struct ng_batch *batch; /* in the caller's hands */
  struct ng_lookup lookup;
  uint64_t rows_before; /* in the files before it */
  uint64_t served;      /* the last row that was, and 1 */

  pid_t process; /* that opened them */
  double began;
  struct ngram_scan_stats stats; /* of the files before it */
  bool ended;                    /* there are no more rows */
  enum ngram_status status;      /* why, if that is an error */
  struct ngram_error error;
};

#endif
