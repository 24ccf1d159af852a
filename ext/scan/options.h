/* SPDX-License-Identifier: MIT */
/* What is allowed of the options that counts and rows share. */
#ifndef NG_SCAN_OPTIONS_H
#define NG_SCAN_OPTIONS_H

#include "ngram.h"

/* NGRAM_BAD_ARGUMENT, and which of them is wrong. */
enum ngram_status ng_options_check(unsigned threads, uint64_t memory_limit,
                                   enum ngram_tags tags,
                                   enum ngram_on_error on_error,
                                   struct ngram_error *error);

#endif
