/* SPDX-License-Identifier: MIT */
/* Tests of results in an order: against qsort(). */
#include <stdlib.h>
#include <string.h>

#include "ngram.h"
#include "unit/bytes.h"
#include "unit/files.h"
#include "unit/test.h"

/* Count `words` distinct words, many of which have the same total. */
static struct ngram_counts *count_words_of(unsigned words)
{
  struct bytes text = {.data = NULL};
  struct ngram_count_options options;
  struct ngram_counts *counts;

  for (unsigned i = 0; i < words; i++)
    bytes_print(&text, "%cword%x\t1900\t%u\t1\n", 'a' + i % 7, i,
                i % 3 ? i % 1000 : i);
  ngram_count_options_init(&options);
  CHECK_EQ(ngram_count(file_make("walk", text.data, text.size), &options,
                       &counts, NULL),
           NGRAM_OK);
  CHECK_EQ(ngram_counts_size(counts), words);
  bytes_free(&text);
  return counts;
}

static int compare_row_words(const struct ngram_row *a,
                             const struct ngram_row *b)
{
  size_t common = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->word, b->word, common);

  return order ? order : (a->length > b->length) - (a->length < b->length);
}

static int by_word(const void *a, const void *b)
{
  return compare_row_words(a, b);
}

static int by_word_descending(const void *a, const void *b)
{
  return compare_row_words(b, a);
}

static int by_total(const void *a, const void *b)
{
  const struct ngram_row *x = a;
  const struct ngram_row *y = b;

  if (x->total != y->total)
    return x->total < y->total ? -1 : 1;
  return compare_row_words(x, y);
}

static int by_total_descending(const void *a, const void *b)
{
  const struct ngram_row *x = a;
  const struct ngram_row *y = b;

  if (x->total != y->total)
    return x->total > y->total ? -1 : 1;
  return compare_row_words(x, y);
}

static struct ngram_row *all_rows(struct ngram_counts *counts)
{
  uint64_t size = ngram_counts_size(counts);
  struct ngram_row *rows = test_memory((size_t)(size + 1) * sizeof *rows);

  for (uint64_t i = 0; i < size; i++)
    ngram_counts_row(counts, i, &rows[i], NULL);
  return rows;
}

static void check_cursor(struct ngram_counts *counts,
                         const struct ngram_cursor_options *options,
                         const struct ngram_row *wanted)
{
  uint64_t size = ngram_counts_size(counts);
  struct ngram_cursor *cursor;
  struct ngram_row row;
  int more;

  CHECK_EQ(ngram_cursor_create(counts, options, &cursor, NULL), NGRAM_OK);
  for (uint64_t i = 0; i < size && !test_state.failed; i++) {
    CHECK_EQ(ngram_cursor_next(cursor, &row, &more, NULL), NGRAM_OK);
    CHECK_EQ(more, 1);
    CHECK(row.word == wanted[i].word);
    CHECK_EQ(row.total, wanted[i].total);
  }
  for (int i = 0; i < 2; i++) { /* the end is reported again */
    CHECK_EQ(ngram_cursor_next(cursor, &row, &more, NULL), NGRAM_OK);
    CHECK_EQ(more, 0);
  }
  ngram_cursor_free(cursor);
}

static void rows_come_in_the_order_asked_for(void)
{
  static int (*const compare[])(const void *, const void *) = {
      by_word, by_word_descending, by_total, by_total_descending};
  static const unsigned words[] = {0, 1, 2, 999, 1000, 1001, 2500, 120000};
  unsigned threads = test_threads();

  for (size_t w = 0; w < COUNT(words); w++) {
    struct ngram_counts *counts = count_words_of(words[w]);
    struct ngram_row *rows = all_rows(counts);

    for (unsigned i = 0; i < 8; i++) {
      struct ngram_cursor_options options;

      ngram_cursor_options_init(&options);
      options.order = (enum ngram_order)(i / 2);
      options.few = i % 2;
      options.threads = i * 3 % 5;
      NOTE("%u words, order %u, few %u, %u threads", words[w], i / 2, i % 2,
           options.threads);
      qsort(rows, (size_t)ngram_counts_size(counts), sizeof *rows,
            compare[i / 2]);
      check_cursor(counts, &options, rows);
    }
    free(rows);
    ngram_counts_free(counts);
  }
  CHECK(test_threads_are(threads));
}

static int always_stop(void *context)
{
  ++*(int *)context;
  return 1;
}

/* After a stop the next call works: the host is not asked again so soon. */
static void cursor_goes_on_when_asked_again(struct ngram_cursor *cursor)
{
  struct ngram_row row;
  int more;

  (void)ngram_cursor_next(cursor, &row, &more, NULL);
  CHECK_EQ(more, 1);
}

/* The host says stop while rows are sorted. */
static void cursor_can_be_stopped(void)
{
  struct ngram_counts *counts = count_words_of(120000);

  for (unsigned threads = 1; threads <= 4; threads++) {
    struct ngram_error error = {.status = NGRAM_OK};
    struct ngram_cursor_options options;
    struct ngram_cursor *cursor;
    struct ngram_row row;
    int questions = 0;
    int more;

    NOTE("%u threads", threads);
    ngram_cursor_options_init(&options);
    options.threads = threads;
    options.few = threads == 4;
    options.poll = always_stop;
    options.poll_context = &questions;
    CHECK_EQ(ngram_cursor_create(counts, &options, &cursor, &error), NGRAM_OK);
    CHECK_EQ(ngram_cursor_next(cursor, &row, &more, &error), NGRAM_INTERRUPTED);
    CHECK_STR(error.message, "interrupted");
    CHECK_EQ(questions, 1);
    cursor_goes_on_when_asked_again(cursor);
    ngram_cursor_free(cursor);
  }
  ngram_counts_free(counts);
}

static void cursor_of_no_order_is_refused(void)
{
  struct ngram_counts *counts = count_words_of(3);
  struct ngram_error error;
  struct ngram_cursor_options options = {.size = 0};
  struct ngram_cursor *cursor;

  CHECK_EQ(ngram_cursor_create(counts, &options, &cursor, &error),
           NGRAM_BAD_ARGUMENT);
  CHECK(cursor == NULL);
  CHECK_HAS(error.message, "ngram_cursor_options_init");
  ngram_cursor_options_init(&options);
  options.order = (enum ngram_order)4;
  CHECK_EQ(ngram_cursor_create(counts, &options, &cursor, &error),
           NGRAM_BAD_ARGUMENT);
  CHECK_HAS(error.message, "order is 4");
  ngram_cursor_free(NULL);
  ngram_counts_free(counts);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(rows_come_in_the_order_asked_for),
      TEST(cursor_can_be_stopped),
      TEST(cursor_of_no_order_is_refused),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
