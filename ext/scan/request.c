/* SPDX-License-Identifier: MIT */
/*
 * A request is made by api/counts.c or rows/reading.c once for a call, shared
 * by its passes, and freed after the last of them. It owns the set of wanted
 * words, from the budget, and a descriptor of the folder where relative paths
 * start.
 *
 * Progress is the sum of three counts, as passes run side by side: files that
 * are done, parts of files that are read by one worker each, and the bytes of
 * the one file that all workers read, which its pass adds when it tells the
 * host.
 */
#include "scan/request.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "fault/fail.h"
#include "store/root.h"

bool ng_request_tell(const struct ng_request *request,
                     const struct ngram_count_options *options,
                     uint64_t size_bytes, uint64_t more_bytes)
{
  struct ngram_progress progress = {
      .size_bytes = request->total_bytes ? request->total_bytes : size_bytes,
      .read_bytes = atomic_load(&request->done_bytes) +
                    atomic_load(&request->part_bytes) + more_bytes,
      .text_bytes = atomic_load(&request->text_bytes),
      .seconds = ng_clock_seconds() - request->began,
  };

  if (progress.size_bytes > 0 && progress.read_bytes > progress.size_bytes)
    progress.read_bytes = progress.size_bytes; /* the file grew */
  if (options->progress)
    options->progress(options->progress_context, &progress);
  return options->poll && options->poll(options->poll_context);
}

int ng_request_ask(void *context)
{
  const struct ng_request *request = context;

  return ng_request_tell(request, request->options, 0, 0);
}

/* Make the set of wanted words. */
static enum ngram_status make_set(struct ng_request *request,
                                  struct ngram_error *error)
{
  const struct ng_stop stop = ng_poll_stop(&request->poll);
  const struct ngram_count_options *options = request->options;

  if (!ng_word_set_init(&request->words, request->budget, options->word_count))
    return ng_fail_memory(error);
  if (!ng_word_set_ready(&request->words, &stop))
    return ng_fail_interrupted(error);
  for (size_t i = 0; i < options->word_count; i++) {
    ng_word_set_add(&request->words, options->words[i].bytes,
                    options->words[i].length);
    if (ng_stop_asked_at(&stop, i))
      return ng_fail_interrupted(error);
  }
  return NGRAM_OK;
}

/* Take what the budget holds off the limit by which passes are planned. Returns
   false if that is more than a quarter of it. */
static bool leave_memory(struct ng_budget *budget, uint64_t *memory_limit)
{
  uint64_t held = atomic_load(&budget->held_bytes);

  if (*memory_limit == 0)
    return true;
  if (held > *memory_limit / 4) {
    atomic_store(&budget->refused, true);
    return false;
  }
  *memory_limit -= held;
  return true;
}

enum ngram_status ng_request_init(struct ng_request *request,
                                  struct ngram_count_options *options,
                                  struct ng_budget *budget,
                                  struct ngram_error *error)
{
  enum ngram_status status;

  *request =
      (struct ng_request){.options = options,
                          .budget = budget,
                          .began = ng_clock_seconds(),
                          .poll = ng_poll_begin(ng_request_ask, request)};
  if (!options->words)
    return NGRAM_OK;
  status = make_set(request, error);
  if (status == NGRAM_OK && !leave_memory(budget, &options->memory_limit))
    status = ng_fail_memory(error);
  return status;
}

void ng_request_explain_limit(const struct ng_budget *budget,
                              struct ngram_error *error)
{
  if (atomic_load(&budget->refused))
    ng_fail(error, NGRAM_NO_MEMORY,
            "needs more memory than the memory_limit of %" PRIu64
            " bytes allows; raise it, or use fewer threads",
            budget->limit_bytes);
}

void ng_request_free(struct ng_request *request)
{
  ng_word_set_free(&request->words);
  if (request->stays)
    close(request->folder);
  request->stays = false;
}

void ng_request_stay(struct ng_request *request, const char *pattern)
{
  if (!request->options->root && pattern[0] != '/')
    request->stays = ng_root_open_folder(NULL, ".", &request->folder) == 0;
}
