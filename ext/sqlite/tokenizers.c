/* SPDX-License-Identifier: MIT */
#include "sqlite/tokenizers.h"

/* Those of enum ngram_tokenizer that are for free text. */
const char *const ng_tokenizer_choices[] = {"space", "unicode", NULL};

enum ngram_tokenizer ng_tokenizer_of(const struct ng_value *value)
{
  return (enum ngram_tokenizer)(NGRAM_TOKENIZER_SPACE + value->number);
}

const char *ng_tokenizer_name(enum ngram_tokenizer tokenizer)
{
  return ng_tokenizer_choices[tokenizer - NGRAM_TOKENIZER_SPACE];
}
