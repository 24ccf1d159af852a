/* SPDX-License-Identifier: MIT */
/*
 * What the extension keeps for one connection of its host: settings, caches and
 * the log of its last scans. Not locked: SQLite lets one thread at a time into
 * a connection.
 */
#ifndef NG_SQLITE_CONNECTION_H
#define NG_SQLITE_CONNECTION_H

#include <stdbool.h>

#include "ngram.h"
#include "sqlite/scan_log.h"

struct ng_connection {
  int references;
  unsigned threads;        /* ngram_config('threads'); 0: the library chooses */
  uint64_t memory_limit;   /* ngram_config('memory_limit'), in bytes; 0: none */
  bool progress;           /* ngram_config('progress'): a bar on a terminal */
  struct ngram_root *root; /* ngram_config('root'); owned, or NULL */
  struct ngram_index *index;         /* seek points; owned */
  struct ngram_cache *cache;         /* results; owned */
  struct ngram_totals *totals;       /* read last; a reference or NULL */
  struct ngram_totals *stdin_totals; /* of standard input, likewise */
  struct ng_scan_log log;            /* for ngram_stats */
};

/* A connection with default settings. The caller owns one reference. Returns
   NULL if there is no memory. */
struct ng_connection *ng_connection_new(void);

/* Take one more reference. Returns its argument. */
struct ng_connection *ng_connection_hold(struct ng_connection *connection);

/* Give a reference back; the last one frees. Of type void (*)(void *), for
   SQLite's destructors. */
void ng_connection_release(void *connection);

#endif
