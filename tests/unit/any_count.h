/* SPDX-License-Identifier: MIT */
/*
 * Counts of any kind: options, decoders and kernels drawn at random, and the
 * refusals of what cannot be counted.
 */
#ifndef NG_TESTS_UNIT_ANY_COUNT_H
#define NG_TESTS_UNIT_ANY_COUNT_H

#include "base/cpu.h"
#include "ngram.h"
#include "text/text_kernel.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/naive_count.h"
#include "unit/rows_make.h"
#include "unit/test.h"

static inline void set_override(const char *name, const char *wish)
{
  if (wish)
    setenv(name, wish, 1);
  else
    unsetenv(name);
}

/* Any decoder and kernel that this machine has. */
static inline void override_anything(void)
{
  size_t decoders = 0;
  size_t kernels = 0;
  const struct ng_text_kernel *kernel;
  const struct ng_decoder *decoder;

  while (ng_decoder_at(decoders))
    decoders++;
  while (ng_text_kernel_at(kernels))
    kernels++;
  decoder = ng_decoder_at(random_below(decoders));
  kernel = ng_text_kernel_at(random_below(kernels));
  set_override("NGRAM_DECODER", decoder->is_available() ? decoder->name : NULL);
  set_override("NGRAM_KERNEL",
               (kernel->features & ng_cpu_features()) == kernel->features
                   ? kernel->name
                   : NULL);
}

static inline struct ngram_count_options any_count_options(void)
{
  static const unsigned threads[] = {1, 2, 3, 8};
  static const uint64_t chunk_sizes[] = {0,   0,    1,    2,         7,
                                         129, 1000, 5000, 1000000000};
  static const struct ngram_word words[] = {
      {"a", 1}, {"abc", 3}, {"", 0}, {"watch_VERB", 10}, {"a", 1}, {"\"", 1}};
  struct ngram_count_options options;

  ngram_count_options_init(&options);
  options.threads = threads[random_below(COUNT(threads))];
  options.chunk_size = chunk_sizes[random_below(COUNT(chunk_sizes))];
  if (options.chunk_size == 1000 && random_once_in(2))
    options.chunk_size = 1 + random_below(3000);
  if (random_once_in(4)) {
    options.words = words;
    options.word_count = random_below(COUNT(words) + 1);
  }
  if (random_once_in(4))
    options.word_from = &words[random_below(COUNT(words))];
  if (random_once_in(4))
    options.word_to = &words[random_below(COUNT(words))];
  if (random_once_in(4))
    options.year_from = 1400 + (int64_t)random_below(600);
  if (random_once_in(4))
    options.year_to =
        random_once_in(4) ? INT64_MAX - 1 : 1500 + (int64_t)random_below(500);
  options.tags = (enum ngram_tags)(random_once_in(2) ? 0 : random_below(4));
  options.on_error =
      random_once_in(2) ? NGRAM_ON_ERROR_FAIL : NGRAM_ON_ERROR_SKIP;
  options.columns = random_once_in(2) ? 0 : (unsigned)random_below(8);
  return options;
}

/* The text as a gzip file of any members; `input` learns of them. */
static inline const char *make_gzip(struct gzip_file *file, const char *text,
                                    size_t size, struct naive_input *input)
{
  size_t at = 0;

  do {
    size_t left = size - at;
    size_t piece = random_once_in(3) ? left : random_below(left + 1);

    gzip_file_add_as(file, text + at, piece, 0, (int)random_below(7), 0);
    at += piece;
  } while (at < size);
  input->ends = gzip_file_end(file, 0);
  input->end_count = gzip_file_end_count(file);
  return file_make("random.gz", file->bytes.data, file->bytes.size);
}

static inline void check_refused(const char *path,
                                 const struct ngram_count_options *options,
                                 enum ngram_status status, const char *part)
{
  struct ngram_counts *counts = (struct ngram_counts *)(void *)&status;
  struct ngram_error error = {.status = NGRAM_OK};
  unsigned files = test_open_files();

  NOTE("%s", path);
  CHECK_EQ(ngram_count(path, options, &counts, &error), status);
  CHECK_EQ(error.status, status);
  CHECK_HAS(error.message, part);
  CHECK(counts == NULL);
  CHECK_EQ(ngram_count(path, options, &counts, NULL), status);
  CHECK_EQ(test_open_files(), files);
}

#endif
