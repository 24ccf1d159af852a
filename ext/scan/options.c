/* SPDX-License-Identifier: MIT */
#include "scan/options.h"

#include <inttypes.h>

#include "base/memory.h"
#include "fault/fail.h"

uint64_t ngram_memory_limit_default(void)
{
  uint64_t quarter = ng_memory_allowed() / 4;

  return quarter == 0 || quarter > NGRAM_MEMORY_LIMIT_MIN
             ? quarter
             : NGRAM_MEMORY_LIMIT_MIN;
}

enum ngram_status ng_options_check(unsigned threads, uint64_t memory_limit,
                                   enum ngram_tags tags,
                                   enum ngram_on_error on_error,
                                   struct ngram_error *error)
{
  if (threads > NGRAM_THREADS_MAX)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "threads is %u, allowed are 1 to %d, or 0 for all CPUs",
                   threads, NGRAM_THREADS_MAX);
  if (memory_limit > 0 && memory_limit < NGRAM_MEMORY_LIMIT_MIN)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "memory_limit is %" PRIu64
                   ", allowed are %d or more, or 0 for no limit",
                   memory_limit, NGRAM_MEMORY_LIMIT_MIN);
  if ((unsigned)tags > NGRAM_TAGS_PLAIN)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "tags is %u, allowed is an enum ngram_tags", (unsigned)tags);
  if ((unsigned)on_error > NGRAM_ON_ERROR_SALVAGE)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "on_error is %u, allowed is an enum ngram_on_error",
                   (unsigned)on_error);
  return NGRAM_OK;
}
