/* SPDX-License-Identifier: MIT */
/*
 * The poll callback that the tables give to the C API.
 *
 * A virtual table cannot ask SQLite before 3.41 whether sqlite3_interrupt()
 * was called, and in no version whether the progress handler says stop. But a
 * statement that is stepped while another runs on the same connection sees
 * both: it returns SQLITE_INTERRUPT. So the watch steps a statement of its own,
 * in the thread that runs the query, from within xFilter and xNext.
 *
 * That statement
 * - names no table, so it reads no schema, takes no lock, and ends no
 *   transaction;
 * - calls no function, has no recursion and uses a column of every table it
 *   makes, so that it needs only the permission (SQLITE_SELECT) that the
 *   authorizer has given to the query itself;
 * - runs some 12,000 instructions of the virtual machine, because SQLite calls
 *   a progress handler once in N instructions: a handler with N up to 12,000 is
 *   called at every poll. They take about 0.2 ms; a scan polls every 10 to 50
 *   ms;
 * - opens with a comment, for readers of a trace;
 * - is prepared by the first poll, so that short scans do not pay for it, and
 *   finalized after the scan: left open it would keep sqlite3_close() from
 *   closing.
 *
 * It cannot be prepared if an authorizer that was set meanwhile forbids every
 * SELECT, or if a limit of the connection is too low. That is no reason to
 * refuse the query: the scan goes on, and from SQLite 3.41 on it still sees
 * interrupts.
 */
#include "sqlite/watch.h"

/* The condition needs all four tables, so no planner can decide it early; 6^4
   rows are tried and none is found. */
static const char poll_sql[] =
    "/* ngram: stop? */"
    " WITH v(x) AS (VALUES(0),(0),(0),(0),(0),(0))"
    " SELECT 1 FROM v AS a CROSS JOIN v AS b CROSS JOIN v AS c"
    " CROSS JOIN v AS d WHERE a.x+b.x+c.x+d.x<0";

/* Without the statement, a host from 3.41 on tells interrupts at least. */
static int poll_without_statement(sqlite3 *db)
{
#if SQLITE_VERSION_NUMBER >= 3041000
  if (ng_host_has(3041000) && sqlite3_is_interrupted(db))
    return SQLITE_INTERRUPT;
#endif
  (void)db;
  return SQLITE_OK;
}

static int watch_prepare(struct ng_watch *watch)
{
  int code =
      sqlite3_prepare_v2(watch->db, poll_sql, -1, &watch->statement, NULL);

  if (code == SQLITE_OK || code == SQLITE_NOMEM || code == SQLITE_INTERRUPT)
    return code;
  watch->no_statement = true;
  return SQLITE_OK;
}

int ng_watch_poll(void *context)
{
  struct ng_watch *watch = context;

  if (!watch->statement && !watch->no_statement)
    watch->code = watch_prepare(watch);
  if (watch->code == SQLITE_OK && watch->no_statement)
    watch->code = poll_without_statement(watch->db);
  else if (watch->code == SQLITE_OK) {
    sqlite3_step(watch->statement);
    /* It returns the code of the step. */
    watch->code = sqlite3_reset(watch->statement);
  }
  return watch->code != SQLITE_OK;
}

int ng_watch_list(struct ng_watch *watch, size_t item)
{
  const size_t items_per_poll = 65536;

  if (item % items_per_poll == items_per_poll - 1) {
    ng_watch_poll(watch);
    ng_watch_end(watch);
  }
  return watch->code;
}

void ng_watch_end(struct ng_watch *watch)
{
  sqlite3_finalize(watch->statement);
  watch->statement = NULL;
}
