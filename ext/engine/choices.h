/* SPDX-License-Identifier: MIT */
/* What is allowed of the options that counts and rows share. */
#ifndef NG_ENGINE_CHOICES_H
#define NG_ENGINE_CHOICES_H

#include "ngram.h"

/* NGRAM_BAD_ARGUMENT, and which of them is wrong. */
enum ngram_status ng_check_choices(unsigned threads, uint64_t memory_limit,
                                   enum ngram_tags tags,
                                   enum ngram_on_error on_error,
                                   struct ngram_error *error);

#endif
