/* SPDX-License-Identifier: MIT */
/*
 * The commit takes reports from any worker, in any order. It puts them into a
 * reorder buffer, and the worker that brings the next one in order commits it
 * and all that waited for it, under the lock:
 *
 *   1. The head of the block is appended to the open line. If the head ends
 *      with a newline (or split point), the sink scans that line, and the tail
 *      begins the next one.
 *   2. The first fault of the block is chosen among head, body, member ends and
 *      input. It ends the text, by an error or by being salvaged.
 *   3. The sink hears of the block. If there is no error, the totals are added.
 *   4. The report is freed. If the sink has not taken the block, it goes to the
 *      list of spent blocks, for the worker to give back to the pool.
 *
 * After the last report the open line, if there is one, is scanned as the last
 * line of the file.
 *
 * The earliest error is the one that a reader of single bytes would meet first.
 * Such a reader knows a row when it has seen its newline; a line that is too
 * long when it has seen two bytes more than allowed (the first could be a CR
 * that belongs to the end); a wrong CRC at the end of the member's text; and
 * damage of the compressed data after all text before it. So each fault has a
 * position in the text, and the least one is reported, wherever the edges of
 * blocks fall.
 *
 * Reports that wait are memory without a limit of their own: if they take more
 * than `room_bytes`, workers begin no more blocks until the one that all wait
 * for has come (ng_commit_is_full()).
 */
#include "scan/commit.h"

#include <stdlib.h>
#include <string.h>

#include "base/crc32.h"
#include "fault/fail.h"
#include "sched/cond.h"
#include "text/scanner.h"

/* Reports that may wait: ROOM_BYTES; with a memory limit, its ROOM_PARTS-th
   part if that is less, but ROOM_BYTES_LEAST at least. */
#define ROOM_BYTES ((uint64_t)64 << 20)
#define ROOM_BYTES_LEAST ((uint64_t)256 << 10)
#define ROOM_PARTS 16

/* How long a worker waits for room before it checks for a stop. */
#define WAIT_MS 10

static uint64_t choose_room(uint64_t limit_bytes)
{
  uint64_t room = limit_bytes / ROOM_PARTS;

  if (limit_bytes == 0 || room > ROOM_BYTES)
    return ROOM_BYTES;
  return room > ROOM_BYTES_LEAST ? room : ROOM_BYTES_LEAST;
}

void ng_commit_init(struct ng_commit *commit, const char *path,
                    struct ng_sink *sink, enum ngram_on_error on_error,
                    struct ng_budget *budget, struct ngram_error *error)
{
  *commit = (struct ng_commit){.path = path,
                               .sink = sink,
                               .on_error = on_error,
                               .budget = budget,
                               .room_bytes = choose_room(budget->limit_bytes),
                               .error = error};
  ng_open_line_init(&commit->line, budget);
  ng_reorder_init(&commit->order);
  pthread_mutex_init(&commit->lock, NULL);
  ng_cond_init(&commit->drained);
}

/* A report begins to wait, or ends to. */
static void note_waiting(struct ng_commit *commit,
                         const struct ng_report *report)
{
  ng_budget_note(commit->budget, report->report_bytes);
  atomic_fetch_add(&commit->waiting_bytes, report->report_bytes);
}

static void forget_waiting(struct ng_commit *commit,
                           const struct ng_report *report)
{
  ng_budget_forget(commit->budget, report->report_bytes);
  atomic_fetch_sub(&commit->waiting_bytes, report->report_bytes);
}

/* Free a report; its block is spent, unless the sink has taken it. */
static void report_free(struct ng_commit *commit, struct ng_report *report)
{
  struct ng_block *block = report->block;

  if (block) {
    block->next = commit->spent;
    commit->spent = block;
  }
  free(report);
}

