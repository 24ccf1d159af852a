/* SPDX-License-Identifier: MIT */
/*
 * A list of results, the one used last first.
 *
 * A result that somebody still walks takes no memory by being in the list as
 * well, so it stays, whatever the limit: a join that asks for one word after
 * the other finds it there. The limit is for what nobody walks.
 */
#include "engine/cache.h"

#include <stdlib.h>
#include <string.h>

/* What a result depends on, beside the file. */
struct question {
  uint64_t chunk_size; /* changes no answer, but may be what is being tried */
  unsigned threads;    /* so does this */
  int64_t year_from;
  int64_t year_to;
  enum ngram_tags tags;
  enum ngram_on_error on_error;
  unsigned columns;
  bool all_words;
  size_t words_size; /* of the words: each its length and its bytes */
  char *words;       /* owned */
};

struct entry {
  struct entry *next;
  struct ng_source_identity identity;
  struct question question;
  struct ng_result *result; /* a reference */
};

struct ngram_cache {
  struct entry *first;
  uint64_t limit_bytes;
};

struct ngram_cache *ngram_cache_create(uint64_t limit_bytes)
{
  struct ngram_cache *cache = calloc(1, sizeof *cache);

  if (cache)
    cache->limit_bytes = limit_bytes;
  return cache;
}

static void drop(struct entry **place)
{
  struct entry *entry = *place;

  *place = entry->next;
  ng_result_release(entry->result);
  free(entry->question.words);
  free(entry);
}

void ngram_cache_free(struct ngram_cache *cache)
{
  if (!cache)
    return;
  while (cache->first)
    drop(&cache->first);
  free(cache);
}

void ngram_cache_trim(struct ngram_cache *cache)
{
  uint64_t left = cache->limit_bytes;

  for (struct entry **place = &cache->first; *place;) {
    struct ng_result *result = (*place)->result;
    uint64_t size = atomic_load(&result->budget.held_bytes);

    if (!ng_result_is_alone(result)) {
      place = &(*place)->next;
    } else if (size > left) {
      drop(place);
    } else {
      left -= size;
      place = &(*place)->next;
    }
  }
}

void ngram_cache_set_limit(struct ngram_cache *cache, uint64_t limit_bytes)
{
  cache->limit_bytes = limit_bytes;
  ngram_cache_trim(cache);
}

uint64_t ngram_cache_limit(const struct ngram_cache *cache)
{
  return cache->limit_bytes;
}

/* ------------------------------------------------------------- question -- */

static size_t words_size(const struct ngram_count_options *options)
{
  size_t size = options->word_count * sizeof(size_t);

  for (size_t i = 0; i < options->word_count; i++)
    size += options->words[i].length;
  return size;
}

/* False: no memory. */
static bool question_make(struct question *question,
                          const struct ngram_count_options *options)
{
  char *at;

  *question = (struct question){.chunk_size = options->chunk_size,
                                .threads = options->threads,
                                .year_from = options->year_from,
                                .year_to = options->year_to,
                                .tags = options->tags,
                                .on_error = options->on_error,
                                .columns = options->columns,
                                .all_words = !options->words};
  if (question->all_words)
    return true;
  question->words_size = words_size(options);
  question->words = at = malloc(question->words_size + 1);
  for (size_t i = 0; at && i < options->word_count; i++) {
    const struct ngram_word *word = &options->words[i];

    memcpy(at, &word->length, sizeof word->length);
    at += sizeof word->length;
    if (word->length > 0)
      memcpy(at, word->bytes, word->length);
    at += word->length;
  }
  return question->words != NULL;
}

/* Whether a result for `kept` answers `asked`. */
static bool answers(const struct question *kept, const struct question *asked)
{
  if (kept->chunk_size != asked->chunk_size ||
      kept->threads != asked->threads || kept->year_from != asked->year_from ||
      kept->year_to != asked->year_to || kept->tags != asked->tags ||
      kept->on_error != asked->on_error || kept->columns != asked->columns)
    return false;
  if (kept->all_words)
    return true;
  return !asked->all_words && kept->words_size == asked->words_size &&
         memcmp(kept->words, asked->words, kept->words_size) == 0;
}

static bool is_same_file(const struct ng_source_identity *a,
                         const struct ng_source_identity *b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size &&
         a->modified_seconds == b->modified_seconds &&
         a->modified_nanoseconds == b->modified_nanoseconds &&
         a->changed_seconds == b->changed_seconds &&
         a->changed_nanoseconds == b->changed_nanoseconds;
}

/* ---------------------------------------------------------------- store -- */

struct ng_result *ng_cache_find(struct ngram_cache *cache,
                                const struct ng_source *source,
                                const struct ngram_count_options *options,
                                bool *has_all_words)
{
  struct ng_source_identity identity;
  struct entry **place = &cache->first;
  struct question asked;
  struct entry *entry;

  if (!ng_source_identify(source, &identity) || !question_make(&asked, options))
    return NULL;
  while (*place && !(is_same_file(&(*place)->identity, &identity) &&
                     answers(&(*place)->question, &asked)))
    place = &(*place)->next;
  free(asked.words);
  entry = *place;
  if (!entry)
    return NULL;
  *place = entry->next;
  entry->next = cache->first;
  cache->first = entry;
  *has_all_words = entry->question.all_words;
  return ng_result_hold(entry->result);
}

void ng_cache_keep(struct ngram_cache *cache, const struct ng_source *source,
                   const struct ngram_count_options *options,
                   struct ng_result *result)
{
  struct entry *entry;

  if (!ng_source_is_settled(source))
    return;
  entry = calloc(1, sizeof *entry);
  if (!entry)
    return; /* it will be counted again */
  if (!ng_source_identify(source, &entry->identity) ||
      !question_make(&entry->question, options)) {
    free(entry);
    return;
  }
  entry->result = ng_result_hold(result);
  entry->next = cache->first;
  cache->first = entry;
  ngram_cache_trim(cache);
}
