/* SPDX-License-Identifier: MIT */
/* A cache of results and files that it may keep. */
#ifndef NG_TESTS_UNIT_CACHED_H
#define NG_TESTS_UNIT_CACHED_H

#include <utime.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/rows_make.h"
#include "unit/test.h"

#define CACHE_BYTES ((uint64_t)64 << 20)

/* A file of many words, settled. */
static inline const char *make_cached_file(const char *name, size_t size)
{
  struct rows_taste taste = {.new_word = 4};
  struct bytes text = {.data = NULL};
  const char *path;

  rows_add(&text, size, &taste);
  path = file_make(name, text.data, text.size);
  bytes_free(&text);
  settle();
  return path;
}

static inline void check_from_cache(const char *path,
                                    const struct ngram_count_options *options,
                                    const struct answer *wanted, int from_cache)
{
  struct answer got;

  answer_of(path, options, &got);
  check_same(&got, wanted);
  CHECK_EQ(got.stats.from_cache, from_cache);
}

/* Each word is found where it is, and others nowhere. */
static inline uint64_t place_of(struct ngram_counts *counts, const char *word,
                                size_t length)
{
  uint64_t index = UINT64_MAX;

  CHECK_EQ(ngram_counts_find(counts, word, length, &index, NULL), NGRAM_OK);
  return index;
}

#endif
