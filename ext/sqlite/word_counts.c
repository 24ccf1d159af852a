/* SPDX-License-Identifier: MIT */
/*
 * word_counts(path, chunk_size, threads, tokenizer, memory_limit, on_error):
 * the total of every word of free text.
 */
#include "sqlite/counts_kind.h"
#include "sqlite/keywords.h"

/* The key is the word with the arguments that select rows: counts_table.c says
   why. */
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
  ARGUMENTS /* their number */
};

static const struct ng_argument argument_list[ARGUMENTS] = {
    NG_COUNTS_COMMON_ARGUMENTS,
    NG_TOKENIZER_ARGUMENT,
    NG_MEMORY_LIMIT_ARGUMENT,
    NG_ON_ERROR_ARGUMENT,
};

static void set_options(struct ngram_count_options *options,
                        const struct ng_argument_value *const *values)
{
  options->tokenizer = ng_keyword_tokenizer(values[TOKENIZER]);
}

/* The tokenizer is the only argument that is neither common nor in the kind. */
static void result_argument(sqlite3_context *context,
                            const struct ngram_count_options *options,
                            int argument)
{
  (void)argument;
  ng_keyword_result_tokenizer(context, options->tokenizer);
}

/* Measured on English: gzip shrinks a text to about a third, and a text of some
   hundred MB has one distinct word, attached punctuation included, for each 300
   to 1,000 bytes. */
const struct ng_counts_kind ng_counts_kind_words = {
    .file = {.arguments = {"word_counts", argument_list, ARGUMENTS},
             .schema = schema_sql,
             .module = &ng_counts_module,
             .is_logged = true},
    .on_error = ON_ERROR,
    .memory_limit = MEMORY_LIMIT,
    .set_options = set_options,
    .result_argument = result_argument,
    .gz_growth = 3,
    .bytes_per_word = 400,
};
