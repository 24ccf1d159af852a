/* SPDX-License-Identifier: MIT */
/* The argument `tokenizer` of the tables that part free text into words. */
#ifndef NG_SQLITE_TOKENIZERS_H
#define NG_SQLITE_TOKENIZERS_H

#include "sqlite/arguments.h"

/* NULL-terminated; the first is the default. */
extern const char *const ng_keywords_tokenizer[];

#define NG_ARGUMENT_TOKENIZER                                                  \
  {                                                                            \
    .name = "tokenizer", .kind = NG_ARGUMENT_KEYWORD,                          \
    .keywords = ng_keywords_tokenizer                                          \
  }

enum ngram_tokenizer
ng_keyword_tokenizer(const struct ng_argument_value *value);

/* As in SQL, static. */
const char *ng_keyword_of_tokenizer(enum ngram_tokenizer tokenizer);

#endif
