/* SPDX-License-Identifier: MIT */
/*
 * How a table over files is registered, opened and closed. The module holds a
 * reference to the connection's state, and so does each table.
 *
 * DIRECTONLY: a view or trigger in a database file of another origin must not
 * read files on behalf of the user. Read only: there is no xUpdate.
 */
#include "sqlite/file_table.h"

/* ---------------------------------------------------------------- module -- */

/* What SQLite keeps with a module. */
struct module_context {
  const struct ng_file_kind *kind;
  struct ng_connection *connection; /* a reference */
};

static void module_free(void *pointer)
{
  struct module_context *context = pointer;

  ng_connection_release(context->connection);
  sqlite3_free(context);
}

int ng_file_table_register(sqlite3 *db, struct ng_connection *connection,
                           const struct ng_file_kind *kind)
{
  struct module_context *context = sqlite3_malloc64(sizeof *context);

  if (!context)
    return SQLITE_NOMEM;
  *context = (struct module_context){kind, ng_connection_hold(connection)};
  /* SQLite frees the context, on failure too. */
  return sqlite3_create_module_v2(db, kind->arguments.module, kind->module,
                                  context, module_free);
}

/* ----------------------------------------------------------------- table -- */

static int declare(struct ng_file_table *table, int argc,
                   const char *const *argv, char **message)
{
  const struct ng_arguments *arguments = &table->kind->arguments;
  bool eponymous = argc == 3 && sqlite3_stricmp(argv[0], argv[2]) == 0;
  int code = ng_arguments_declare(arguments, argv + 3, (size_t)(argc - 3),
                                  table->defaults, message);

  if (code != SQLITE_OK || eponymous || table->defaults[NG_FILE_PATH].given)
    return code;
  *message = ng_argument_missing(arguments, NG_FILE_PATH);
  return *message ? SQLITE_ERROR : SQLITE_NOMEM;
}

int ng_file_table_disconnect(sqlite3_vtab *vtab)
{
  struct ng_file_table *table = (struct ng_file_table *)vtab;

  for (size_t i = 0; i < NG_FILE_ARGUMENTS; i++)
    ng_argument_value_clear(&table->defaults[i]);
  ng_connection_release(table->connection);
  sqlite3_free(table);
  return SQLITE_OK;
}

int ng_file_table_connect(sqlite3 *db, void *context, int argc,
                          const char *const *argv, sqlite3_vtab **vtab,
                          char **message)
{
  const struct module_context *module = context;
  struct ng_file_table *table = sqlite3_malloc64(sizeof *table);
  int code;

  if (!table)
    return SQLITE_NOMEM;
  *table = (struct ng_file_table){.db = db,
                                  .connection =
                                      ng_connection_hold(module->connection),
                                  .kind = module->kind};
  code = declare(table, argc, argv, message);
  if (code == SQLITE_OK)
    code = sqlite3_declare_vtab(db, module->kind->schema);
  if (code == SQLITE_OK)
    code = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
  if (code != SQLITE_OK) {
    ng_host_make_text(*message);
    ng_file_table_disconnect(&table->base);
    return code;
  }
  *vtab = &table->base;
  return SQLITE_OK;
}
