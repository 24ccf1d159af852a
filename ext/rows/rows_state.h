/* SPDX-License-Identifier: MIT */
/*
 * The state of struct ngram_rows of ngram.h, a reading of rows: the question,
 * the files of its path, and what is open of the current file. reading.c,
 * rows_file.c, rows_memory.c and rows_sort.c share it.
 *
 * Threads: one, the caller's. Workers of the current file are made and joined
 * in rows_file.c; they use `pass` and `queue` under the rules of those.
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

/* What the readings of one connection remember of files, in its cache.
   Remembers nothing if zeroed. */
struct ng_rows_memory {
  struct ng_lookups *lookups; /* borrowed; NULL if nothing is remembered */
  uint64_t limit_bytes;       /* for lookups and results together */
  void *owner;                /* borrowed; the argument of the functions */
  /* Drop what does not fit the limit. May be NULL. */
  void (*trim)(void *owner);
  /* Called for each source that is opened. Returns false if it is standard
     input and was read before: that can be read once. May be NULL. */
  bool (*take_stdin)(void *owner, const struct ng_source *source);
};

struct ngram_rows {
  struct ng_rows_question question; /* owns a copy of options and words */
  struct ng_rows_memory memory;
  struct ng_budget budget; /* of all memory of the reading */
  struct ng_request request;
  struct ng_files files; /* owned, in the order of names */
  size_t file;           /* index of the current file */

  /* Of the current file. It is read by a pass, or by `lookup` if that is open
     (lookup.pass is not NULL). */
  struct ng_row_queue queue;
  struct ng_pass pass;
  bool is_open;   /* `queue` and `pass` have to be freed */
  bool is_set_up; /* the pass or the lookup can give rows */
  bool must_sort; /* the rows have to be sorted by year before it is read */
  bool must_make_postings; /* the postings have to be made before that */
  struct ng_team team;     /* of the workers of the pass */
  struct ng_batch *batch;  /* lent to the caller; from `queue` or `lookup` */
  struct ng_lookup lookup;
  uint64_t rows_before; /* rows of the files before it */
  uint64_t served; /* its rows before this number were lent to the caller; they
                      are skipped if it is read again */

  pid_t process;                 /* that opened the rows */
  double began;                  /* time of that, by ng_clock_seconds() */
  struct ngram_scan_stats stats; /* of the files before it */
  bool ended;                    /* there are no more rows, or an error */
  enum ngram_status status;      /* NGRAM_OK, or that of the error, */
  struct ngram_error error;      /* which this describes */
};

#endif
