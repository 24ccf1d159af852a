/* SPDX-License-Identifier: MIT */
/*
 * An open-addressing hash table that is always sorted.
 *
 * The fingerprint of a word is its 32-bit hash. A word's home slot is
 * fingerprint * homes / 2^32, so homes ascend with fingerprints, and there may
 * be any number of them. A cluster is a sequence of filled slots. Insertion
 * keeps it in order of fingerprint by moving its tail up by one slot (linear
 * probing as in Amble and Knuth, "Ordered hash tables", 1974; called Robin Hood
 * hashing today). It buys three things that a plain table lacks:
 *
 *   - growing is a copy from front to back, with no hash computed and no
 *     entry touched, since the slot holds the fingerprint;
 *   - a full table is a sorted run: a spill writes it as it is, a reduce merges
 *     the runs of all workers by reading them in order, and any range of
 *     fingerprints is a partition of its own;
 *   - the order of a result depends on its words and the hash's key, never on
 *     the order in which threads met them.
 *
 * A slot is 8 bytes: fingerprint and arena reference. There is no wrap-around:
 * after the homes come spare slots, more of them when a cluster reaches the
 * end.
 *
 * Memory: slots and entries are taken from the budget. The entry of a word
 * takes 12 bytes and its length, rounded up to a multiple of 8, and 24 more if
 * it is wide. Its slots take 11 to 21 bytes: some 13 if expected_words was
 * right, more if it was too high.
 */
#include "count/table.h"

#include <string.h>

#include "base/hints.h"
#include "count/spill.h"

#define FIRST_HOMES 1024
#define FIRST_SPARE 64
/* Fewer where size_t is too short for their bytes. */
#define HOMES_MAX                                                              \
  (SIZE_MAX / 2 / sizeof(struct ng_slot) < ((size_t)1 << 31)                   \
       ? SIZE_MAX / 2 / sizeof(struct ng_slot)                                 \
       : ((size_t)1 << 31))
/* A table grows to at most this many times its homes at once: expected_words
   may be wrong. */
#define GROWTH_MAX 6
/* Slots copied or cleared between two questions whether to stop: some
   milliseconds. */
#define COPY_SLOTS ((size_t)1 << 20)

/* Fuller than three quarters, clusters grow long. */
static bool is_full(const struct ng_table *table)
{
  return table->word_count >= table->slots.homes - table->slots.homes / 4;
}

void ng_table_init(struct ng_table *table, struct ng_budget *budget, bool wide)
{
  *table = (struct ng_table){.budget = budget, .wide = wide};
  ng_arena_init(&table->slots.arena, budget);
}

void ng_table_drop_slots(struct ng_table *table)
{
  ng_budget_give(table->budget, table->slots.array,
                 table->slots.count * sizeof *table->slots.array);
  table->slots.array = NULL;
  table->slots.count = 0;
}

void ng_table_free(struct ng_table *table)
{
  ng_table_drop_slots(table);
  ng_arena_free(&table->slots.arena);
  ng_spill_free(table->spill);
  table->spill = NULL;
}

/* Whether `bytes` more are within the table's share. If not, and the table is
   empty, no spill can help, and the budget is marked as refused. */
static bool may_hold(const struct ng_table *table, uint64_t bytes)
{
  uint64_t held = table->slots.count * sizeof *table->slots.array +
                  ng_arena_bytes(&table->slots.arena);

  if (!table->spill || held + bytes <= table->spill->share_bytes)
    return true;
  if (table->word_count == 0) /* there is nothing to spill */
    atomic_store(&table->budget->refused, true);
  return false;
}

/* Returns false if told to stop. */
static bool copy_slots(const struct ng_table *from, struct ng_table *to)
{
  size_t next = 0;

  for (size_t i = 0; i < from->slots.count; i++) {
    size_t home;

    if (i % COPY_SLOTS == COPY_SLOTS - 1 && ng_stop_asked(from->stop))
      return false;
    if (!from->slots.array[i].ref)
      continue;
    home = ng_slots_home(&to->slots, from->slots.array[i].fingerprint);
    next = home > next ? home : next;
    to->slots.array[next++] = from->slots.array[i];
  }
  return true;
}

/* Make slots anew: those of the homes, and `spare` after them. Returns false,
   and changes nothing, if there is no memory, or if told to stop. */
