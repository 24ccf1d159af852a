/* SPDX-License-Identifier: MIT */
/*
 * Tests of whole counts of free text: every form of a file, number of threads
 * and chunk size gives the words of a naive reader, or its fault; and the
 * splitter gives them in their order.
 */
#include "unit/bytes.h"
#include "unit/check_totals.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/mapper.h"
#include "unit/naive_count.h"
#include "unit/naive_tokens.h"
#include "unit/rows_make.h"
#include "unit/test.h"
#include "unit/word_pieces.h"

static enum ngram_tokenizer tokenizer_of(enum ng_tokens tokens)
{
  return tokens == NG_TOKENS_SPACE ? NGRAM_TOKENIZER_SPACE
                                   : NGRAM_TOKENIZER_UNICODE;
}

static void check_words(const char *path,
                        const struct ngram_count_options *options,
                        struct naive_count *wanted)
{
  struct ngram_counts *counts;
  struct ngram_error error = {.status = NGRAM_OK};
  enum ngram_status status = ngram_count(path, options, &counts, &error);

  NOTE("%s, %u threads, chunks of %" PRIu64, path, options->threads,
       options->chunk_size);
  CHECK_EQ(status, wanted->status);
  if (status != NGRAM_OK || !counts) {
    CHECK_HAS(error.message, strchr(wanted->error.message, ':'));
    return;
  }
  CHECK_EQ(ngram_counts_size(counts), naive_words(&wanted->map));
  CHECK_EQ(ngram_counts_stats(counts)->rows, wanted->lines);
  CHECK_EQ(ngram_counts_stats(counts)->skipped, wanted->skipped);
  for (uint64_t i = 0; i < ngram_counts_size(counts); i++) {
    const struct ng_sums *sums;
    struct ngram_row row;

    ngram_counts_row(counts, i, &row, NULL);
    sums = naive_find(&wanted->map, row.word, row.length);
    if (CHECK(sums != NULL))
      CHECK_EQ(row.total, sums->total);
  }
  ngram_counts_free(counts);
}

/* In a plain file, and in a gzip file of one or some members. */
static void check_files(const char *text, size_t size, enum ng_tokens tokens)
{
  static const uint64_t chunks[] = {0, 0, 1, 3, 1000};
  struct naive_input input = {.path = "a", .text = text, .size = size};
  size_t member = size / (1 + random_below(4)) + 1;
  struct gzip_file gz = {.bytes = {.data = NULL}};
  struct ngram_count_options options;
  struct naive_count wanted;
  const char *paths[2];

  for (size_t at = 0; at == 0 || at < size; at += member)
    gzip_file_add(&gz, text + at, size - at < member ? size - at : member);
  paths[0] = file_make("words.txt", text, size);
  paths[1] = file_make("words.gz", gz.bytes.data, gz.bytes.size);
  ngram_count_options_init(&options);
  options.on_error = (enum ngram_on_error)random_below(2);
  naive_word_count(&input, tokens, options.on_error == NGRAM_ON_ERROR_SKIP,
                   &wanted);
  options.tokenizer = tokenizer_of(tokens);
  for (size_t i = 0; i < COUNT(paths); i++)
    for (options.threads = 1; options.threads <= 4; options.threads++) {
      options.chunk_size = chunks[random_below(COUNT(chunks))];
      check_words(paths[i], &options, &wanted);
    }
  naive_count_free(&wanted);
  gzip_file_free(&gz);
}

static void words_of_files_are_those_of_a_naive_reader(void)
{
  size_t most = 3000000;
  char *text = test_memory(most);

  setenv("NGRAM_STRETCH", "4096", 1);
  for (unsigned round = 0; round < test_rounds(24); round++) {
    size_t target = random_below(random_once_in(3) ? most : 100000);
    size_t bad = random_once_in(3) ? 1 + random_below(500000) : 0;

    check_files(text, make_token_text(text, target, bad), any_tokens());
  }
  unsetenv("NGRAM_STRETCH");
  free(text);
}

