/* SPDX-License-Identifier: MIT */
/*
 * A small direct-mapped cache in front of a table.
 *
 * Half of the words of English text are a hundred words, and nine of ten are
 * some thousands (Zipf). A slot holds the first 16 bytes of a word, which are
 * all of it, and where the table counts it: an entry never moves. So a word that
 * is found here is compared without a branch for its length and counted without
 * a look at the table; and one that is not takes the slot over, with nothing to
 * be written back.
 *
 * The words come in batches and each batch goes through in stages, so that no
 * word waits for the memory that another one asked for: find all that are here,
 * with no branch that depends on it; then hash the others and fetch their
 * slots of the table; then add them.
 */
#include "count/hot_words.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/hash.h"

/* In 64 bytes there are two slots. */
struct ng_hot_slot {
  uint64_t low; /* the first 8 bytes; 0: empty */
  uint64_t high;
  uint64_t *total; /* of the table's entry */
  uint64_t spare;
};

#define SLOT_BITS 12
#define SLOTS ((size_t)1 << SLOT_BITS)
#define BATCH 128

/* A word that was not found here. */
struct miss {
  const char *word;
  uint32_t length;
  uint32_t tag;
  uint64_t low;
  uint64_t high;
  struct ng_hot_slot *slot;
};

bool ng_hot_words_init(struct ng_hot_words *hot)
{
  hot->slots = calloc(SLOTS, sizeof *hot->slots);
  return hot->slots != NULL;
}

void ng_hot_words_free(struct ng_hot_words *hot)
{
  free(hot->slots);
  hot->slots = NULL;
}

/* All ones in so many of the low bytes, up to 8. */
static inline uint64_t low_bytes(size_t count)
{
  return count >= 8 ? ~UINT64_C(0) : (UINT64_C(1) << (8 * count)) - 1;
}

/* Count those that are here; the others become misses. Returns how many. */
static size_t find_batch(struct ng_hot_slot *slots, const char *base,
                         const uint32_t *edges, size_t count,
                         struct miss *misses)
{
  size_t missed = 0;
  uint64_t nowhere = 0;

  for (size_t i = 0; i < count; i++) {
    const char *word = base + edges[2 * i];
    size_t length = edges[2 * i + 1] - edges[2 * i];
    uint64_t low = ng_load64(word) & low_bytes(length);
    uint64_t high =
        length > 8 ? ng_load64(word + 8) & low_bytes(length - 8) : 0;
    uint64_t hash = (low * NG_HASH_K0) ^ (high * NG_HASH_K1);
    struct ng_hot_slot *slot = &slots[hash >> (64 - SLOT_BITS)];
    bool here = ((slot->low ^ low) | (slot->high ^ high)) == 0 && length <= 16;
    uint64_t *total = here ? slot->total : &nowhere;

    ++*total;
    misses[missed] = (struct miss){word, (uint32_t)length, 0, low, high, slot};
    missed += !here;
  }
  return missed;
}

static bool add_misses(struct ng_table *table, struct miss *misses,
                       size_t count)
{
  for (size_t i = 0; i < count; i++) {
    misses[i].tag = ng_hash_word(misses[i].word, misses[i].length);
    ng_table_expect(table, misses[i].tag);
  }
  for (size_t i = 0; i < count; i++) {
    const struct miss *miss = &misses[i];
    struct ng_entry *entry =
        ng_table_put(table, miss->tag, miss->word, miss->length);

    if (!entry)
      return false;
    entry->total++;
    if (miss->length <= 16)
      *miss->slot =
          (struct ng_hot_slot){miss->low, miss->high, &entry->total, 0};
  }
  return true;
}

bool ng_hot_words_add(struct ng_hot_words *hot, struct ng_table *table,
                      const char *base, const uint32_t *edges, size_t count)
{
  struct miss misses[BATCH + 1];

  while (count > 0) {
    size_t batch = count < BATCH ? count : BATCH;
    size_t missed = find_batch(hot->slots, base, edges, batch, misses);

    if (!add_misses(table, misses, missed))
      return false;
    edges += 2 * batch;
    count -= batch;
  }
  return true;
}
