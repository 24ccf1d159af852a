/* SPDX-License-Identifier: MIT */
/* The arguments `tags` and `on_error` of the tables that have them, and years.
 */
#ifndef NG_SQLITE_KEYWORDS_H
#define NG_SQLITE_KEYWORDS_H

#include "sqlite/arguments.h"

/* NULL-terminated; the first is the default. A choice's number is its value in
   enum ngram_tags and enum ngram_on_error. */
extern const char *const ng_keywords_tags[];
extern const char *const ng_keywords_on_error[];

/* clang-format off */
#define NG_ARGUMENT_TAGS                                                       \
  {.name = "tags", .kind = NG_ARGUMENT_KEYWORD, .keywords = ng_keywords_tags}
#define NG_ARGUMENT_ON_ERROR                                                   \
  {.name = "on_error", .kind = NG_ARGUMENT_KEYWORD,                             \
   .keywords = ng_keywords_on_error}
#define NG_ARGUMENT_YEAR(called)                                               \
  {.name = (called), .kind = NG_ARGUMENT_INTEGER, .low = INT64_MIN,            \
   .high = INT64_MAX}
/* clang-format on */

/* The choice as in SQL becomes the result. */
void ng_keyword_result(sqlite3_context *context, const char *const *keywords,
                       int64_t number);

#endif
