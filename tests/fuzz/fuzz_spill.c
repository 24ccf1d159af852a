/* SPDX-License-Identifier: MIT */
/*
 * fuzz_spill.c - any bytes as words for some tables, which spill when the bytes
 * say so: what a reduce makes of them has the words and sums of a naive map, in
 * order, and each word is found.
 *
 * The first byte says how many tables, how many threads' files, and whether
 * they are wide. Then each byte is an action: a spill of a table, or a word, of
 * which as many bytes follow, once or often.
 */
#include "base/hash.h"
#include "count/reduce.h"
#include "count/spill.h"
#include "unit/count_words.h"

#define TABLES 3
#define SHARE_BYTES ((uint64_t)300 << 10)

static void must(bool condition)
{
  if (!condition || test_state.failed)
    abort();
}

static void add_word(struct ng_table *table, struct naive_map *map,
                     const uint8_t *word, size_t length, uint8_t action)
{
  const char *text = (const char *)word;
  struct ng_sums sums = {.total = action,
                         .volumes = action / 2,
                         .row_count = 1,
                         .first_year = action,
                         .last_year = action + action % 5};

  must(ng_table_add(table, ng_hash_word(text, length), text, length, &sums));
  naive_add(map, text, length, &sums);
}

static void play(struct ng_table *tables, struct naive_map *map,
                 const uint8_t *data, size_t size)
{
  while (size > 1) {
    uint8_t action = *data++;
    struct ng_table *table = &tables[action % TABLES];
    size_t length = action / TABLES % 40;

    size--;
    if (length == 0 || length > size) {
      must(ng_table_spill(table) == (table->word_count > 0) ||
           table->word_count == 0);
      continue;
    }
    add_word(table, map, data, length, action);
    data += length;
    size -= length;
  }
}

static void check(struct ng_spilled *spilled, struct ng_budget *budget,
                  struct naive_map *map)
{
  struct ng_spilled_reader reader;
  struct ng_entry *entry;
  uint32_t last_fingerprint = 0;

  must(spilled->words == naive_words(map));
  must(ng_spilled_reader_init(&reader, spilled, budget));
  for (uint64_t i = 0; i < spilled->words; i++) {
    char word[64];
    uint64_t position;
    size_t length;

    must(ng_spilled_read(&reader, i, &entry) == 0);
    check_entry(entry, spilled->wide, map);
    must(i == 0 || ng_entry_fingerprint(entry) >= last_fingerprint);
    last_fingerprint = ng_entry_fingerprint(entry);
    length = entry->length;
    memcpy(word, entry->word, length);
    must(ng_spilled_find(&reader, word, length, &position) == 0 &&
         position == i);
  }
  ng_spilled_reader_free(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct naive_map map = {.entries = NULL};
  struct ng_table tables[TABLES];
  struct ng_table *pointers[TABLES];
  struct ng_spilled *spilled;
  struct ng_reduce reduce;
  struct ng_budget budget;
  bool more = true;

  if (size < 1)
    return 0;
  ng_hash_set_key(size); /* an input is counted alike each time */
  ng_budget_init(&budget);
  for (size_t i = 0; i < TABLES; i++) {
    pointers[i] = &tables[i];
    ng_table_init(&tables[i], &budget, data[0] & 1);
    must(ng_table_limit(&tables[i], SHARE_BYTES, 1 + data[0] % 200));
  }
  add_word(&tables[0], &map, (const uint8_t *)"first", 5, 1);
  must(ng_table_spill(&tables[0]));
  play(tables, &map, data + 1, size - 1);
  must(ng_reduce_init(&reduce, &budget, pointers, TABLES, 2));
  for (unsigned i = 0; more; i++)
    must(ng_reduce_step(&reduce, (data[0] >> 1 & i) % 2, &more));
  spilled = ng_reduce_take_spilled(&reduce);
  ng_reduce_free(&reduce);
  for (size_t i = 0; i < TABLES; i++)
    ng_table_free(&tables[i]);
  check(spilled, &budget, &map);
  ng_spilled_free(spilled);
  must(budget.held_bytes == 0);
  naive_free(&map);
  return 0;
}
