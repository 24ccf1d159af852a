/* SPDX-License-Identifier: MIT */
/*
 * The last scans of a connection, newest last, for ngram_stats. Not locked:
 * SQLite lets one thread at a time into a connection.
 */
#ifndef NG_SQLITE_SCAN_LOG_H
#define NG_SQLITE_SCAN_LOG_H

#include "ngram.h"

/* The most entries that a log keeps. */
#define NG_SCAN_LOG_ENTRIES 32

/* One scan, or one use of a result from the cache. Immutable once added. */
struct ng_scan_log_entry {
  int references;
  uint64_t number;     /* from 1 on; set by ng_scan_log_add() */
  uint64_t chunk_size; /* as the query gave it; 0 if it did not */
  unsigned threads;    /* likewise */
  enum ngram_status status;
  char *error; /* owned; the message of a scan that failed, else NULL */
  struct ngram_scan_stats stats; /* all zero if a scan failed before it began */
  char path[];                   /* as the query gave it */
};

struct ng_scan_log {
  uint64_t count; /* of all entries ever added: the number of the newest */
  struct ng_scan_log_entry *entries[NG_SCAN_LOG_ENTRIES]; /* references; number
                                n is at n % NG_SCAN_LOG_ENTRIES */
};

/*
 * An entry with these arguments; `path` NULL means that the query gave none.
 * The caller fills in `stats` and owns one reference. Returns NULL if there is
 * no memory.
 */
struct ng_scan_log_entry *
ng_scan_log_entry_new(const char *path, uint64_t chunk_size, unsigned threads);

/* Take one more reference. Returns its argument. */
struct ng_scan_log_entry *
ng_scan_log_entry_hold(struct ng_scan_log_entry *entry);

/* Give a reference back. NULL is allowed. */
void ng_scan_log_entry_release(struct ng_scan_log_entry *entry);

/* Number an entry and keep it, taking over the reference. If the newest entry
   and this one are both uses of a cached result of one path, this one replaces
   it. */
void ng_scan_log_add(struct ng_scan_log *log, struct ng_scan_log_entry *entry);

/* Add the entry of a scan that failed, with the message that the host gets.
   Does nothing if `entry` is NULL, which is what ng_scan_log_entry_new() gave
   without memory. */
void ng_scan_log_add_failure(struct ng_scan_log *log,
                             struct ng_scan_log_entry *entry,
                             enum ngram_status status, const char *message);

/* Release all entries. */
void ng_scan_log_clear(struct ng_scan_log *log);

#endif
