/* SPDX-License-Identifier: MIT */
/*
 * The tables and functions, each in a .c of its own. A function here adds one
 * of them to a connection and returns SQLite's code; what it registers holds
 * its own reference to the state.
 */
#ifndef NG_SQLITE_REGISTER_H
#define NG_SQLITE_REGISTER_H

#include "sqlite/connection.h"

int ng_register_counts(sqlite3 *db, struct ng_connection *connection);
int ng_register_totals(sqlite3 *db, struct ng_connection *connection);
int ng_register_text_words(sqlite3 *db);
int ng_register_rows(sqlite3 *db, struct ng_connection *connection);
int ng_register_stats(sqlite3 *db, struct ng_connection *connection);
int ng_register_config(sqlite3 *db, struct ng_connection *connection);
int ng_register_version(sqlite3 *db);

/* Set what ngram_config() sets from the variables that config.c names, where
   they are not empty. SQLITE_ERROR: *message says which is wrong. */
int ng_config_read_environment(struct ng_connection *connection,
                               char **message);

#endif
