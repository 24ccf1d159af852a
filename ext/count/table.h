/* SPDX-License-Identifier: MIT */
/*
 * The table of one map worker: word to sums.
 *
 * Threads: a table belongs to one thread at a time.
 */
#ifndef NG_COUNT_TABLE_H
#define NG_COUNT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/hash.h"
#include "base/stop.h"

/* A sum past 2^63-1 stays at this value for good. */
#define NG_SUM_OVERFLOW (UINT64_C(1) << 63)

/* What rows of one word add up to. `wide` tables keep the last four. */
struct ng_sums {
  uint64_t total;
  uint64_t volumes;
  uint64_t row_count;
  int32_t first_year;
  int32_t last_year;
};

/* A word in a table. In a wide table a struct ng_entry_wide stands right
   before it. */
struct ng_entry {
  uint64_t total;
  uint32_t length;
  char word[];
};

struct ng_entry_wide {
  uint64_t volumes;
  uint64_t row_count;
  int32_t first_year;
  int32_t last_year;
};

static inline struct ng_entry_wide *ng_entry_wide(struct ng_entry *entry)
{
  return (struct ng_entry_wide *)(void *)entry - 1;
}

/* `fingerprint` is the hash of the word; `ref` 0 is an empty slot. */
struct ng_slot {
  uint32_t fingerprint;
  uint32_t ref;
};

/*
 * Slots are in ascending order of fingerprint and, for equal fingerprints, of
 * the words' bytes: empty slots aside, a table is a sorted run at any time. See
 * table.c.
 */
struct ng_table {
  struct ng_budget *budget;   /* borrowed */
  const struct ng_stop *stop; /* borrowed; asked while the table grows */
  struct ng_arena arena;      /* the entries */
  struct ng_slot *slots;      /* slot_count of them; the last is empty */
  size_t slot_count;
  size_t homes; /* a word's home is where its fingerprint lies among all
                   fingerprints */
  size_t word_count;
  size_t expected_words; /* to be set by the owner, at any time; 0: not known.
                            How far it grows at once goes by this. */
  bool wide;
  bool overflowed;        /* some sum went past 2^63-1 */
  struct ng_spill *spill; /* owned; NULL: it holds whatever the budget gives */
  /* Called before entries go, NULL for nothing: whoever counts for them
     elsewhere has to add it now. */
  void (*before_spill)(void *context);
  void *before_spill_context;
};

void ng_table_init(struct ng_table *table, struct ng_budget *budget, bool wide);
void ng_table_free(struct ng_table *table);

/* Hold no more than this, and write the entries to a temporary file when they
   become more. `tables` is how many will be reduced together. False: no memory.
 */
bool ng_table_limit(struct ng_table *table, uint64_t share_bytes,
                    unsigned tables);

/* Write all entries to the file, and be empty. False: there are none, no
   memory, told to stop, or table->spill->error. */
bool ng_table_spill(struct ng_table *table);

/* Whether some entries are in the file. */
bool ng_table_has_spilled(const struct ng_table *table);

/* Add `sums` to the word, which is copied when new; at most 1 MiB long.
   `fingerprint` is ng_hash_word() of it. False: no memory, told to stop, or no
   room in the file, and nothing was added. */
bool ng_table_add(struct ng_table *table, uint32_t fingerprint,
                  const char *word, size_t length, const struct ng_sums *sums);

/* The entry of the word, made if it is new, for the caller to add to. It stays
   where it is until the table spills. NULL: as above. */
struct ng_entry *ng_table_put(struct ng_table *table, uint32_t fingerprint,
                              const char *word, size_t length);

/* A word with this fingerprint will be added soon: begin to fetch its slot. */
void ng_table_prefetch(const struct ng_table *table, uint32_t fingerprint);

/* The slot has been fetched: begin to fetch the entry, if there is one. */
void ng_table_prefetch_entry(const struct ng_table *table,
                             uint32_t fingerprint);

/* The slots are needed no more; entries stay where they are. */
void ng_table_drop_slots(struct ng_table *table);

/* The first slot whose word may have a fingerprint of at least `fingerprint`.
 */
static inline size_t ng_table_home(const struct ng_table *table,
                                   uint32_t fingerprint)
{
  return (size_t)(((uint64_t)fingerprint * table->homes) >> 32);
}

static inline struct ng_entry *ng_table_entry(const struct ng_table *table,
                                              const struct ng_slot *slot)
{
  return ng_arena_at(&table->arena, slot->ref);
}

/* The order of words by their bytes; < 0, 0, > 0. */
int ng_entry_compare_words(const char *a, size_t a_length, const char *b,
                           size_t b_length);

static inline uint32_t ng_entry_fingerprint(const struct ng_entry *entry)
{
  return ng_hash_word(entry->word, entry->length);
}

/* The order of entries with one fingerprint: by bytes; < 0, 0, > 0. */
int ng_entry_compare(const struct ng_entry *a, const struct ng_entry *b);

/* Add the sums of `from` to `into`, both of tables as wide as `wide` says.
   False: some sum went past 2^63-1. */
bool ng_entry_add(struct ng_entry *into, struct ng_entry *from, bool wide);

#endif
