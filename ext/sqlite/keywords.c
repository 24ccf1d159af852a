/* SPDX-License-Identifier: MIT */
#include "sqlite/keywords.h"

const char *const ng_keywords_tags[] = {"keep", "drop", "only", "plain", NULL};
const char *const ng_keywords_on_error[] = {"fail", "skip", "salvage", NULL};
const char *const ng_keywords_tokenizer[] = {"space", "unicode", NULL};

enum ngram_tokenizer ng_keyword_tokenizer(const struct ng_argument_value *value)
{
  return (enum ngram_tokenizer)(NGRAM_TOKENIZER_SPACE + value->number);
}

void ng_keyword_result(sqlite3_context *context, const char *const *keywords,
                       int64_t index)
{
  sqlite3_result_text(context, keywords[index], -1, SQLITE_STATIC);
}

void ng_keyword_result_tokenizer(sqlite3_context *context,
                                 enum ngram_tokenizer tokenizer)
{
  ng_keyword_result(context, ng_keywords_tokenizer,
                    (int64_t)tokenizer - NGRAM_TOKENIZER_SPACE);
}
