/* SPDX-License-Identifier: MIT */
/*
 * How a long scan learns that its host wants it to stop.
 *
 *     struct ng_watch watch = {.db = db};
 *
 *     options.poll = ng_watch_poll;
 *     options.poll_context = &watch;
 *     ... the scan ...
 *     ng_watch_end(&watch);
 */
#ifndef NG_SQLITE_WATCH_H
#define NG_SQLITE_WATCH_H

#include "sqlite/host.h"

/* All zero but for `db` at the start. Used by the thread that runs the query
   only. */
struct ng_watch {
  sqlite3 *db;
  sqlite3_stmt *statement; /* owned; prepared by the first poll */
  bool no_statement;       /* it could not be prepared */
  int code; /* SQLITE_OK, or the SQLite code that stopped the scan */
};

/* An ngram_poll_fn; the context is a struct ng_watch. Returns 1 if the scan is
   to stop. */
int ng_watch_poll(void *context);

/* Poll in a loop over the values of a list, after every 65,536th: about 10 ms
   of words. Returns watch->code. */
int ng_watch_list(struct ng_watch *watch, size_t item);

/* Finalize the statement. Call it after each scan, failed or not; `code` stays,
   and the watch may be used for another scan. */
void ng_watch_end(struct ng_watch *watch);

#endif
