/* SPDX-License-Identifier: MIT */
/*
 * word_counts(path, chunk_size, threads, tokenizer, memory_limit, on_error):
 * the total of every word of free text.
 */
#include "sqlite/counts_kind.h"
#include "sqlite/keywords.h"
#include "sqlite/tokenizers.h"

/* The key: see ngram_counts.c. */
static const char schema_sql[] =
    "CREATE TABLE x(word TEXT, total INTEGER,"
    " path TEXT HIDDEN, chunk_size INTEGER HIDDEN, threads INTEGER HIDDEN,"
    " tokenizer TEXT HIDDEN, memory_limit INTEGER HIDDEN,"
    " on_error TEXT HIDDEN,"
    " PRIMARY KEY (word, path, tokenizer, on_error)) WITHOUT ROWID";

enum own_argument {
  TOKENIZER = NG_COUNTS_COMMON,
  MEMORY_LIMIT,
  ON_ERROR,
  ARGUMENTS /* how many */
};

static const struct ng_argument argument_list[ARGUMENTS] = {
    NG_COUNTS_COMMON_ARGUMENTS,
    NG_ARGUMENT_TOKENIZER,
    NG_ARGUMENT_MEMORY_LIMIT,
    NG_ARGUMENT_ON_ERROR,
};

static void set_options(struct ngram_count_options *options,
                        const struct ng_argument_value *const *values)
{
  options->tokenizer = ng_keyword_tokenizer(values[TOKENIZER]);
  options->on_error = (enum ngram_on_error)values[ON_ERROR]->number;
  if (values[MEMORY_LIMIT]->given)
    options->memory_limit = (uint64_t)values[MEMORY_LIMIT]->number;
}

static void result_argument(sqlite3_context *context,
                            const struct ngram_count_options *options,
                            int argument)
{
  switch (argument) {
  case TOKENIZER:
    sqlite3_result_text(context, ng_keyword_of_tokenizer(options->tokenizer),
                        -1, SQLITE_STATIC);
    break;
  case MEMORY_LIMIT:
    sqlite3_result_int64(context, (sqlite3_int64)options->memory_limit);
    break;
  case ON_ERROR:
    ng_keyword_result(context, ng_keywords_on_error, options->on_error);
    break;
  }
}

/* Measured on English: text shrinks to a third or little less, and some
   hundred MB have a distinct word, with what clings to it, for each 300 bytes
   to a KB. */
const struct ng_counts_kind ng_word_counts = {
    .arguments = {"word_counts", argument_list, ARGUMENTS},
    .schema = schema_sql,
    .set_options = set_options,
    .result_argument = result_argument,
    .gz_growth = 3,
    .bytes_per_word = 400,
};
