/* SPDX-License-Identifier: MIT */
#include "sqlite/choices.h"

/* In the order of enum ngram_tags. */
const char *const ng_tags_choices[] = {"keep", "drop", "only", "plain", NULL};

/* In the order of enum ngram_on_error. */
const char *const ng_on_error_choices[] = {"fail", "skip", "salvage", NULL};

void ng_result_choice(sqlite3_context *context, const char *const *choices,
                      int64_t number)
{
  sqlite3_result_text(context, choices[number], -1, SQLITE_STATIC);
}
