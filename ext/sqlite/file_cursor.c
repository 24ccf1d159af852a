/* SPDX-License-Identifier: MIT */
/*
 * SQLite calls xOpen once for each use of a table in a statement and xFilter
 * once for each scan: in the inner table of a join, once for each row of the
 * outer one. A table's xFilter calls ng_file_cursor_read() first, and asks for
 * the values in force afterwards, until the next xFilter or xClose.
 *
 * A text that a value points to is owned by the cursor, or by the table if it
 * is a default.
 */
#include "sqlite/file_cursor.h"

#include <string.h>

#include "sqlite/vtab_error.h"

static void clear_values(struct ng_argument_value *values)
{
  for (size_t i = 0; i < NG_FILE_ARGUMENTS; i++)
    ng_argument_value_clear(&values[i]);
}

int ng_file_cursor_open(sqlite3_vtab *vtab, size_t bytes,
                        sqlite3_vtab_cursor **out)
{
  struct ng_file_cursor *cursor = sqlite3_malloc64(bytes);

  if (!cursor)
    return SQLITE_NOMEM;
  memset(cursor, 0, bytes);
  cursor->watch.db = ((const struct ng_file_table *)vtab)->db;
  *out = &cursor->base;
  return SQLITE_OK;
}

int ng_file_cursor_close(struct ng_file_cursor *cursor)
{
  clear_values(cursor->values);
  sqlite3_free(cursor);
  return SQLITE_OK;
}

struct ng_file_table *ng_file_cursor_table(const struct ng_file_cursor *cursor)
{
  return (struct ng_file_table *)cursor->base.pVtab;
}

const struct ng_argument_value *
ng_file_cursor_value(const struct ng_file_cursor *cursor, size_t argument)
{
  return cursor->values[argument].given
             ? &cursor->values[argument]
             : &ng_file_cursor_table(cursor)->defaults[argument];
}

const char *ng_file_cursor_path(const struct ng_file_cursor *cursor)
{
  return ng_file_cursor_value(cursor, NG_FILE_PATH)->path;
}

unsigned ng_file_cursor_threads(const struct ng_file_cursor *cursor,
                                size_t argument)
{
  const struct ng_argument_value *value =
      ng_file_cursor_value(cursor, argument);

  return value->given ? (unsigned)value->number
                      : ng_file_cursor_table(cursor)->connection->threads;
}

uint64_t ng_file_cursor_memory_limit(const struct ng_file_cursor *cursor,
                                     size_t argument)
{
  const struct ng_argument_value *value =
      ng_file_cursor_value(cursor, argument);

  return value->given ? (uint64_t)value->number
                      : ng_file_cursor_table(cursor)->connection->memory_limit;
}

static int read_arguments(struct ng_file_cursor *cursor, int plan,
                          sqlite3_value **argv, int *argc, char **message)
{
  const struct ng_arguments *arguments =
      &ng_file_cursor_table(cursor)->kind->arguments;
  int code = SQLITE_OK;

  for (size_t i = 0; i < arguments->count && code == SQLITE_OK; i++)
    if (plan >> i & 1)
      code = ng_argument_read(arguments, i, argv[(*argc)++], &cursor->values[i],
                              message);
  if (code == SQLITE_OK && !ng_file_cursor_path(cursor)) {
    *message = ng_argument_missing(arguments, NG_FILE_PATH);
    code = SQLITE_ERROR;
  }
  return code;
}

int ng_file_cursor_read(struct ng_file_cursor *cursor, int plan,
                        const char *plan_text, sqlite3_value **argv, int *argc)
{
  struct ng_file_table *table = ng_file_cursor_table(cursor);
  char *message = NULL;
  int code = SQLITE_ERROR;

  clear_values(cursor->values);
  cursor->watch = (struct ng_watch){.db = table->db};
  *argc = 0;
  if (plan_text)
    message =
        sqlite3_mprintf("%s: %s", table->kind->arguments.module, plan_text);
  else
    code = read_arguments(cursor, plan, argv, argc, &message);
  if (code == SQLITE_ERROR)
    code = ng_vtab_error_set(&table->base, code, message);
  if (code == SQLITE_ERROR && table->kind->is_logged)
    ng_scan_log_add_failure(
        &table->connection->log,
        ng_scan_log_entry_new(ng_file_cursor_path(cursor), 0, 0),
        NGRAM_BAD_ARGUMENT, table->base.zErrMsg);
  return code;
}

int ng_file_cursor_fail(struct ng_file_cursor *cursor,
                        const struct ngram_error *error,
                        struct ng_scan_log_entry *entry)
{
  struct ng_file_table *table = ng_file_cursor_table(cursor);
  int code = ng_vtab_error_set_scan(&table->base, table->kind->arguments.module,
                                    error, &cursor->watch);

  ng_scan_log_add_failure(&table->connection->log, entry, error->status,
                          table->base.zErrMsg);
  return code;
}
