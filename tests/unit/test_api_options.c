/* SPDX-License-Identifier: MIT */
/*
 * Tests of each option by itself, changed after a result was kept: that result
 * answers no other question. A field that is added to a struct of options has
 * to be added to its list here, or this file does not compile.
 */
#include <stddef.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/cached.h"
#include "unit/files.h"
#include "unit/test.h"

#pragma GCC diagnostic error "-Wmissing-field-initializers"

/* Two words of the file, far apart. */
static const struct ngram_word two_words[] = {{"w020000", 7}, {"w090000", 7}};

/* A file in which each row has a word of its own, settled. */
static const char *make_file(unsigned rows)
{
  struct bytes text = {.data = NULL};
  const char *path;

  for (unsigned i = 0; i < rows; i++)
    bytes_print(&text, "w%06u\t%u\t1\t1\n", i, 1850 + i % 100);
  path = file_make("options", text.data, text.size);
  bytes_free(&text);
  settle();
  return path;
}

static int never_stop(void *context)
{
  (void)context;
  return 0;
}

static void hear_nothing(void *context, const struct ngram_progress *progress)
{
  (void)context;
  (void)progress;
}

/* -------------------------------------------------------------- a count -- */

/* Which kept results answer which counts, of two that differ in one option. */
enum sharing {
  ANEW,   /* neither answers the other */
  SHARED, /* each answers the other */
  FEWER,  /* the result for the default answers the changed one */
  MORE,   /* the result for the changed one answers the default */
  APART,  /* not tested: the option is not part of a question */
};

/* All fields, in their order: a value that is not the default. */
#define COUNT_FIELDS(FIELD)                                                    \
  FIELD(size, sizeof(struct ngram_count_options), APART)                       \
  FIELD(tokenizer, NGRAM_TOKENIZER_SPACE, ANEW)                                \
  FIELD(chunk_size, 1000, ANEW)                                                \
  FIELD(threads, 2, ANEW)                                                      \
  FIELD(year_from, 1900, ANEW)                                                 \
  FIELD(year_to, 1900, ANEW)                                                   \
  FIELD(tags, NGRAM_TAGS_DROP, ANEW)                                           \
  FIELD(on_error, NGRAM_ON_ERROR_SKIP, ANEW)                                   \
  FIELD(columns, ANSWER_COLUMNS, MORE)                                         \
  FIELD(words, two_words, FEWER)                                               \
  FIELD(word_count, 2, ANEW)                                                   \
  FIELD(word_from, &two_words[0], FEWER)                                       \
  FIELD(word_to, &two_words[1], FEWER)                                         \
  FIELD(index, index, SHARED)                                                  \
  FIELD(cache, NULL, APART)                                                    \
  FIELD(root, root, SHARED)                                                    \
  FIELD(memory_limit, (uint64_t)64 << 20, SHARED)                              \
  FIELD(poll, never_stop, SHARED)                                              \
  FIELD(poll_context, root, SHARED)                                            \
  FIELD(progress, hear_nothing, SHARED)                                        \
  FIELD(progress_context, root, SHARED)

/* clang-format off */
#define VALUE(name, value, sharing) value,
#define COUNT_FIELD(name, value, sharing)                                      \
  {#name, offsetof(struct ngram_count_options, name),                          \
   sizeof(((struct ngram_count_options *)NULL)->name), sharing},
#define ROWS_FIELD(name, value, sharing)                                       \
  {#name, offsetof(struct ngram_rows_options, name),                           \
   sizeof(((struct ngram_rows_options *)NULL)->name), sharing},
/* clang-format on */

static const struct field {
  const char *name;
  size_t at;
  size_t size;
  enum sharing sharing;
} count_fields[] = {COUNT_FIELDS(COUNT_FIELD)};

static struct ngram_root *make_root(void)
{
  struct ngram_root *root = NULL;

  CHECK_EQ(ngram_root_create(file_path("."), NULL, &root, NULL), NGRAM_OK);
  return root;
}

/* Count with one and then with the other, with a new cache. */
static void check_kept(const char *path, const struct ngram_count_options *one,
                       const struct ngram_count_options *other, int from_cache)
{
  struct ngram_count_options first = *one;
  struct ngram_count_options second = *other;
  struct answer wanted;
  struct answer got;

  answer_of(path, &second, &wanted);
  CHECK_EQ(wanted.status, NGRAM_OK);
  first.cache = second.cache = ngram_cache_create(CACHE_BYTES);
  answer_of(path, &first, &got);
  CHECK_EQ(got.status, NGRAM_OK);
  check_from_cache(path, &second, &wanted, from_cache);
  ngram_cache_free(first.cache);
}

static void kept_results_answer_no_other_question(void)
{
  const char *path = make_file(30000);
  struct ngram_index *index = ngram_index_create();
  struct ngram_root *root = make_root();
  const struct ngram_count_options changed = {COUNT_FIELDS(VALUE)};

  for (size_t i = 0; i < COUNT(count_fields); i++) {
    const struct field *field = &count_fields[i];
    struct ngram_count_options one;
    struct ngram_count_options other;

    NOTE("%s", field->name);
    ngram_count_options_init(&one);
    if (field->at == offsetof(struct ngram_count_options, word_count))
      one.words = changed.words;
    other = one;
    memcpy((char *)&other + field->at, (const char *)&changed + field->at,
           field->size);
    if (field->sharing == APART)
      continue;
    CHECK(memcmp((const char *)&one + field->at,
                 (const char *)&other + field->at, field->size) != 0);
    check_kept(path, &one, &other,
               field->sharing == SHARED || field->sharing == FEWER);
    check_kept(path, &other, &one,
               field->sharing == SHARED || field->sharing == MORE);
  }
  ngram_index_free(index);
  ngram_root_free(root);
}

