/* SPDX-License-Identifier: MIT */
/*
 * A request: what one call of the library asks for, and its progress. The
 * passes of the call share it; there is one pass for each file.
 *
 * Threads: the calling thread inits and frees it. While passes run, they only
 * read it, but for the atomic fields.
 */
#ifndef NG_SCAN_REQUEST_H
#define NG_SCAN_REQUEST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/poll.h"
#include "count/word_set.h"
#include "ngram.h"

struct ng_request {
  const struct ngram_count_options *options; /* borrowed */
  struct ng_budget *budget;                  /* borrowed */
  struct ng_word_set words; /* owned; without slots: all words are wanted */

  /* Progress, in bytes; the atomic ones are written by any worker. */
  uint64_t total_bytes;        /* of all files; 0: there is one file */
  _Atomic uint64_t done_bytes; /* of files that were read to their ends */
  _Atomic uint64_t part_bytes; /* done so far of files that are being read by
                                  one worker each */
  _Atomic uint64_t text_bytes; /* of text that was mapped */
  double began;                /* by ng_clock_seconds() */

  bool stays; /* relative paths start at `folder`, not at the current one */
  int folder; /* owned descriptor, if `stays` */
  bool use_points;     /* seek points of the index may be used */
  bool has_bad_point;  /* result: one was wrong; the call is to be repeated
                          without points. Written by the calling thread */
  struct ng_poll poll; /* of the calling thread, between two files: a pass over
                          a small file ends before its own poll is due */
};

/*
 * Prepare what the passes of a call share. `options` and `budget` are borrowed.
 * The set of wanted words may take a quarter of options->memory_limit, together
 * with what the budget holds already; memory_limit is then reduced by that.
 * Returns NGRAM_OK, NGRAM_NO_MEMORY or NGRAM_INTERRUPTED; the request is freed
 * all the same.
 */
enum ngram_status ng_request_init(struct ng_request *request,
                                  struct ngram_count_options *options,
                                  struct ng_budget *budget,
                                  struct ngram_error *error);
void ng_request_free(struct ng_request *request);

/* Have all files of a relative pattern, which are opened one after the other,
   opened from the folder that is the current one now. If that cannot be opened,
   each is opened from the folder that is the current one then. */
void ng_request_stay(struct ng_request *request, const char *pattern);

/* Call it after NGRAM_NO_MEMORY: if the limit of the budget was the cause,
 *error becomes a message that names the limit. */
void ng_request_explain_limit(const struct ng_budget *budget,
                              struct ngram_error *error);

/* Tell the host the progress of the request, which is the context. Returns not
   0 if the host wants to stop. For a poll, in the calling thread. */
int ng_request_ask(void *request);

/* The same for a pass, with the callbacks of `options`: `more_bytes` of its
   file are done and not in `part_bytes`. `size_bytes` is the size of its file,
   which is told if the request has one file. In the thread of the pass's
   caller. */
bool ng_request_tell(const struct ng_request *request,
                     const struct ngram_count_options *options,
                     uint64_t size_bytes, uint64_t more_bytes);

#endif
