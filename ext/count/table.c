/* SPDX-License-Identifier: MIT */
/*
 * An open-addressing hash table that is always sorted.
 *
 * A word's home slot is the share of them all that its hash, the tag, is of all
 * tags, so homes ascend with tags and there may be any number of them.
 * Insertion keeps every cluster in order of tag by moving its tail up by one
 * slot (linear probing as in Amble and Knuth, "Ordered hash tables", 1974; what
 * is called Robin Hood hashing today). It buys three things that a plain table
 * lacks:
 *
 *   - growing is a copy from front to back, with no hash computed and no
 *     entry touched, since the slot holds the tag;
 *   - a full table is a sorted run: reduce merges the runs of all workers by
 *     reading them in order, and any range of tags is a partition of its own;
 *   - the order of a result depends on its words and the hash's key, never on
 *     the order in which threads met them.
 *
 * A slot is 8 bytes: tag and arena reference. There is no wrap-around: behind
 * the homes lie spare slots, more of them when a cluster reaches the end.
 *
 * Memory a word: 12 bytes and its length, rounded up to 8, and 11 to 21 bytes
 * of slots, some 13 where the number of words was expected, more where less
 * come; 24 more when wide.
 */
#include "count/table.h"

#include <string.h>

#include "base/le.h"
#include "count/spill.h"

#define FIRST_HOMES 1024
#define FIRST_SPARE 64
/* Where addresses are short, so many that their bytes can be told. */
#define HOMES_MAX                                                              \
  (SIZE_MAX / 2 / sizeof(struct ng_slot) < ((size_t)1 << 31)                   \
       ? SIZE_MAX / 2 / sizeof(struct ng_slot)                                 \
       : ((size_t)1 << 31))
/* An expectation may be wrong. */
#define GROWTH_MAX 6
/* Slots copied or cleared between two questions whether to stop: some
 * milliseconds. */
#define COPY_SLOTS ((size_t)1 << 20)

/* Fuller than three quarters, clusters grow long. */
static bool is_full(const struct ng_table *table)
{
  return table->word_count >= table->homes - table->homes / 4;
}

void ng_table_init(struct ng_table *table, struct ng_budget *budget, bool wide)
{
  *table = (struct ng_table){.budget = budget, .wide = wide};
  ng_arena_init(&table->arena, budget);
}

void ng_table_drop_slots(struct ng_table *table)
{
  ng_budget_give(table->budget, table->slots,
                 table->slot_count * sizeof *table->slots);
  table->slots = NULL;
  table->slot_count = 0;
}

void ng_table_free(struct ng_table *table)
{
  ng_table_drop_slots(table);
  ng_arena_free(&table->arena);
  ng_spill_free(table->spill);
  table->spill = NULL;
}

/* Whether so much more is within the table's share. */
static bool may_hold(const struct ng_table *table, uint64_t bytes)
{
  uint64_t held =
      table->slot_count * sizeof *table->slots + ng_arena_bytes(&table->arena);

  if (!table->spill || held + bytes <= table->spill->share_bytes)
    return true;
  if (table->word_count == 0) /* there is nothing to spill */
    atomic_store(&table->budget->refused, true);
  return false;
}

/* False: told to stop. */
static bool copy_slots(const struct ng_table *from, struct ng_table *to)
{
  size_t next = 0;

  for (size_t i = 0; i < from->slot_count; i++) {
    size_t home;

    if (i % COPY_SLOTS == COPY_SLOTS - 1 && ng_stop_asked(from->stop))
      return false;
    if (!from->slots[i].ref)
      continue;
    home = ng_table_home(to, from->slots[i].tag);
    next = home > next ? home : next;
    to->slots[next++] = from->slots[i];
  }
  return true;
}

/* Make slots anew: those of the homes, and `spare` behind them. False, and all
   is as it was: no memory, or told to stop. */
static bool resize(struct ng_table *table, size_t homes, size_t spare)
{
  struct ng_table larger = *table;

  larger.homes = homes;
  larger.slot_count = homes + spare;
  if (!may_hold(table, larger.slot_count * sizeof *larger.slots))
    return false;
  larger.slots =
      ng_budget_take(table->budget, larger.slot_count * sizeof *larger.slots);
  if (!larger.slots)
    return false;
  if (table->slots && !copy_slots(table, &larger)) {
    ng_table_drop_slots(&larger);
    return false;
  }
  ng_table_drop_slots(table);
  *table = larger;
  return true;
}

