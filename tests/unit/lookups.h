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
  override_any_way();
  count = ask(&input, options);
  unsetenv("NGRAM_DECODER");
  unsetenv("NGRAM_KERNEL");
  unset_overrides();
  ngram_cache_free(options->cache);
  ngram_index_free(options->index);
  CHECK_EQ(test_open_files(), files);
  CHECK(test_threads_are(threads));
  gzip_file_free(&file);
  return count;
}

/* Asks once for some rows of a file, which are compared with naive ones. */
typedef void ask_once(const struct naive_input *input,
                      struct ngram_rows_options *options,
                      struct ngram_scan_stats *stats);

/* Ask `times` times of a file that has settled. How often rows were looked up.
 */
static inline unsigned ask_again(const struct naive_input *input,
                                 struct ngram_rows_options *options,
                                 unsigned times, ask_once *ask)
{
  struct ngram_scan_stats stats = {.strategy = "none"};
  unsigned count = 0;

  for (unsigned i = 0; i < times && !test_state.failed; i++) {
    NOTE("%.99s, %zu bytes, %u threads, skip %d, limit %" PRIu64
         ", time %u, last by %s",
         input->path, input->size, options->threads, options->on_error,
         options->memory_limit, i, stats.strategy);
    ask(input, options, &stats);
    count += strcmp(stats.strategy, "lookup") == 0;
  }
  return count;
}

/* Let `ask` have texts of any taste, some of them of up to `most` bytes; rows
   of some have to be looked up. */
static inline void ask_of_any_text(size_t most,
                                   unsigned (*ask)(const struct bytes *text))
{
  struct bytes text = {.data = NULL};
  unsigned count = 0;

  for (unsigned round = 0; round < test_rounds(60) && !test_state.failed;
       round++) {
    struct rows_taste taste = {.layout = (enum ng_layout)random_below(3),
                               .new_word = 1 + random_below(20),
                               .crlf = random_below(3),
                               .mutated = random_once_in(4) ? 1000 : 0,
                               .odd_number = random_once_in(4) ? 100 : 0,
                               .long_word = random_once_in(4) ? 200 : 0,
                               .junk = random_once_in(4) ? 3000 : 0};

    text.size = 0;
    rows_add(&text, random_below(random_once_in(4) ? most : 50000), &taste);
    count += ask(&text);
  }
  NOTE("%u times looked up", count);
  CHECK(count > 0);
  bytes_free(&text);
}

/* Take all rows, up to an error; *count: how many. */
static inline enum ngram_status
count_rows(const char *path, const struct ngram_rows_options *options,
           uint64_t *count)
{
  struct ngram_row_batch batch = {.count = 1};
  struct ngram_rows *rows;
  enum ngram_status status = ngram_rows_open(path, options, &rows, NULL);

  *count = 0;
  while (status == NGRAM_OK && batch.count > 0) {
    status = ngram_rows_next(rows, &batch, NULL);
    *count += batch.count;
  }
  ngram_rows_close(rows, NULL);
  return status;
}

static inline void look_up(const char *path, struct ngram_rows_options *options,
                           const char *word, uint64_t wanted)
{
  struct ngram_word one = {word, strlen(word)};
  uint64_t count;

  options->words = &one;
  options->word_count = 1;
  CHECK_EQ(count_rows(path, options, &count), NGRAM_OK);
  CHECK_EQ(count, wanted);
}

#endif
