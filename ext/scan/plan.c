/* SPDX-License-Identifier: MIT */
/*
 * How a pass is planned. ng_scan_plan() calls ng_plan_make() with the facts of
 * an open file. A plan owns no memory.
 *
 * Strategy. A plain file can be read anywhere, so workers draw extents of it. A
 * gzip file with seek points can be decoded from each of them, if there are
 * several workers. Any other gzip file, and a pipe, has one reader at a time: a
 * stream. A chunk_size is counted in rows from the first one on, which only a
 * reader in order can do, so it needs a stream, too.
 *
 * Workers. As many as the options ask for, but a small file gets fewer: in the
 * time that it takes to make a thread, one worker counts tens of KiB. A
 * compressed file that may be salvaged gets one.
 *
 * Memory. Up to half of a limit is for workers, the rest for tables, which
 * spill when it is used up. A worker that speculates needs more than one that
 * does not. So a low limit means no speculation, and a lower one fewer workers.
 *
 * Blocks. Unless chunk_size is set, a chunk is a block of text: some 25,000
 * rows. It fits the second-level cache of a core between decoding and mapping,
 * and a file has enough blocks that no worker waits long at the end
 * (bench/README.md has the sweep).
 */
#include "scan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "fault/fail.h"
#include "inflate/seek_points.h"
#include "text/line.h"

#define BLOCK_BYTES ((size_t)512 << 10)
_Static_assert(BLOCK_BYTES <= NG_LINE_MAX, "the commit relies on it");
/* For a low memory limit. */
#define BLOCK_BYTES_LEAST ((size_t)64 << 10)
/* Another worker is worth it for each such part of a file. */
#define WORKER_PLAIN_BYTES ((uint64_t)512 << 10)
#define WORKER_GZIP_BYTES ((uint64_t)128 << 10)
/* Of the file, for a speculative chunk: some 15 blocks of DEFLATE, of which
   half of one is searched for a beginning, and text for a few blocks. Measured
   on 2 cores: twice as much is 5 % slower, for the memory that it takes. */
#define STRETCH_BYTES ((size_t)256 << 10)
/* The stretches of a file that is worth speculation. */
#define SPECULATION_STRETCHES 4
/* A worker's two blocks, its decoder, and the beginning of its table. */
#define WORKER_MEMORY_BYTES ((uint64_t)2 << 20)
/* Rows take up to six times as much memory as their text, beside it. */
#define ROWS_MEMORY_TIMES 6
/* A worker's share of speculative chunks of 4 MiB. */
#define SPECULATION_MEMORY_BYTES ((uint64_t)8 << 20)
#define STRETCH_BYTES_MIN ((size_t)1 << 10)

static enum ngram_status choose_decoder(struct ng_plan *plan,
                                        const char *override,
                                        struct ngram_error *error)
{
  const struct ng_decoder *decoder;

  if (plan->format == NG_PLAIN && !override)
    return NGRAM_OK; /* and ISA-L need not be loaded */
  for (size_t i = 0; (decoder = ng_decoder_at(i)); i++) {
    if (override && strcmp(override, decoder->name) != 0)
      continue;
    if (decoder->is_available()) {
      plan->decoder = plan->format == NG_PLAIN ? NULL : decoder;
      return NGRAM_OK;
    }
  }
  return ng_fail(error, NGRAM_BAD_ARGUMENT,
                 "NGRAM_DECODER is '%s': this machine has no such decoder; "
                 "known are native, portable, isal and zlib",
                 override);
}

enum ngram_status ng_plan_kernel(const struct ng_text_kernel **chosen,
                                 unsigned cpu_features, const char *override,
                                 struct ngram_error *error)
{
  const struct ng_text_kernel *kernel;

  *chosen = NULL;
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++) {
    if ((kernel->features & cpu_features) != kernel->features)
      continue;
    if (!override || strcmp(override, kernel->name) == 0)
      *chosen = kernel;
  }
  if (*chosen)
    return NGRAM_OK;
  return ng_fail(error, NGRAM_BAD_ARGUMENT,
                 "NGRAM_KERNEL is '%s': this machine has no such kernel; "
                 "known are scalar, sse2, avx2, avx512 and neon",
                 override);
}

