/* SPDX-License-Identifier: MIT */
/*
 * The slots of a table: its words as a sorted run in memory.
 *
 * Filled slots are in ascending order of fingerprint and, where fingerprints
 * are equal, of the words' bytes. A word's home is the slot with the number
 * fingerprint * homes / 2^32. The word stands there or later, and no empty slot
 * is between. table.c fills them and tells why.
 *
 * Threads: the thread that has the table alone changes slots. While it does
 * not, any number of threads may read them.
 */
#ifndef NG_COUNT_SLOTS_H
#define NG_COUNT_SLOTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "count/entry.h"

struct ng_slot {
  uint32_t fingerprint; /* of the word */
  uint32_t ref;         /* of the entry, in the arena; 0: an empty slot */
};

struct ng_slots {
  struct ng_arena arena; /* holds the entries */
  struct ng_slot *array; /* owned; NULL if there are none */
  size_t count;          /* of slots; the last one is empty */
  size_t homes;          /* slots, from the first one on, that are homes */
};

/* The home of words with this fingerprint. Requires slots. */
static inline size_t ng_slots_home(const struct ng_slots *slots,
                                   uint32_t fingerprint)
{
  return (size_t)(((uint64_t)fingerprint * slots->homes) >> 32);
}

/* The entry of a filled slot. */
static inline struct ng_entry *ng_slots_entry(const struct ng_slots *slots,
                                              const struct ng_slot *slot)
{
  return ng_arena_at(&slots->arena, slot->ref);
}

/* --------------------------------------------------------------- cursor -- */

/* Goes through the filled slots of a range of fingerprints. The caller passes
   the end of the range in each call: reduce.c moves cursors in a heap, so they
   are kept small. */
struct ng_slots_cursor {
  const struct ng_slots *slots; /* borrowed */
  const struct ng_slot *at;     /* NULL at the end of the range */
  const struct ng_slot *end;
  uint32_t fingerprint; /* of the slot at `at` */
};

/* Go to the next filled slot, from `at` on, within the range. */
static inline void ng_slots_cursor_settle(struct ng_slots_cursor *cursor,
                                          uint32_t last)
{
  while (cursor->at < cursor->end && !cursor->at->ref)
    cursor->at++;
  if (cursor->at == cursor->end || cursor->at->fingerprint > last)
    cursor->at = NULL;
  else
    cursor->fingerprint = cursor->at->fingerprint;
}

/* A cursor at the first word with a fingerprint from `first` to `last`, both
   included. */
static inline struct ng_slots_cursor
ng_slots_cursor_open(const struct ng_slots *slots, uint32_t first,
                     uint32_t last)
{
  struct ng_slots_cursor cursor = {.slots = slots};

  if (!slots->array)
    return cursor;
  cursor.at = slots->array + ng_slots_home(slots, first);
  cursor.end = slots->array + slots->count;
  while (cursor.at < cursor.end &&
         (!cursor.at->ref || cursor.at->fingerprint < first))
    cursor.at++;
  ng_slots_cursor_settle(&cursor, last);
  return cursor;
}

/* Go on to the next word. Requires cursor->at; `last` as it was opened with. */
static inline void ng_slots_cursor_next(struct ng_slots_cursor *cursor,
                                        uint32_t last)
{
  cursor->at++;
  ng_slots_cursor_settle(cursor, last);
}

#endif
