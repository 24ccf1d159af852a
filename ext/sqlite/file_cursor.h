/* SPDX-License-Identifier: MIT */
/*
 * What the cursors of the tables over files have in common: the arguments that
 * are in force, and how a failed call becomes the error of the table.
 */
#ifndef NG_SQLITE_FILE_CURSOR_H
#define NG_SQLITE_FILE_CURSOR_H

#include "sqlite/file_table.h"
#include "sqlite/watch.h"

/* The first member of each such cursor. */
struct ng_file_cursor {
  sqlite3_vtab_cursor base;
  struct ng_argument_value values[NG_FILE_ARGUMENTS]; /* owned; those that the
                                                         query gives */
  struct ng_watch watch; /* for all calls of the C API that take long */
};

/* For xOpen: a cursor of `bytes` bytes, which are zero but for its watch. */
int ng_file_cursor_open(sqlite3_vtab *vtab, size_t bytes,
                        sqlite3_vtab_cursor **out);

/* For xClose, after all else that the cursor holds was freed. */
int ng_file_cursor_close(struct ng_file_cursor *cursor);

/* The table of a cursor. */
struct ng_file_table *ng_file_cursor_table(const struct ng_file_cursor *cursor);

/*
 * For xFilter: replace the cursor's values by the arguments in argv, of which
 * there are *argc. Returns SQLite's code. A bad argument, a missing path or a
 * message in idxStr becomes the error of the table.
 */
int ng_file_cursor_read(struct ng_file_cursor *cursor, int plan,
                        const char *plan_text, sqlite3_value **argv, int *argc);

/* The value that is in force: the query's, or else the table's default. */
const struct ng_argument_value *
ng_file_cursor_value(const struct ng_file_cursor *cursor, size_t argument);
const char *ng_file_cursor_path(const struct ng_file_cursor *cursor);

/* The number of threads and the memory limit in force: the value of this
   argument, or else the connection's setting. */
unsigned ng_file_cursor_threads(const struct ng_file_cursor *cursor,
                                size_t argument);
uint64_t ng_file_cursor_memory_limit(const struct ng_file_cursor *cursor,
                                     size_t argument);

/*
 * Make a failed call of the C API the error of the table, and log it with
 * `entry`, whose reference passes to the log; NULL logs nothing. Returns
 * SQLite's code.
 */
int ng_file_cursor_fail(struct ng_file_cursor *cursor,
                        const struct ngram_error *error,
                        struct ng_scan_log_entry *entry);

#endif
