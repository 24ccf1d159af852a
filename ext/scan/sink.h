/* SPDX-License-Identifier: MIT */
/*
 * What consumes the text of a pass: totals, rows, the words of each part.
 *
 * A pass cuts the text of a file into blocks, which its workers scan in any
 * order, and commits their reports in the order of the file (scan/commit.h).
 * The sink has its part in both: it scans what a worker hands it, and it is
 * told in order what has become of each block.
 *
 * A sink is a struct whose first member is a struct ng_sink. The caller of the
 * pass owns it, and frees it after the pass has ended.
 */
#ifndef NG_SCAN_SINK_H
#define NG_SCAN_SINK_H

#include <stdbool.h>
#include <stddef.h>

struct ng_block;
struct ng_commit;
struct ng_pass;
struct ng_report;
struct ng_scanner_result;

struct ng_sink {
  const struct ng_sink_ops *ops;
};

/* All but `begin`, `text` and `line` may be NULL: there is nothing to do.
   `worker` is the number of the worker that calls, below plan.workers. */
struct ng_sink_ops {
  /* Blocks go with their reports: commit() may keep one, and the caller of the
     pass gives it back. Else a block is free when its text has been scanned. */
  bool keeps_blocks;

  /* Ready the sink for the workers of a pass that is planned. False: no memory;
     the sink is freed all the same. */
  bool (*begin)(struct ng_sink *sink, struct ng_pass *pass);

  /* Scan text [from, to) of a block, whole lines. Called by all workers at
     once, in any order. */
  void (*text)(struct ng_sink *sink, unsigned worker, struct ng_block *block,
               size_t from, size_t to, struct ng_scanner_result *result);

  /* All of the block's text has been scanned. As text(). */
  void (*scanned)(struct ng_sink *sink, unsigned worker,
                  struct ng_block *block);

  /* The worker gets no more text. Called once by each worker. */
  void (*finish)(struct ng_sink *sink, unsigned worker);

  /* In the order of the file, by one worker at a time, the commit's lock held:
   */

  /* Scan a line that lay across blocks, or had no end. Its text is the
     commit's, and lasts for the call. */
  void (*line)(struct ng_sink *sink, unsigned worker,
               const struct ng_commit *commit, const char *text, size_t size,
               struct ng_scanner_result *result);

  /* Commit a block; the commit stands before it, but its head has been joined.
     Its first `good_size` bytes are good, what lies after them does not count.
     A sink that takes the block sets report->block to NULL. */
  void (*commit)(struct ng_sink *sink, unsigned worker,
                 const struct ng_commit *commit, struct ng_report *report,
                 size_t good_size);

  /* The text has ended, complete or by an error. Called once. */
  void (*end)(struct ng_sink *sink, bool complete);

  /* Whether something is there for the caller of the pass, so that a worker in
     the caller's thread has to return. */
  bool (*has_output)(const struct ng_sink *sink);
};

#endif
