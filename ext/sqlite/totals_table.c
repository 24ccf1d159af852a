/* SPDX-License-Identifier: MIT */
/*
 * ngram_totals(path): the size of the corpus, year by year.
 *
 *     SELECT c.year, c.match_count * 1.0 / t.match_count
 *     FROM ngram_rows('a.gz') c JOIN ngram_totals('totalcounts.txt') t
 *     USING (year) WHERE c.word = 'able';
 *
 * A totalcounts file has some hundred blocks, so it is read whole, by whoever
 * asks. In a join that is once for every row of another table: a cursor keeps
 * what it has read for as long as it is asked for the same path, and the
 * connection what was read last, until the file changes.
 *
 * `year =` is looked up here. What is compared is a number or becomes one, as
 * an INTEGER column has it, so a value finds at most one block, and values of
 * an IN list that differ find different ones.
 *
 * The key is the year and the path, for no year comes twice in a file: that is
 * what tells rows apart where SQLite answers an OR with one scan a branch.
 *
 * DIRECTONLY: a view or trigger in somebody else's database file must not
 * read files in our name. Read only: there is no xUpdate.
 */
#include <string.h>

#include "sqlite/file_table.h"
#include "sqlite/register.h"

#define MODULE_NAME "ngram_totals"

enum column {
  COLUMN_YEAR,
  COLUMN_MATCH_COUNT,
  COLUMN_PAGE_COUNT,
  COLUMN_VOLUME_COUNT,
  COLUMN_PATH,
};

static const char schema_sql[] =
    "CREATE TABLE x(year INTEGER, match_count INTEGER, page_count INTEGER,"
    " volume_count INTEGER, path TEXT HIDDEN, PRIMARY KEY (year, path))"
    " WITHOUT ROWID";

static const struct ng_argument argument_list[] = {
    {.name = "path", .kind = NG_ARGUMENT_PATH, .required = true},
};

static const struct ng_arguments arguments = {MODULE_NAME, argument_list, 1};

/* idxNum: what is in argv, in this order. */
#define PLAN_PATH (1 << NG_FILE_PATH)
#define PLAN_YEAR 2

/* Years of a release, and what it costs to open a file and to look a year up,
   in steps of SQLite, which take some 50 ns. */
#define YEARS_GUESS 500
#define OPEN_COST 100
#define YEAR_COST 10

struct totals_cursor {
  sqlite3_vtab_cursor base;
  struct ng_argument_value path; /* in force, and: */
  struct ngram_totals *totals;   /* what it gave; NULL: nothing yet */
  const struct ngram_year *years;
  uint64_t end;   /* behind the last row to be served */
  uint64_t index; /* of the current row */
};

/* ---------------------------------------------------------------- table -- */

static int totals_connect(sqlite3 *db, void *context, int argc,
                          const char *const *argv, sqlite3_vtab **vtab,
                          char **message)
{
  static const struct ng_file_kind kind = {&arguments, schema_sql,
                                           sizeof(struct ng_file_table)};

  return ng_file_table_connect(&kind, db, context, argc, argv, vtab, message);
}

/* As in counts_plan.c: a path that is not yet known is waited for, one that is
   nowhere is an error only where such a plan is run; and of several paths the
   last counts. */
static int totals_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  const struct ng_file_table *table = (const struct ng_file_table *)vtab;
  struct ng_file_plan plan;
  bool has_path;
  int year = -1;

  ng_file_plan_find(&plan, info, COLUMN_PATH, 1);
  if (plan.waits)
    return SQLITE_CONSTRAINT;
  has_path = ng_file_plan_tell(&plan, info) > 0;
  for (int i = 0; i < info->nConstraint; i++)
    if (info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ &&
        info->aConstraint[i].iColumn == COLUMN_YEAR &&
        info->aConstraint[i].usable)
      year = i;
  if (year >= 0) {
    info->aConstraintUsage[year].argvIndex = has_path ? 2 : 1;
    info->idxNum |= PLAN_YEAR;
    info->idxFlags |= SQLITE_INDEX_SCAN_UNIQUE;
  }
  info->estimatedRows = year >= 0 ? 1 : YEARS_GUESS;
  info->estimatedCost = year >= 0 ? YEAR_COST : OPEN_COST + YEARS_GUESS;
  if (!has_path && !table->defaults[NG_FILE_PATH].given)
    info->estimatedCost = NG_NO_PATH_COST;
  return ng_file_plan_refuse(&plan, &arguments, COLUMN_PATH, info);
}

