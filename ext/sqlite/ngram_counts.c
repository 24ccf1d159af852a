/* SPDX-License-Identifier: MIT */
/*
 * ngram_counts(path, chunk_size, threads, year_from, year_to, tags, on_error,
 * memory_limit): the total of every word of an n-gram file.
 */
#include "sqlite/counts_kind.h"
#include "sqlite/keywords.h"

/* The key tells a row from others of the same query, so that an OR gives it
   once: by its arguments, but for those that change no row. */
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
  ARGUMENTS /* how many */
};

static const struct ng_argument argument_list[ARGUMENTS] = {
    NG_COUNTS_COMMON_ARGUMENTS,  NG_ARGUMENT_YEAR("year_from"),
    NG_ARGUMENT_YEAR("year_to"), NG_ARGUMENT_TAGS,
    NG_ARGUMENT_ON_ERROR,        NG_ARGUMENT_MEMORY_LIMIT,
};

static void set_options(struct ngram_count_options *options,
                        const struct ng_argument_value *const *values)
{
  if (values[YEAR_FROM]->given)
    options->year_from = values[YEAR_FROM]->number;
  if (values[YEAR_TO]->given)
    options->year_to = values[YEAR_TO]->number;
  options->tags = (enum ngram_tags)values[TAGS]->number;
  options->on_error = (enum ngram_on_error)values[ON_ERROR]->number;
  if (values[MEMORY_LIMIT]->given)
    options->memory_limit = (uint64_t)values[MEMORY_LIMIT]->number;
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
  case ON_ERROR:
    ng_keyword_result(context, ng_keywords_on_error, options->on_error);
    break;
  case MEMORY_LIMIT:
    sqlite3_result_int64(context, (sqlite3_int64)options->memory_limit);
    break;
  }
}

const struct ng_counts_kind ng_ngram_counts = {
    .arguments = {"ngram_counts", argument_list, ARGUMENTS},
    .schema = schema_sql,
    .results = NG_COUNTS_RESULTS,
    .set_options = set_options,
    .result_argument = result_argument,
    .gz_growth = 6,
    .bytes_per_word = 1200, /* 59 rows of 20 bytes */
};
