/* SPDX-License-Identifier: MIT */
/*
 * How a scan is planned.
 *
 * Way. A plain file can be read anywhere, so workers draw stretches of it. A
 * gzip stream, or a stream that comes through a pipe, has one reader at a
 * time. A chunk_size is counted in rows from the first one on, which only a
 * reader in order can do, so it asks for a stream too.
 *
 * Workers. As many as asked, but a small file gets fewer: in the time that it
 * takes to make a thread, one worker counts tens of KiB.
 *
 * Chunks. Left to itself, a chunk is a block of text: some 25,000 rows that
 * fit a core's second-level cache between decoding and mapping, and so many
 * of them that no worker waits long at the end (bench/README.md has the
 * sweep).
 */
#include "engine/plan.h"

#include <string.h>

#include "engine/fault.h"
#include "text/row.h"

#define BLOCK_BYTES ((size_t)512 << 10)
_Static_assert(BLOCK_BYTES <= NG_LINE_MAX, "the fold relies on it");
/* A file of this size is worth another worker. */
#define WORKER_PLAIN_BYTES ((uint64_t)512 << 10)
#define WORKER_GZIP_BYTES ((uint64_t)128 << 10)

static enum ngram_status choose_decoder(struct ng_plan *plan, const char *wish,
                                        struct ngram_error *error)
{
  const struct ng_decoder *decoder;

  if (plan->format == NG_PLAIN && !wish)
    return NGRAM_OK; /* and ISA-L need not be loaded */
  for (size_t i = 0; (decoder = ng_decoder_at(i)); i++) {
    if (wish && strcmp(wish, decoder->name) != 0)
      continue;
    if (decoder->is_available()) {
      plan->decoder = plan->format == NG_PLAIN ? NULL : decoder;
      return NGRAM_OK;
    }
  }
  return ng_fail(error, NGRAM_BAD_ARGUMENT,
                 "NGRAM_DECODER is '%s': this machine has no such decoder; "
                 "known are native, portable, isal and zlib",
                 wish);
}

static enum ngram_status choose_kernel(struct ng_plan *plan,
                                       const struct ng_plan_facts *facts,
                                       struct ngram_error *error)
{
  const struct ng_text_kernel *kernel;

  plan->kernel = NULL;
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++) {
    if ((kernel->features & facts->cpu_features) != kernel->features)
      continue;
    if (!facts->kernel_wish || strcmp(facts->kernel_wish, kernel->name) == 0)
      plan->kernel = kernel;
  }
  if (plan->kernel)
    return NGRAM_OK;
  return ng_fail(error, NGRAM_BAD_ARGUMENT,
                 "NGRAM_KERNEL is '%s': this machine has no such kernel; "
                 "known are scalar, sse2, avx2, avx512 and neon",
                 facts->kernel_wish);
}

static unsigned choose_workers(const struct ngram_count_options *options,
                               const struct ng_plan_facts *facts)
{
  unsigned wanted = options->threads ? options->threads : facts->cpus;
  uint64_t share =
      facts->format == NG_PLAIN ? WORKER_PLAIN_BYTES : WORKER_GZIP_BYTES;
  uint64_t useful = facts->file_bytes / share + 1;

  if (facts->is_tiny)
    return 1;
  if (facts->file_bytes == 0)
    return wanted;
  return useful < wanted ? (unsigned)useful : wanted;
}

enum ngram_status ng_plan_make(struct ng_plan *plan,
                               const struct ngram_count_options *options,
                               const struct ng_plan_facts *facts,
                               struct ngram_error *error)
{
  enum ngram_status status;

  *plan = (struct ng_plan){.format = facts->format};
  status = choose_decoder(plan, facts->decoder_wish, error);
  if (status == NGRAM_OK)
    status = choose_kernel(plan, facts, error);
  if (status != NGRAM_OK)
    return status;
  plan->workers = choose_workers(options, facts);
  plan->block_bytes = BLOCK_BYTES;
  plan->way = facts->format == NG_PLAIN && !facts->forward_only &&
                      facts->file_bytes > 0 && options->chunk_size == 0
                  ? NG_WAY_EXTENTS
                  : NG_WAY_STREAM;
  plan->cuts_members = plan->format == NG_BGZF;
  /* A worker maps one block while another is being filled for it; one worker
     alone takes turns. */
  plan->blocks = plan->way == NG_WAY_EXTENTS || plan->workers == 1
                     ? plan->workers
                     : plan->workers * 2 + 2;
  return NGRAM_OK;
}

const char *ng_format_name(enum ng_format format)
{
  switch (format) {
  case NG_GZIP:
    return "gzip";
  case NG_BGZF:
    return "bgzf";
  case NG_PLAIN:
    break;
  }
  return "plain";
}
