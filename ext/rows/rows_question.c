/* SPDX-License-Identifier: MIT */
/*
 * Checks and copies the options of a reading.
 *
 * All words, those of the list and the bounds of the range, are copied to one
 * piece of memory: the array of the list, then the bytes. A list may have
 * millions of words, so it is measured first, copied then, and the host is
 * asked in both loops.
 *
 * reading.c calls ng_rows_question_init() first of all, and
 * ng_rows_question_free() last. The question owns the memory, and a reference
 * to the root.
 */
#include "rows/rows_question.h"

#include <stdbool.h>
#include <string.h>

#include "base/poll.h"
#include "fault/fail.h"
#include "scan/options.h"
#include "store/root.h"
#include "text/row_columns.h"

void ngram_rows_options_init(struct ngram_rows_options *options)
{
  *options = (struct ngram_rows_options){
      .size = sizeof *options,
      .year_from = INT64_MIN,
      .year_to = INT64_MAX,
      .columns = NGRAM_ROWS_ALL,
  };
}

static enum ngram_status check(const struct ngram_rows_options *options,
                               struct ngram_error *error)
{
  if (options->size != sizeof *options)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "options.size is %zu, expected %zu: call "
                   "ngram_rows_options_init() first",
                   options->size, sizeof *options);
  if (options->columns & ~(unsigned)NGRAM_ROWS_ALL)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "columns is %u, allowed is a set of enum ngram_rows_columns",
                   options->columns);
  return ng_options_check(options->threads, options->memory_limit,
                          options->tags, options->on_error, error);
}

/* Set *bytes to what the copies of all words take. Returns false if told to
   stop. */
static bool measure(const struct ngram_rows_options *options,
                    const struct ng_stop *stop, size_t *bytes)
{
  *bytes = 1; /* an empty list needs an address */
  for (size_t i = 0; options->words && i < options->word_count; i++) {
    *bytes += sizeof *options->words + options->words[i].length;
    if (ng_stop_asked_at(stop, i))
      return false;
  }
  if (options->word_from)
    *bytes += options->word_from->length;
  if (options->word_to)
    *bytes += options->word_to->length;
  return true;
}

/* Copy a word's bytes to *room, and move *room after them. */
static struct ngram_word copy_word(char **room, const struct ngram_word *word)
{
  struct ngram_word copy = {*room, word->length};

  if (word->length > 0)
    memcpy(*room, word->bytes, word->length);
  *room += word->length;
  return copy;
}

/* Returns false if told to stop. */
static bool copy_words(struct ng_rows_question *question,
                       const struct ngram_rows_options *options,
                       const struct ng_stop *stop)
{
  size_t count = options->words ? options->word_count : 0;
  char *room = (char *)(question->words + count);

  for (size_t i = 0; i < count; i++) {
    question->words[i] = copy_word(&room, &options->words[i]);
    if (ng_stop_asked_at(stop, i))
      return false;
  }
  if (options->words) {
    question->options.words = question->words;
    question->options.word_count = count;
  }
  if (options->word_from) {
    question->from = copy_word(&room, options->word_from);
    question->options.word_from = &question->from;
  }
  if (options->word_to) {
    question->to = copy_word(&room, options->word_to);
    question->options.word_to = &question->to;
  }
  return true;
}

static enum ngram_status take_words(struct ng_rows_question *question,
                                    const struct ngram_rows_options *options,
                                    struct ngram_error *error)
{
  struct ng_poll poll = ng_poll_begin(options->poll, options->poll_context);
  const struct ng_stop stop = ng_poll_stop(&poll);

  if (!measure(options, &stop, &question->words_bytes))
    return ng_fail_interrupted(error);
  question->words = ng_budget_take(question->budget, question->words_bytes);
  if (!question->words)
    return ng_fail_memory(error);
  return copy_words(question, options, &stop) ? NGRAM_OK
                                              : ng_fail_interrupted(error);
}

/* Returns the columns that have to be kept: those that the caller wants; years
   for a filter by year; words for a filter by tags, which a lookup by year
   applies to columns; and numbers, if rows may be missing. */
static unsigned columns_of(const struct ngram_rows_options *options)
{
  bool by_year =
      options->year_from != INT64_MIN || options->year_to != INT64_MAX;
  bool by_tags = options->tags != NGRAM_TAGS_KEEP;
  unsigned columns = 0;

  if (options->columns & NGRAM_ROWS_WORD || by_tags)
    columns |= NG_ROW_COLUMNS_WORD;
  if (options->columns & NGRAM_ROWS_YEAR || by_year)
    columns |= NG_ROW_COLUMNS_YEAR;
  if (options->columns & NGRAM_ROWS_MATCH_COUNT)
    columns |= NG_ROW_COLUMNS_MATCH_COUNT;
  if (options->columns & NGRAM_ROWS_VOLUME_COUNT)
    columns |= NG_ROW_COLUMNS_VOLUME_COUNT;
  if (by_year || by_tags || options->words || options->word_from ||
      options->word_to)
    columns |= NG_ROW_COLUMNS_NUMBER;
  return columns;
}

enum ngram_status
ng_rows_question_init(struct ng_rows_question *question,
                      const struct ngram_rows_options *options,
                      struct ng_budget *budget, struct ngram_error *error)
{
  enum ngram_status status = check(options, error);

  if (status != NGRAM_OK)
    return status;
  question->budget = budget;
  budget->limit_bytes = options->memory_limit;
  ngram_count_options_init(&question->options);
  question->options.threads = options->threads;
  question->options.year_from = options->year_from;
  question->options.year_to = options->year_to;
  question->options.tags = options->tags;
  question->options.on_error = options->on_error;
  question->options.index = options->index;
  question->options.cache = options->cache;
  question->options.root = ng_root_hold(options->root);
  question->options.memory_limit = options->memory_limit;
  question->options.poll = options->poll;
  question->options.poll_context = options->poll_context;
  question->columns = columns_of(options);
  return take_words(question, options, error);
}

void ng_rows_question_free(struct ng_rows_question *question)
{
  if (question->words)
    ng_budget_give(question->budget, question->words, question->words_bytes);
  ngram_root_free(question->options.root);
}