/* --------------------------------------------------------------- cursor -- */

static int totals_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
  struct totals_cursor *cursor = sqlite3_malloc64(sizeof *cursor);

  (void)vtab;
  if (!cursor)
    return SQLITE_NOMEM;
  *cursor = (struct totals_cursor){.end = 0};
  *out = &cursor->base;
  return SQLITE_OK;
}

static void cursor_clear(struct totals_cursor *cursor)
{
  ngram_totals_free(cursor->totals);
  cursor->totals = NULL;
  ng_argument_value_clear(&cursor->path);
  cursor->index = cursor->end = 0;
}

static int totals_close(sqlite3_vtab_cursor *base)
{
  cursor_clear((struct totals_cursor *)base);
  sqlite3_free(base);
  return SQLITE_OK;
}

/* Whether the cursor has read this very path already. */
static bool has_read(const struct totals_cursor *cursor, sqlite3_value *path)
{
  size_t size;
  const unsigned char *text;

  if (!cursor->totals || sqlite3_value_type(path) != SQLITE_TEXT)
    return false;
  text = sqlite3_value_text(path);
  size = (size_t)sqlite3_value_bytes(path);
  return text && strlen(cursor->path.path) == size &&
         memcmp(cursor->path.path, text, size) == 0;
}

/* The path of the query, else that of the table. */
static int cursor_read_path(struct totals_cursor *cursor, sqlite3_value *given)
{
  const struct ng_file_table *table =
      (const struct ng_file_table *)cursor->base.pVtab;
  char *message = NULL;
  int code;

  if (given)
    code = ng_argument_read(&arguments, 0, given, &cursor->path, &message);
  else if (table->defaults[NG_FILE_PATH].given)
    code =
        ng_argument_read_text(&arguments, 0, table->defaults[NG_FILE_PATH].path,
                              &cursor->path, &message);
  else {
    message = ng_argument_missing(&arguments, 0);
    code = SQLITE_ERROR;
  }
  return code == SQLITE_ERROR
             ? ng_vtab_error_set(cursor->base.pVtab, code, message)
             : code;
}

/* What is kept of the connection's reads: of standard input for good, as it
   cannot be read twice. */
static struct ngram_totals **kept_place(const struct totals_cursor *cursor)
{
  const struct ng_file_table *table =
      (const struct ng_file_table *)cursor->base.pVtab;
  bool is_stdin = strcmp(cursor->path.path, "-") == 0;

  return is_stdin ? &table->connection->stdin_totals
                  : &table->connection->totals;
}

static int cursor_read_file(struct totals_cursor *cursor)
{
  const struct ng_file_table *table =
      (const struct ng_file_table *)cursor->base.pVtab;
  struct ngram_totals **kept = kept_place(cursor);
  struct ng_watch watch = {.db = table->db};
  struct ngram_totals_options options;
  struct ngram_error error;

  ngram_totals_options_init(&options);
  options.known = *kept;
  options.root = table->connection->root;
  options.poll = ng_watch_poll;
  options.poll_context = &watch;
  error.status =
      ngram_totals_read(cursor->path.path, &options, &cursor->totals, &error);
  ng_watch_end(&watch);
  if (error.status != NGRAM_OK)
    return ng_vtab_error_set_scan(cursor->base.pVtab, MODULE_NAME, &error,
                                  &watch);
  ngram_totals_free(*kept);
  *kept = ngram_totals_hold(cursor->totals);
  return SQLITE_OK;
}

