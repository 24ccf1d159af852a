/* SPDX-License-Identifier: MIT */
#include "scan/word_filter.h"

#include "count/table.h"
#include "text/word.h"

bool ng_word_filter_in_range(const struct ngram_count_options *options,
                             const char *word, size_t length)
{
  const struct ngram_word *from = options->word_from;
  const struct ngram_word *to = options->word_to;

  return (!from || ng_entry_compare_words(word, length, from->bytes,
                                          from->length) >= 0) &&
         (!to ||
          ng_entry_compare_words(word, length, to->bytes, to->length) <= 0);
}

bool ng_word_filter_wants(const struct ng_word_filter *filter, const char *word,
                          size_t length)
{
  if (!ng_word_filter_in_range(filter->options, word, length))
    return false;
  if (filter->words->slots && !ng_word_set_has(filter->words, word, length))
    return false;
  switch (filter->options->tags) {
  case NGRAM_TAGS_DROP:
    return !ng_word_is_tagged(word, length);
  case NGRAM_TAGS_ONLY:
    return ng_word_is_tagged(word, length);
  case NGRAM_TAGS_PLAIN:
    return ng_word_is_plain(word, length);
  case NGRAM_TAGS_KEEP:
    break;
  }
  return true;
}
