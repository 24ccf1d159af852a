/* SPDX-License-Identifier: MIT */
/*
 * struct ngram_cache: results of counts, found by their files, in the state
 * that these had, and by the options that choose among the rows. It also owns
 * what readings of rows remember of files (rows/rows_state.h).
 *
 * Results are reference-counted: the cache has one reference of each, and a
 * result may outlive it.
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

/* The files of a result, each in one state. */
struct ng_cache_key {
  const struct ng_source_identity *files; /* borrowed, in the order of paths */
  size_t file_count; /* 0 if a later change of a file may go unnoticed: nothing
                        is found for this key, and nothing kept */
  bool is_stdin;     /* the one file is standard input */
};

/* Returns the key of one open file. Its identity is written to *file, which the
   key borrows. */
struct ng_cache_key ng_cache_key_of(const struct ng_source *source,
                                    struct ng_source_identity *file);

/*
 * Find a kept result that answers `options` for the files of `key`. *result is
 * a new reference, which the caller releases, or NULL if there is none. If
 * there is one, *has_more says whether it may have words that `options` does
 * not ask for; else *has_more is left alone. `stop` may be NULL. Returns false
 * if it told to stop while words were compared; *result is NULL then.
 */
bool ng_cache_find(struct ngram_cache *cache, const struct ng_cache_key *key,
                   const struct ngram_count_options *options,
                   const struct ng_stop *stop, struct ng_result **result,
                   bool *has_more);

/* Returns what readings of rows use of the cache, which it borrows. If `cache`
   is NULL they remember nothing. */
struct ng_rows_memory ng_cache_rows_memory(struct ngram_cache *cache);

/* Whether a result of these files is kept, for any options, or they are
   standard input whose rows were read. */
bool ng_cache_has(const struct ngram_cache *cache,
                  const struct ng_cache_key *key);

/* Keep a result that was just made; the cache takes a reference of its own.
   Without memory or room, or without files in `key`, it keeps nothing and
   returns true. Returns false, and keeps nothing, if `stop`, which may be NULL,
   told to stop while words were copied. */
bool ng_cache_keep(struct ngram_cache *cache, const struct ng_cache_key *key,
                   const struct ngram_count_options *options,
                   const struct ng_stop *stop, struct ng_result *result);

#endif
