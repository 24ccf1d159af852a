/* SPDX-License-Identifier: MIT */
#include "scan/stats.h"

#include <string.h>

#include "scan/stream.h"

/* Returns the number of chunks: blocks of text or, if chunk_size is set, groups
   of that many rows, the last one perhaps of fewer. */
static uint64_t count_chunks(const struct ng_pass *pass)
{
  uint64_t size = pass->options->chunk_size;

  if (size == 0)
    return pass->commit.blocks;
  return pass->commit.lines / size + (pass->commit.lines % size > 0);
}

void ng_stats_fill(struct ngram_scan_stats *stats, const struct ng_pass *pass)
{
  stats->format = ng_plan_format_name(pass->plan.format);
  stats->decoder = pass->plan.decoder ? pass->plan.decoder->name : "none";
  stats->strategy = ng_plan_strategy_name(&pass->plan);
  stats->kernel = pass->plan.kernel->name;
  stats->threads = pass->worker_count;
  stats->chunks = count_chunks(pass);
  stats->text_bytes = pass->commit.text_bytes;
  stats->compressed_bytes = pass->plan.strategy == NG_STRATEGY_STREAM
                                ? ng_stream_bytes_read(&pass->stream)
                                : ng_source_size(pass->source);
  /* Of free text, lines are counted as rows. */
  stats->rows = pass->plan.tokens == NG_TOKENS_NONE ? pass->commit.rows
                                                    : pass->commit.lines;
  stats->skipped = pass->commit.skipped;
  stats->salvaged_at = pass->commit.salvaged_at;
  for (unsigned i = 0; i < pass->worker_count; i++) {
    stats->decode_seconds += pass->workers[i].decode_seconds;
    stats->map_seconds += pass->workers[i].map_seconds;
  }
}

/* A name that differs between files becomes "mixed". */
static const char *merge_name(const char *a, const char *b)
{
  return !a || strcmp(a, b) == 0 ? b : "mixed";
}

void ng_stats_add(struct ngram_scan_stats *into,
                  const struct ngram_scan_stats *from)
{
  into->format = merge_name(into->format, from->format);
  into->decoder = merge_name(into->decoder, from->decoder);
  into->kernel = from->kernel;
  into->chunks += from->chunks;
  into->compressed_bytes += from->compressed_bytes;
  into->text_bytes += from->text_bytes;
  into->rows += from->rows;
  into->skipped += from->skipped;
  if (from->salvaged_at > 0)
    into->salvaged_at = from->salvaged_at;
  into->decode_seconds += from->decode_seconds;
  into->map_seconds += from->map_seconds;
}
