/* SPDX-License-Identifier: MIT */
/* Validation of the options that counts and rows share. Threads: any. */
#ifndef NG_SCAN_OPTIONS_H
#define NG_SCAN_OPTIONS_H

#include "ngram.h"

/* Returns NGRAM_BAD_ARGUMENT, and names the option in *error, if one is out of
   its range. memory_limit is in bytes; 0: none. */
enum ngram_status ng_options_check(unsigned threads, uint64_t memory_limit,
                                   enum ngram_tags tags,
                                   enum ngram_on_error on_error,
                                   struct ngram_error *error);

#endif
