/* SPDX-License-Identifier: MIT */
/*
 * Words of free text into a table, one of each: most of them are few words
 * again and again, and those are found without the table.
 *
 * Threads: as its table, one at a time.
 */
#ifndef NG_COUNT_HOT_WORDS_H
#define NG_COUNT_HOT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "count/table.h"

struct ng_hot_words_set;

struct ng_hot_words {
  struct ng_budget *budget; /* borrowed */
  struct ng_hot_words_set
      *sets; /* owned; 1 << bits of them; NULL: not in use */
  unsigned bits;
};

/* What a large one takes; a small one is for a text of less than a MiB, for
   which that is not worth its page faults, or where memory is scarce. */
#define NG_HOT_WORDS_BYTES ((uint64_t)8 << 20)

/* False: no memory. */
bool ng_hot_words_init(struct ng_hot_words *hot, struct ng_budget *budget,
                       bool large);
void ng_hot_words_free(struct ng_hot_words *hot);

/*
 * Add 1 to the count of each of `count` words: the i-th is base[edges[2 * i]]
 * to base[edges[2 * i + 1]], the latter not included, not empty, without NUL,
 * and with 16 readable bytes from its start on. All calls are for one table,
 * which is not wide, and whose totals are right after ng_hot_words_finish().
 * False: no memory, or told to stop.
 */
bool ng_hot_words_add(struct ng_hot_words *hot, struct ng_table *table,
                      const char *base, const uint32_t *edges, size_t count);

/* Bring the totals up to date, and let go of the table's entries. Nothing to do
   for zeros. */
void ng_hot_words_finish(struct ng_hot_words *hot);

#endif
