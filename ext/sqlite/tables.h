/* SPDX-License-Identifier: MIT */
/*
 * The tables and functions, each in a .c of its own. A function here adds one
 * of them to a connection and returns SQLite's code; what it registers holds
 * its own reference to the state.
 */
#ifndef NG_SQLITE_TABLES_H
#define NG_SQLITE_TABLES_H

#include "sqlite/connection.h"

int ng_counts_tables_register(sqlite3 *db, struct ng_connection *connection);
int ng_totals_table_register(sqlite3 *db, struct ng_connection *connection);
int ng_text_words_register(sqlite3 *db);
int ng_rows_table_register(sqlite3 *db, struct ng_connection *connection);
int ng_stats_table_register(sqlite3 *db, struct ng_connection *connection);
int ng_config_function_register(sqlite3 *db, struct ng_connection *connection);
int ng_version_functions_register(sqlite3 *db);

/* Set what ngram_config() sets from the variables that functions.c names, where
   they are not empty. SQLITE_ERROR: *message says which is wrong. */
int ng_config_read_environment(struct ng_connection *connection,
                               char **message);

#endif