/* As many as the words that are expected will need, with some to spare; twice
   as many if none are. */
static size_t more_homes(const struct ng_table *table)
{
  size_t least = table->homes + table->homes / 4;
  size_t most = table->homes * GROWTH_MAX;
  size_t homes = table->homes * 2;

  if (table->expected_words > 0)
    homes = table->expected_words + table->expected_words / 3 * 2;
  homes = homes < most ? homes : most;
  if (table->spill) /* entries need room, too, about twice as much */
    most = (size_t)(table->spill->share_bytes / 3 / sizeof *table->slots);
  homes = homes < most ? homes : most;
  homes = homes > least ? homes : least;
  return homes < HOMES_MAX ? homes : HOMES_MAX;
}

static NG_COLD bool grow(struct ng_table *table)
{
  size_t spare;

  if (!table->slots)
    return resize(table, FIRST_HOMES, FIRST_SPARE);
  spare = table->slot_count - table->homes;
  if (is_full(table) && table->homes < HOMES_MAX)
    return resize(table, more_homes(table), spare);
  return resize(table, table->homes, spare * 2);
}

int ng_word_compare(const char *a, size_t a_length, const char *b,
                    size_t b_length)
{
  size_t common = a_length < b_length ? a_length : b_length;
  int order = memcmp(a, b, common);

  if (order)
    return order;
  return a_length < b_length ? -1 : a_length > b_length;
}

int ng_entry_compare(const struct ng_entry *a, const struct ng_entry *b)
{
  return ng_word_compare(a->word, a->length, b->word, b->length);
}

/* a + b, or NG_SUM_OVERFLOW when past 2^63-1 or either already was. */
static inline uint64_t add_sums(uint64_t a, uint64_t b)
{
  uint64_t sum = a + b;

  return ((a | b | sum) & NG_SUM_OVERFLOW) ? NG_SUM_OVERFLOW : sum;
}

static bool add_to_wide(struct ng_entry_wide *into,
                        const struct ng_entry_wide *from)
{
  if (into->row_count == 0 || from->first_year < into->first_year)
    into->first_year = from->first_year;
  if (into->row_count == 0 || from->last_year > into->last_year)
    into->last_year = from->last_year;
  into->volumes = add_sums(into->volumes, from->volumes);
  into->row_count = add_sums(into->row_count, from->row_count);
  return !((into->volumes | into->row_count) & NG_SUM_OVERFLOW);
}

bool ng_entry_add(struct ng_entry *into, struct ng_entry *from, bool wide)
{
  into->total = add_sums(into->total, from->total);
  if (wide && !add_to_wide(ng_entry_wide(into), ng_entry_wide(from)))
    return false;
  return into->total != NG_SUM_OVERFLOW;
}

static void add_run(struct ng_table *table, struct ng_entry *entry,
                    const struct ng_sums *sums)
{
  entry->total = add_sums(entry->total, sums->total);
  if (entry->total == NG_SUM_OVERFLOW)
    table->overflowed = true;
  if (table->wide) {
    struct ng_entry_wide from = {sums->volumes, sums->row_count,
                                 sums->first_year, sums->last_year};

    if (!add_to_wide(ng_entry_wide(entry), &from))
      table->overflowed = true;
  }
}

static uint32_t make_entry(struct ng_table *table, const char *word,
                           size_t length)
{
  size_t before = table->wide ? sizeof(struct ng_entry_wide) : 0;
  size_t bytes = before + offsetof(struct ng_entry, word) + length;
  struct ng_entry *entry;
  uint32_t ref;

  if (!may_hold(table, ng_arena_more_bytes(&table->arena, bytes)))
    return 0;
  ref = ng_arena_add(&table->arena, bytes);
  if (!ref)
    return 0;
  ref += (uint32_t)(before / 8);
  entry = ng_arena_at(&table->arena, ref);
  entry->length = (uint32_t)length;
  memcpy(entry->word, word, length);
  return ref;
}

/* The slot of the word, or the one before which it belongs. */
static size_t find_slot(const struct ng_table *table, uint32_t tag,
                        const char *word, size_t length, bool *found)
{
  size_t i = ng_table_home(table, tag);

  *found = false;
  while (table->slots[i].ref && table->slots[i].tag < tag)
    i++;
  for (; table->slots[i].ref && table->slots[i].tag == tag; i++) {
    const struct ng_entry *entry = ng_table_entry(table, &table->slots[i]);
    int order = ng_word_compare(entry->word, entry->length, word, length);

    if (order >= 0) {
      *found = order == 0;
      break;
    }
  }
  return i;
}

