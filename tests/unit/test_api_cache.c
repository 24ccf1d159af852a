/* SPDX-License-Identifier: MIT */
/* Tests of results that are kept, and of finding a word in a result. */
#include <utime.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/cached.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/rows_make.h"
#include "unit/test.h"

static void same_question_is_answered_from_the_cache(void)
{
  const char *path = make_cached_file("cached", 300000);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(0, NULL);
  struct answer wanted;

  answer_of(path, &options, &wanted);
  options.cache = cache;
  check_from_cache(path, &options, &wanted, 0);
  check_from_cache(path, &options, &wanted, 1);
  ngram_cache_free(cache);
}

/* Each of these asks for something else, and gets it. */
static void other_questions_are_counted_anew(void)
{
  const char *path = make_cached_file("cached", 100000);
  const char *other = make_cached_file("other", 100000);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);

  for (int i = 0; i < 9; i++) {
    struct ngram_count_options options = answer_options(2, NULL);
    struct answer wanted;

    NOTE("question %d", i);
    options.year_from = i == 1 ? 1900 : 0;
    options.year_to = i == 2 ? 1900 : INT64_MAX;
    options.tags = i == 3 ? NGRAM_TAGS_DROP : NGRAM_TAGS_KEEP;
    options.on_error = i == 4 ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL;
    options.columns = i == 5 ? ANSWER_COLUMNS : NGRAM_YEARS;
    options.threads = i == 7 ? 3 : 2; /* changes no answer, but its stats */
    options.chunk_size = i == 8 ? 77 : 0;
    answer_of(i == 6 ? other : path, &options, &wanted);
    options.cache = cache;
    check_from_cache(i == 6 ? other : path, &options, &wanted, 0);
    check_from_cache(i == 6 ? other : path, &options, &wanted, 1);
  }
  ngram_cache_free(cache);
}

/* The same name and size, other rows. */
static void file_that_changed_is_counted_anew(void)
{
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(2, NULL);
  char row[] = "a\t1900\t1\t1\n";

  options.cache = cache;
  for (int i = 0; i < 6; i++) {
    struct ngram_counts *counts;
    struct ngram_row first;
    const char *path;

    row[7] = (char)('1' + i);
    path = file_make("changing", row, sizeof row - 1);
    unsettle();
    if (i % 2)
      settle(); /* else nothing is kept, as it may change at once */
    if (i == 3)
      utime(path, &(struct utimbuf){1, 1}); /* but looks old */
    CHECK_EQ(ngram_count(path, &options, &counts, NULL), NGRAM_OK);
    CHECK_EQ(ngram_counts_stats(counts)->from_cache, 0);
    ngram_counts_row(counts, 0, &first, NULL);
    CHECK_EQ(first.total, 1 + i);
    ngram_counts_free(counts);
  }
  ngram_cache_free(cache);
}

static size_t pick_words(struct ngram_counts *counts, struct ngram_word *words,
                         size_t most)
{
  size_t count = random_below(most);

  for (size_t i = 0; i < count; i++) {
    struct ngram_row row;

    ngram_counts_row(counts, random_below((size_t)ngram_counts_size(counts)),
                     &row, NULL);
    words[i] = random_once_in(4) ? (struct ngram_word){"no such word", 12}
                                 : (struct ngram_word){row.word, row.length};
  }
  return count;
}

static const struct ngram_word *pick_word(struct ngram_counts *counts,
                                          struct ngram_word *word)
{
  struct ngram_row row;

  ngram_counts_row(counts, random_below((size_t)ngram_counts_size(counts)),
                   &row, NULL);
  *word = (struct ngram_word){row.word, row.length - random_below(2)};
  return word;
}

/* Some words, from a result of all, are as if they had been counted alone. */
static void words_are_taken_from_a_result_of_all(void)
{
  const char *path = make_cached_file("cached", 300000);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(2, NULL);
  struct ngram_counts *all;

  options.cache = cache;
  CHECK_EQ(ngram_count(path, &options, &all, NULL), NGRAM_OK);
  for (unsigned i = 0; i < test_rounds(30); i++) {
    struct ngram_count_options few = answer_options(2, NULL);
    struct ngram_word words[20];
    struct ngram_word from;
    struct ngram_word to;
    struct answer wanted;

    few.words = random_once_in(3) ? NULL : words;
    few.word_count = pick_words(all, words, COUNT(words));
    if (random_once_in(2))
      few.word_from = pick_word(all, &from);
    if (random_once_in(2))
      few.word_to = pick_word(all, &to);
    NOTE("round %u: %d, %zu words, from %d, to %d", i, few.words != NULL,
         few.word_count, few.word_from != NULL, few.word_to != NULL);
    answer_of(path, &few, &wanted);
    few.cache = cache;
    check_from_cache(path, &few, &wanted, 1);
  }
  ngram_counts_free(all);
  ngram_cache_free(cache);
}