void ng_commit_free(struct ng_commit *commit)
{
  struct ng_report *report;

  while ((report = ng_reorder_drain(&commit->order))) {
    forget_waiting(commit, report);
    report_free(commit, report);
  }
  ng_block_free_list(commit->spent, commit->budget);
  ng_reorder_free(&commit->order);
  ng_open_line_free(&commit->line);
  pthread_cond_destroy(&commit->drained);
  pthread_mutex_destroy(&commit->lock);
}

static bool skips_bad_rows(const struct ng_commit *commit)
{
  return commit->on_error != NGRAM_ON_ERROR_FAIL;
}

/* ---------------------------------------------------------- joined lines -- */

/* The open line is too long; `before` bytes of it come from earlier blocks. */
static void fault_too_long(const struct ng_commit *commit,
                           struct ng_block_fault *fault, uint64_t before)
{
  fault->row.kind =
      commit->tokens == NG_TOKENS_NONE ? NG_ROW_TOO_LONG : NG_ROW_WORD_TOO_LONG;
  fault->line = 0;
  fault->position =
      before < NG_LINE_HOPELESS ? NG_LINE_HOPELESS - (size_t)before : 0;
}

/* Have the sink scan the open line. Returns false if there is no memory. */
static bool scan_line(struct ng_commit *commit, unsigned worker,
                      struct ng_scanner_result *result)
{
  const char *line = ng_open_line_text(&commit->line);
  size_t size = (size_t)commit->line.size;

  *result = (struct ng_scanner_result){.lines = 0};
  commit->sink->ops->line(commit->sink, worker, commit, line, size, result);
  return !result->stopped;
}

/* Scan the joined line, which has its newline (or split point), and set *fault.
   `known_at` is the position in the block after which a fault of the line is
   known. */
static void read_joined(struct ng_commit *commit, unsigned worker,
                        uint64_t before, size_t known_at,
                        struct ng_block_fault *fault)
{
  struct ng_scanner_result result;

  if (ng_open_line_is_hopeless(&commit->line)) {
    if (skips_bad_rows(commit))
      commit->skipped++;
    else
      fault_too_long(commit, fault, before);
    return;
  }
  if (!scan_line(commit, worker, &result))
    commit->status = ng_fail_memory(commit->error);
  commit->skipped += result.skipped;
  commit->rows += result.rows;
  fault->row = result.fault;
  fault->position = known_at;
}

/* Append the head to the open line, and scan the line if it has ended. Returns
   false if there is no memory. */
static bool join_head(struct ng_commit *commit, struct ng_report *report,
                      unsigned worker, struct ng_block_fault *fault)
{
  uint64_t before = commit->line.size;

  if (!ng_open_line_append(&commit->line, report->head, report->head_size))
    return false;
  if (report->has_split_point) {
    read_joined(commit, worker, before, report->head_size, fault);
    ng_open_line_clear(&commit->line);
  } else if (commit->line.size >= NG_LINE_HOPELESS && !skips_bad_rows(commit)) {
    fault_too_long(commit, fault, before);
  }
  return commit->status == NGRAM_OK;
}

/* Scan the last line, if it has no newline; its fault is known at the end of
   the file. Returns false if there is no memory. */
static bool join_last_line(struct ng_commit *commit, unsigned worker,
                           struct ng_block_fault *fault)
{
  struct ng_open_line *line = &commit->line;

  commit->lines += commit->in_line;
  if (line->size == 0)
    return true;
  /* A CR counts as part of an end only before a newline; a second one keeps it
     in the row. */
  if (!ng_open_line_is_hopeless(line) &&
      ng_open_line_text(line)[line->size - 1] == '\r' &&
      !ng_open_line_append(line, "\r", 1))
    return false;
  if (!ng_open_line_append(line, "\n", 1))
    return false;
  read_joined(commit, worker, line->size, 0, fault);
  return commit->status == NGRAM_OK;
}

/* --------------------------------------------------------------- members -- */

static void add_piece(struct ng_commit *commit, const struct ng_piece *piece)
{
  commit->member_crc =
      ng_crc32_combine(commit->member_crc, piece->crc, piece->size);
  commit->member_bytes += piece->size;
}

