/* SPDX-License-Identifier: MIT */
/* Rows are found by counting newlines: with SIMD by the KiB while the last row
   is far, then one by one. */
#include "scan/chunk.h"

#include <string.h>

/* Newlines are counted in steps of this size. A good row has 8 bytes or more.
 */
#define STEP_BYTES ((size_t)1024)

/* Some 80 KiB of text: next to the time to map it, that of a lock is nothing.
 */
#define BATCH_ROWS 4096

uint64_t ng_chunk_batch_rows(uint64_t chunk_size)
{
  if (chunk_size >= BATCH_ROWS)
    return chunk_size;
  return BATCH_ROWS / chunk_size * chunk_size;
}

size_t ng_chunk_skip_rows(const struct ng_block *block, size_t from,
                          uint64_t *rows)
{
  const char *at = block->text + from;
  const char *end = block->text + block->in.size;

  /* While the last row ends after the step. */
  while (*rows > STEP_BYTES / 8 && (size_t)(end - at) > STEP_BYTES) {
    size_t count = ng_delimiters_count_newlines(at, STEP_BYTES);

    if (count >= *rows)
      break;
    at += STEP_BYTES;
    *rows -= count;
  }
  while (*rows > 0) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));

    if (!newline)
      return block->in.size;
    at = newline + 1;
    --*rows;
  }
  return (size_t)(at - block->text);
}

bool ng_chunk_map(struct ng_worker *worker, const struct ng_span *span,
                  uint64_t chunk_size, struct ng_mapped *result)
{
  struct ng_span chunk = *span;
  struct ng_mapped part;
  bool ok = true;

  *result = (struct ng_mapped){.lines = 0};
  while (ok && chunk.from < span->to && result->fault.row.kind == NG_ROW_OK) {
    uint64_t wanted = chunk_size - chunk.chunk_rows;
    uint64_t missing = wanted;

    chunk.to = ng_chunk_skip_rows(chunk.block, chunk.from, &missing);
    if (chunk.to > span->to)
      chunk.to = span->to;
    ok = ng_map_span(worker, &chunk, &part);
    ng_block_add_mapped(result, &part);
    chunk.from = chunk.to;
    chunk.lines_before += wanted - missing;
    chunk.chunk_rows = 0;
  }
  return ok;
}