/* A lower bound is no upper one, and neither is a word. */
static void bounds_of_words_are_told_apart(void)
{
  static const struct ngram_word word = {"b", 1};
  const char *path = make_cached_file("cached", 100000);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);

  for (int i = 1; i < 8; i++) {
    struct ngram_count_options options = answer_options(1, NULL);
    struct answer wanted;

    NOTE("bounds %d", i);
    options.word_from = i & 1 ? &word : NULL;
    options.word_to = i & 2 ? &word : NULL;
    options.words = i & 4 ? &word : NULL;
    options.word_count = i & 4 ? 1 : 0;
    answer_of(path, &options, &wanted);
    options.cache = cache;
    check_from_cache(path, &options, &wanted, 0);
    check_from_cache(path, &options, &wanted, 1);
  }
  ngram_cache_free(cache);
}

static void result_of_some_words_answers_for_these_only(void)
{
  static const struct ngram_word words[] = {{"a", 1}, {"ab", 2}, {"b", 1}};
  const char *path = make_cached_file("cached", 100000);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);

  for (size_t count = 0; count <= COUNT(words); count++) {
    struct ngram_count_options options = answer_options(1, NULL);
    struct answer wanted;

    NOTE("%zu words", count);
    options.words = words;
    options.word_count = count;
    answer_of(path, &options, &wanted);
    options.cache = cache;
    check_from_cache(path, &options, &wanted, 0);
    check_from_cache(path, &options, &wanted, 1);
  }
  ngram_cache_free(cache);
}

/* More columns than are asked for do not show. */
static void fewer_columns_are_answered_from_more(void)
{
  const char *path = make_cached_file("cached", 100000);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);

  for (unsigned columns = ANSWER_COLUMNS + 1; columns-- > 0;) {
    struct ngram_count_options options = answer_options(1, NULL);
    struct answer wanted;

    NOTE("columns %u", columns);
    options.columns = columns;
    answer_of(path, &options, &wanted);
    options.cache = cache;
    check_from_cache(path, &options, &wanted, columns < ANSWER_COLUMNS);
  }
  ngram_cache_free(cache);
}

/* An override that cannot be met is refused even if the cache has the answer.
 */
/* Of one file and of the files of a pattern. */
static void overrides_are_judged_before_the_cache(void)
{
  const char *paths[] = {make_cached_file("cached", 1000), "cached*"};
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(1, NULL);
  struct bytes pattern = {.data = NULL};

  bytes_add(&pattern, paths[0], strlen(paths[0]));
  bytes_add(&pattern, "*", 2);
  paths[1] = (const char *)pattern.data;
  options.cache = cache;
  for (int i = 0; i < 2; i++) {
    struct answer wanted;
    struct answer refused;

    NOTE("%s", paths[i]);
    answer_of(paths[i], &options, &wanted);
    setenv("NGRAM_KERNEL", "none such", 1);
    answer_of(paths[i], &options, &refused);
    CHECK_EQ(refused.status, NGRAM_BAD_ARGUMENT);
    unsetenv("NGRAM_KERNEL");
    check_from_cache(paths[i], &options, &wanted, 1);
  }
  bytes_free(&pattern);
  ngram_cache_free(cache);
}

static int is_kept(struct ngram_cache *cache, const char *path)
{
  struct ngram_count_options options = answer_options(1, NULL);
  struct ngram_counts *counts;
  int kept;

  options.cache = cache;
  CHECK_EQ(ngram_count(path, &options, &counts, NULL), NGRAM_OK);
  kept = ngram_counts_stats(counts)->from_cache;
  ngram_counts_free(counts);
  ngram_cache_trim(cache);
  return kept;
}

static void results_used_last_are_kept_up_to_the_limit(void)
{
  struct ngram_cache *cache = ngram_cache_create(0);
  struct ngram_count_options options = answer_options(1, NULL);
  struct ngram_counts *held;
  char paths[3][1500];

  for (size_t i = 0; i < 3; i++) {
    char name[] = {'f', (char)('0' + i), '\0'};

    snprintf(paths[i], sizeof paths[i], "%s", make_cached_file(name, 1000));
  }
  CHECK_EQ(is_kept(cache, paths[0]), 0);
  CHECK_EQ(is_kept(cache, paths[0]), 0); /* no room for any */
  options.cache = cache;
  CHECK_EQ(ngram_count(paths[0], &options, &held, NULL), NGRAM_OK);
  CHECK_EQ(is_kept(cache, paths[0]), 1); /* `held` refers to it */
  ngram_counts_free(held);
  ngram_cache_trim(cache);
  CHECK_EQ(is_kept(cache, paths[0]), 0);
  ngram_cache_set_limit(cache, (uint64_t)700 << 10); /* room for two */
  CHECK_EQ(ngram_cache_limit(cache), 700 << 10);
  CHECK_EQ(is_kept(cache, paths[0]), 0);
  CHECK_EQ(is_kept(cache, paths[1]), 0);
  CHECK_EQ(is_kept(cache, paths[0]), 1);
  CHECK_EQ(is_kept(cache, paths[2]), 0);
  CHECK_EQ(is_kept(cache, paths[0]), 1);
  CHECK_EQ(is_kept(cache, paths[1]), 0); /* was used longest ago */
  ngram_cache_set_limit(cache, 0);
  CHECK_EQ(is_kept(cache, paths[1]), 0);
  ngram_cache_free(cache);
}

