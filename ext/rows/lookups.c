/* SPDX-License-Identifier: MIT */
/*
 * What a cache remembers of files for lookups. lookups.h has the rules.
 *
 * Each file has an entry, in a list by last use: each question about a file
 * moves its entry to the front. The first question makes the entry, rows_file.c
 * and reading.c fill it (by rows_memory.c), and it is dropped when the cache
 * trims the list (api/cache.c), or when the file has changed.
 *
 * An entry owns its postings. It holds one of the references to its rows by
 * year, so a reading that uses them goes on when the entry is dropped.
 */
#include "rows/lookups.h"

#include <stdlib.h>

/* Sorting a file by year takes as long as this number of passes over it. */
#define YEAR_SCANS 5
/* The most files that are kept sorted by year: each has an open descriptor. */
#define BY_YEAR_MAX 8

struct entry {
  struct ng_lru link;
  struct ng_source_identity file;
  enum ngram_on_error on_error;
  bool is_good; /* a pass has read the file to its end without an error */
  unsigned word_scans; /* questions for words that were answered by a pass: 0 or
                          1 */
  struct ng_postings *postings; /* owned; NULL if there are none */
  uint64_t refused_bytes; /* room that was not enough for postings, UINT64_MAX
                             if none ever is; 0 if not known */
  unsigned year_scans;    /* passes to the end for a year, up to YEAR_SCANS */
  struct ng_by_year *by_year; /* a reference; NULL if there are none */
  bool never_by_year;         /* the file cannot be sorted by year */
};

_Static_assert(sizeof(struct entry) <= NG_LOOKUPS_ENTRY_BYTES,
               "NG_LOOKUPS_ENTRY_BYTES must cover an entry");

static void entry_free(void *memory)
{
  struct entry *entry = memory;

  ng_postings_free(entry->postings);
  ng_by_year_release(entry->by_year);
  free(entry);
}

void ng_lookups_free(struct ng_lookups *lookups)
{
  while (lookups->files.next)
    entry_free(ng_lru_take(&lookups->files, NULL, NULL));
}

static bool is_of(const void *entry, const void *wanted)
{
  const struct entry *a = entry;
  const struct entry *b = wanted;

  return a->on_error == b->on_error && ng_source_is_same(&a->file, &b->file);
}

/* Whether the entry is of an earlier state of the same file. */
static bool is_older(const void *entry, const void *file)
{
  const struct ng_source_identity *a = &((const struct entry *)entry)->file;
  const struct ng_source_identity *b = file;

  return a->device == b->device && a->inode == b->inode &&
         !ng_source_is_same(a, b);
}

/* Returns the entry of a file, which moves to the front, or NULL if there is
   none. */
static struct entry *find(struct ng_lookups *lookups,
                          const struct ng_source_identity *file,
                          enum ngram_on_error on_error)
{
  const struct entry wanted = {.file = *file, .on_error = on_error};

  return ng_lru_use(&lookups->files, is_of, &wanted);
}

/* The same, but makes an entry if there is none. Returns NULL if there is no
   memory. */
static struct entry *find_or_add(struct ng_lookups *lookups,
                                 const struct ng_source_identity *file,
                                 enum ngram_on_error on_error)
{
  struct entry *entry = find(lookups, file, on_error);

  if (entry)
    return entry;
  while ((entry = ng_lru_take(&lookups->files, is_older, file)))
    entry_free(entry);
  entry = calloc(1, sizeof *entry);
  if (!entry)
    return NULL;
  entry->file = *file;
  entry->on_error = on_error;
  ng_lru_put(&lookups->files, entry);
  return entry;
}

enum ng_lookups_answer ng_lookups_ask(struct ng_lookups *lookups,
                                      const struct ng_source_identity *file,
                                      enum ngram_on_error on_error,
                                      uint64_t room_bytes,
                                      const struct ng_postings **postings)
{
  struct entry *entry = find_or_add(lookups, file, on_error);

  if (!entry || entry->word_scans == 0) {
    if (entry)
      entry->word_scans++;
    return NG_LOOKUPS_SCAN;
  }
  *postings = entry->postings;
  if (entry->postings)
    return NG_LOOKUPS_READ;
  return room_bytes > entry->refused_bytes ? NG_LOOKUPS_MAKE : NG_LOOKUPS_SCAN;
}

