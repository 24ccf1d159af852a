/* SPDX-License-Identifier: MIT */
/*
 * The entry point: adds the tables and functions to a connection.
 *
 * Loading starts no thread, prints nothing and changes no setting of SQLite. It
 * fails if the environment has a bad value. Loading the extension twice into
 * one connection starts again with default settings. While a statement runs,
 * SQLite refuses to replace a function (SQLITE_BUSY); ngram_config is
 * registered first, so that such a failure leaves everything as it was.
 *
 * A program that links SQLite itself, and this code with SQLITE_CORE, calls
 * sqlite3_ngram_init(db, &message, NULL) or hands the function to
 * sqlite3_auto_extension().
 */
#include "sqlite/config.h"
#include "sqlite/register.h"

SQLITE_EXTENSION_INIT1

NGRAM_API int sqlite3_ngram_init(sqlite3 *db, char **message,
                                 const sqlite3_api_routines *api);

static int register_all(sqlite3 *db, struct ng_connection *connection)
{
  int code = ng_register_config(db, connection);

  if (code == SQLITE_OK)
    code = ng_register_version(db);
  if (code == SQLITE_OK)
    code = ng_register_counts(db, connection);
  if (code == SQLITE_OK)
    code = ng_register_totals(db, connection);
  if (code == SQLITE_OK)
    code = ng_register_rows(db, connection);
  if (code == SQLITE_OK)
    code = ng_register_stats(db, connection);
  if (code == SQLITE_OK)
    code = ng_register_text_words(db);
  return code;
}

/* SQLite unloads a library whose entry point fails, so the connection must keep
   nothing of it. Removing a function that was never added does no harm. */
static void unregister_all(sqlite3 *db)
{
  static const struct {
    const char *name;
    int argc;
  } functions[] = {
      {"ngram_config", 1},
      {"ngram_config", 2},
      {"ngram_version", 0},
      {"ngram_debug", 0},
  };

  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
    sqlite3_create_function_v2(db, functions[i].name, functions[i].argc,
                               SQLITE_UTF8, NULL, NULL, NULL, NULL, NULL);
  sqlite3_create_module_v2(db, "ngram_counts", NULL, NULL, NULL);
  sqlite3_create_module_v2(db, "ngram_totals", NULL, NULL, NULL);
  sqlite3_create_module_v2(db, "word_counts", NULL, NULL, NULL);
  sqlite3_create_module_v2(db, "text_words", NULL, NULL, NULL);
  sqlite3_create_module_v2(db, "ngram_rows", NULL, NULL, NULL);
  sqlite3_create_module_v2(db, "ngram_stats", NULL, NULL, NULL);
}

int sqlite3_ngram_init(sqlite3 *db, char **message,
                       const sqlite3_api_routines *api)
{
  struct ng_connection *connection;
  char *reason = NULL;
  int code;

  (void)api;
  SQLITE_EXTENSION_INIT2(api);
  if (!ng_host_has(NG_HOST_OLDEST)) {
    if (message)
      *message = sqlite3_mprintf("ngram needs SQLite 3.31 or newer, not %s",
                                 sqlite3_libversion());
    return SQLITE_ERROR;
  }
  connection = ng_connection_new();
  if (!connection)
    return SQLITE_NOMEM;
  code = ng_config_read_environment(connection, &reason);
  if (code != SQLITE_OK) {
    ng_connection_release(connection);
    if (message)
      *message = ng_host_make_text(reason);
    else
      sqlite3_free(reason);
    return code;
  }
  code = register_all(db, connection);
  ng_connection_release(connection);
  if (code != SQLITE_OK && code != SQLITE_BUSY)
    unregister_all(db);
  return code;
}