/* Neither results without words nor any number of small ones get past it. */
static void small_results_have_a_limit_too(void)
{
  const char *path = make_cached_file("small", 1000);
  struct ngram_cache *cache = ngram_cache_create(0);
  struct ngram_count_options options = answer_options(1, NULL);
  struct answer answer;

  options.cache = cache;
  options.year_to = 1; /* no rows */
  for (int i = 0; i < 2; i++) {
    answer_of(path, &options, &answer);
    ngram_cache_trim(cache);
    CHECK_EQ(answer.stats.words, 0);
    CHECK_EQ(answer.stats.from_cache, 0);
  }
  ngram_cache_set_limit(cache, CACHE_BYTES);
  for (int i = 0; i < 400; i++) {
    options.year_to = i % 200 - 1000;
    answer_of(path, &options, &answer);
    CHECK_EQ(answer.stats.from_cache, 0);
  }
  answer_of(path, &options, &answer);
  CHECK_EQ(answer.stats.from_cache, 1);
  ngram_cache_free(cache);
}

static void result_outlives_its_cache(void)
{
  const char *path = make_cached_file("cached", 10000);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(1, NULL);
  struct ngram_counts *counts;
  struct ngram_error error;
  uint64_t before = 0;
  uint64_t after = 0;

  options.cache = cache;
  CHECK_EQ(ngram_count(path, &options, &counts, NULL), NGRAM_OK);
  CHECK_EQ(answer_hash_rows(counts, &before, &error), NGRAM_OK);
  ngram_cache_free(cache);
  CHECK_EQ(answer_hash_rows(counts, &after, &error), NGRAM_OK);
  CHECK_EQ(after, before);
  ngram_counts_free(counts);
  ngram_cache_free(NULL);
}

/* An error is not kept, nor is anything for it. */
static void bad_file_is_bad_again(void)
{
  const char *path = file_make("bad", "a\t1\t1\n", 6);
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(1, NULL);
  struct answer wanted;

  settle();
  options.cache = cache;
  answer_of(path, &options, &wanted);
  CHECK_EQ(wanted.status, NGRAM_BAD_INPUT);
  check_from_cache(path, &options, &wanted, 0);
  ngram_cache_free(cache);
}

static void words_are_found(void)
{
  for (size_t size = 0; size < 400000; size = size * 3 + 20) {
    const char *path = make_cached_file("found", size);
    struct ngram_count_options options = answer_options(2, NULL);
    struct ngram_counts *counts;
    uint64_t count;

    NOTE("%zu bytes", size);
    CHECK_EQ(ngram_count(path, &options, &counts, NULL), NGRAM_OK);
    count = ngram_counts_size(counts);
    for (uint64_t i = 0; i < count && !test_state.failed; i++) {
      struct ngram_row row;
      char other[64];

      ngram_counts_row(counts, i, &row, NULL);
      CHECK_EQ(place_of(counts, row.word, row.length), i);
      snprintf(other, sizeof other, "%" PRIu64 " is no word", i);
      CHECK_EQ(place_of(counts, other, strlen(other)), count);
    }
    CHECK_EQ(place_of(counts, "", 0), count);
    ngram_counts_free(counts);
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(fewer_columns_are_answered_from_more),
      TEST(overrides_are_judged_before_the_cache),
      TEST(small_results_have_a_limit_too),
      TEST(same_question_is_answered_from_the_cache),
      TEST(other_questions_are_counted_anew),
      TEST(file_that_changed_is_counted_anew),
      TEST(words_are_taken_from_a_result_of_all),
      TEST(bounds_of_words_are_told_apart),
      TEST(result_of_some_words_answers_for_these_only),
      TEST(results_used_last_are_kept_up_to_the_limit),
      TEST(result_outlives_its_cache),
      TEST(bad_file_is_bad_again),
      TEST(words_are_found),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
