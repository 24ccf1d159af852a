/* SPDX-License-Identifier: MIT */
#include "sqlite/file_table.h"

#include <string.h>

/* The file is not looked at: a table whose file is gone can still be opened,
   inspected and dropped. */
static int declare(struct ng_file_table *table, int argc,
                   const char *const *argv, char **message)
{
  bool eponymous = argc == 3 && sqlite3_stricmp(argv[0], argv[2]) == 0;
  int code = ng_arguments_declare(table->arguments, argv + 3,
                                  (size_t)(argc - 3), table->defaults, message);

  if (code != SQLITE_OK || eponymous || table->defaults[NG_FILE_PATH].given)
    return code;
  *message = ng_argument_missing(table->arguments, NG_FILE_PATH);
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

int ng_file_table_connect(const struct ng_file_kind *kind, sqlite3 *db,
                          struct ng_connection *connection, int argc,
                          const char *const *argv, sqlite3_vtab **vtab,
                          char **message)
{
  struct ng_file_table *table = sqlite3_malloc64(kind->table_bytes);
  int code;

  if (!table)
    return SQLITE_NOMEM;
  memset(table, 0, kind->table_bytes);
  table->db = db;
  table->connection = ng_connection_hold(connection);
  table->arguments = kind->arguments;
  code = declare(table, argc, argv, message);
  if (code == SQLITE_OK)
    code = sqlite3_declare_vtab(db, kind->schema);
  /* A view or trigger in somebody else's database file must not read files in
     our name. */
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

/* Take the constraints with = apart into those that are known and those that
   are not, and return the set of arguments that another operator is used on. */
static unsigned look_at_constraints(struct ng_file_plan *plan,
                                    const sqlite3_index_info *info,
                                    int first_column, size_t count,
                                    unsigned *waiting)
{
  unsigned others = 0;

  for (int i = 0; i < info->nConstraint; i++) {
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
    int argument = constraint->iColumn - first_column;

    if (argument < 0 || argument >= (int)count || ng_host_is_limit(constraint))
      continue;
    if (constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
      others |= 1u << argument;
    else if (constraint->usable)
      plan->argument[argument] = i;
    else
      *waiting |= 1u << argument;
  }
  return others;
}

/* A constraint on one of these arguments, or -1. Of LIKE and GLOB, to which
   SQLite adds bounds, the operator that was written: it has the higher number.
 */
static int find_misused(const sqlite3_index_info *info, int first_column,
                        size_t count, unsigned arguments)
{
  int found = -1;

  for (int i = 0; i < info->nConstraint; i++) {
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
    int argument = constraint->iColumn - first_column;

    if (argument >= 0 && argument < (int)count && arguments >> argument & 1 &&
        !ng_host_is_limit(constraint) &&
        (found < 0 || constraint->op > info->aConstraint[found].op))
      found = i;
  }
  return found;
}

void ng_file_plan_find(struct ng_file_plan *plan,
                       const sqlite3_index_info *info, int first_column,
                       size_t count)
{
  unsigned waiting = 0; /* a set of arguments */
  unsigned given = 0;
  unsigned others;

  for (size_t i = 0; i < NG_FILE_ARGUMENTS; i++)
    plan->argument[i] = -1;
  others = look_at_constraints(plan, info, first_column, count, &waiting);
  for (size_t i = 0; i < count; i++)
    if (plan->argument[i] >= 0)
      given |= 1u << i;
  plan->waits = (waiting & ~given) != 0;
  plan->misused =
      find_misused(info, first_column, count, others & ~given & ~waiting);
}

int ng_file_plan_refuse(const struct ng_file_plan *plan,
                        const struct ng_arguments *arguments, int first_column,
                        sqlite3_index_info *info)
{
  const struct sqlite3_index_constraint *constraint;

  if (plan->misused < 0)
    return SQLITE_OK;
  constraint = &info->aConstraint[plan->misused];
  if (!constraint->usable)
    return SQLITE_CONSTRAINT;
  info->idxStr = ng_argument_operator(
      &arguments->list[constraint->iColumn - first_column], constraint->op);
  if (!info->idxStr)
    return SQLITE_NOMEM;
  info->needToFreeIdxStr = 1;
  info->estimatedCost = NG_NO_PATH_COST;
  return SQLITE_OK;
}

int ng_file_table_check(sqlite3_vtab *vtab,
                        const struct ng_arguments *arguments,
                        const char *plan_text)
{
  if (!plan_text)
    return SQLITE_OK;
  return ng_vtab_error_set(
      vtab, SQLITE_ERROR,
      sqlite3_mprintf("%s: %s", arguments->module, plan_text));
}

const struct ng_argument_value *
ng_file_table_value(const struct ng_file_table *table,
                    const struct ng_argument_value *values, size_t argument)
{
  return values[argument].given ? &values[argument]
                                : &table->defaults[argument];
}

static int read_arguments(struct ng_file_table *table, int plan,
                          sqlite3_value **argv,
                          struct ng_argument_value *values, int *argc)
{
  char *message = NULL;
  int code = SQLITE_OK;

  *argc = 0;
  for (size_t i = 0; i < table->arguments->count && code == SQLITE_OK; i++)
    if (plan >> i & 1)
      code = ng_argument_read(table->arguments, i, argv[(*argc)++], &values[i],
                              &message);
  if (code == SQLITE_OK &&
      !ng_file_table_value(table, values, NG_FILE_PATH)->given) {
    code = SQLITE_ERROR;
    message = ng_argument_missing(table->arguments, NG_FILE_PATH);
  }
  if (code == SQLITE_ERROR)
    code = ng_vtab_error_set(&table->base, code, message);
  return code;
}

int ng_file_table_read(struct ng_file_table *table, int plan,
                       const char *plan_text, sqlite3_value **argv,
                       struct ng_argument_value *values, int *argc)
{
  int code = ng_file_table_check(&table->base, table->arguments, plan_text);

  if (code == SQLITE_OK)
    code = read_arguments(table, plan, argv, values, argc);
  if (code == SQLITE_ERROR)
    ng_connection_add_failure(
        table->connection,
        ng_scan_log_entry_new(
            ng_file_table_value(table, values, NG_FILE_PATH)->path, 0, 0),
        NGRAM_BAD_ARGUMENT, table->base.zErrMsg);
  return code;
}

void ng_file_plan_hand_over(sqlite3_index_info *info, int place, int bit,
                            int *argv_count)
{
  if (place < 0)
    return;
  info->idxNum |= bit;
  info->aConstraintUsage[place].argvIndex = ++*argv_count;
}

int ng_file_plan_tell(const struct ng_file_plan *plan, sqlite3_index_info *info)
{
  int count = 0;

  for (int i = 0; i < NG_FILE_ARGUMENTS; i++) {
    ng_file_plan_hand_over(info, plan->argument[i], 1 << i, &count);
    if (plan->argument[i] >= 0)
      info->aConstraintUsage[plan->argument[i]].omit = 1;
  }
  return count;
}

const char *ng_file_plan_path(const struct ng_argument_value *defaults,
                              sqlite3_index_info *info, int place)
{
  sqlite3_value *value;

  if (place < 0)
    return defaults[NG_FILE_PATH].path;
  value = ng_host_known_value(info, place);
  return value ? (const char *)sqlite3_value_text(value) : NULL;
}

double ng_file_plan_text_bytes(const char *path, const struct ngram_root *root,
                               double gz_growth)
{
  const double unknown_bytes = 1e9;
  const char *dot = path ? strrchr(path, '.') : NULL;
  uint64_t bytes;

  if (!path || !ngram_file_bytes(path, root, &bytes))
    return unknown_bytes;
  if (dot && (strcmp(dot, ".gz") == 0 || strcmp(dot, ".bgz") == 0))
    return gz_growth * (double)bytes;
  return (double)bytes;
}