/* Verify the members that end before *position, where the first row fault is
   known. Returns false if one is damaged: *position is where its text ends. */
static bool check_members(struct ng_commit *commit,
                          const struct ng_report *report, size_t *position,
                          struct ng_gzip_fault *fault)
{
  for (size_t i = 0; i < report->end_count; i++) {
    if (report->ends[i].text_end < *position) {
      add_piece(commit, &report->pieces[i]);
      if (!ng_member_is_good(&report->ends[i], commit->member_crc,
                             commit->member_bytes, fault)) {
        *position = report->ends[i].text_end;
        return false;
      }
      commit->member_crc = 0;
      commit->member_bytes = 0;
    }
  }
  add_piece(commit, &report->pieces[report->end_count]);
  return true;
}

/* --------------------------------------------------------------- reports -- */

static void fail_row(struct ng_commit *commit,
                     const struct ng_block_fault *fault)
{
  commit->status = ng_fail_row(commit->error, commit->path,
                               commit->lines + fault->line + 1, &fault->row);
}

/* Returns whether the input is to end at this fault without error. Faults that
   are no damage of the file stay errors. */
static bool is_to_salvage(const struct ng_commit *commit,
                          const struct ng_gzip_fault *fault)
{
  if (commit->on_error != NGRAM_ON_ERROR_SALVAGE)
    return false;
  switch (fault->kind) {
  case NG_GZIP_OK:
  case NG_GZIP_READ_FAILED:
  case NG_GZIP_NO_MEMORY:
  case NG_GZIP_BAD_POINT:
    return false;
  default:
    return true;
  }
}

/* End the text with this report, whose block ends where the fault is. The open
   line is skipped: its rest may be in what cannot be read. */
static void salvage(struct ng_commit *commit, struct ng_report *report,
                    const struct ng_gzip_fault *fault)
{
  commit->salvaged = true;
  commit->salvaged_at = fault->file_offset;
  report->last = true;
  if (commit->line.size > 0) {
    commit->skipped++;
    ng_open_line_clear(&commit->line);
  }
}

/* End the input at this fault, by an error or by salvaging. A wrong seek point
   is no error of the file, so it has no message. */
static void end_input(struct ng_commit *commit, struct ng_report *report,
                      const struct ng_gzip_fault *fault)
{
  if (is_to_salvage(commit, fault)) {
    salvage(commit, report, fault);
    return;
  }
  commit->has_bad_point = fault->kind == NG_GZIP_BAD_POINT;
  commit->status = commit->has_bad_point
                       ? NGRAM_BAD_INPUT
                       : ng_fail_gzip(commit->error, commit->path, fault);
}

/* Find the first row fault, of the head or the body, and append the tail to the
   open line. A tail alone is never hopeless: blocks are shorter than the
   longest line. Returns false if there is no memory. */
static bool find_row_fault(struct ng_commit *commit, struct ng_report *report,
                           unsigned worker, struct ng_block_fault *fault)
{
  *fault = (struct ng_block_fault){.line = 0};
  if (report->size > 0 && !join_head(commit, report, worker, fault))
    return false;
  if (fault->row.kind == NG_ROW_OK)
    *fault = report->fault;
  if (report->has_split_point)
    return ng_open_line_append(&commit->line, report->tail, report->tail_size);
  return true;
}

/* Commit a report that is next in order. Returns false after an error, which is
   in commit->status. */
