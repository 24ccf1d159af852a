/* SPDX-License-Identifier: MIT */
/*
 * The tables and functions of the extension. Each function here adds one of
 * them, or two of a kind, to a connection and returns SQLite's code. What it
 * registers holds its own references to the connection's state.
 */
#ifndef NG_SQLITE_REGISTER_H
#define NG_SQLITE_REGISTER_H

#include "sqlite/connection.h"
#include "sqlite/host.h"

/* ngram_counts and word_counts */
int ng_register_counts(sqlite3 *db, struct ng_connection *connection);
int ng_register_totals(sqlite3 *db, struct ng_connection *connection);
int ng_register_text_words(sqlite3 *db);
int ng_register_rows(sqlite3 *db, struct ng_connection *connection);
int ng_register_stats(sqlite3 *db, struct ng_connection *connection);
int ng_register_config(sqlite3 *db, struct ng_connection *connection);
/* ngram_version() and ngram_debug() */
int ng_register_version(sqlite3 *db);

#endif
