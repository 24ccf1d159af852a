/* SPDX-License-Identifier: MIT */
/* Tests of some words of a kept result: chosen, and found among them. */
#include <stdlib.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/cached.h"
#include "unit/files.h"
#include "unit/test.h"

#define WORDS 3000

static struct {
  char words[WORDS][16];
  const char *path;
  struct ngram_cache *cache;
} kept;

/* Keep a result of all words, "w0" and so on. */
static void keep_result(void)
{
  struct bytes text = {.data = NULL};
  struct ngram_count_options options;
  struct ngram_counts *counts;

  for (unsigned i = 0; i < WORDS; i++) {
    snprintf(kept.words[i], sizeof kept.words[i], "w%u", i);
    bytes_print(&text, "w%u\t1900\t%u\t1\n", i, i + 1);
  }
  kept.path = file_make("view", text.data, text.size);
  kept.cache = ngram_cache_create(CACHE_BYTES);
  bytes_free(&text);
  settle(); /* the result of a file that has just changed is not kept */
  ngram_count_options_init(&options);
  options.cache = kept.cache;
  CHECK_EQ(ngram_count(kept.path, &options, &counts, NULL), NGRAM_OK);
  ngram_counts_free(counts);
}

static struct ngram_counts *choose(const struct ngram_count_options *options)
{
  struct ngram_counts *counts;

  CHECK_EQ(ngram_count(kept.path, options, &counts, NULL), NGRAM_OK);
  CHECK_EQ(ngram_counts_stats(counts)->from_cache, 1);
  return counts;
}

static unsigned number_of(const struct ngram_row *row)
{
  char word[16] = "";

  memcpy(word, row->word, row->length < 15 ? row->length : 15);
  return (unsigned)strtoul(word + 1, NULL, 10);
}

/* The words in `wanted`, and no others, are there once each and are found; they
   are in the order of the whole result. */
static void check_chosen(struct ngram_counts *counts, const bool *wanted,
                         const unsigned *order)
{
  uint64_t count = ngram_counts_size(counts);
  uint64_t at = 0;

  for (unsigned i = 0; i < WORDS; i++) {
    const char *word = kept.words[order[i]];
    struct ngram_row row;
    uint64_t index;

    ngram_counts_find(counts, word, strlen(word), &index, NULL);
    CHECK_EQ(index, wanted[order[i]] ? at : count);
    if (!wanted[order[i]] || !CHECK(at < count))
      continue;
    ngram_counts_row(counts, at++, &row, NULL);
    CHECK_EQ(number_of(&row), order[i]);
    CHECK_EQ(row.total, order[i] + 1);
  }
  CHECK_EQ(at, count);
}

/* List the numbers of all words in the order of the result. */
static void find_order(unsigned *order)
{
  struct ngram_count_options options;
  struct ngram_counts *counts;

  ngram_count_options_init(&options);
  options.cache = kept.cache;
  counts = choose(&options);
  for (unsigned i = 0; i < WORDS; i++) {
    struct ngram_row row;

    ngram_counts_row(counts, i, &row, NULL);
    order[i] = number_of(&row);
  }
  ngram_counts_free(counts);
}

/* Choose a random list, with repeated and unknown words, perhaps within a
   random range. */
static void check_some(const unsigned *order)
{
  static struct ngram_word list[2 * WORDS];
  struct ngram_count_options options;
  struct ngram_word from = {"w2", 2};
  bool wanted[WORDS] = {false};
  bool bounded = random_once_in(2);
  struct ngram_counts *counts;

  ngram_count_options_init(&options);
  options.cache = kept.cache;
  options.words = list;
  options.word_count = random_below(2 * WORDS);
  for (size_t i = 0; i < options.word_count; i++) {
    size_t word = random_below(WORDS);

    list[i] = (struct ngram_word){kept.words[word], strlen(kept.words[word])};
    if (random_once_in(9))
      list[i].length--; /* another one, or "w" */
    for (size_t k = 0; k < WORDS; k++)
      if (strlen(kept.words[k]) == list[i].length &&
          memcmp(kept.words[k], list[i].bytes, list[i].length) == 0)
        wanted[k] |= !bounded || strcmp(kept.words[k], "w2") >= 0;
  }
  options.word_from = bounded ? &from : NULL;
  counts = choose(&options);
  check_chosen(counts, wanted, order);
  ngram_counts_free(counts);
}

static void words_of_a_list_come_once_in_the_order_of_all(void)
{
  static unsigned order[WORDS];

  keep_result();
  find_order(order);
  for (unsigned round = 0; round < test_rounds(20); round++) {
    NOTE("round %u", round);
    check_some(order);
  }
  ngram_cache_free(kept.cache);
}

static void words_of_a_range_are_found_among_them(void)
{
  static unsigned order[WORDS];
  static const char *const froms[] = {"w", "w1", "w29", "w2999", "x"};

  keep_result();
  find_order(order);
  for (size_t i = 0; i < COUNT(froms); i++) {
    struct ngram_word from = {froms[i], strlen(froms[i])};
    struct ngram_count_options options;
    struct ngram_counts *counts;
    bool wanted[WORDS];

    NOTE("from %s", froms[i]);
    for (unsigned k = 0; k < WORDS; k++)
      wanted[k] = strcmp(kept.words[k], froms[i]) >= 0;
    ngram_count_options_init(&options);
    options.cache = kept.cache;
    options.word_from = &from;
    counts = choose(&options);
    check_chosen(counts, wanted, order);
    ngram_counts_free(counts);
  }
  ngram_cache_free(kept.cache);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(words_of_a_list_come_once_in_the_order_of_all),
      TEST(words_of_a_range_are_found_among_them),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
