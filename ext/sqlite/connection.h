/* SPDX-License-Identifier: MIT */
/*
 * What the extension keeps for one connection: its settings and its last
 * scans. It lives as long as the connection; modules, functions and tables
 * each hold a reference. SQLite lets one thread at a time into a connection,
 * so nothing here is locked.
 */
#ifndef NG_SQLITE_CONNECTION_H
#define NG_SQLITE_CONNECTION_H

#include "sqlite/host.h"

/* Scans that ngram_stats tells about. */
#define NG_SCAN_LOG_ENTRIES 32

/* A scan, or the use of its result from the cache. Immutable once it is added.
 */
struct ng_scan_log_entry {
  int references;
  uint64_t number;     /* 1 for the connection's first */
  uint64_t chunk_size; /* as asked for; 0: it was not */
  unsigned threads;    /* the same */
  enum ngram_status status;
  char *error; /* owned: the message of a scan that failed; NULL: none */
  struct ngram_scan_stats stats; /* all zero: there are none, as it failed */
  char path[];                   /* as the query gave it */
};

struct ng_connection {
  int references;
  unsigned threads;        /* ngram_config('threads'); 0: the library chooses */
  uint64_t memory_limit;   /* ngram_config('memory_limit'); 0: none */
  bool progress;           /* ngram_config('progress'): a bar on a terminal */
  struct ngram_root *root; /* ngram_config('root'); owned, or NULL */
  struct ngram_index *index;         /* seek points; owned */
  struct ngram_cache *cache;         /* results; owned */
  struct ngram_totals *totals;       /* read last; a reference or NULL */
  struct ngram_totals *stdin_totals; /* of standard input, the same */
  uint64_t scan_count;
  struct ng_scan_log_entry
      *scans[NG_SCAN_LOG_ENTRIES]; /* number n at n % NG_SCAN_LOG_ENTRIES */
};

/* One reference, the caller's; NULL: no memory. */
struct ng_connection *ng_connection_new(void);

/* One reference more. Returns its argument. */
struct ng_connection *ng_connection_hold(struct ng_connection *connection);

/* Give a reference back; of type void (*)(void *), for xDestroy. */
void ng_connection_release(void *connection);

/* A scan of what was asked; `path` NULL: it was not said. One reference, the
   caller's; NULL: no memory. The caller fills in stats. */
struct ng_scan_log_entry *
ng_scan_log_entry_new(const char *path, uint64_t chunk_size, unsigned threads);
struct ng_scan_log_entry *
ng_scan_log_entry_hold(struct ng_scan_log_entry *scan);
/* NULL is allowed. */
void ng_scan_log_entry_release(struct ng_scan_log_entry *scan);

/* Number a scan and keep it; the connection takes over the reference. Of the
   times that one file came from the cache in a row, only the last is kept. */
void ng_connection_add_scan(struct ng_connection *connection,
                            struct ng_scan_log_entry *scan);

/* The same of a scan that failed, with the message that the host is told.
   `scan` NULL: there was no memory for it, and nothing is kept. */
void ng_connection_add_failure(struct ng_connection *connection,
                               struct ng_scan_log_entry *scan,
                               enum ngram_status status, const char *message);

#endif
