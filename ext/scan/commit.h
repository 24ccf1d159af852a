/* SPDX-License-Identifier: MIT */
/*
 * The commit: the one place where order matters.
 *
 * Blocks are mapped in any order; their reports are committed in the order of
 * the file. Here lines that cross a seam are joined and counted, line numbers
 * are known, CRC-32 and length of every member are checked, and the earliest
 * error is told from later ones.
 *
 * Threads: ng_commit_add() may be called from any number of threads at once.
 */
#ifndef NG_SCAN_COMMIT_H
#define NG_SCAN_COMMIT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "ngram.h"
#include "scan/block.h"
#include "scan/open_line.h"
#include "scan/sink.h"
#include "sched/reorder.h"

struct ng_commit {
  const char *path; /* borrowed, for messages */
  enum ngram_on_error on_error;
  struct ng_sink *sink;         /* borrowed */
  enum ng_tokens tokens;        /* of free text; NONE: rows */
  const atomic_bool *stop;      /* borrowed: of the pass; NULL: never */
  _Atomic uint64_t next_number; /* of the block that is to be committed next */

  struct ng_budget *budget; /* borrowed: of reports that wait for earlier ones,
                               and of the line */
  uint64_t room_bytes; /* of those reports, past which no worker runs ahead */
  _Atomic uint64_t waiting_bytes; /* of those reports */

  pthread_mutex_t lock;   /* guards all below while workers run */
  pthread_cond_t drained; /* a report that was waited for has come */
  struct ng_reorder order;
  enum ngram_status status;  /* of the earliest error so far */
  struct ngram_error *error; /* borrowed, may be NULL */
  bool complete;      /* the last block has been committed, without error */
  bool has_told_end;  /* to the sink */
  bool has_bad_point; /* a seek point before any error was wrong */

  bool salvaged;        /* the input ended before its end, complete or not, */
  uint64_t salvaged_at; /* at this byte of the file */

  uint64_t blocks; /* committed, that held text */
  uint64_t text_bytes;
  uint64_t lines;   /* that ended, bad ones among them */
  bool in_line;     /* behind them another one has begun */
  uint64_t skipped; /* bad ones */
  uint64_t rows;    /* of good ones */

  struct ng_open_line line; /* that is not complete yet */
  struct ng_block *spent;   /* committed, and not taken by the sink: to go back
                               to the pool */

  uint32_t member_crc; /* of the member that is not complete yet */
  uint64_t member_bytes;
};

/* False: no memory. `tokens` and `stop` are set after it. `budget` is borrowed;
   its limit bounds how far workers run ahead. */
bool ng_commit_init(struct ng_commit *commit, const char *path,
                    struct ng_sink *sink, enum ngram_on_error on_error,
                    struct ng_budget *budget, struct ngram_error *error);
void ng_commit_free(struct ng_commit *commit);

/*
 * Hand in a report; the commit takes ownership. Folds all reports that are next
 * in order, until the pass is to stop: many may have waited for this one. The
 * sink scans joined lines in the name of `worker`. Returns false when the scan
 * is to stop: on an error, see commit->status.
 */
bool ng_commit_add(struct ng_commit *commit, struct ng_report *report,
                   unsigned worker);

/* Take the list of blocks that are committed and were not taken by the sink. */
struct ng_block *ng_commit_take_spent(struct ng_commit *commit);

/* Whether the text has ended, complete or by an error. The lock is held. */
bool ng_commit_has_ended(const struct ng_commit *commit);

/*
 * Whether so much waits for earlier blocks that no worker should begin another
 * one. Those that have a number are to be mapped all the same: what waits,
 * waits for one of them.
 */
bool ng_commit_is_full(const struct ng_commit *commit);

/* Wait, at most some milliseconds, unless block `number` is the next one or
   there is room. */
void ng_commit_wait_for_room(struct ng_commit *commit, uint64_t number);

#endif
