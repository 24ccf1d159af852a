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

#include "base/budget.h"
#include "base/stop.h"
#include "count/entry.h"
#include "count/slots.h"

struct ng_table {
  struct ng_budget *budget;   /* borrowed */
  const struct ng_stop *stop; /* borrowed; asked while the table grows */
  struct ng_slots slots;      /* with the entries */
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

#endif
