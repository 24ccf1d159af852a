/* SPDX-License-Identifier: MIT */
/* The error of a virtual table: its zErrMsg, and the code that its method
   returns. */
#ifndef NG_SQLITE_VTAB_ERROR_H
#define NG_SQLITE_VTAB_ERROR_H

#include "sqlite/watch.h"

/*
 * Make `message`, from sqlite3_mprintf(), the error of a table, which takes
 * ownership. Returns `code`, or SQLITE_NOMEM if message is NULL.
 */
int ng_vtab_error_set(sqlite3_vtab *table, int code, char *message);

/*
 * Make a call of the C API that failed the error of a table: "<module>:
 * <message>". Returns SQLite's code for the status, which for NGRAM_INTERRUPTED
 * is the code that the watch saw.
 */
int ng_vtab_error_set_scan(sqlite3_vtab *table, const char *module,
                           const struct ngram_error *error,
                           const struct ng_watch *watch);

#endif
