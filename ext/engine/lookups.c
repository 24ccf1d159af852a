/* SPDX-License-Identifier: MIT */
/* A list of files, the one asked for last first. */
#include "engine/lookups.h"

#include <stdlib.h>

/* To sort a file by year takes as long as to read it so often. */
#define YEAR_SCANS 5
/* More files than these are not kept by year: each has a descriptor. */
#define BY_YEAR_MAX 8

struct ng_lookups_entry {
  struct ng_lookups_entry *next;
  struct ng_source_identity file;
  enum ngram_on_error on_error;
  bool is_good;                 /* it was read to its end */
  unsigned word_scans;          /* that have been asked for */
  struct ng_postings *postings; /* owned; NULL: none yet, or: */
  uint64_t refused_bytes; /* so much room was not enough; 0: it is not known */
  unsigned year_scans;    /* to the end */
  struct ng_by_year *by_year; /* held; NULL: not yet, or: */
  bool never_by_year;
};

_Static_assert(sizeof(struct ng_lookups_entry) <= NG_LOOKUPS_ENTRY_BYTES,
               "as it is said in the header");

static void drop(struct ng_lookups_entry **place)
{
  struct ng_lookups_entry *entry = *place;

  *place = entry->next;
  ng_postings_free(entry->postings);
  ng_by_year_release(entry->by_year);
  free(entry);
}

void ng_lookups_free(struct ng_lookups *lookups)
{
  while (lookups->first)
    drop(&lookups->first);
}

/* The file's entry, in front of the list; NULL: there is none. */
static struct ng_lookups_entry *find(struct ng_lookups *lookups,
                                     const struct ng_source_identity *file,
                                     enum ngram_on_error on_error)
{
  struct ng_lookups_entry **place = &lookups->first;
  struct ng_lookups_entry *entry;

  while (*place && !((*place)->on_error == on_error &&
                     ng_source_is_same(&(*place)->file, file)))
    place = &(*place)->next;
  entry = *place;
  if (!entry)
    return NULL;
  *place = entry->next;
  entry->next = lookups->first;
  lookups->first = entry;
  return entry;
}

/* What was known of a file that has changed since is of no use. */
static void drop_older(struct ng_lookups *lookups,
                       const struct ng_source_identity *file)
{
  for (struct ng_lookups_entry **place = &lookups->first; *place;) {
    const struct ng_source_identity *older = &(*place)->file;

    if (older->device == file->device && older->inode == file->inode &&
        !ng_source_is_same(older, file))
      drop(place);
    else
      place = &(*place)->next;
  }
}

/* Or a new one. NULL: no memory. */
static struct ng_lookups_entry *
find_or_add(struct ng_lookups *lookups, const struct ng_source_identity *file,
            enum ngram_on_error on_error)
{
  struct ng_lookups_entry *entry = find(lookups, file, on_error);

  if (entry)
    return entry;
  drop_older(lookups, file);
  entry = calloc(1, sizeof *entry);
  if (!entry)
    return NULL;
  entry->file = *file;
  entry->on_error = on_error;
  entry->next = lookups->first;
  lookups->first = entry;
  return entry;
}

enum ng_lookup_way ng_lookups_ask(struct ng_lookups *lookups,
                                  const struct ng_source_identity *file,
                                  enum ngram_on_error on_error,
                                  uint64_t room_bytes,
                                  const struct ng_postings **postings)
{
  struct ng_lookups_entry *entry = find_or_add(lookups, file, on_error);

  if (!entry || entry->word_scans == 0) {
    if (entry)
      entry->word_scans++;
    return NG_LOOKUP_SCAN;
  }
  *postings = entry->postings;
  if (entry->postings)
    return NG_LOOKUP_READ;
  return room_bytes > entry->refused_bytes ? NG_LOOKUP_MAKE : NG_LOOKUP_SCAN;
}

/* Keep the rows by year of so many files, those asked for last. If more files
   than fit are asked in turn, each is read some times before it is sorted once
   more, which is twice the work of no sorting at most. */
static void keep_by_year(struct ng_lookups *lookups, unsigned count)
{
  for (struct ng_lookups_entry *entry = lookups->first; entry;
       entry = entry->next) {
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

enum ng_lookup_way ng_lookups_ask_year(struct ng_lookups *lookups,
                                       const struct ng_source_identity *file,
                                       enum ngram_on_error on_error,
                                       struct ng_by_year **by_year)
{
  struct ng_lookups_entry *entry = find_or_add(lookups, file, on_error);

  if (!entry || entry->never_by_year)
    return NG_LOOKUP_SCAN;
  *by_year = entry->by_year;
  if (entry->by_year)
    return NG_LOOKUP_READ;
  if (entry->year_scans < YEAR_SCANS)
    return NG_LOOKUP_SCAN;
  keep_by_year(lookups, BY_YEAR_MAX - 1);
  return NG_LOOKUP_MAKE;
}

void ng_lookups_note_scan(struct ng_lookups *lookups,
                          const struct ng_source_identity *file,
                          enum ngram_on_error on_error, bool for_a_year)
{
  struct ng_lookups_entry *entry = find_or_add(lookups, file, on_error);

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
  const struct ng_lookups_entry *entry = find(lookups, file, on_error);

  return entry && entry->is_good;
}

uint64_t ng_lookups_by_year_bytes(const struct ng_lookups *lookups)
{
  uint64_t bytes = 0;

  for (const struct ng_lookups_entry *entry = lookups->first; entry;
       entry = entry->next)
    bytes += entry->by_year ? ng_by_year_file_bytes(entry->by_year) : 0;
  return bytes;
}

void ng_lookups_keep_years(struct ng_lookups *lookups,
                           const struct ng_source_identity *file,
                           enum ngram_on_error on_error,
                           struct ng_by_year *by_year, bool never)
{
  struct ng_lookups_entry *entry = find(lookups, file, on_error);

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
  struct ng_lookups_entry *entry = find(lookups, file, on_error);

  if (!entry) {
    ng_postings_free(postings);
    return;
  }
  ng_postings_free(entry->postings);
  entry->postings = postings;
  entry->refused_bytes = postings ? 0 : room_bytes;
}

static uint64_t size_of(const struct ng_lookups_entry *entry)
{
  return NG_LOOKUPS_ENTRY_BYTES +
         (entry->postings ? ng_postings_bytes(entry->postings) : 0) +
         (entry->by_year ? ng_by_year_bytes(entry->by_year) : 0);
}

uint64_t ng_lookups_trim(struct ng_lookups *lookups, uint64_t limit_bytes)
{
  uint64_t left = limit_bytes;

  for (struct ng_lookups_entry **place = &lookups->first; *place;) {
    uint64_t size = size_of(*place);

    if (size > left) {
      drop(place);
    } else {
      left -= size;
      place = &(*place)->next;
    }
  }
  return left;
}
