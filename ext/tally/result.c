/* SPDX-License-Identifier: MIT */
/*
 * The life of a result, and the search for a word in it.
 *
 * Search: entries are ordered by fingerprint, and fingerprints are spread
 * evenly. So the entry of fingerprint f is near index f / 2^32 * count. The
 * search starts there and steps away in doubling steps until the word is
 * between two of them, then halves that interval.
 *
 * The result owns its tables, which own the entries; or, if spilled, it owns
 * temporary files. table_set.c fills it, view.c and cursor.c read it.
 */
#include "tally/result.h"

#include <stdlib.h>

#include "base/hash.h"
#include "tally/close_files.h"

/* About the distance of a word from the estimated index among a million. */
#define FIRST_STEP 64

struct ng_result *ng_result_new(void)
{
  struct ng_result *result = calloc(1, sizeof *result);

  if (!result)
    return NULL;
  atomic_init(&result->references, 1);
  ng_budget_init(&result->budget);
  return result;
}

struct ng_result *ng_result_hold(struct ng_result *result)
{
  atomic_fetch_add(&result->references, 1);
  return result;
}

void ng_result_release(struct ng_result *result)
{
  if (!result || atomic_fetch_sub(&result->references, 1) > 1)
    return;
  ng_close_files(result->tables, result->table_count, result->spilled);
  for (unsigned i = 0; i < result->table_count; i++)
    ng_table_free(&result->tables[i]);
  free(result->tables);
  ng_spilled_free(result->spilled);
  if (result->entries)
    ng_budget_give(&result->budget, result->entries,
                   result->entry_count * sizeof *result->entries);
  free(result);
}

uint64_t ng_result_bytes(const struct ng_result *result)
{
  return sizeof *result + result->table_count * sizeof *result->tables +
         atomic_load(&result->budget.held_bytes) +
         (result->spilled ? ng_spilled_bytes(result->spilled) : 0);
}

bool ng_result_is_alone(struct ng_result *result)
{
  return atomic_load(&result->references) == 1;
}

/* The word that is searched for. */
struct wanted {
  uint32_t fingerprint;
  const char *word;
  size_t length;
};

/* Whether the entry is ordered before the word. */
static bool is_before(const struct ng_entry *entry, const struct wanted *wanted)
{
  uint32_t fingerprint = ng_hash_word(entry->word, entry->length);

  if (fingerprint != wanted->fingerprint)
    return fingerprint < wanted->fingerprint;
  return ng_entry_compare_words(entry->word, entry->length, wanted->word,
                                wanted->length) < 0;
}

/* Returns the first index from `from` on whose entry is not ordered before the
   word, or `to`. */
static size_t search(struct ng_entry *const *entries,
                     const struct wanted *wanted, size_t from, size_t to)
{
  while (from < to) {
    size_t middle = from + (to - from) / 2;

    if (is_before(entries[middle], wanted))
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}

/* The same for all entries, starting near `at`. */
static size_t search_near(struct ng_entry *const *entries, size_t count,
                          const struct wanted *wanted, size_t at)
{
  size_t step = FIRST_STEP;
  size_t other;

  if (is_before(entries[at], wanted)) {
    for (other = at; count - other > step; step *= 2) {
      other += step;
      if (!is_before(entries[other], wanted))
        return search(entries, wanted, at + 1, other);
      at = other;
    }
    return search(entries, wanted, at + 1, count);
  }
  for (other = at; other > step; step *= 2) {
    other -= step;
    if (is_before(entries[other], wanted))
      return search(entries, wanted, other + 1, at);
    at = other;
  }
  return search(entries, wanted, 0, at);
}

size_t ng_result_find_entry(struct ng_entry *const *entries, size_t count,
                            const char *word, size_t length)
{
  struct wanted wanted = {ng_hash_word(word, length), word, length};
  const struct ng_entry *entry;
  size_t at;

  if (count == 0)
    return count;
  at = search_near(entries, count, &wanted,
                   (size_t)(((uint64_t)wanted.fingerprint * count) >> 32));
  if (at == count)
    return count;
  entry = entries[at];
  return ng_entry_compare_words(entry->word, entry->length, word, length) == 0
             ? at
             : count;
}

size_t ng_result_find(const struct ng_result *result, const char *word,
                      size_t length)
{
  return ng_result_find_entry(result->entries, result->entry_count, word,
                              length);
}
