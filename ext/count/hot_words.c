/* SPDX-License-Identifier: MIT */
/*
 * A set-associative cache in front of a table.
 *
 * In English text a hundred different words make up half of all words, and
 * some thousands make up nine tenths (Zipf). A slot holds a word of up to 16
 * bytes, what was counted here and is not added to its total yet, and the
 * address of that total in the table: an entry does not move until the table
 * spills. A word is hot if it has a slot. It is then compared without a branch
 * for its length, and counted without a look at the table. Any other word is
 * cold: it is counted in the table, and takes a slot over. The count of the
 * word that was in the slot is added to that word's total.
 *
 * A set is the two slots in which a word may be. A cold word takes over the
 * slot with the lesser count.
 *
 * The words of a call are cut into batches. Each batch goes through stages, so
 * that no word waits for memory:
 *
 *   - hash all words and prefetch their sets (begin_batch);
 *   - count the hot ones, without a branch on whether a word is hot, while the
 *     sets of the next batch are fetched (count_hot);
 *   - when COLD_BATCH cold ones or more have come together, or the call ends,
 *     hash them for the table, and prefetch its slots, then the entries that
 *     those name (fetch_cold);
 *   - add the cold ones (add_cold).
 *
 * tally/tally.c calls ng_hot_words_add() for the words of free text, and
 * ng_hot_words_finish() after the last text of a worker, and each time before
 * its table spills. The cache owns its sets, from the budget.
 *
 * Measured on 1 GB of text like English, 174 M words of 2.75 M kinds, one core:
 * 12.9 ns a word with 4,096 slots, 8.1 with 65,536, 7.3 with 131,072, and
 * 6.9 with 262,144 (8 MiB). Sets of two slots make a quarter less misses than
 * single slots. Fetching a batch ahead takes a sixth of the time off.
 */
#include "count/hot_words.h"

#include "base/hash.h"
#include "base/hints.h"
#include "base/le.h"

struct hot_slot {
  uint64_t low; /* the first 8 bytes, the rest zeros; 0 if it is empty */
  uint64_t high;
  uint64_t count;  /* not added to the total yet */
  uint64_t *total; /* of the table's entry */
};

/* The first slot has the word that had the higher count when keep() last
   compared them. */
struct ng_hot_words_set {
  struct hot_slot slots[2];
};

#define LARGE_SET_BITS 17
#define SMALL_SET_BITS 9
_Static_assert(sizeof(struct ng_hot_words_set) << LARGE_SET_BITS <=
                   NG_HOT_WORDS_BYTES,
               "the header says so; less where pointers are short");
#define BATCH 64
/* The fewest cold words that are added together, but for the last ones. */
#define COLD_BATCH 96
/* Longer words are not kept here. */
#define KEPT_MAX 16

/* What is compared with the slots of a set to find a word. */
struct probe {
  struct ng_hot_words_set *set;
  uint64_t low;
  uint64_t high;
};

/* A word on its way to the table. */
struct cold_word {
  struct probe probe;
  const char *word;
  uint32_t length;
  uint32_t fingerprint;
};

static size_t bytes_of(const struct ng_hot_words *hot)
{
  return sizeof *hot->sets << hot->bits;
}

bool ng_hot_words_init(struct ng_hot_words *hot, struct ng_budget *budget,
                       bool large)
{
  hot->budget = budget;
  hot->bits = large ? LARGE_SET_BITS : SMALL_SET_BITS;
  hot->sets = ng_budget_take(budget, bytes_of(hot));
  return hot->sets != NULL;
}

void ng_hot_words_free(struct ng_hot_words *hot)
{
  ng_budget_give(hot->budget, hot->sets, bytes_of(hot));
  hot->sets = NULL;
}

/* The mask of n bytes: elements 16 - n and 24 - n have ones in the first 8 of
   them and in the others. A shift by 64 bits, which C has not, would be a
   branch. */
static const uint64_t byte_masks[] = {
    ~UINT64_C(0),
    ~UINT64_C(0),
    ~UINT64_C(0),
    ~UINT64_C(0),
    ~UINT64_C(0),
    ~UINT64_C(0),
    ~UINT64_C(0),
    ~UINT64_C(0),
    ~UINT64_C(0),
    0xFFFFFFFFFFFFFF,
    0xFFFFFFFFFFFF,
    0xFFFFFFFFFF,
    0xFFFFFFFF,
    0xFFFFFF,
    0xFFFF,
    0xFF,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
};

/* `low` of a word that is too long to be kept. No word has such bytes. */
#define NOT_KEPT (~UINT64_C(0))

static inline struct probe make_probe(const struct ng_hot_words *hot,
                                      const char *word, size_t length)
{
  const uint64_t *masks =
      byte_masks + (KEPT_MAX - (length < KEPT_MAX ? length : KEPT_MAX));
  uint64_t low = ng_le_load64(word) & masks[0];
  uint64_t high = ng_le_load64(word + 8) & masks[8];
  uint64_t hash;

  low |= length > KEPT_MAX ? NOT_KEPT : 0;
  NG_SCALAR(low);
  NG_SCALAR(high);
  /* Words that share a set cost no more than cold words: no key is needed. */
  hash = ng_hash_mix(low ^ UINT64_C(0xa0761d6478bd642f),
                     high ^ UINT64_C(0xe7037ed1a0b428db));
  return (struct probe){&hot->sets[hash >> (64 - hot->bits)], low, high};
}