/* Only tests set an override. */
static enum ngram_status choose_stretch(struct ng_plan *plan,
                                        const char *override,
                                        struct ngram_error *error)
{
  unsigned long bytes;
  char *end;

  plan->stretch_bytes = STRETCH_BYTES;
  plan->point_bytes = NG_SEEK_POINT_BYTES;
  if (!override)
    return NGRAM_OK;
  bytes = strtoul(override, &end, 10);
  if (*end || bytes < STRETCH_BYTES_MIN || bytes > STRETCH_BYTES)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "NGRAM_STRETCH is '%s', allowed are %zu to %zu", override,
                   STRETCH_BYTES_MIN, STRETCH_BYTES);
  plan->stretch_bytes = bytes;
  plan->point_bytes = bytes;
  return NGRAM_OK;
}

unsigned ng_plan_afford(uint64_t memory_limit, unsigned workers)
{
  uint64_t most = memory_limit / 2 / WORKER_MEMORY_BYTES;

  if (memory_limit == 0 || most >= workers)
    return workers;
  return most > 1 ? (unsigned)most : 1;
}

/* At least half of the limit; more, if what is for workers and hot words (an
   eighth) leaves it. */
uint64_t ng_plan_table_bytes(uint64_t memory_limit, unsigned workers)
{
  uint64_t others = memory_limit / 8 +
                    workers * (WORKER_MEMORY_BYTES + SPECULATION_MEMORY_BYTES);

  if (others > memory_limit / 2)
    others = memory_limit / 2;
  return (memory_limit - others) / workers;
}

static bool can_afford_speculation(const struct ngram_count_options *options,
                                   unsigned workers)
{
  uint64_t bytes = workers * (WORKER_MEMORY_BYTES + SPECULATION_MEMORY_BYTES);

  return options->memory_limit == 0 || bytes <= options->memory_limit / 2;
}

static bool may_speculate(const struct ng_plan *plan,
                          const struct ngram_count_options *options,
                          const struct ng_plan_facts *facts)
{
  return plan->strategy == NG_STRATEGY_STREAM &&
         ng_plan_format_has_points(plan->format) && !facts->forward_only &&
         options->chunk_size == 0 && plan->decoder->resume &&
         plan->workers > 1 && can_afford_speculation(options, plan->workers) &&
         facts->file_bytes >= SPECULATION_STRETCHES * plan->stretch_bytes;
}

static enum ngram_status
choose_speculation(struct ng_plan *plan,
                   const struct ngram_count_options *options,
                   const struct ng_plan_facts *facts, struct ngram_error *error)
{
  const char *override = facts->ahead_override;

  if (override && strcmp(override, "on") != 0 && strcmp(override, "off") != 0 &&
      strcmp(override, "refuse") != 0)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "NGRAM_AHEAD is '%s', allowed are on, off and refuse",
                   override);
  if (!may_speculate(plan, options, facts))
    return NGRAM_OK;
  plan->refuses_speculation = override && strcmp(override, "refuse") == 0;
  plan->speculates = override ? strcmp(override, "off") != 0 : facts->cpus > 1;
  return NGRAM_OK;
}

/* Returns whether damage of a compressed file ends its input without error. */
static bool is_salvage(const struct ngram_count_options *options,
                       const struct ng_plan_facts *facts)
{
  return options->on_error == NGRAM_ON_ERROR_SALVAGE &&
         facts->format != NG_PLAIN;
}

static unsigned choose_workers(const struct ngram_count_options *options,
                               const struct ng_plan_facts *facts)
{
  unsigned wanted = options->threads ? options->threads : facts->cpus;
  uint64_t share =
      facts->format == NG_PLAIN ? WORKER_PLAIN_BYTES : WORKER_GZIP_BYTES;
  uint64_t useful = facts->file_bytes / share + 1;

  if (facts->is_tiny || is_salvage(options, facts))
    return 1;
  if (facts->file_bytes == 0 || facts->stretch_override)
    return wanted;
  return useful < wanted ? (unsigned)useful : wanted;
}

