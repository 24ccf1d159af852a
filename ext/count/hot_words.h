/* SPDX-License-Identifier: MIT */
/*
 * A cache in front of a table, for words of free text, which come one by one:
 * few different words make up most of a text, and those are counted here.
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
  struct ng_budget *budget;      /* borrowed */
  struct ng_hot_words_set *sets; /* owned; 1 << bits of them; NULL if it is not
                                    in use */
  unsigned bits;
};

/* What a large cache takes. A small one takes 32 KiB: for a text of less than a
   MiB, for which 8 MiB are not worth their page faults, or where memory is
   scarce. */
#define NG_HOT_WORDS_BYTES ((uint64_t)8 << 20)

/* An empty cache. Returns false if there is no memory. */
bool ng_hot_words_init(struct ng_hot_words *hot, struct ng_budget *budget,
                       bool large);
/* A zeroed one is allowed. */
void ng_hot_words_free(struct ng_hot_words *hot);

/*
 * Add 1 to the count of each of `count` words: word number i is
 * base[edges[2 * i]] to base[edges[2 * i + 1]], the latter not included. A word
 * is not empty, has no NUL, and 16 bytes can be read from its start on. All
 * calls are for one table, which is not wide; its totals are complete only
 * after ng_hot_words_finish(). Returns false as ng_table_add().
 */
bool ng_hot_words_add(struct ng_hot_words *hot, struct ng_table *table,
                      const char *base, const uint32_t *edges, size_t count);

/* Add all counts to the table's totals, and forget its entries. A zeroed cache
   is allowed. */
void ng_hot_words_finish(struct ng_hot_words *hot);

#endif
