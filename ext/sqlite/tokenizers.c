/* SPDX-License-Identifier: MIT */
#include "sqlite/tokenizers.h"

/* Those of enum ngram_tokenizer that are for free text. */
const char *const ng_keywords_tokenizer[] = {"space", "unicode", NULL};

enum ngram_tokenizer ng_keyword_tokenizer(const struct ng_argument_value *value)
{
  return (enum ngram_tokenizer)(NGRAM_TOKENIZER_SPACE + value->number);
}

const char *ng_keyword_of_tokenizer(enum ngram_tokenizer tokenizer)
{
  return ng_keywords_tokenizer[tokenizer - NGRAM_TOKENIZER_SPACE];
}
