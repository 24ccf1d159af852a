/* SPDX-License-Identifier: MIT */
/*
 * Which error is the earliest? The one that a reader who takes the file byte
 * by byte would meet first. It knows a row when it has seen its newline; a
 * line that is too long when it has seen two bytes more than allowed (the
 * first could be a CR that belongs to the end); a wrong CRC at the end of the
 * member's text; and damage of the compressed data behind all text before it.
 * So each is given a position in the text, and the least one is reported,
 * wherever the edges of blocks fell.
 */
#include "engine/fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/crc32.h"
#include "engine/fault.h"
#include "sched/cond.h"
#include "text/scanner.h"

/* Without a memory limit, and of one at least, this much may wait for earlier
   blocks; of a limit, the part that ROOM_PARTS says. */
#define ROOM_BYTES ((uint64_t)64 << 20)
#define ROOM_BYTES_LEAST ((uint64_t)256 << 10)
#define ROOM_PARTS 16

/* How long a worker waits for room before it asks whether to stop. */
#define WAIT_MS 10

static uint64_t choose_room(uint64_t limit_bytes)
{
  uint64_t room = limit_bytes / ROOM_PARTS;

  if (limit_bytes == 0 || room > ROOM_BYTES)
    return ROOM_BYTES;
  return room > ROOM_BYTES_LEAST ? room : ROOM_BYTES_LEAST;
}

bool ng_fold_init(struct ng_fold *fold, const char *path, struct ng_sink *sink,
                  enum ngram_on_error on_error, struct ng_budget *budget,
                  struct ngram_error *error)
{
  *fold = (struct ng_fold){.path = path,
                           .sink = sink,
                           .on_error = on_error,
                           .budget = budget,
                           .room_bytes = choose_room(budget->limit_bytes),
                           .error = error};
  ng_open_line_init(&fold->line, budget);
  ng_reorder_init(&fold->order);
  return pthread_mutex_init(&fold->lock, NULL) == 0 &&
         ng_cond_init(&fold->drained) == 0;
}

/* A report begins or ends to wait. */
static void note_waiting(struct ng_fold *fold, const struct ng_report *report)
{
  ng_budget_note(fold->budget, report->report_bytes);
  atomic_fetch_add(&fold->waiting_bytes, report->report_bytes);
}

static void forget_waiting(struct ng_fold *fold, const struct ng_report *report)
{
  ng_budget_forget(fold->budget, report->report_bytes);
  atomic_fetch_sub(&fold->waiting_bytes, report->report_bytes);
}

/* Free the report of a block, which is spent if the sink has not taken it. */
static void report_free(struct ng_fold *fold, struct ng_report *report)
{
  struct ng_block *block = report->block;

  if (block) {
    block->next = fold->spent;
    fold->spent = block;
  }
  free(report);
}

static void free_spent(struct ng_fold *fold)
{
  while (fold->spent) {
    struct ng_block *next = fold->spent->next;

    ng_block_free(fold->spent, fold->budget);
    fold->spent = next;
  }
}

void ng_fold_free(struct ng_fold *fold)
{
  struct ng_report *report;

  while ((report = ng_reorder_drain(&fold->order))) {
    forget_waiting(fold, report);
    report_free(fold, report);
  }
  free_spent(fold);
  ng_reorder_free(&fold->order);
  ng_open_line_free(&fold->line);
  pthread_cond_destroy(&fold->drained);
  pthread_mutex_destroy(&fold->lock);
}

static bool skips_bad_rows(const struct ng_fold *fold)
{
  return fold->on_error != NGRAM_ON_ERROR_FAIL;
}

/* -------------------------------------------------------- joined lines -- */

static void fault_too_long(const struct ng_fold *fold,
                           struct ng_block_fault *fault, uint64_t before)
{
  fault->row.kind =
      fold->tokens == NG_TOKENS_NONE ? NG_ROW_TOO_LONG : NG_ROW_WORD_TOO_LONG;
  fault->line = 0;
  fault->position =
      before < NG_LINE_HOPELESS ? NG_LINE_HOPELESS - (size_t)before : 0;
}

/* False: no memory. */
static bool scan_line(struct ng_fold *fold, unsigned worker,
                      struct ng_scanner_result *result)
{
  const char *line = ng_open_line_text(&fold->line);
  size_t size = (size_t)fold->line.size;

  *result = (struct ng_scanner_result){.lines = 0};
  fold->sink->ops->line(fold->sink, worker, fold, line, size, result);
  return !result->stopped;
}

/* Read the joined line, its newline (or seam) included; `known_at` is the
   position after which a fault of it is known. */
