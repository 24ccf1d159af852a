/* SPDX-License-Identifier: MIT */
/*
 * An entry: a word and its sums, as they lie in memory.
 *
 * A narrow entry is a struct ng_entry that ends in the bytes of the word. A
 * wide one has a struct ng_entry_wide right before that. All bytes of an entry
 * together are its image, which begins at a multiple of 8. The entry itself
 * does not tell whether it is wide: all entries of a table, a run or a result
 * are alike, and their owner passes `wide`.
 *
 * Threads: no function here keeps a pointer. One thread at a time may add to an
 * entry, and no other may read it then.
 */
#ifndef NG_COUNT_ENTRY_H
#define NG_COUNT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"

/* The value of each sum that has gone past 2^63-1. It stays so in all
   further additions. */
#define NG_SUM_OVERFLOW (UINT64_C(1) << 63)

/* What rows of one word add up to. Narrow entries keep `total` alone. */
struct ng_sums {
  uint64_t total;
  uint64_t volumes;
  uint64_t row_count;
  int32_t first_year;
  int32_t last_year;
};

struct ng_entry {
  uint64_t total;
  uint32_t length; /* bytes of the word; at most 1 MiB */
  char word[];     /* any bytes, no NUL after them */
};

struct ng_entry_wide {
  uint64_t volumes;
  uint64_t row_count;
  int32_t first_year;
  int32_t last_year;
};

/* The other sums of a wide entry. */
static inline struct ng_entry_wide *ng_entry_wide(struct ng_entry *entry)
{
  return (struct ng_entry_wide *)(void *)entry - 1;
}

/* ---------------------------------------------------------------- image -- */

/* Where the image begins. */
static inline const char *ng_entry_image(const struct ng_entry *entry,
                                         bool wide)
{
  return (const char *)entry - (wide ? sizeof(struct ng_entry_wide) : 0);
}

/* The bytes of the image, rounded up to 8. */
static inline size_t ng_entry_bytes(const struct ng_entry *entry, bool wide)
{
  size_t bytes = offsetof(struct ng_entry, word) + entry->length +
                 (wide ? sizeof(struct ng_entry_wide) : 0);

  return (bytes + 7) & ~(size_t)7;
}

/* Copy the image to `memory`, which is aligned to 8 and has room for
   ng_entry_bytes(). Returns the entry in it. */
static inline struct ng_entry *
ng_entry_copy(void *memory, const struct ng_entry *entry, bool wide)
{
  const char *image = ng_entry_image(entry, wide);
  size_t before = (size_t)((const char *)entry - image);

  memcpy(memory, image,
         before + offsetof(struct ng_entry, word) + entry->length);
  return (void *)((char *)memory + before);
}

/* ---------------------------------------------------------------- order -- */

/* The hash of the word. Entries are in the order of their fingerprints and,
   where those are equal, of ng_entry_compare(). */
static inline uint32_t ng_entry_fingerprint(const struct ng_entry *entry)
{
  return ng_hash_word(entry->word, entry->length);
}

/* The order of words by their bytes, a word after its beginnings: < 0, 0,
   > 0. */
static inline int ng_entry_compare_words(const char *a, size_t a_length,
                                         const char *b, size_t b_length)
{
  size_t common = a_length < b_length ? a_length : b_length;
  int order = memcmp(a, b, common);

  if (order)
    return order;
  return a_length < b_length ? -1 : a_length > b_length;
}

/* The order of two entries by the bytes of their words: < 0, 0, > 0. */
int ng_entry_compare(const struct ng_entry *a, const struct ng_entry *b);

/* ----------------------------------------------------------------- sums -- */

/* a + b, or NG_SUM_OVERFLOW if that is past 2^63-1 or one of them already
   was. */
static inline uint64_t ng_entry_sum(uint64_t a, uint64_t b)
{
  uint64_t sum = a + b;

  return ((a | b | sum) & NG_SUM_OVERFLOW) ? NG_SUM_OVERFLOW : sum;
}

/* Add what a wide entry has besides its total. Returns false if a sum of `into`
   is past 2^63-1 now. */
static inline bool ng_entry_wide_add(struct ng_entry_wide *into,
                                     const struct ng_entry_wide *from)
{
  if (into->row_count == 0 || from->first_year < into->first_year)
    into->first_year = from->first_year;
  if (into->row_count == 0 || from->last_year > into->last_year)
    into->last_year = from->last_year;
  into->volumes = ng_entry_sum(into->volumes, from->volumes);
  into->row_count = ng_entry_sum(into->row_count, from->row_count);
  return !((into->volumes | into->row_count) & NG_SUM_OVERFLOW);
}

/* Add the sums of `from` to `into`, two entries that are as wide as `wide`
   says. Returns false as above. */
bool ng_entry_add(struct ng_entry *into, struct ng_entry *from, bool wide);

/* Whether a sum is past 2^63-1. */
static inline bool ng_entry_has_overflowed(const struct ng_entry *entry,
                                           bool wide)
{
  const struct ng_entry_wide *more = (const void *)entry;

  if (wide && ((more[-1].volumes | more[-1].row_count) & NG_SUM_OVERFLOW))
    return true;
  return entry->total == NG_SUM_OVERFLOW;
}

#endif
