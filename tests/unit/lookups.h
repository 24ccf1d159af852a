/* SPDX-License-Identifier: MIT */
/* Words that are looked up in a file, in any of the ways to ask. */
#ifndef NG_TESTS_UNIT_LOOKUPS_H
#define NG_TESTS_UNIT_LOOKUPS_H

#include "ngram.h"
#include "unit/answer.h"
#include "unit/any_count.h"
#include "unit/bytes.h"
#include "unit/cached.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/forms.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/naive_count.h"
#include "unit/rows_check.h"
#include "unit/rows_make.h"
#include "unit/shapes.h"
#include "unit/test.h"

/* The third time, rows are looked up. */
#define LOOKUPS 4

/* Asks for rows of a file a few times; how often they were looked up. */
typedef unsigned ask_often(const struct naive_input *input,
                           struct ngram_rows_options *options);

/* Let `ask` have the text as a file of any kind that has settled, to be read
   in any way, with a cache and an index. Nothing is left open or running. */
static inline unsigned ask_in_any_way(const struct bytes *text,
                                      struct ngram_rows_options *options,
                                      ask_often *ask)
{
  struct gzip_file file = {.text = {.data = NULL}};
  struct naive_input input = {.text = (char *)text->data, .size = text->size};
  unsigned files = test_open_files();
  unsigned threads = test_threads();
  unsigned count;

  options->index = ngram_index_create();
  options->cache = ngram_cache_create(CACHE_BYTES);
  options->on_error = (enum ngram_on_error)random_below(2);
  if (input.size > 0 && random_once_in(3))
    input.size--; /* without the last newline */
  input.path = random_once_in(2)
                   ? make_gzip(&file, input.text, input.size, &input)
                   : file_make("random", input.text, input.size);
  settle();
  wish_any_way();
  count = ask(&input, options);
  unsetenv("NGRAM_DECODER");
  unsetenv("NGRAM_KERNEL");
  unset_wishes();
  ngram_cache_free(options->cache);
  ngram_index_free(options->index);
  CHECK_EQ(test_open_files(), files);
  CHECK(test_threads_are(threads));
  gzip_file_free(&file);
  return count;
}

static inline void look_up(const char *path, struct ngram_rows_options *options,
                           const char *word, uint64_t wanted)
{
  struct ngram_word one = {word, strlen(word)};
  struct ngram_row_batch batch = {.count = 1};
  struct ngram_rows *rows;
  uint64_t count = 0;

  options->words = &one;
  options->word_count = 1;
  if (!CHECK_EQ(ngram_rows_open(path, options, &rows, NULL), NGRAM_OK))
    return;
  while (batch.count > 0) {
    CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK);
    count += batch.count;
  }
  ngram_rows_close(rows, NULL);
  CHECK_EQ(count, wanted);
}

#endif