static void read_joined(struct ng_fold *fold, unsigned worker, uint64_t before,
                        size_t known_at, struct ng_block_fault *fault)
{
  struct ng_scanner_result result;

  if (ng_open_line_is_hopeless(&fold->line)) {
    if (skips_bad_rows(fold))
      fold->skipped++;
    else
      fault_too_long(fold, fault, before);
    return;
  }
  if (!scan_line(fold, worker, &result))
    fold->status = ng_fail_memory(fold->error);
  fold->skipped += result.skipped;
  fold->rows += result.rows;
  fault->row = result.fault;
  fault->position = known_at;
}

/* Join the head to what came before. False: no memory. */
static bool fold_head(struct ng_fold *fold, struct ng_report *report,
                      unsigned worker, struct ng_block_fault *fault)
{
  uint64_t before = fold->line.size;

  if (!ng_open_line_append(&fold->line, report->head, report->head_size))
    return false;
  if (report->has_seam) {
    read_joined(fold, worker, before, report->head_size, fault);
    ng_open_line_clear(&fold->line);
  } else if (fold->line.size >= NG_LINE_HOPELESS && !skips_bad_rows(fold)) {
    fault_too_long(fold, fault, before);
  }
  return fold->status == NGRAM_OK;
}

/* The last line, without an end: its fault is known at the end of the file. */
static bool fold_last_line(struct ng_fold *fold, unsigned worker,
                           struct ng_block_fault *fault)
{
  struct ng_open_line *line = &fold->line;

  fold->lines += fold->in_line;
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
  read_joined(fold, worker, line->size, 0, fault);
  return fold->status == NGRAM_OK;
}

/* ------------------------------------------------------------- members -- */

static void add_piece(struct ng_fold *fold, const struct ng_piece *piece)
{
  fold->member_crc =
      ng_crc32_combine(fold->member_crc, piece->crc, piece->size);
  fold->member_bytes += piece->size;
}

/* Check the members that end before *position. False: one is damaged, and
 *position is where it ends. */
static bool fold_members(struct ng_fold *fold, const struct ng_report *report,
                         size_t *position, struct ng_gzip_fault *fault)
{
  for (size_t i = 0; i < report->end_count; i++) {
    if (report->ends[i].text_end < *position) {
      add_piece(fold, &report->pieces[i]);
      if (!ng_member_is_good(&report->ends[i], fold->member_crc,
                             fold->member_bytes, fault)) {
        *position = report->ends[i].text_end;
        return false;
      }
      fold->member_crc = 0;
      fold->member_bytes = 0;
    }
  }
  add_piece(fold, &report->pieces[report->end_count]);
  return true;
}

/* -------------------------------------------------------------- reports -- */

static void fail_row(struct ng_fold *fold, const struct ng_block_fault *fault)
{
  fold->status = ng_fail_row(fold->error, fold->path,
                             fold->lines + fault->line + 1, &fault->row);
}

/* Whether the input is to end where this fault is. What is no damage of the
   file stays an error. */
