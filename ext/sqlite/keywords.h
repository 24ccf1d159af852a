/* SPDX-License-Identifier: MIT */
/*
 * The keywords of the arguments `tags`, `on_error` and `tokenizer`: the names
 * that enumerations of ngram.h have in SQL.
 */
#ifndef NG_SQLITE_KEYWORDS_H
#define NG_SQLITE_KEYWORDS_H

#include "sqlite/arguments.h"

/* NULL-terminated; the first is the default. A keyword's index is its value in
   enum ngram_tags and enum ngram_on_error; for the tokenizer, it is the value
   in enum ngram_tokenizer less NGRAM_TOKENIZER_SPACE. */
extern const char *const ng_keywords_tags[];
extern const char *const ng_keywords_on_error[];
extern const char *const ng_keywords_tokenizer[];

/* The arguments, for a table's list. */
/* clang-format off */
#define NG_TAGS_ARGUMENT                                                       \
  {.name = "tags", .kind = NG_ARGUMENT_KEYWORD, .keywords = ng_keywords_tags}
#define NG_ON_ERROR_ARGUMENT                                                   \
  {.name = "on_error", .kind = NG_ARGUMENT_KEYWORD,                            \
   .keywords = ng_keywords_on_error}
#define NG_TOKENIZER_ARGUMENT                                                  \
  {.name = "tokenizer", .kind = NG_ARGUMENT_KEYWORD,                           \
   .keywords = ng_keywords_tokenizer}
/* clang-format on */

/* The tokenizer that an argument names. */
enum ngram_tokenizer
ng_keyword_tokenizer(const struct ng_argument_value *value);

/* Make keyword `index` the result. */
void ng_keyword_result(sqlite3_context *context, const char *const *keywords,
                       int64_t index);

/* Make the keyword of a tokenizer the result. */
void ng_keyword_result_tokenizer(sqlite3_context *context,
                                 enum ngram_tokenizer tokenizer);

#endif
