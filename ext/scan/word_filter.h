/* SPDX-License-Identifier: MIT */
/*
 * The words that a request wants: those of a list, within a range, tagged or
 * not. Sinks ask it for each word group of rows and each word of a free text.
 *
 * Threads: any number at once.
 */
#ifndef NG_SCAN_WORD_FILTER_H
#define NG_SCAN_WORD_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "count/entry.h"
#include "count/word_set.h"
#include "ngram.h"

struct ng_word_filter {
  const struct ngram_count_options *options; /* borrowed: range and tags */
  const struct ng_word_set *words; /* borrowed; without slots: all words */
};

/* Whether the word lies within options.word_from and word_to. */
static inline bool
ng_word_filter_in_range(const struct ngram_count_options *options,
                        const char *word, size_t length)
{
  const struct ngram_word *from = options->word_from;
  const struct ngram_word *to = options->word_to;

  return (!from || ng_entry_compare_words(word, length, from->bytes,
                                          from->length) >= 0) &&
         (!to ||
          ng_entry_compare_words(word, length, to->bytes, to->length) <= 0);
}

/* Whether options.tags wants it; options.tags is not NGRAM_TAGS_KEEP. */
bool ng_word_filter_wants_tag(enum ngram_tags tags, const char *word,
                              size_t length);

static inline bool ng_word_filter_wants(const struct ng_word_filter *filter,
                                        const char *word, size_t length)
{
  return ng_word_filter_in_range(filter->options, word, length) &&
         (!filter->words->slots ||
          ng_word_set_has(filter->words, word, length)) &&
         (filter->options->tags == NGRAM_TAGS_KEEP ||
          ng_word_filter_wants_tag(filter->options->tags, word, length));
}

#endif
