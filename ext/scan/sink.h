/* SPDX-License-Identifier: MIT */
/*
 * A sink consumes the text of a pass (scan/pass.h). There is one for totals
 * (tally/tally.h), one for rows (rows/row_queue.h) and one for postings
 * (rows/postings_sink.h).
 *
 * A pass cuts the text of a file into blocks (scan/block.h). Its workers scan
 * the blocks in any order, and the commit (scan/commit.h) takes their reports
 * in the order of the file. The sink takes part in both: it scans the text of a
 * block in whatever worker has it, and hears of each block again in order, with
 * what is known only then: its line and row numbers, and whether the text
 * before it is good.
 *
 * Calls, in order of time:
 *
 *     begin()                 once, by the caller of the pass
 *     text(), scanned()       by all workers at once, in any order of blocks
 *     line(), commit(), end() in the order of the file, under the commit's lock
 *     has_output()            between two blocks, by a worker in the thread of
 *                             the caller of the pass
 *     finish()                once by each worker, after its last text()
 *
 * A sink is a struct whose first member is a struct ng_sink. The caller of the
 * pass owns it, and frees it after the workers have ended.
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

/* `begin`, `text` and `line` are required; the others may be NULL. `worker` is
   the number of the worker that calls, below plan.workers. */
struct ng_sink_ops {
  /* Each block is handed to commit() with its report, and the sink may keep it
     there. If false, a block is reused as soon as its text has been scanned. */
  bool keeps_blocks;

  /* Prepare for the workers of a planned pass, which is borrowed. Returns false
     if there is no memory; the sink is freed all the same. */
  bool (*begin)(struct ng_sink *sink, struct ng_pass *pass);

  /* Scan text [from, to) of a block: whole lines or, of free text, whole words.
     Sets *result; `stopped` means that there is no memory. Holds no lock. Spans
     of one block may come from different workers at once. */
  void (*text)(struct ng_sink *sink, unsigned worker, struct ng_block *block,
               size_t from, size_t to, struct ng_scanner_result *result);

  /* All text of the block has been scanned. Holds no lock. */
  void (*scanned)(struct ng_sink *sink, unsigned worker,
                  struct ng_block *block);

  /* The worker calls text() and line() no more. Not called if the caller of the
     pass runs the workers itself (scan/workers.h). */
  void (*finish)(struct ng_sink *sink, unsigned worker);

  /* The three calls below come with the commit's lock held, so by one worker at
     a time. */

  /* Scan a line that lies across blocks, or the last line of a file that ends
     without newline. `text` belongs to the commit and is valid for the call.
     *result is zero before it; as of text(). */
  void (*line)(struct ng_sink *sink, unsigned worker,
               const struct ng_commit *commit, const char *text, size_t size,
               struct ng_scanner_result *result);

  /*
   * Commit a block. The totals in *commit are those of the text before it, but
   * `skipped` and `rows` include the line that its head completes. If the text
   * has an error in this block, only its first `good_size` bytes count; else
   * `good_size` is SIZE_MAX.
   *
   * A sink that keeps blocks takes report->block by setting it to NULL, and
   * later gives it back to the pool by ng_map_give_back(). The commit gives
   * back a block that is not taken.
   */
  void (*commit)(struct ng_sink *sink, unsigned worker,
                 const struct ng_commit *commit, struct ng_report *report,
                 size_t good_size);

  /* The text has ended: `complete`, or by an error. Called once, but never if
     the pass is stopped before its end. */
  void (*end)(struct ng_sink *sink, bool complete);

  /* Returns whether the sink holds something for the caller of the pass. Only
     asked where a worker runs in the thread of the caller, to which it then
     returns. */
  bool (*has_output)(const struct ng_sink *sink);
};

#endif
