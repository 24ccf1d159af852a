/* SPDX-License-Identifier: MIT */
/*
 * What ngram_counts, word_counts, ngram_rows and ngram_totals have in common.
 * Each is a table-valued function and a module of CREATE VIRTUAL TABLE, whose
 * arguments are then defaults; the first argument is the path of a file.
 *
 * Each has a constant struct ng_file_kind, and cursors that begin with a struct
 * ng_file_cursor (file_cursor.h). Its module uses ng_file_table_connect() and
 * ng_file_table_disconnect() as they are.
 */
#ifndef NG_SQLITE_FILE_TABLE_H
#define NG_SQLITE_FILE_TABLE_H

#include "sqlite/connection.h"
#include "sqlite/file_plan.h"

/* Constant: one for each table. */
struct ng_file_kind {
  struct ng_arguments arguments; /* the module's name included */
  const char *schema;            /* for sqlite3_declare_vtab() */
  const sqlite3_module *module;
  bool is_logged; /* a bad argument is in ngram_stats, as its scans are */
};

struct ng_file_table {
  sqlite3_vtab base;
  sqlite3 *db;
  struct ng_connection *connection; /* a reference */
  const struct ng_file_kind *kind;
  struct ng_argument_value defaults[NG_FILE_ARGUMENTS]; /* owned; all zero in
                                                 a table-valued function */
};

/* Add a table to a connection of SQLite. Returns SQLite's code. */
int ng_file_table_register(sqlite3 *db, struct ng_connection *connection,
                           const struct ng_file_kind *kind);

/*
 * xConnect and xCreate. The table is DIRECTONLY. It does not look at the file,
 * so a table whose file is gone can still be opened, inspected and dropped.
 */
int ng_file_table_connect(sqlite3 *db, void *context, int argc,
                          const char *const *argv, sqlite3_vtab **vtab,
                          char **message);

/* xDisconnect and xDestroy. */
int ng_file_table_disconnect(sqlite3_vtab *vtab);

#endif