static bool resize(struct ng_table *table, size_t homes, size_t spare)
{
  struct ng_table larger = *table;

  larger.slots.homes = homes;
  larger.slots.count = homes + spare;
  if (!may_hold(table, larger.slots.count * sizeof *larger.slots.array))
    return false;
  larger.slots.array = ng_budget_take(
      table->budget, larger.slots.count * sizeof *larger.slots.array);
  if (!larger.slots.array)
    return false;
  if (table->slots.array && !copy_slots(table, &larger)) {
    ng_table_drop_slots(&larger);
    return false;
  }
  ng_table_drop_slots(table);
  *table = larger;
  return true;
}

/* The homes to grow to: as many as expected_words needs, with some to spare;
   twice as many as there are if it is not known. */
static size_t more_homes(const struct ng_table *table)
{
  size_t least = table->slots.homes + table->slots.homes / 4;
  size_t most = table->slots.homes * GROWTH_MAX;
  size_t homes = table->slots.homes * 2;

  if (table->expected_words > 0)
    homes = table->expected_words + table->expected_words / 3 * 2;
  homes = homes < most ? homes : most;
  if (table->spill) /* entries need room, too, about twice as much */
    most = (size_t)(table->spill->share_bytes / 3 / sizeof *table->slots.array);
  homes = homes < most ? homes : most;
  homes = homes > least ? homes : least;
  return homes < HOMES_MAX ? homes : HOMES_MAX;
}

static NG_COLD bool grow(struct ng_table *table)
{
  size_t spare;

  if (!table->slots.array)
    return resize(table, FIRST_HOMES, FIRST_SPARE);
  spare = table->slots.count - table->slots.homes;
  if (is_full(table) && table->slots.homes < HOMES_MAX)
    return resize(table, more_homes(table), spare);
  return resize(table, table->slots.homes, spare * 2);
}

static void add_sums_to(struct ng_table *table, struct ng_entry *entry,
                        const struct ng_sums *sums)
{
  entry->total = ng_entry_sum(entry->total, sums->total);
  if (entry->total == NG_SUM_OVERFLOW)
    table->overflowed = true;
  if (table->wide) {
    struct ng_entry_wide from = {sums->volumes, sums->row_count,
                                 sums->first_year, sums->last_year};

    if (!ng_entry_wide_add(ng_entry_wide(entry), &from))
      table->overflowed = true;
  }
}

/* Returns a reference to a new entry, or 0 if there is no memory, or nothing
   left of the table's share. */
static uint32_t make_entry(struct ng_table *table, const char *word,
                           size_t length)
{
  size_t before = table->wide ? sizeof(struct ng_entry_wide) : 0;
  size_t bytes = before + offsetof(struct ng_entry, word) + length;
  struct ng_entry *entry;
  uint32_t ref;

  if (!may_hold(table, ng_arena_more_bytes(&table->slots.arena, bytes)))
    return 0;
  ref = ng_arena_add(&table->slots.arena, bytes);
  if (!ref)
    return 0;
  ref += (uint32_t)(before / 8);
  entry = ng_arena_at(&table->slots.arena, ref);
  entry->length = (uint32_t)length;
  memcpy(entry->word, word, length);
  return ref;
}

/* The slot of the word, or the one before which it belongs. */
static size_t find_slot(const struct ng_table *table, uint32_t fingerprint,
                        const char *word, size_t length, bool *found)
{
  const struct ng_slot *slots = table->slots.array;
  size_t i = ng_slots_home(&table->slots, fingerprint);

  *found = false;
  while (slots[i].ref && slots[i].fingerprint < fingerprint)
    i++;
  for (; slots[i].ref && slots[i].fingerprint == fingerprint; i++) {
    const struct ng_entry *entry = ng_slots_entry(&table->slots, &slots[i]);
    int order =
        ng_entry_compare_words(entry->word, entry->length, word, length);

    if (order >= 0) {
      *found = order == 0;
      break;
    }
  }
  return i;
}

/* Move the tail of the cluster at `i` up by one. Returns false if that would
   fill the last slot. */
static bool open_slot(struct ng_table *table, size_t i)
{
  struct ng_slot *slots = table->slots.array;
  size_t end = i;

  while (slots[end].ref)
    end++;
  if (end + 1 == table->slots.count)
    return false;
  memmove(&slots[i + 1], &slots[i], (end - i) * sizeof *slots);
  return true;
}