static enum ng_strategy
choose_strategy(const struct ng_plan *plan,
                const struct ngram_count_options *options,
                const struct ng_plan_facts *facts)
{
  if (facts->forward_only || facts->file_bytes == 0 || options->chunk_size > 0)
    return NG_STRATEGY_STREAM;
  if (!plan->decoder) /* plain text */
    return NG_STRATEGY_EXTENTS;
  if (facts->has_points && plan->decoder->resume && plan->workers > 1)
    return NG_STRATEGY_POINTS;
  return NG_STRATEGY_STREAM;
}

enum ng_tokens ng_plan_tokens(enum ngram_tokenizer tokenizer)
{
  switch (tokenizer) {
  case NGRAM_TOKENIZER_SPACE:
    return NG_TOKENS_SPACE;
  case NGRAM_TOKENIZER_UNICODE:
    return NG_TOKENS_LETTERS;
  case NGRAM_TOKENIZER_NONE:
    break;
  }
  return NG_TOKENS_NONE;
}

/* Returns the part of the memory limit by which workers and blocks are chosen.
 */
static uint64_t share_of_limit(const struct ngram_count_options *options,
                               const struct ng_plan_facts *facts)
{
  return facts->gives_rows ? options->memory_limit / ROWS_MEMORY_TIMES
                           : options->memory_limit;
}

static size_t choose_block_bytes(const struct ngram_count_options *options,
                                 const struct ng_plan_facts *facts)
{
  uint64_t share = share_of_limit(options, facts);

  return share > 0 && share < WORKER_MEMORY_BYTES ? BLOCK_BYTES_LEAST
                                                  : BLOCK_BYTES;
}

enum ngram_status ng_plan_make(struct ng_plan *plan,
                               const struct ngram_count_options *options,
                               const struct ng_plan_facts *facts,
                               struct ngram_error *error)
{
  enum ngram_status status;

  *plan = (struct ng_plan){.format = facts->format,
                           .tokens = ng_plan_tokens(options->tokenizer)};
  status = choose_decoder(plan, facts->decoder_override, error);
  if (status == NGRAM_OK)
    status = ng_plan_kernel(&plan->kernel, facts->cpu_features,
                            facts->kernel_override, error);
  if (status == NGRAM_OK)
    status = choose_stretch(plan, facts->stretch_override, error);
  if (status != NGRAM_OK)
    return status;
  plan->workers = ng_plan_afford(share_of_limit(options, facts),
                                 choose_workers(options, facts));
  plan->table_bytes = ng_plan_table_bytes(options->memory_limit, plan->workers);
  plan->block_bytes = choose_block_bytes(options, facts);
  plan->strategy = choose_strategy(plan, options, facts);
  plan->salvages = is_salvage(options, facts);
  plan->cuts_members = plan->format == NG_BGZF && !plan->salvages;
  /* Each worker maps one block while another is filled for it, and a caller of
     rows holds one, too. One worker alone takes turns. */
  plan->blocks = (plan->strategy == NG_STRATEGY_STREAM || facts->gives_rows) &&
                         plan->workers > 1
                     ? plan->workers * 2 + 2
                     : plan->workers;
  return choose_speculation(plan, options, facts, error);
}

const char *ng_plan_strategy_name(const struct ng_plan *plan)
{
  switch (plan->strategy) {
  case NG_STRATEGY_EXTENTS:
    return "extents";
  case NG_STRATEGY_POINTS:
    return "points";
  case NG_STRATEGY_STREAM:
    break;
  }
  if (plan->speculates)
    return "ahead";
  return plan->cuts_members ? "members" : "serial";
}

bool ng_plan_format_has_points(enum ng_format format)
{
  return format == NG_GZIP || format == NG_ZIP;
}

enum ng_packing ng_plan_format_packing(enum ng_format format)
{
  if (format == NG_PLAIN)
    return NG_PACKED_NOT;
  return format == NG_ZIP ? NG_PACKED_ZIP : NG_PACKED_GZ;
}

const char *ng_plan_format_name(enum ng_format format)
{
  switch (format) {
  case NG_GZIP:
    return "gzip";
  case NG_BGZF:
    return "bgzf";
  case NG_ZIP:
    return "zip";
  case NG_PLAIN:
    break;
  }
  return "plain";
}