static void check_split(struct ngram_splitter *splitter, const char *text,
                        size_t size, enum ng_tokens tokens)
{
  struct bytes got = {.data = NULL};
  struct bytes wanted = {.data = NULL};
  struct naive_fault fault;
  struct ngram_error error = {.message = ""};
  struct ngram_word word;
  enum ngram_status status;
  int more;

  naive_tokens(tokens, text, size, bytes_add_word, &wanted, &fault);
  ngram_splitter_begin(splitter, text, size);
  do {
    status = ngram_splitter_next(splitter, &word, &more, &error);
    if (more)
      bytes_add_word(&got, word.bytes, word.length);
  } while (status == NGRAM_OK && more);
  CHECK_EQ(status, fault.kind == NG_ROW_OK ? NGRAM_OK : NGRAM_BAD_INPUT);
  if (status == NGRAM_OK) {
    CHECK_BYTES(got.data, got.size, wanted.data, wanted.size);
  } else {
    struct ngram_error told;
    struct ng_row_fault row = {.kind = fault.kind};

    ng_fail_row(&told, "text", naive_newlines(text, fault.start) + 1, &row);
    CHECK_STR(error.message, told.message);
  }
  bytes_free(&got);
  bytes_free(&wanted);
}

static void splitter_gives_the_words_of_one_text_after_the_other(void)
{
  size_t most = 200000;
  char *text = test_memory(most);

  for (enum ng_tokens tokens = NG_TOKENS_SPACE; tokens <= NG_TOKENS_LETTERS;
       tokens++) {
    struct ngram_splitter *splitter;

    if (!CHECK_EQ(ngram_splitter_create(tokenizer_of(tokens), &splitter, NULL),
                  NGRAM_OK))
      break;
    for (unsigned round = 0; round < test_rounds(300); round++) {
      size_t target = random_below(random_once_in(9) ? most : 200);
      size_t bad = random_once_in(2) ? 1 + random_below(30000) : 0;
      size_t size = make_token_text(text, target, bad);

      NOTE("round %u, %zu bytes", round, size);
      check_split(splitter, text, size, tokens);
    }
    ngram_splitter_free(splitter);
  }
  free(text);
}

static void splitter_judges_words_of_a_mebibyte(void)
{
  char *text = test_memory(NG_LINE_MAX + 100);
  struct ngram_splitter *splitter;

  CHECK_EQ(ngram_splitter_create(NGRAM_TOKENIZER_SPACE, &splitter, NULL),
           NGRAM_OK);
  memset(text, 'a', NG_LINE_MAX + 100);
  text[3] = ' ';
  for (size_t length = NG_LINE_MAX - 1; length <= NG_LINE_MAX + 2; length++)
    for (size_t after = 0; after < 20; after += 7) {
      if (after > 0)
        text[4 + length] = ' ';
      check_split(splitter, text, 4 + length + after, NG_TOKENS_SPACE);
      text[4 + length] = 'a';
    }
  ngram_splitter_free(splitter);
  ngram_splitter_free(NULL);
  free(text);
}

/* Options that only rows have are refused. */
static void options_of_rows_do_not_go_with_a_tokenizer(void)
{
  const char *path = file_make("few.txt", "a b\n", 4);

  for (int i = 0; i < 8; i++) {
    struct ngram_count_options options;
    struct ngram_counts *counts;
    struct ngram_error error;
    enum ngram_status status;

    ngram_count_options_init(&options);
    options.tokenizer = NGRAM_TOKENIZER_UNICODE;
    options.columns = i == 1 ? NGRAM_ROW_COUNT : 0;
    options.tags = i == 2 ? NGRAM_TAGS_DROP : NGRAM_TAGS_KEEP;
    options.on_error = i == 3 ? NGRAM_ON_ERROR_SKIP : NGRAM_ON_ERROR_FAIL;
    if (i == 4)
      options.year_from = 0;
    if (i == 5)
      options.year_to = 2000;
    if (i == 6)
      options.tokenizer = (enum ngram_tokenizer)3;
    if (i == 7)
      options.tokenizer = (enum ngram_tokenizer) - 1;
    status = ngram_count(path, &options, &counts, &error);
    NOTE("option %d", i);
    CHECK_EQ(status, i == 0 || i == 3 ? NGRAM_OK : NGRAM_BAD_ARGUMENT);
    if (status != NGRAM_OK)
      CHECK_HAS(error.message, "tokenizer");
    ngram_counts_free(counts);
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(words_of_files_are_those_of_a_naive_reader),
      TEST(splitter_gives_the_words_of_one_text_after_the_other),
      TEST(splitter_judges_words_of_a_mebibyte),
      TEST(options_of_rows_do_not_go_with_a_tokenizer),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
