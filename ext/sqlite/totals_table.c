/* SPDX-License-Identifier: MIT */
/*
 * ngram_totals(path): the size of the corpus, year by year.
 *
 *     SELECT c.year, c.match_count * 1.0 / t.match_count
 *     FROM ngram_rows('a.gz') c JOIN ngram_totals('totalcounts.txt') t
 *     USING (year) WHERE c.word = 'able';
 *
 * A totalcounts file has some hundred blocks, so xFilter reads it whole in the
 * calling thread. In a join SQLite calls xFilter once for each row of another
 * table, so the cursor keeps the totals for as long as the path is the same,
 * and the connection keeps those that were read last, until the file changes.
 *
 * `year =` is looked up here. SQLite compares it as it does with an INTEGER
 * column: the value is a number or becomes one. So a value finds at most one
 * block, and different values of an IN list find different blocks.
 *
 * The key is the year and the path, because no year comes twice in a file: it
 * tells rows apart where SQLite answers an OR with one scan per branch.
 */
#include <string.h>

#include "sqlite/file_cursor.h"
#include "sqlite/register.h"

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

static const struct ng_argument argument_list[] = {NG_PATH_ARGUMENT};

/* idxNum: bit NG_FILE_PATH says that the path is in argv, and this one that a
   year comes next. */
#define PLAN_YEAR 2

/* An estimate of the years in a file; and of what it costs to open one and to
   look a year up, in SQLite's unit of some 50 ns. */
#define YEARS_GUESS 500
#define OPEN_COST 100
#define YEAR_COST 10

struct totals_cursor {
  struct ng_file_cursor file;
  struct ngram_totals *totals; /* a reference, or NULL: nothing was read yet */
  char *path;                  /* owned; the path of `totals` */
  const struct ngram_year *years; /* borrowed from `totals` */
  uint64_t end;                   /* one after the last row to be served */
  uint64_t index;                 /* of the current row */
};

/* -------------------------------------------------------------- planning -- */

static int find_year(const sqlite3_index_info *info)
{
  int year = -1;

  for (int i = 0; i < info->nConstraint; i++)
    if (info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ &&
        info->aConstraint[i].iColumn == COLUMN_YEAR &&
        info->aConstraint[i].usable)
      year = i;
  return year;
}

static int totals_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  const struct ng_file_table *table = (const struct ng_file_table *)vtab;
  const struct ng_arguments *arguments = &table->kind->arguments;
  struct ng_file_plan plan;
  int year = find_year(info);
  int argv_count;

  ng_file_plan_find(&plan, info, COLUMN_PATH, arguments->count);
  if (plan.waits)
    return SQLITE_CONSTRAINT;
  argv_count = ng_file_plan_tell(&plan, info);
  ng_file_plan_hand_over(info, year, PLAN_YEAR, &argv_count);
  if (year >= 0)
    info->idxFlags |= SQLITE_INDEX_SCAN_UNIQUE;
  info->estimatedRows = year >= 0 ? 1 : YEARS_GUESS;
  info->estimatedCost = year >= 0 ? YEAR_COST : OPEN_COST + YEARS_GUESS;
  return ng_file_plan_finish(&plan, arguments, table->defaults, COLUMN_PATH,
                             info);
}

/* ------------------------------------------------------------------ scan -- */

static int totals_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
  return ng_file_cursor_open(vtab, sizeof(struct totals_cursor), out);
}

static void cursor_clear(struct totals_cursor *cursor)
{
  ngram_totals_free(cursor->totals);
  cursor->totals = NULL;
  sqlite3_free(cursor->path);
  cursor->path = NULL;
}

static int totals_close(sqlite3_vtab_cursor *base)
{
  struct totals_cursor *cursor = (struct totals_cursor *)base;

  cursor_clear(cursor);
  return ng_file_cursor_close(&cursor->file);
}

/* Read the file at `path`, unless it is the one that the connection read
   last. Totals of standard input are kept for good, because it cannot be read
   twice. */
static int cursor_load(struct totals_cursor *cursor, const char *path)
{
  struct ng_connection *connection =
      ng_file_cursor_table(&cursor->file)->connection;
  struct ngram_totals **kept =
      strcmp(path, "-") == 0 ? &connection->stdin_totals : &connection->totals;
  struct ngram_totals_options options;
  struct ngram_error error;

  cursor_clear(cursor);
  cursor->path = sqlite3_mprintf("%s", path);
  if (!cursor->path)
    return SQLITE_NOMEM;
  ngram_totals_options_init(&options);
  options.known = *kept;
  options.root = connection->root;
  options.poll = ng_watch_poll;
  options.poll_context = &cursor->file.watch;
  error.status = ngram_totals_read(path, &options, &cursor->totals, &error);
  ng_watch_end(&cursor->file.watch);
  if (error.status != NGRAM_OK)
    return ng_file_cursor_fail(&cursor->file, &error, NULL);
  ngram_totals_free(*kept);
  *kept = ngram_totals_hold(cursor->totals);
  return SQLITE_OK;
}

/* Serve all rows, or the one of that year if `year` is not NULL. A value that
   is not an integer and does not become one equals no year. */
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
  const char *path;
  int used;
  int code = ng_file_cursor_read(&cursor->file, plan, plan_text, argv, &used);

  (void)argc;
  if (code != SQLITE_OK)
    return code;
  path = ng_file_cursor_path(&cursor->file);
  if (!cursor->totals || strcmp(cursor->path, path) != 0)
    code = cursor_load(cursor, path);
  if (code == SQLITE_OK)
    cursor_find(cursor, plan & PLAN_YEAR ? argv[used] : NULL);
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

/* --------------------------------------------------------------- columns -- */

/* A count that the file does not have is negative, and NULL in SQL. */
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
  case COLUMN_PATH:
    sqlite3_result_text(context, cursor->path, -1, SQLITE_TRANSIENT);
    break;
  }
  return SQLITE_OK;
}

static const sqlite3_module totals_module = {
    .xCreate = ng_file_table_connect,
    .xConnect = ng_file_table_connect, /* the same: also a table-valued
                                          function */
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
  static const struct ng_file_kind kind = {
      .arguments = {"ngram_totals", argument_list, 1},
      .schema = schema_sql,
      .module = &totals_module};

  return ng_file_table_register(db, connection, &kind);
}