/* ----------------------------------------------------------------- rows -- */

/* SHARED: the word index that one makes answers the other. */
#define ROWS_FIELDS(FIELD)                                                     \
  FIELD(size, sizeof(struct ngram_rows_options), APART)                        \
  FIELD(threads, 2, SHARED)                                                    \
  FIELD(year_from, 1900, SHARED)                                               \
  FIELD(year_to, 1900, SHARED)                                                 \
  FIELD(tags, NGRAM_TAGS_DROP, SHARED)                                         \
  FIELD(on_error, NGRAM_ON_ERROR_SKIP, ANEW)                                   \
  FIELD(columns, NGRAM_ROWS_YEAR, SHARED)                                      \
  FIELD(words, &two_words[1], SHARED)                                          \
  FIELD(word_count, 2, SHARED)                                                 \
  FIELD(word_from, &two_words[0], SHARED)                                      \
  FIELD(word_to, &two_words[1], SHARED)                                        \
  FIELD(index, index, SHARED)                                                  \
  FIELD(cache, NULL, APART)                                                    \
  FIELD(root, root, SHARED)                                                    \
  FIELD(memory_limit, (uint64_t)64 << 20, SHARED)                              \
  FIELD(poll, never_stop, SHARED)                                              \
  FIELD(poll_context, root, SHARED)

static const struct field rows_fields[] = {ROWS_FIELDS(ROWS_FIELD)};

/* Returns a hash of all rows, and how they were read in *stats. */
static uint64_t hash_rows(const char *path,
                          const struct ngram_rows_options *options,
                          struct ngram_scan_stats *stats)
{
  uint64_t hash = 0xcbf29ce484222325u;
  struct ngram_row_batch batch = {.count = 1};
  struct ngram_rows *rows;

  if (!CHECK_EQ(ngram_rows_open(path, options, &rows, NULL), NGRAM_OK))
    return 0;
  while (batch.count > 0 &&
         CHECK_EQ(ngram_rows_next(rows, &batch, NULL), NGRAM_OK))
    for (size_t i = 0; i < batch.count; i++) {
      if (options->columns & NGRAM_ROWS_WORD)
        hash = answer_hash(hash, batch.text + batch.word_at[i],
                           batch.word_length[i]);
      if (options->columns & NGRAM_ROWS_YEAR)
        hash = answer_hash_number(hash, batch.year[i]);
      if (options->columns & NGRAM_ROWS_MATCH_COUNT)
        hash = answer_hash_number(hash, batch.match_count[i]);
      hash = answer_hash_number(
          hash, (int64_t)(batch.first + (batch.number ? batch.number[i] : i)));
    }
  ngram_rows_close(rows, stats);
  return hash;
}

/* Read the one until its rows are looked up, and then the other. */
static void check_looked_up(const char *path,
                            const struct ngram_rows_options *one,
                            const struct ngram_rows_options *other, bool shared)
{
  struct ngram_rows_options first = *one;
  struct ngram_rows_options second = *other;
  uint64_t wanted = hash_rows(path, &second, NULL);
  struct ngram_scan_stats stats = {.strategy = "none"};

  first.cache = second.cache = ngram_cache_create(CACHE_BYTES);
  for (int i = 0; i < 4; i++)
    hash_rows(path, &first, &stats);
  CHECK_STR(stats.strategy, "lookup");
  CHECK_EQ(hash_rows(path, &second, &stats), wanted);
  CHECK_EQ(strcmp(stats.strategy, "lookup") == 0, shared);
  ngram_cache_free(first.cache);
}

static void rows_are_looked_up_for_no_other_question(void)
{
  const char *path = make_file(120000);
  struct ngram_index *index = ngram_index_create();
  struct ngram_root *root = make_root();
  const struct ngram_rows_options changed = {ROWS_FIELDS(VALUE)};

  for (size_t i = 0; i < COUNT(rows_fields); i++) {
    const struct field *field = &rows_fields[i];
    struct ngram_rows_options one;
    struct ngram_rows_options other;

    NOTE("%s", field->name);
    ngram_rows_options_init(&one);
    one.words = two_words;
    one.word_count = 1;
    other = one;
    memcpy((char *)&other + field->at, (const char *)&changed + field->at,
           field->size);
    if (field->sharing == APART)
      continue;
    CHECK(memcmp((const char *)&one + field->at,
                 (const char *)&other + field->at, field->size) != 0);
    check_looked_up(path, &one, &other, field->sharing == SHARED);
    check_looked_up(path, &other, &one, field->sharing == SHARED);
  }
  ngram_index_free(index);
  ngram_root_free(root);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(kept_results_answer_no_other_question),
      TEST(rows_are_looked_up_for_no_other_question),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