/* Serve all rows, or the one of that year. A value that is not and does not
   become an integer is equal to no year. */
static void cursor_find(struct totals_cursor *cursor, sqlite3_value *year)
{
  uint64_t count;
  const struct ngram_year *years = ngram_totals_years(cursor->totals, &count);
  int type = year ? sqlite3_value_numeric_type(year) : SQLITE_NULL;
  sqlite3_int64 wanted = year ? sqlite3_value_int64(year) : 0;
  uint64_t i = 0;

  cursor->years = years;
  cursor->index = 0;
  cursor->end = count;
  if (!year)
    return;
  if (type == SQLITE_INTEGER ||
      (type == SQLITE_FLOAT && sqlite3_value_double(year) == (double)wanted))
    while (i < count && years[i].year != wanted)
      i++;
  else
    i = count;
  cursor->index = i;
  cursor->end = i < count ? i + 1 : count;
}

static int totals_filter(sqlite3_vtab_cursor *base, int plan,
                         const char *plan_text, int argc, sqlite3_value **argv)
{
  struct totals_cursor *cursor = (struct totals_cursor *)base;
  sqlite3_value *path = plan & PLAN_PATH ? *argv++ : NULL;
  sqlite3_value *year = plan & PLAN_YEAR ? *argv : NULL;
  bool again = path ? has_read(cursor, path) : cursor->totals != NULL;
  int code = ng_file_table_check(base->pVtab, &arguments, plan_text);

  (void)argc;
  if (code == SQLITE_OK && !again) {
    cursor_clear(cursor);
    code = cursor_read_path(cursor, path);
    if (code == SQLITE_OK)
      code = cursor_read_file(cursor);
  }
  if (code == SQLITE_OK)
    cursor_find(cursor, year);
  return code;
}

static int totals_next(sqlite3_vtab_cursor *base)
{
  ((struct totals_cursor *)base)->index++;
  return SQLITE_OK;
}

static int totals_eof(sqlite3_vtab_cursor *base)
{
  const struct totals_cursor *cursor = (const struct totals_cursor *)base;

  return cursor->index >= cursor->end;
}

/* NULL where the file has no such column. */
static void result_count(sqlite3_context *context, int64_t count)
{
  if (count >= 0)
    sqlite3_result_int64(context, count);
  else
    sqlite3_result_null(context);
}

static int totals_column(sqlite3_vtab_cursor *base, sqlite3_context *context,
                         int column)
{
  const struct totals_cursor *cursor = (const struct totals_cursor *)base;
  const struct ngram_year *year = &cursor->years[cursor->index];

  switch (column) {
  case COLUMN_YEAR:
    sqlite3_result_int64(context, year->year);
    break;
  case COLUMN_MATCH_COUNT:
    sqlite3_result_int64(context, year->match_count);
    break;
  case COLUMN_PAGE_COUNT:
    result_count(context, year->page_count);
    break;
  case COLUMN_VOLUME_COUNT:
    result_count(context, year->volume_count);
    break;
  default: /* COLUMN_PATH */
    sqlite3_result_text(context, cursor->path.path, -1, SQLITE_TRANSIENT);
  }
  return SQLITE_OK;
}

static const sqlite3_module totals_module = {
    .xCreate = totals_connect,
    .xConnect = totals_connect, /* the same: also a table-valued function */
    .xBestIndex = totals_best_index,
    .xDisconnect = ng_file_table_disconnect,
    .xDestroy = ng_file_table_disconnect,
    .xOpen = totals_open,
    .xClose = totals_close,
    .xFilter = totals_filter,
    .xNext = totals_next,
    .xEof = totals_eof,
    .xColumn = totals_column,
};

int ng_register_totals(sqlite3 *db, struct ng_connection *connection)
{
  /* SQLite releases the reference, on failure too. */
  return sqlite3_create_module_v2(db, MODULE_NAME, &totals_module,
                                  ng_connection_hold(connection),
                                  ng_connection_release);
}