static bool is_to_salvage(const struct ng_fold *fold,
                          const struct ng_gzip_fault *fault)
{
  if (fold->on_error != NGRAM_ON_ERROR_SALVAGE)
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

/* End the text with this report, whose block ends where the fault is. A last
   line without an end is left out: it may go on in what cannot be read. */
static void salvage(struct ng_fold *fold, struct ng_report *report,
                    const struct ng_gzip_fault *fault)
{
  fold->salvaged = true;
  fold->salvaged_at = fault->file_offset;
  report->last = true;
  if (fold->line.size > 0) {
    fold->skipped++;
    ng_open_line_clear(&fold->line);
  }
}

/* The input ends at this fault, by an error or not. A wrong seek point is no
   error for the caller. */
static void end_input(struct ng_fold *fold, struct ng_report *report,
                      const struct ng_gzip_fault *fault)
{
  if (is_to_salvage(fold, fault)) {
    salvage(fold, report, fault);
    return;
  }
  fold->misled = fault->kind == NG_GZIP_BAD_POINT;
  fold->status = fold->misled ? NGRAM_BAD_INPUT
                              : ng_fail_gzip(fold->error, fold->path, fault);
}

/* The first fault among the rows, of the head or the body. A tail alone is
   never hopeless: blocks are shorter than the longest line. */
static bool find_row_fault(struct ng_fold *fold, struct ng_report *report,
                           unsigned worker, struct ng_block_fault *fault)
{
  *fault = (struct ng_block_fault){.line = 0};
  if (report->size > 0 && !fold_head(fold, report, worker, fault))
    return false;
  if (fault->row.kind == NG_ROW_OK)
    *fault = report->fault;
  if (report->has_seam)
    return ng_open_line_append(&fold->line, report->tail, report->tail_size);
  return true;
}

/* False: an error, in fold->status. */
static bool fold_report(struct ng_fold *fold, struct ng_report *report,
                        unsigned worker)
{
  struct ng_gzip_fault member = {.kind = NG_GZIP_OK};
  struct ng_block_fault row;
  bool has_row_fault;
  size_t position;

  if (!find_row_fault(fold, report, worker, &row)) {
    if (fold->status == NGRAM_OK)
      fold->status = ng_fail_memory(fold->error);
    return false;
  }
  has_row_fault = row.row.kind != NG_ROW_OK;
  position = has_row_fault ? row.position : SIZE_MAX;
  if (report->checked && !fold_members(fold, report, &position, &member))
    end_input(fold, report, &member);
  else if (has_row_fault)
    fail_row(fold, &row);
  else if (report->in_fault.kind != NG_GZIP_OK)
    end_input(fold, report, &report->in_fault);
  if (fold->sink->ops->commit)
    fold->sink->ops->commit(fold->sink, worker, fold, report, position);
  if (fold->status != NGRAM_OK)
    return false;
  fold->blocks += report->size > 0;
  fold->text_bytes += report->size;
  fold->lines += report->lines;
  if (report->size > 0)
    fold->in_line = report->is_open;
  fold->skipped += report->skipped;
  fold->rows += report->rows;
  return true;
}

static void fold_end(struct ng_fold *fold, unsigned worker)
{
  struct ng_block_fault fault = {.line = 0};

  if (!fold_last_line(fold, worker, &fault)) {
    if (fold->status == NGRAM_OK)
      fold->status = ng_fail_memory(fold->error);
  } else if (fault.row.kind != NG_ROW_OK) {
    fold->lines--; /* it is the line that was just counted */
    fail_row(fold, &fault);
  } else {
    fold->complete = true;
  }
}

bool ng_fold_has_ended(const struct ng_fold *fold)
{
  return fold->complete || fold->status != NGRAM_OK;
}

static void end_sink(struct ng_fold *fold)
{
  if (!fold->has_told_end && fold->sink->ops->end)
    fold->sink->ops->end(fold->sink, fold->complete);
  fold->has_told_end = true;
}

/* After an error, reports are only freed. */
static void fold_next(struct ng_fold *fold, struct ng_report *report,
                      unsigned worker)
{
  if (fold->status == NGRAM_OK && fold_report(fold, report, worker) &&
      report->last)
    fold_end(fold, worker);
  report_free(fold, report);
}

/* The next report, unless the job is to stop. */
static struct ng_report *take_report(struct ng_fold *fold)
{
  if (fold->stop && atomic_load(fold->stop))
    return NULL;
  return ng_reorder_take(&fold->order);
}

bool ng_fold_add(struct ng_fold *fold, struct ng_report *report,
                 unsigned worker)
{
  bool ok;

  pthread_mutex_lock(&fold->lock);
  if (ng_reorder_put(&fold->order, report->number, report)) {
    note_waiting(fold, report);
    while ((report = take_report(fold))) {
      forget_waiting(fold, report);
      ng_reorder_skip(&fold->order, report->next_number);
      fold_next(fold, report, worker);
    }
  } else {
    report_free(fold, report);
    if (fold->status == NGRAM_OK)
      fold->status = ng_fail_memory(fold->error);
  }
  atomic_store(&fold->next_number, fold->order.next);
  pthread_cond_broadcast(&fold->drained);
  if (ng_fold_has_ended(fold))
    end_sink(fold);
  ok = fold->status == NGRAM_OK;
  pthread_mutex_unlock(&fold->lock);
  return ok;
}

struct ng_block *ng_fold_take_spent(struct ng_fold *fold)
{
  struct ng_block *spent;

  pthread_mutex_lock(&fold->lock);
  spent = fold->spent;
  fold->spent = NULL;
  pthread_mutex_unlock(&fold->lock);
  return spent;
}

bool ng_fold_is_full(const struct ng_fold *fold)
{
  return atomic_load(&fold->waiting_bytes) > fold->room_bytes;
}

void ng_fold_wait_for_room(struct ng_fold *fold, uint64_t number)
{
  pthread_mutex_lock(&fold->lock);
  if (ng_fold_is_full(fold) && fold->order.next < number)
    ng_cond_wait_ms(&fold->drained, &fold->lock, WAIT_MS);
  pthread_mutex_unlock(&fold->lock);
}
