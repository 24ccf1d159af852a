/* SPDX-License-Identifier: MIT */
/*
 * A host with the extension linked in: connections, small files, and the answer
 * of a statement as one text.
 */
#ifndef NG_TESTS_UNIT_SQL_HOST_H
#define NG_TESTS_UNIT_SQL_HOST_H

#include <sqlite3.h>
#include <unistd.h>

#include "unit/test.h"

int sqlite3_ngram_init(sqlite3 *db, char **message,
                       const sqlite3_api_routines *api);

static inline sqlite3 *host_open(void)
{
  sqlite3 *db = NULL;

  if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
      sqlite3_ngram_init(db, NULL, NULL) != SQLITE_OK) {
    printf("cannot open a connection\n");
    exit(1);
  }
  return db;
}

static inline void host_write(const char *path, const char *text)
{
  FILE *file = fopen(path, "w");

  if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
    printf("cannot write %s\n", path);
    exit(1);
  }
}

static inline void host_add_row(sqlite3_str *out, sqlite3_stmt *statement)
{
  for (int i = 0; i < sqlite3_column_count(statement); i++) {
    const char *text = (const char *)sqlite3_column_text(statement, i);

    sqlite3_str_appendf(out, "%s%s", i == 0 ? "" : "|", text ? text : "NULL");
  }
  sqlite3_str_appendchar(out, 1, '\n');
}

/* All rows, `a|b` and a line end for each; after an error, `error 1: ...` is
   the last. Free it with sqlite3_free(). */
static inline char *host_ask(sqlite3 *db, const char *sql)
{
  sqlite3_str *out = sqlite3_str_new(NULL);
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

  if (code == SQLITE_OK) {
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
      host_add_row(out, statement);
    if (code == SQLITE_DONE)
      code = SQLITE_OK;
  }
  if (code != SQLITE_OK)
    sqlite3_str_appendf(out, "error %d: %s", code, sqlite3_errmsg(db));
  sqlite3_finalize(statement);
  sqlite3_str_appendchar(out, 1, '\0');
  return sqlite3_str_finish(out);
}

/* Check the answer of a statement. */
static inline bool host_says(sqlite3 *db, const char *sql, const char *wanted)
{
  char *got = host_ask(db, sql);
  bool same;

  NOTE("%.250s", sql);
  same = CHECK_STR(got, wanted);
  sqlite3_free(got);
  return same;
}

#endif
