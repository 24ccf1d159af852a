/* SPDX-License-Identifier: MIT */
/*
 * The cache behind struct ngram_cache: results by what they answer, which is a
 * file in one state and the options that choose among its rows.
 *
 * Threads: one at a time.
 */
#ifndef NG_ENGINE_CACHE_H
#define NG_ENGINE_CACHE_H

#include "engine/result.h"
#include "ngram.h"
#include "source/source.h"

/* A kept result that answers the question, as one reference more; *has_more: it
   is one for all words. NULL: there is none. */
struct ng_result *ng_cache_find(struct ngram_cache *cache,
                                const struct ng_source *source,
                                const struct ngram_count_options *options,
                                bool *has_more);

/* Whether a result of what is standard input at present is kept: another one
   cannot be made. */
bool ng_cache_has_stdin(const struct ngram_cache *cache,
                        const struct ng_source *source);

/* Keep a result that was just made, if the file can be told from what it may
   become; takes a reference of its own. */
void ng_cache_keep(struct ngram_cache *cache, const struct ng_source *source,
                   const struct ngram_count_options *options,
                   struct ng_result *result);

#endif
