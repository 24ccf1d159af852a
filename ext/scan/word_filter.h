/* SPDX-License-Identifier: MIT */
/*
 * The words that a request wants: those of a list, within a range, tagged or
 * not. Sinks ask it for each word.
 *
 * Threads: any number at once.
 */
#ifndef NG_SCAN_WORD_FILTER_H
#define NG_SCAN_WORD_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "count/word_set.h"
#include "ngram.h"

struct ng_word_filter {
  const struct ngram_count_options *options; /* borrowed: range and tags */
  const struct ng_word_set *words; /* borrowed; without slots: all words */
};

bool ng_word_filter_wants(const struct ng_word_filter *filter, const char *word,
                          size_t length);

/* Returns whether the word lies within options->word_from and word_to, both
   included. */
bool ng_word_filter_in_range(const struct ngram_count_options *options,
                             const char *word, size_t length);

#endif
