/* SPDX-License-Identifier: MIT */
#include "sqlite/vtab_error.h"

int ng_vtab_error_set(sqlite3_vtab *table, int code, char *message)
{
  sqlite3_free(table->zErrMsg);
  table->zErrMsg = ng_host_make_text(message);
  return message ? code : SQLITE_NOMEM;
}

static int code_of_status(enum ngram_status status,
                          const struct ng_watch *watch)
{
  switch (status) {
  case NGRAM_OK:
    return SQLITE_OK;
  case NGRAM_CANNOT_OPEN:
    return SQLITE_CANTOPEN;
  case NGRAM_IO_ERROR:
    return SQLITE_IOERR;
  case NGRAM_NO_MEMORY:
    return SQLITE_NOMEM;
  case NGRAM_DISK_FULL:
    return SQLITE_FULL;
  case NGRAM_FORBIDDEN:
    return SQLITE_AUTH;
  case NGRAM_INTERRUPTED:
    return watch->code != SQLITE_OK ? watch->code : SQLITE_INTERRUPT;
  case NGRAM_BAD_INPUT:
  case NGRAM_BAD_ARGUMENT:
  case NGRAM_CHANGED:
  case NGRAM_OVERFLOW:
    break;
  }
  return SQLITE_ERROR;
}

int ng_vtab_error_set_scan(sqlite3_vtab *table, const char *module,
                           const struct ngram_error *error,
                           const struct ng_watch *watch)
{
  int code = code_of_status(error->status, watch);

  /* The messages that SQLite has after sum() and sqlite3_interrupt(). */
  if (error->status == NGRAM_OVERFLOW)
    return ng_vtab_error_set(table, code, sqlite3_mprintf("integer overflow"));
  if (error->status == NGRAM_INTERRUPTED)
    return ng_vtab_error_set(table, code,
                             sqlite3_mprintf("%s", sqlite3_errstr(code)));
  return ng_vtab_error_set(table, code,
                           sqlite3_mprintf("%s: %s", module, error->message));
}