/* Move the tail of the cluster at `i` up by one. False: it has reached the
   last slot, which stays empty. */
static bool open_slot(struct ng_table *table, size_t i)
{
  size_t end = i;

  while (table->slots[end].ref)
    end++;
  if (end + 1 == table->slot_count)
    return false;
  memmove(&table->slots[i + 1], &table->slots[i],
          (end - i) * sizeof *table->slots);
  return true;
}

void ng_table_expect(const struct ng_table *table, uint32_t tag)
{
  if (table->slots)
    __builtin_prefetch(&table->slots[ng_table_home(table, tag)], 1);
}

void ng_table_expect_entry(const struct ng_table *table, uint32_t tag)
{
  size_t i;

  if (!table->slots)
    return;
  i = ng_table_home(table, tag);
  while (table->slots[i].ref && table->slots[i].tag < tag)
    i++;
  if (table->slots[i].ref && table->slots[i].tag == tag) {
    const struct ng_entry *entry = ng_table_entry(table, &table->slots[i]);

    __builtin_prefetch(entry, 1);
    __builtin_prefetch(&entry->word[15]);
  }
}

/* The entry of the word, made if it is new. NULL: no memory, told to stop, or
   the table's share is used up. */
static inline struct ng_entry *put(struct ng_table *table, uint32_t tag,
                                   const char *word, size_t length)
{
  bool found;
  uint32_t ref;
  size_t i;

  if (NG_UNLIKELY(!table->slots || is_full(table)) && !grow(table))
    return NULL;
  i = find_slot(table, tag, word, length, &found);
  if (!found) {
    ref = make_entry(table, word, length);
    if (!ref)
      return NULL;
    while (!open_slot(table, i)) {
      if (!grow(table))
        return NULL;
      i = find_slot(table, tag, word, length, &found);
    }
    table->slots[i] = (struct ng_slot){tag, ref};
    table->word_count++;
  }
  return ng_table_entry(table, &table->slots[i]);
}

/* The same in a table that is full: what it holds goes to the file. */
static NG_COLD struct ng_entry *spill_and_put(struct ng_table *table,
                                              uint32_t tag, const char *word,
                                              size_t length)
{
  struct ng_entry *entry;

  if (!table->spill || ng_stop_asked(table->stop) || !ng_table_spill(table))
    return NULL;
  entry = put(table, tag, word, length);
  if (entry)
    return entry;
  ng_table_drop_slots(table); /* a long word needs their room, too */
  return put(table, tag, word, length);
}

struct ng_entry *ng_table_put(struct ng_table *table, uint32_t tag,
                              const char *word, size_t length)
{
  struct ng_entry *entry = put(table, tag, word, length);

  return NG_LIKELY(entry) ? entry : spill_and_put(table, tag, word, length);
}

bool ng_table_add(struct ng_table *table, uint32_t tag, const char *word,
                  size_t length, const struct ng_sums *sums)
{
  struct ng_entry *entry = ng_table_put(table, tag, word, length);

  if (entry)
    add_run(table, entry, sums);
  return entry != NULL;
}

/* ---------------------------------------------------------------- spill -- */

bool ng_table_limit(struct ng_table *table, uint64_t share_bytes,
                    unsigned tables)
{
  table->spill = ng_spill_new(table->budget, share_bytes, tables);
  return table->spill != NULL;
}

bool ng_table_has_spilled(const struct ng_table *table)
{
  return table->spill && table->spill->run_count > 0;
}

/* Empty the table, whose entries are gone. False: told to stop. */
static bool clear_slots(struct ng_table *table)
{
  table->word_count = 0;
  for (size_t i = 0; i < table->slot_count; i += COPY_SLOTS) {
    size_t left = table->slot_count - i;
    size_t count = left < COPY_SLOTS ? left : COPY_SLOTS;

    if (i > 0 && ng_stop_asked(table->stop)) {
      ng_table_drop_slots(table);
      return false;
    }
    memset(table->slots + i, 0, count * sizeof *table->slots);
  }
  return true;
}

bool ng_table_spill(struct ng_table *table)
{
  if (table->word_count == 0)
    return false;
  if (table->before_spill)
    table->before_spill(table->before_spill_context);
  if (!ng_spill_write(table->spill, table))
    return false;
  ng_arena_free(&table->arena);
  return clear_slots(table) && ng_spill_compact(table->spill, table);
}
