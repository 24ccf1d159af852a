/* SPDX-License-Identifier: MIT */
/* The argument `tokenizer` of the tables that part free text into words. */
#ifndef NG_SQLITE_TOKENIZERS_H
#define NG_SQLITE_TOKENIZERS_H

#include "sqlite/arguments.h"

/* NULL-terminated; the first is the default. */
extern const char *const ng_tokenizer_choices[];

#define NG_TOKENIZER_ARGUMENT                                                  \
  {                                                                            \
    .name = "tokenizer", .kind = NG_ARGUMENT_CHOICE,                           \
    .choices = ng_tokenizer_choices                                            \
  }

enum ngram_tokenizer ng_tokenizer_of(const struct ng_value *value);

/* As in SQL, static. */
const char *ng_tokenizer_name(enum ngram_tokenizer tokenizer);

#endif
