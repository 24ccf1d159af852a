/* SPDX-License-Identifier: MIT */
#include "sqlite/keywords.h"

/* In the order of enum ngram_tags. */
const char *const ng_keywords_tags[] = {"keep", "drop", "only", "plain", NULL};

/* In the order of enum ngram_on_error. */
const char *const ng_keywords_on_error[] = {"fail", "skip", "salvage", NULL};

void ng_keyword_result(sqlite3_context *context, const char *const *keywords,
                       int64_t number)
{
  sqlite3_result_text(context, keywords[number], -1, SQLITE_STATIC);
}