static bool commit_report(struct ng_commit *commit, struct ng_report *report,
                          unsigned worker)
{
  struct ng_gzip_fault member = {.kind = NG_GZIP_OK};
  struct ng_block_fault row;
  bool has_row_fault;
  size_t position;

  if (!find_row_fault(commit, report, worker, &row)) {
    if (commit->status == NGRAM_OK)
      commit->status = ng_fail_memory(commit->error);
    return false;
  }
  has_row_fault = row.row.kind != NG_ROW_OK;
  position = has_row_fault ? row.position : SIZE_MAX;
  if (report->checked && !check_members(commit, report, &position, &member))
    end_input(commit, report, &member);
  else if (has_row_fault)
    fail_row(commit, &row);
  else if (report->in_fault.kind != NG_GZIP_OK)
    end_input(commit, report, &report->in_fault);
  if (commit->sink->ops->commit)
    commit->sink->ops->commit(commit->sink, worker, commit, report, position);
  if (commit->status != NGRAM_OK)
    return false;
  commit->blocks += report->size > 0;
  commit->text_bytes += report->size;
  commit->lines += report->lines;
  if (report->size > 0)
    commit->in_line = report->is_open;
  commit->skipped += report->skipped;
  commit->rows += report->rows;
  return true;
}

/* All reports are committed. */
static void commit_end(struct ng_commit *commit, unsigned worker)
{
  struct ng_block_fault fault = {.line = 0};

  if (!join_last_line(commit, worker, &fault)) {
    if (commit->status == NGRAM_OK)
      commit->status = ng_fail_memory(commit->error);
  } else if (fault.row.kind != NG_ROW_OK) {
    commit->lines--; /* fail_row() adds the line that was just counted */
    fail_row(commit, &fault);
  } else {
    commit->complete = true;
  }
}

bool ng_commit_has_ended(const struct ng_commit *commit)
{
  return commit->complete || commit->status != NGRAM_OK;
}

static void end_sink(struct ng_commit *commit)
{
  if (!commit->has_told_end && commit->sink->ops->end)
    commit->sink->ops->end(commit->sink, commit->complete);
  commit->has_told_end = true;
}

/* After an error, reports are only freed. */
static void commit_next(struct ng_commit *commit, struct ng_report *report,
                        unsigned worker)
{
  if (commit->status == NGRAM_OK && commit_report(commit, report, worker) &&
      report->last)
    commit_end(commit, worker);
  report_free(commit, report);
}

/* Returns the next report in order; NULL if it has not come, or if the pass is
   to stop. */
static struct ng_report *take_report(struct ng_commit *commit)
{
  if (commit->stop && atomic_load(commit->stop))
    return NULL;
  return ng_reorder_take(&commit->order);
}

bool ng_commit_add(struct ng_commit *commit, struct ng_report *report,
                   unsigned worker)
{
  bool ok;

  pthread_mutex_lock(&commit->lock);
  if (ng_reorder_put(&commit->order, report->number, report)) {
    note_waiting(commit, report);
    while ((report = take_report(commit))) {
      forget_waiting(commit, report);
      ng_reorder_skip(&commit->order, report->next_number);
      commit_next(commit, report, worker);
    }
  } else {
    report_free(commit, report);
    if (commit->status == NGRAM_OK)
      commit->status = ng_fail_memory(commit->error);
  }
  atomic_store(&commit->next_number, commit->order.next);
  pthread_cond_broadcast(&commit->drained);
  if (ng_commit_has_ended(commit))
    end_sink(commit);
  ok = commit->status == NGRAM_OK;
  pthread_mutex_unlock(&commit->lock);
  return ok;
}

struct ng_block *ng_commit_take_spent(struct ng_commit *commit)
{
  struct ng_block *spent;

  pthread_mutex_lock(&commit->lock);
  spent = commit->spent;
  commit->spent = NULL;
  pthread_mutex_unlock(&commit->lock);
  return spent;
}

bool ng_commit_is_full(const struct ng_commit *commit)
{
  return atomic_load(&commit->waiting_bytes) > commit->room_bytes;
}

void ng_commit_wait_for_room(struct ng_commit *commit, uint64_t number)
{
  pthread_mutex_lock(&commit->lock);
  if (ng_commit_is_full(commit) && commit->order.next < number)
    ng_cond_wait_ms(&commit->drained, &commit->lock, WAIT_MS);
  pthread_mutex_unlock(&commit->lock);
}
