/* SPDX-License-Identifier: MIT */
/*
 * Kept results, each with the question that it answers, in a list by last use
 * (base/lru.h). ngram_count() calls ng_cache_key_of(), ng_cache_find() and,
 * after it has counted, ng_cache_keep().
 *
 * Find. The list, of at most ENTRIES_MAX entries, is searched from its front
 * for the same files in the same state, and for equal options, except that
 *
 *   - a result with more columns answers for fewer;
 *   - a result of all words answers for some of them, unless it has spilled.
 *     A spilled result answers only for the words that it was made for.
 *
 * The words of a question are one piece of memory: each word's length, then its
 * bytes. A list may have millions of words, so every loop over one asks whether
 * to stop.
 *
 * Keep and trim. Entries are kept from the front on while they fit the limit.
 * An entry whose result has other references takes no memory by being in the
 * list as well. It counts as 0 bytes and stays whatever the limit is, so a join
 * that asks for one word after the other finds it. Lookups of rows
 * (rows/lookups.h) may have half of the limit; results have the rest, and what
 * lookups leave of their half.
 *
 * Damage. A result whose temporary file cannot be read back is dropped at the
 * next question about its files, so they are counted anew. A result of standard
 * input stays, because that cannot be counted anew.
 *
 * Memory: an entry owns its files and words, and one reference of its result.
 */
#include "api/cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/lru.h"

/* The options that a result depends on. */
struct question {
  uint64_t chunk_size; /* changes no row, but the stats */
  unsigned threads;    /* the same */
  int64_t year_from;
  int64_t year_to;
  enum ngram_tokenizer tokenizer;
  enum ngram_tags tags;
  enum ngram_on_error on_error;
  unsigned columns;
  bool has_words; /* options->words is not NULL, and so on */
  bool has_from;
  bool has_to;
  size_t words_size; /* in bytes, of `words` */
  char *words;       /* owned: word_from, word_to and the words, each its length
                        and its bytes; NULL in a question that is not kept */
};

struct entry {
  struct ng_lru link;
  struct ng_source_identity *files; /* owned */
  size_t file_count;
  struct question question;
  struct ng_result *result; /* a reference */
};

/* Entries in the list, which a join searches once for each of its rows. */
#define ENTRIES_MAX 64
/* The words of a question are kept up to this size whatever the limit is: about
   a hundred words. */
#define WORDS_BYTES_FREE 4096

struct ngram_cache {
  struct ng_lru results;
  struct ng_lookups lookups;
  uint64_t limit_bytes;
  struct ng_source_identity spent; /* standard input that was read as rows */
  bool has_spent;                  /* `spent` is set */
};

struct ngram_cache *ngram_cache_create(uint64_t limit_bytes)
{
  struct ngram_cache *cache = calloc(1, sizeof *cache);

  if (cache)
    cache->limit_bytes = limit_bytes;
  return cache;
}

static void entry_free(void *memory)
{
  struct entry *entry = memory;

  ng_result_release(entry->result);
  free(entry->question.words);
  free(entry->files);
  free(entry);
}

void ngram_cache_free(struct ngram_cache *cache)
{
  if (!cache)
    return;
  while (cache->results.next)
    entry_free(ng_lru_take(&cache->results, NULL, NULL));
  ng_lookups_free(&cache->lookups);
  free(cache);
}

/* Returns the bytes that dropping the entry would free. */
static uint64_t size_of(const void *memory)
{
  const struct entry *entry = memory;

  if (!ng_result_is_alone(entry->result))
    return 0;
  return sizeof *entry + entry->file_count * sizeof *entry->files +
         entry->question.words_size + ng_result_bytes(entry->result);
}

