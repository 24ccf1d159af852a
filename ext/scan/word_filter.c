/* SPDX-License-Identifier: MIT */
#include "scan/word_filter.h"

#include "text/word.h"

bool ng_word_filter_wants_tag(enum ngram_tags tags, const char *word,
                              size_t length)
{
  switch (tags) {
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
