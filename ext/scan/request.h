/* SPDX-License-Identifier: MIT */
/*
 * What one call asks for, and how far it is: shared by the passes of the call,
 * of which there is one for each file.
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
  struct ng_word_set words;                  /* slots NULL: all words */
  uint64_t total_bytes;                      /* of many files; 0: it is one */
  _Atomic uint64_t done_bytes;               /* of those that were read */
  _Atomic uint64_t part_bytes; /* of files that are read by one worker each */
  _Atomic uint64_t text_bytes; /* that were mapped */
  bool stays; /* relative paths begin where the process was: at `folder` */
  int folder; /* owned */
  double began;
  bool use_points;     /* seek points of the index may be used */
  bool has_bad_point;  /* they were, and are wrong: to be done again without */
  struct ng_poll poll; /* of the thread that called, between two files: none of
                          many small ones takes long enough to be due */
};

/*
 * Ready what the passes of a call share, for these options, which are borrowed
 * as `budget` is. What the words that are asked for take, here and earlier, may
 * be a quarter of the limit; their memory_limit becomes what is left of it.
 * NGRAM_OK, NGRAM_NO_MEMORY, NGRAM_INTERRUPTED; free it all the same.
 */
enum ngram_status ng_request_init(struct ng_request *request,
                                  struct ngram_count_options *options,
                                  struct ng_budget *budget,
                                  struct ngram_error *error);
void ng_request_free(struct ng_request *request);

/* The files of a pattern are opened one by one, over a while: have those of a
   relative one opened from where the process is now. */
void ng_request_stay(struct ng_request *request, const char *pattern);

/* Memory ran out: if it is the budget's limit that did it, say so. */
void ng_request_explain_limit(const struct ng_budget *budget,
                              struct ngram_error *error);

/* What the request's poll asks: tells the host how far it is; whether to stop.
   The context is the request. */
int ng_request_ask(void *request);

/* The same for one of its passes, by the host of these options: `more_bytes`
   beside those that are noted, of `size_bytes` unless it is of many files. */
bool ng_request_tell(const struct ng_request *request,
                     const struct ngram_count_options *options,
                     uint64_t size_bytes, uint64_t more_bytes);

#endif