void ngram_cache_trim(struct ngram_cache *cache)
{
  uint64_t lookups = cache->limit_bytes / 2;
  uint64_t left =
      cache->limit_bytes - lookups + ng_lookups_trim(&cache->lookups, lookups);

  ng_lru_trim(&cache->results, left, ENTRIES_MAX, size_of, entry_free);
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

/* The loops over the words of one question, and whether they are to stop. */
struct asking {
  const struct ng_stop *stop; /* borrowed; NULL: never */
  size_t words;               /* visited so far */
  bool told;                  /* to stop */
};

static bool is_told(struct asking *asking)
{
  if (!asking->told)
    asking->told = ng_stop_asked_at(asking->stop, asking->words++);
  return asking->told;
}

/* Append a word to the bytes at `at` unless that is NULL. Returns its size
   there. */
static size_t add_word(char *at, const struct ngram_word *word)
{
  if (at) {
    memcpy(at, &word->length, sizeof word->length);
    if (word->length > 0)
      memcpy(at + sizeof word->length, word->bytes, word->length);
  }
  return sizeof word->length + word->length;
}

/* Write word_from, word_to and the words to `at` unless that is NULL. Returns
   their size, or less when told to stop. */
static size_t add_words(char *at, const struct ngram_count_options *options,
                        struct asking *asking)
{
  size_t size = 0;

  if (options->word_from)
    size += add_word(at, options->word_from);
  if (options->word_to)
    size += add_word(at ? at + size : NULL, options->word_to);
  for (size_t i = 0; options->words && i < options->word_count; i++) {
    size += add_word(at ? at + size : NULL, &options->words[i]);
    if (is_told(asking))
      break;
  }
  return size;
}

static struct question question_of(const struct ngram_count_options *options,
                                   struct asking *asking)
{
  return (struct question){.chunk_size = options->chunk_size,
                           .threads = options->threads,
                           .year_from = options->year_from,
                           .year_to = options->year_to,
                           .tokenizer = options->tokenizer,
                           .tags = options->tags,
                           .on_error = options->on_error,
                           .columns = options->columns,
                           .has_words = options->words != NULL,
                           .has_from = options->word_from != NULL,
                           .has_to = options->word_to != NULL,
                           .words_size = add_words(NULL, options, asking)};
}

/* Returns false if there is no memory. */
static bool keep_words(struct question *question,
                       const struct ngram_count_options *options,
                       struct asking *asking)
{
  question->words = malloc(question->words_size + 1);
  if (question->words)
    add_words(question->words, options, asking);
  return question->words != NULL;
}

/* Whether the next word at *at is `word`; if so, *at moves past it. Both lists
   have the same size, so as long as their words agree, *at has as many bytes
   left as the list that is asked for. */
static bool is_next_word(const char **at, const struct ngram_word *word)
{
  const char *bytes = *at + sizeof word->length;

  if (memcmp(*at, &word->length, sizeof word->length) != 0 ||
      (word->length > 0 && memcmp(bytes, word->bytes, word->length) != 0))
    return false;
  *at = bytes + word->length;
  return true;
}

/* Whether the same words and bounds are asked for as were kept. Returns false
   when told to stop. */
static bool has_same_words(const struct question *kept,
                           const struct question *asked,
                           const struct ngram_count_options *options,
                           struct asking *asking)
{
  const char *at = kept->words;

  if (kept->has_words != asked->has_words ||
      kept->has_from != asked->has_from || kept->has_to != asked->has_to ||
      kept->words_size != asked->words_size)
    return false;
  if ((options->word_from && !is_next_word(&at, options->word_from)) ||
      (options->word_to && !is_next_word(&at, options->word_to)))
    return false;
  for (size_t i = 0; options->words && i < options->word_count; i++)
    if (!is_next_word(&at, &options->words[i]) || is_told(asking))
      return false;
  return true;
}

static bool has_all_words(const struct question *question)
{
  return !question->has_words && !question->has_from && !question->has_to;
}

/* Whether an entry's result answers `asked`, as the head of this file says. */
static bool answers(const struct entry *entry, const struct question *asked,
                    const struct ngram_count_options *options,
                    struct asking *asking)
{
  const struct question *kept = &entry->question;

  if (kept->chunk_size != asked->chunk_size ||
      kept->threads != asked->threads || kept->year_from != asked->year_from ||
      kept->year_to != asked->year_to || kept->tags != asked->tags ||
      kept->tokenizer != asked->tokenizer ||
      kept->on_error != asked->on_error ||
      (asked->columns & ~kept->columns) != 0)
    return false;
  if (has_all_words(kept) && (!entry->result->spilled || has_all_words(asked)))
    return true;
  return has_same_words(kept, asked, options, asking);
}

/* ------------------------------------------------------------------ key -- */

/* Standard input is always known: it can be read only once, so its first result
   stays the answer. */
struct ng_cache_key ng_cache_key_of(const struct ng_source *source,
                                    struct ng_source_identity *file)
{
  bool is_stdin = ng_source_identify_stdin(source, file);
  bool is_known = is_stdin || (ng_source_is_settled(source) &&
                               ng_source_identify(source, file));

  return (struct ng_cache_key){file, is_known, is_stdin};
}

static bool is_of(const void *memory, const void *wanted)
{
  const struct entry *entry = memory;
  const struct ng_cache_key *key = wanted;

  if (key->file_count == 0 || entry->file_count != key->file_count)
    return false;
  for (size_t i = 0; i < key->file_count; i++)
    if (!ng_source_is_same(&entry->files[i], &key->files[i]))
      return false;
  return true;
}

/* ---------------------------------------------------------------- store -- */

/* Whether the entry is of the key's files and its temporary file could not be
   read back. Returns false for standard input, which cannot be counted anew. */
static bool is_damaged(const void *entry, const void *key)
{
  const struct ng_spilled *spilled =
      ((const struct entry *)entry)->result->spilled;

  return spilled && atomic_load(&spilled->damaged) && is_of(entry, key) &&
         !((const struct ng_cache_key *)key)->is_stdin;
}

struct wanted {
  const struct ng_cache_key *key;
  const struct question *question;
  const struct ngram_count_options *options;
  struct asking *asking;
};

static bool is_answer(const void *entry, const void *memory)
{
  const struct wanted *wanted = memory;

  return !wanted->asking->told && is_of(entry, wanted->key) &&
         answers(entry, wanted->question, wanted->options, wanted->asking);
}

bool ng_cache_find(struct ngram_cache *cache, const struct ng_cache_key *key,
                   const struct ngram_count_options *options,
                   const struct ng_stop *stop, struct ng_result **result,
                   bool *has_more)
{
  struct asking asking = {.stop = stop};
  struct question asked;
  struct entry *entry;

  *result = NULL;
  if (key->file_count == 0)
    return true;
  while ((entry = ng_lru_take(&cache->results, is_damaged, key)))
    entry_free(entry);
  asked = question_of(options, &asking);
  entry = ng_lru_use(&cache->results, is_answer,
                     &(struct wanted){key, &asked, options, &asking});
  if (!entry)
    return !asking.told;
  *has_more = has_all_words(&entry->question) && !entry->result->spilled;
  *result = ng_result_hold(entry->result);
  return true;
}

bool ng_cache_has(const struct ngram_cache *cache,
                  const struct ng_cache_key *key)
{
  if (key->is_stdin && cache->has_spent &&
      ng_source_is_same(&cache->spent, &key->files[0]))
    return true;
  for (struct ng_lru *link = cache->results.next; link; link = link->next)
    if (is_of(link, key))
      return true;
  return false;
}

static void trim(void *cache)
{
  ngram_cache_trim(cache);
}

/* For rows (rows/rows_state.h): note that standard input is read now, so that
   no later statement reads it. Returns false if it was read before. */
static bool take_stdin(void *owner, const struct ng_source *source)
{
  struct ngram_cache *cache = owner;
  struct ng_source_identity identity;
  struct ng_cache_key key = ng_cache_key_of(source, &identity);

  if (!key.is_stdin)
    return true;
  if (ng_cache_has(cache, &key))
    return false;
  cache->spent = identity;
  cache->has_spent = true;
  return true;
}

struct ng_rows_memory ng_cache_rows_memory(struct ngram_cache *cache)
{
  if (!cache)
    return (struct ng_rows_memory){.lookups = NULL};
  return (struct ng_rows_memory){.lookups = &cache->lookups,
                                 .limit_bytes = ngram_cache_limit(cache),
                                 .owner = cache,
                                 .trim = trim,
                                 .take_stdin = take_stdin};
}

/* Returns false if there is no memory. */
static bool take_files(struct entry *entry, const struct ng_cache_key *key)
{
  entry->files = malloc(key->file_count * sizeof *entry->files);
  if (!entry->files)
    return false;
  memcpy(entry->files, key->files, key->file_count * sizeof *entry->files);
  entry->file_count = key->file_count;
  return true;
}

/* Whether the words of a question may be kept. They stay, beyond the limit, as
   long as the result has other references. */
static bool has_room(const struct ngram_cache *cache,
                     const struct question *question)
{
  return question->words_size <= WORDS_BYTES_FREE ||
         question->words_size <= cache->limit_bytes;
}

/* Make an entry without a result. Returns NULL if there is no memory, no room
   for its words, or when told to stop. */
static struct entry *entry_new(const struct ngram_cache *cache,
                               const struct ng_cache_key *key,
                               const struct ngram_count_options *options,
                               struct asking *asking)
{
  struct question question = question_of(options, asking);
  struct entry *entry;

  if (asking->told || !has_room(cache, &question))
    return NULL;
  entry = calloc(1, sizeof *entry);
  if (!entry)
    return NULL;
  entry->question = question;
  if (take_files(entry, key) && keep_words(&entry->question, options, asking) &&
      !asking->told)
    return entry;
  entry_free(entry);
  return NULL;
}

/* If there is no memory or no room, nothing is kept, and the next question is
   counted. */
bool ng_cache_keep(struct ngram_cache *cache, const struct ng_cache_key *key,
                   const struct ngram_count_options *options,
                   const struct ng_stop *stop, struct ng_result *result)
{
  struct asking asking = {.stop = stop};
  struct entry *entry = NULL;

  if (key->file_count > 0)
    entry = entry_new(cache, key, options, &asking);
  if (!entry)
    return !asking.told;
  entry->result = ng_result_hold(result);
  ng_lru_put(&cache->results, entry);
  ngram_cache_trim(cache);
  return true;
}
