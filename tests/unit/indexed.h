/* SPDX-License-Identifier: MIT */
/* Indexes of seek points, and counts that are made by them. */
#ifndef NG_TESTS_UNIT_INDEXED_H
#define NG_TESTS_UNIT_INDEXED_H

#include "ngram.h"
#include "unit/answer.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/naive_count.h"
#include "unit/rows_make.h"
#include "unit/test.h"

/* Count with the index: as one worker without it, and in this way; NULL:
   either. */
static inline void check_indexed(const char *path, struct ngram_index *index,
                                 unsigned threads, const struct answer *wanted,
                                 const char *way)
{
  struct ngram_count_options options = answer_options(threads, index);
  struct answer got;

  answer_of(path, &options, &got);
  check_same(&got, wanted);
  if (way)
    CHECK_STR(got.stats.strategy, way);
}

static inline struct ngram_index *index_make(const char *folder)
{
  struct ngram_index *index = ngram_index_create();

  if (!index)
    exit(1);
  CHECK_EQ(ngram_index_set_folder(index, folder, NULL), NGRAM_OK);
  return index;
}

#endif