/* The words of a call: the i-th is base[edges[2 * i]] to base[edges[2 * i + 1]]
   (hot_words.h). */
struct words {
  const char *base;
  const uint32_t *edges;
  size_t count;
};

/* Words that go through the stages together. */
struct batch {
  size_t first; /* number of the first one */
  size_t count;
  struct probe probes[BATCH];
};

/* Prefetch the sets of the words from number `first` on: a batch, or as many as
   there are. */
static void begin_batch(struct batch *batch, const struct ng_hot_words *hot,
                        const struct words *words, size_t first)
{
  const struct ng_hot_words local = *hot; /* what is written is none of it */
  const char *base = words->base;
  const uint32_t *edges = words->edges + 2 * first;
  size_t left = words->count - first;
  size_t size = left < BATCH ? left : BATCH;

  for (size_t i = 0; i < size; i++) {
    batch->probes[i] = make_probe(&local, base + edges[2 * i],
                                  edges[2 * i + 1] - edges[2 * i]);
    __builtin_prefetch(batch->probes[i].set, 1);
  }
  batch->first = first;
  batch->count = size;
}

static inline bool is_in(const struct hot_slot *slot, const struct probe *probe)
{
  return ((slot->low ^ probe->low) | (slot->high ^ probe->high)) == 0;
}

/* Count the hot words, and list the numbers of the cold ones. Returns how many
   those are. */
static size_t count_hot(const struct batch *batch, uint32_t *cold)
{
  const size_t count = batch->count; /* what is written is none of it */
  const uint32_t first = (uint32_t)batch->first;
  size_t colds = 0;

  for (size_t i = 0; i < count; i++) {
    const struct probe *probe = &batch->probes[i];
    struct ng_hot_words_set *set = probe->set;
    bool in_0 = is_in(&set->slots[0], probe);
    bool in_1 = is_in(&set->slots[1], probe);

    set->slots[0].count += in_0;
    set->slots[1].count += in_1;
    cold[colds] = first + (uint32_t)i;
    colds += !(in_0 | in_1);
  }
  return colds;
}

/* Make cold words ready for the table, and prefetch what it has of them. */
static void fetch_cold(const struct ng_hot_words *hot,
                       const struct ng_table *table, const struct words *words,
                       const uint32_t *numbers, size_t count,
                       struct cold_word *cold)
{
  for (size_t i = 0; i < count; i++) {
    const uint32_t *edge = words->edges + 2 * (size_t)numbers[i];
    const char *word = words->base + edge[0];
    uint32_t length = edge[1] - edge[0];

    cold[i] = (struct cold_word){make_probe(hot, word, length), word, length,
                                 ng_hash_word(word, length)};
    ng_table_prefetch(table, cold[i].fingerprint);
  }
  for (size_t i = 0; i < count; i++) {
    ng_table_prefetch_entry(table, cold[i].fingerprint);
    __builtin_prefetch(cold[i].probe.set->slots[1].total, 1);
  }
}

/* Give the second slot to a word that was just counted in the table. If the
   word in it has the higher count, the two slots are exchanged first. */
static inline void keep(const struct probe *probe, struct ng_entry *entry)
{
  struct hot_slot *slots = probe->set->slots;
  struct hot_slot last = slots[1];

  if (last.count > slots[0].count) {
    slots[1] = slots[0];
    slots[0] = last;
  }
  if (slots[1].count > 0)
    *slots[1].total += slots[1].count;
  slots[1] = (struct hot_slot){probe->low, probe->high, 0, &entry->total};
}

static bool add_cold(struct ng_table *table, const struct cold_word *cold,
                     size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const struct probe *probe = &cold[i].probe;
    struct ng_entry *entry =
        ng_table_put(table, cold[i].fingerprint, cold[i].word, cold[i].length);

    if (!entry)
      return false;
    entry->total++;
    if (probe->low != NOT_KEPT && !is_in(&probe->set->slots[1], probe))
      keep(probe, entry);
  }
  return true;
}

bool ng_hot_words_add(struct ng_hot_words *hot, struct ng_table *table,
                      const char *base, const uint32_t *edges, size_t count)
{
  const struct words words = {base, edges, count};
  struct batch batches[2]; /* one is counted while the other is fetched */
  struct cold_word cold[COLD_BATCH + BATCH];
  uint32_t numbers[COLD_BATCH + BATCH + 1];
  size_t colds = 0;
  unsigned turn = 0;

  begin_batch(&batches[0], hot, &words, 0);
  for (size_t done = 0; done < count; turn ^= 1) {
    done += batches[turn].count;
    begin_batch(&batches[turn ^ 1], hot, &words, done);
    colds += count_hot(&batches[turn], numbers + colds);
    if (colds < COLD_BATCH && done < count)
      continue;
    fetch_cold(hot, table, &words, numbers, colds, cold);
    if (!add_cold(table, cold, colds))
      return false;
    colds = 0;
  }
  return true;
}

void ng_hot_words_finish(struct ng_hot_words *hot)
{
  size_t slots = hot->sets ? (size_t)2 << hot->bits : 0;

  for (size_t i = 0; i < slots; i++) {
    struct hot_slot *slot = &hot->sets[i / 2].slots[i % 2];

    if (slot->count > 0)
      *slot->total += slot->count;
    *slot = (struct hot_slot){.low = 0};
  }
}