/* Keep the rows by year of the `count` files used last. If more files are asked
   in turn, each is read YEAR_SCANS times before it is sorted again, so the work
   is at most twice that of no sorting. */
static void keep_by_year(struct ng_lookups *lookups, unsigned count)
{
  for (struct ng_lru *link = lookups->files.next; link; link = link->next) {
    struct entry *entry = (struct entry *)link;

    if (!entry->by_year)
      continue;
    if (count > 0) {
      count--;
      continue;
    }
    ng_by_year_release(entry->by_year);
    entry->by_year = NULL;
    entry->year_scans = 0;
  }
}

enum ng_lookups_answer
ng_lookups_ask_year(struct ng_lookups *lookups,
                    const struct ng_source_identity *file,
                    enum ngram_on_error on_error, struct ng_by_year **by_year)
{
  struct entry *entry = find_or_add(lookups, file, on_error);

  if (!entry || entry->never_by_year)
    return NG_LOOKUPS_SCAN;
  *by_year = entry->by_year;
  if (entry->by_year)
    return NG_LOOKUPS_READ;
  if (entry->year_scans < YEAR_SCANS)
    return NG_LOOKUPS_SCAN;
  keep_by_year(lookups, BY_YEAR_MAX - 1);
  return NG_LOOKUPS_MAKE;
}

void ng_lookups_note_scan(struct ng_lookups *lookups,
                          const struct ng_source_identity *file,
                          enum ngram_on_error on_error, bool for_a_year)
{
  struct entry *entry = find_or_add(lookups, file, on_error);

  if (!entry)
    return;
  entry->is_good = true;
  if (for_a_year && entry->year_scans < YEAR_SCANS)
    entry->year_scans++;
}

bool ng_lookups_know_good(struct ng_lookups *lookups,
                          const struct ng_source_identity *file,
                          enum ngram_on_error on_error)
{
  const struct entry *entry = find(lookups, file, on_error);

  return entry && entry->is_good;
}

uint64_t ng_lookups_by_year_bytes(const struct ng_lookups *lookups)
{
  uint64_t bytes = 0;

  for (struct ng_lru *link = lookups->files.next; link; link = link->next) {
    const struct ng_by_year *by_year = ((struct entry *)link)->by_year;

    bytes += by_year ? ng_by_year_file_bytes(by_year) : 0;
  }
  return bytes;
}

void ng_lookups_keep_years(struct ng_lookups *lookups,
                           const struct ng_source_identity *file,
                           enum ngram_on_error on_error,
                           struct ng_by_year *by_year, bool never)
{
  struct entry *entry = find(lookups, file, on_error);

  if (!entry) {
    ng_by_year_release(by_year);
    return;
  }
  ng_by_year_release(entry->by_year);
  entry->by_year = by_year;
  entry->never_by_year = never;
  entry->year_scans = 0;
}

void ng_lookups_keep(struct ng_lookups *lookups,
                     const struct ng_source_identity *file,
                     enum ngram_on_error on_error, uint64_t room_bytes,
                     struct ng_postings *postings)
{
  struct entry *entry = find(lookups, file, on_error);

  if (!entry) {
    ng_postings_free(postings);
    return;
  }
  ng_postings_free(entry->postings);
  entry->postings = postings;
  entry->refused_bytes = postings ? 0 : room_bytes;
}

static uint64_t size_of(const void *memory)
{
  const struct entry *entry = memory;

  return NG_LOOKUPS_ENTRY_BYTES +
         (entry->postings ? ng_postings_bytes(entry->postings) : 0) +
         (entry->by_year ? ng_by_year_bytes(entry->by_year) : 0);
}

uint64_t ng_lookups_trim(struct ng_lookups *lookups, uint64_t limit_bytes)
{
  return ng_lru_trim(&lookups->files, limit_bytes, SIZE_MAX, size_of,
                     entry_free);
}
