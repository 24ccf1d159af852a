/* SPDX-License-Identifier: MIT */
/* ngram_version() and ngram_debug(). */
#include <string.h>

#include "sqlite/register.h"

static void ngram_version_call(sqlite3_context *context, int argc,
                               sqlite3_value **argv)
{
  (void)argc;
  (void)argv;
  sqlite3_result_text(context, ngram_version(), -1, SQLITE_STATIC);
}

static void ngram_debug_call(sqlite3_context *context, int argc,
                             sqlite3_value **argv)
{
  char text[4096]; /* some lines of a few words each */
  size_t length;
  char *result;

  (void)argc;
  (void)argv;
  ngram_debug(text, sizeof text);
  length = strlen(text);
  while (length > 0 && text[length - 1] == '\n')
    text[--length] = '\0';
  result = sqlite3_mprintf("%s\nSQLite %s, built against %s", text,
                           sqlite3_libversion(), SQLITE_VERSION);
  if (result)
    sqlite3_result_text(context, result, -1, sqlite3_free);
  else
    sqlite3_result_error_nomem(context);
}

int ng_register_version(sqlite3 *db)
{
  int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
  int code = sqlite3_create_function_v2(db, "ngram_version", 0,
                                        flags | SQLITE_DETERMINISTIC, NULL,
                                        ngram_version_call, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    return code;
  return sqlite3_create_function_v2(db, "ngram_debug", 0, flags, NULL,
                                    ngram_debug_call, NULL, NULL, NULL);
}