void ng_table_prefetch(const struct ng_table *table, uint32_t fingerprint)
{
  if (table->slots.array)
    __builtin_prefetch(
        &table->slots.array[ng_slots_home(&table->slots, fingerprint)], 1);
}

void ng_table_prefetch_entry(const struct ng_table *table, uint32_t fingerprint)
{
  const struct ng_slot *slots = table->slots.array;
  size_t i;

  if (!slots)
    return;
  i = ng_slots_home(&table->slots, fingerprint);
  while (slots[i].ref && slots[i].fingerprint < fingerprint)
    i++;
  if (slots[i].ref && slots[i].fingerprint == fingerprint) {
    const struct ng_entry *entry = ng_slots_entry(&table->slots, &slots[i]);

    __builtin_prefetch(entry, 1);
    __builtin_prefetch(&entry->word[15]);
  }
}

/* The entry of the word, made if it is new. Returns NULL if there is no memory,
   a stop, or nothing left of the table's share. */
static inline struct ng_entry *put(struct ng_table *table, uint32_t fingerprint,
                                   const char *word, size_t length)
{
  bool found;
  uint32_t ref;
  size_t i;

  if (NG_UNLIKELY(!table->slots.array || is_full(table)) && !grow(table))
    return NULL;
  i = find_slot(table, fingerprint, word, length, &found);
  if (!found) {
    ref = make_entry(table, word, length);
    if (!ref)
      return NULL;
    while (!open_slot(table, i)) {
      if (!grow(table))
        return NULL;
      i = find_slot(table, fingerprint, word, length, &found);
    }
    table->slots.array[i] = (struct ng_slot){fingerprint, ref};
    table->word_count++;
  }
  return ng_slots_entry(&table->slots, &table->slots.array[i]);
}

/* The same for a table that is full: its entries are spilled first. */
static NG_COLD struct ng_entry *spill_and_put(struct ng_table *table,
                                              uint32_t fingerprint,
                                              const char *word, size_t length)
{
  struct ng_entry *entry;

  if (!table->spill || ng_stop_asked(table->stop) || !ng_table_spill(table))
    return NULL;
  entry = put(table, fingerprint, word, length);
  if (entry)
    return entry;
  ng_table_drop_slots(table); /* a long word needs their room, too */
  return put(table, fingerprint, word, length);
}

struct ng_entry *ng_table_put(struct ng_table *table, uint32_t fingerprint,
                              const char *word, size_t length)
{
  struct ng_entry *entry = put(table, fingerprint, word, length);

  return NG_LIKELY(entry) ? entry
                          : spill_and_put(table, fingerprint, word, length);
}

bool ng_table_add(struct ng_table *table, uint32_t fingerprint,
                  const char *word, size_t length, const struct ng_sums *sums)
{
  struct ng_entry *entry = ng_table_put(table, fingerprint, word, length);

  if (entry)
    add_sums_to(table, entry, sums);
  return entry != NULL;
}

/* ---------------------------------------------------------------- spill -- */

bool ng_table_limit(struct ng_table *table, uint64_t share_bytes,
                    unsigned tables)
{
  table->spill = ng_spill_new(table->budget, share_bytes, tables, table->wide);
  return table->spill != NULL;
}

bool ng_table_has_spilled(const struct ng_table *table)
{
  return table->spill && table->spill->run_count > 0;
}

/* Empty the table, whose entries are gone. Returns false if told to stop. */
static bool clear_slots(struct ng_table *table)
{
  table->word_count = 0;
  for (size_t i = 0; i < table->slots.count; i += COPY_SLOTS) {
    size_t left = table->slots.count - i;
    size_t count = left < COPY_SLOTS ? left : COPY_SLOTS;

    if (i > 0 && ng_stop_asked(table->stop)) {
      ng_table_drop_slots(table);
      return false;
    }
    memset(table->slots.array + i, 0, count * sizeof *table->slots.array);
  }
  return true;
}

bool ng_table_spill(struct ng_table *table)
{
  if (table->word_count == 0)
    return false;
  if (table->before_spill)
    table->before_spill(table->before_spill_context);
  if (!ng_spill_write(table->spill, &table->slots, table->stop))
    return false;
  ng_arena_free(&table->slots.arena);
  return clear_slots(table) && ng_spill_compact(table->spill, table->stop);
}
