/* SPDX-License-Identifier: MIT */
#include "engine/stats.h"
#include "engine/stream.h"

#include <string.h>

/* A chunk is a block of text, or so many rows, the last one perhaps fewer. */
static uint64_t count_chunks(const struct ng_job *job)
{
  uint64_t size = job->options->chunk_size;

  if (size == 0)
    return job->fold.blocks;
  return job->fold.lines / size + (job->fold.lines % size > 0);
}

void ng_stats_fill(struct ngram_scan_stats *stats, const struct ng_job *job)
{
  stats->format = ng_format_name(job->plan.format);
  stats->decoder = job->plan.decoder ? job->plan.decoder->name : "none";
  stats->strategy = ng_way_name(&job->plan);
  stats->kernel = job->plan.kernel->name;
  stats->threads = job->worker_count;
  stats->chunks = count_chunks(job);
  stats->text_bytes = job->fold.text_bytes;
  stats->compressed_bytes = job->plan.way == NG_WAY_STREAM
                                ? ng_stream_bytes_read(&job->stream)
                                : ng_source_size(job->source);
  /* Free text has no rows but lines. */
  stats->rows =
      job->plan.tokens == NG_TOKENS_NONE ? job->fold.rows : job->fold.lines;
  stats->skipped = job->fold.skipped;
  stats->salvaged_at = job->fold.salvaged_at;
  for (unsigned i = 0; i < job->worker_count; i++) {
    stats->decode_seconds += job->workers[i].decode_seconds;
    stats->map_seconds += job->workers[i].map_seconds;
  }
}

/* What differs from file to file becomes "mixed". */
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
