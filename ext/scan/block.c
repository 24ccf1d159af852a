/* SPDX-License-Identifier: MIT */
/*
 * Blocks and reports. A block's text lies in one piece of memory between pads,
 * so that kernels can read past its edges. A block is filled again and again as
 * long as the pass lives, so its pages stay in the cache. A report is one piece
 * of memory: the struct, its member ends, its pieces, head and tail.
 *
 * The worker that has filled a block calls ng_block_begin(). ng_map_finish()
 * calls ng_block_report().
 */
#include "scan/block.h"

#include <stdlib.h>
#include <string.h>

#include "base/crc32.h"

static size_t memory_bytes(size_t capacity)
{
  return capacity + 2 * NG_TEXT_PAD;
}

struct ng_block *ng_block_new(struct ng_budget *budget, size_t capacity,
                              enum ng_tokens tokens)
{
  struct ng_block *block = calloc(1, sizeof *block);

  if (!block)
    return NULL;
  block->capacity = capacity;
  block->tokens = tokens;
  block->memory = ng_budget_take(budget, memory_bytes(capacity));
  if (!block->memory) {
    free(block);
    return NULL;
  }
  block->text = block->memory + NG_TEXT_PAD;
  block->batch.block = block;
  ng_row_columns_init(&block->batch.rows, budget, 0);
  return block;
}

void ng_block_free(struct ng_block *block, struct ng_budget *budget)
{
  if (!block)
    return;
  ng_budget_give(budget, block->memory, memory_bytes(block->capacity));
  ng_row_columns_free(&block->batch.rows);
  ng_fingerprints_free(&block->fingerprints);
  free(block);
}

void ng_block_free_list(struct ng_block *blocks, struct ng_budget *budget)
{
  while (blocks) {
    struct ng_block *next = blocks->next;

    ng_block_free(blocks, budget);
    blocks = next;
  }
}

void ng_block_begin(struct ng_block *block, uint64_t number)
{
  size_t size = block->in.size;

  block->number = number;
  block->next_number = number + 1;
  block->head_size = size;
  block->tail_start = size;
  block->has_split_point = ng_split_points_find(
      block->tokens, block->text, size, &block->head_size, &block->tail_start);
  block->head_lines =
      block->has_split_point && block->text[block->head_size - 1] == '\n';
  block->cut_at = 0;
  block->cut_lines = 0;
  block->spans_open = 0;
  block->mapped = (struct ng_mapped){.lines = 0};
  block->batch.rows.text = block->text;
  block->batch.rows.count = 0;
  block->fingerprints.count = 0;
}

void ng_block_add_mapped(struct ng_mapped *into, const struct ng_mapped *from)
{
  into->lines += from->lines;
  into->skipped += from->skipped;
  into->rows += from->rows;
  if (from->fault.row.kind != NG_ROW_OK &&
      (into->fault.row.kind == NG_ROW_OK ||
       from->fault.line < into->fault.line))
    into->fault = from->fault;
}

static struct ng_report *report_new(const struct ng_block *block)
{
  size_t ends = block->in.end_count;
  size_t tail = block->in.size - block->tail_start;
  size_t bytes = sizeof(struct ng_report) +
                 ends * sizeof(struct ng_member_end) +
                 (ends + 1) * sizeof(struct ng_piece) + block->head_size + tail;
  struct ng_report *report = malloc(bytes);

  if (!report)
    return NULL;
  report->report_bytes = bytes;
  report->block = NULL;
  report->end_count = ends;
  report->ends = (struct ng_member_end *)(void *)(report + 1);
  report->pieces = (struct ng_piece *)(void *)(report->ends + ends);
  report->head = (char *)(report->pieces + ends + 1);
  report->head_size = block->head_size;
  report->tail = report->head + block->head_size;
  report->tail_size = tail;
  return report;
}

/* Compute the CRC-32 of the text of each member in the block. */
static void fill_pieces(struct ng_report *report, const char *text)
{
  size_t start = 0;

  for (size_t i = 0; i <= report->end_count; i++) {
    size_t stop =
        i < report->end_count ? report->ends[i].text_end : (size_t)report->size;

    report->pieces[i].size = stop - start;
    report->pieces[i].crc = ng_crc32(0, text + start, stop - start);
    start = stop;
  }
}

struct ng_report *ng_block_report(const struct ng_block *block, bool checked)
{
  struct ng_report *report = report_new(block);

  if (!report)
    return NULL;
  report->number = block->number;
  report->next_number = block->next_number;
  report->size = block->in.size;
  report->has_split_point = block->has_split_point;
  report->is_open = report->size > 0 && block->text[report->size - 1] != '\n';
  report->lines = block->mapped.lines + block->head_lines;
  report->skipped = block->mapped.skipped;
  report->rows = block->mapped.rows;
  report->fault = block->mapped.fault;
  report->checked = checked;
  report->last = block->in.last;
  report->in_fault = block->in.fault;
  memcpy(report->ends, block->in.ends,
         report->end_count * sizeof *report->ends);
  memcpy(report->head, block->text, report->head_size);
  memcpy(report->tail, block->text + block->tail_start, report->tail_size);
  if (checked)
    fill_pieces(report, block->text);
  return report;
}
