/* SPDX-License-Identifier: MIT */
/*
 * The table of one map worker: word to sums.
 *
 * Life: ng_table_init(), ng_table_limit() if there is a memory limit, any
 * number of ng_table_add() and ng_table_put(), then a reduce, ng_table_free().
 * A table with ng_table_limit() writes its entries to a temporary file before
 * they take more than its share of memory, and begins anew (count/spill.h).
 *
 * Threads: a table belongs to one thread at a time. A reduce reads the tables
 * of all workers from any thread, while nothing is added.
 */
#ifndef NG_COUNT_TABLE_H
#define NG_COUNT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/stop.h"
#include "count/entry.h"
#include "count/slots.h"

struct ng_table {
  struct ng_budget *budget;   /* borrowed */
  const struct ng_stop *stop; /* borrowed, or NULL; asked while the table grows
                                 or spills */
  struct ng_slots slots;      /* with the entries; owned */
  size_t word_count;
  size_t expected_words;  /* set by the owner at any time; decides how far the
                             table grows at once; 0 if it is not known */
  bool wide;              /* whether entries have all sums, or totals alone */
  bool overflowed;        /* some sum went past 2^63-1 */
  struct ng_spill *spill; /* owned; NULL without ng_table_limit() */
  /* The table calls this before it spills entries, unless NULL: a cache in
     front of the table (hot_words.h) adds what it has counted. */
  void (*before_spill)(void *context);
  void *before_spill_context;
  char apart[64]; /* tables of an array, one a thread, share no cache line */
};

/* An empty table, which takes no memory yet. The budget is borrowed. */
void ng_table_init(struct ng_table *table, struct ng_budget *budget, bool wide);
void ng_table_free(struct ng_table *table);

/* Hold the table to `share_bytes` of slots and entries: it spills before it
   takes more. `tables` is the number of tables that will be reduced together.
   Called once, on an empty table. Returns false if there is no memory. */
bool ng_table_limit(struct ng_table *table, uint64_t share_bytes,
                    unsigned tables);

/* Write all entries to the file, after which the table is empty. Returns false
   if there are no entries, if there is no memory, if told to stop, or if the
   file failed (table->spill->error). Requires ng_table_limit(). */
bool ng_table_spill(struct ng_table *table);

/* Whether some entries are in the file. */
bool ng_table_has_spilled(const struct ng_table *table);

/* Add `sums` to those of the word, which is copied if it is new. A word has at
   most 1 MiB; `fingerprint` is its ng_hash_word(). Returns false, and adds
   nothing, if there is no memory, if told to stop, or if the file failed
   (table->spill->error). */
bool ng_table_add(struct ng_table *table, uint32_t fingerprint,
                  const char *word, size_t length, const struct ng_sums *sums);

/* The entry of the word, made with sums of 0 if it is new, for the caller to
   add to. It stays where it is until the table spills. Returns NULL where
   ng_table_add() returns false. */
struct ng_entry *ng_table_put(struct ng_table *table, uint32_t fingerprint,
                              const char *word, size_t length);

/* Prefetch the slot of a word that will be added soon. */
void ng_table_prefetch(const struct ng_table *table, uint32_t fingerprint);

/* Prefetch its entry, if there is one. Reads the slot, so call it some time
   after ng_table_prefetch(). */
void ng_table_prefetch_entry(const struct ng_table *table,
                             uint32_t fingerprint);

/* Free the slots. Entries stay where they are. After that a table with entries
   only owns them; one without may be used again. */
void ng_table_drop_slots(struct ng_table *table);

#endif
