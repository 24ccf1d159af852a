/* SPDX-License-Identifier: MIT */
/*
 * The cache behind struct ngram_cache: results by what they answer, which is a
 * file in one state and the options that choose among its rows.
 *
 * Threads: one at a time.
 */
#ifndef NG_API_CACHE_H
#define NG_API_CACHE_H

#include "base/stop.h"
#include "ngram.h"
#include "rows/rows_state.h"
#include "source/source.h"
#include "tally/result.h"

/* The files that a result comes from, each in one state. */
struct ng_cache_key {
  const struct ng_source_identity *files; /* borrowed */
  size_t file_count; /* 0: they cannot be told from what they may become */
  bool is_stdin;     /* what was standard input when it was read */
};

/* The key of one file, whose identity goes to *file. */
struct ng_cache_key ng_cache_key_of(const struct ng_source *source,
                                    struct ng_source_identity *file);

/* *result: a kept result that answers the question, as one reference more;
   NULL: there is none. *has_more: it is one for all words. False: told to stop
   while words were compared, and *result is NULL. */
bool ng_cache_find(struct ngram_cache *cache, const struct ng_cache_key *key,
                   const struct ngram_count_options *options,
                   const struct ng_stop *stop, struct ng_result **result,
                   bool *has_more);

/* What readings of rows share of the cache, borrowed. NULL is allowed. */
struct ng_rows_memory ng_cache_rows_memory(struct ngram_cache *cache);

/* Whether any result of the files of this key is kept, or its rows are spent.
 */
bool ng_cache_has(const struct ngram_cache *cache,
                  const struct ng_cache_key *key);

/* Keep a result that was just made, if its files can be told from what they may
   become; takes a reference of its own. False: told to stop while words were
   copied, and nothing is kept. */
bool ng_cache_keep(struct ngram_cache *cache, const struct ng_cache_key *key,
                   const struct ngram_count_options *options,
                   const struct ng_stop *stop, struct ng_result *result);

#endif
