/* SPDX-License-Identifier: MIT */
/* Counts within a memory limit, and files of many words for them. */
#ifndef NG_TESTS_UNIT_LIMITS_H
#define NG_TESTS_UNIT_LIMITS_H

#include "ngram.h"
#include "unit/answer.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/test.h"

static inline struct ngram_count_options
limited_options(unsigned threads, uint64_t chunk_size, uint64_t limit)
{
  struct ngram_count_options options = answer_options(threads, NULL);

  options.chunk_size = chunk_size;
  options.memory_limit = limit;
  return options;
}

/* So many rows, each of another word: plain, or as gzip. */
static inline const char *make_words(const char *name, size_t rows,
                                     bool as_gzip)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct bytes text = {.data = NULL};
  const char *path;

  for (size_t i = 0; i < rows; i++)
    bytes_print(&text, "word%zu\t1900\t%zu\t1\n", i * 7919 % rows, i + 1);
  gzip_file_add(&file, text.data, text.size);
  path = as_gzip ? file_make(name, file.bytes.data, file.bytes.size)
                 : file_make(name, text.data, text.size);
  gzip_file_free(&file);
  bytes_free(&text);
  return path;
}

#endif
