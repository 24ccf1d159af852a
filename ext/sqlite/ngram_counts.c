/* SPDX-License-Identifier: MIT */
/*
 * ngram_counts(path, chunk_size, threads, year_from, year_to, tags, on_error,
 * memory_limit): the total of every word of an n-gram file.
 */
#include "sqlite/counts_kind.h"
#include "sqlite/keywords.h"

/* The key is the word with the arguments that select rows: counts_table.c says
   why. */
static const char schema_sql[] =
    "CREATE TABLE x(word TEXT, total INTEGER,"
    " path TEXT HIDDEN, chunk_size INTEGER HIDDEN, threads INTEGER HIDDEN,"
    " year_from INTEGER HIDDEN, year_to INTEGER HIDDEN, tags TEXT HIDDEN,"
    " on_error TEXT HIDDEN, memory_limit INTEGER HIDDEN,"
    " volumes INTEGER HIDDEN, first_year INTEGER HIDDEN,"
    " last_year INTEGER HIDDEN, row_count INTEGER HIDDEN,"
    " PRIMARY KEY (word, path, year_from, year_to, tags, on_error))"
    " WITHOUT ROWID";

enum own_argument {
  YEAR_FROM = NG_COUNTS_COMMON,
  YEAR_TO,
  TAGS,
  ON_ERROR,
  MEMORY_LIMIT,
  ARGUMENTS /* their number */
};

static const struct ng_argument argument_list[ARGUMENTS] = {
    NG_COUNTS_COMMON_ARGUMENTS,  NG_YEAR_ARGUMENT("year_from"),
    NG_YEAR_ARGUMENT("year_to"), NG_TAGS_ARGUMENT,
    NG_ON_ERROR_ARGUMENT,        NG_MEMORY_LIMIT_ARGUMENT,
};

static void set_options(struct ngram_count_options *options,
                        const struct ng_argument_value *const *values)
{
  if (values[YEAR_FROM]->given)
    options->year_from = values[YEAR_FROM]->number;
  if (values[YEAR_TO]->given)
    options->year_to = values[YEAR_TO]->number;
  options->tags = (enum ngram_tags)values[TAGS]->number;
}

static void result_argument(sqlite3_context *context,
                            const struct ngram_count_options *options,
                            int argument)
{
  switch (argument) {
  case YEAR_FROM:
    sqlite3_result_int64(context, options->year_from);
    break;
  case YEAR_TO:
    sqlite3_result_int64(context, options->year_to);
    break;
  case TAGS:
    ng_keyword_result(context, ng_keywords_tags, options->tags);
    break;
  }
}

const struct ng_counts_kind ng_counts_kind_ngrams = {
    .file = {.arguments = {"ngram_counts", argument_list, ARGUMENTS},
             .schema = schema_sql,
             .module = &ng_counts_module,
             .is_logged = true},
    .on_error = ON_ERROR,
    .memory_limit = MEMORY_LIMIT,
    .results = NG_COUNTS_RESULTS,
    .set_options = set_options,
    .result_argument = result_argument,
    .gz_growth = 6,
    .bytes_per_word = 1200, /* 59 rows of 20 bytes */
};
