/* SPDX-License-Identifier: MIT */
/*
 * A program that links SQLite and the extension, and loads nothing: what
 * libngram.a holds was compiled with SQLITE_CORE.
 */
#include <stdio.h>

#include <sqlite3.h>

extern int sqlite3_ngram_init(sqlite3 *db, char **error,
                              const sqlite3_api_routines *api);

int main(int argc, char **argv)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  int status = 1;

  if (argc != 2)
    return 2;
  if (sqlite3_auto_extension((void (*)(void))sqlite3_ngram_init) ||
      sqlite3_open(":memory:", &db))
    return 1;
  if (sqlite3_prepare_v2(db,
                         "SELECT ngram_version(), total FROM ngram_counts(?1) "
                         "WHERE word = 'Aardvark'",
                         -1, &statement, NULL) == SQLITE_OK) {
    sqlite3_bind_text(statement, 1, argv[1], -1, SQLITE_STATIC);
    if (sqlite3_step(statement) == SQLITE_ROW) {
      printf("%s %s\n", sqlite3_column_text(statement, 0),
             sqlite3_column_text(statement, 1));
      status = 0;
    }
  }
  if (status)
    fprintf(stderr, "%s\n", sqlite3_errmsg(db));
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return status;
}
