/* SPDX-License-Identifier: MIT */
/*
 * The commit: the one place of a pass where order matters.
 *
 * Blocks are scanned in any order; their reports (scan/block.h) are committed
 * in the order of the file. A line that lies across blocks is joined here and
 * scanned by the sink, line numbers become known, CRC-32 and length of every
 * member are verified, the earliest error is chosen, and the sink hears of each
 * block (scan/sink.h, commit()).
 *
 * Use: ng_commit_init(), set `tokens` and `stop`; then any worker calls
 * ng_commit_add() once for each block; after the workers have ended, the caller
 * of the pass reads the results and calls ng_commit_free().
 *
 * Threads: any number at once, but for init and free.
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
  /* Set before workers start; then only read. */
  const char *path; /* borrowed, for messages */
  enum ngram_on_error on_error;
  struct ng_sink *sink;     /* borrowed */
  enum ng_tokens tokens;    /* NG_TOKENS_NONE: the text is rows */
  const atomic_bool *stop;  /* borrowed; of the pass; NULL: it never stops */
  struct ng_budget *budget; /* borrowed; for waiting reports and the line */
  uint64_t room_bytes;      /* of waiting reports; if there are more, no worker
                               begins a block */

  /* Written under `lock`, read by any thread without it. */
  _Atomic uint64_t next_number;   /* of the block to be committed next */
  _Atomic uint64_t waiting_bytes; /* of reports that wait for earlier ones */

  /* Read and written under `lock` while workers run. */
  pthread_mutex_t lock;
  pthread_cond_t drained;    /* a report was added; fewer may wait now */
  struct ng_reorder order;   /* owned; the reports that wait */
  enum ngram_status status;  /* of the earliest error so far */
  struct ngram_error *error; /* borrowed; may be NULL */
  bool complete;      /* the last block has been committed, without error */
  bool has_told_end;  /* sink->end() was called */
  bool has_bad_point; /* a seek point was wrong, before any other error */

  bool salvaged;        /* the input was ended by a fault, which is no error; */
  uint64_t salvaged_at; /* it lies at this byte of the file */

  /* What was committed. */
  uint64_t blocks; /* that held text */
  uint64_t text_bytes;
  uint64_t lines;   /* that ended, bad ones included */
  bool in_line;     /* text follows the last newline */
  uint64_t skipped; /* bad lines or, of free text, bad words */
  uint64_t rows;    /* of good lines */

  struct ng_open_line line; /* the line that has not ended yet */
  struct ng_block *spent;   /* a list of blocks that the sink did not take, to
                               be given back to the pool */

  uint32_t member_crc; /* of the text so far of the member that has not ended */
  uint64_t member_bytes; /* and its length */
};

/* Path, sink, budget and error are borrowed; budget->limit_bytes sets
   `room_bytes`. */
void ng_commit_init(struct ng_commit *commit, const char *path,
                    struct ng_sink *sink, enum ngram_on_error on_error,
                    struct ng_budget *budget, struct ngram_error *error);
void ng_commit_free(struct ng_commit *commit);

/*
 * Hand in the report of a block; the commit takes ownership of it, and of
 * report->block. Commits all reports that are next in order: many may have
 * waited for this one. Calls the sink in the name of `worker`. Leaves reports
 * uncommitted if the pass is to stop. Returns false after an error, which is in
 * commit->status: the caller stops the pass.
 */
bool ng_commit_add(struct ng_commit *commit, struct ng_report *report,
                   unsigned worker);

/* Take the list of spent blocks, which the caller then owns. Returns NULL if
   there is none. */
struct ng_block *ng_commit_take_spent(struct ng_commit *commit);

/* Returns whether the text has ended, complete or by an error. The caller holds
   the lock. */
bool ng_commit_has_ended(const struct ng_commit *commit);

/* Returns whether more than `room_bytes` of reports wait for earlier blocks.
   Then no worker begins another block. Blocks that have a sequence number are
   finished all the same, as one of them is what the reports wait for. */
bool ng_commit_is_full(const struct ng_commit *commit);

/* If the commit is full and block `number` is not the next one, wait for a
   change, some milliseconds at most. */
void ng_commit_wait_for_room(struct ng_commit *commit, uint64_t number);

#endif
