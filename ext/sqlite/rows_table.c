/* SPDX-License-Identifier: MIT */
/*
 * ngram_rows(path, threads, on_error, memory_limit, tags, year_from, year_to):
 * every row of an n-gram file, as it stands and in its order.
 *
 * xFilter begins to read, and the cursor takes rows while workers read ahead,
 * so the first rows are there at once, and a file of any size takes some MiB.
 * The workers live until the last row, an error, xClose or the next xFilter,
 * whichever comes first, and are joined then; that is the one thing which
 * streaming asks for. Between two steps of a statement they are there, so a
 * host that unloads has to finish or reset its statements before, as it has to
 * for SQLite's own sake.
 *
 * The table is WITHOUT ROWID, and its key is a row's position with the
 * arguments that choose rows; threads and memory_limit choose none, and what is
 * in force may change between two branches of an OR. SQLite tells rows apart by
 * key when it answers an OR with one scan a branch and drops what it has seen.
 * Each branch has a scan of its own, with another filter, perhaps of another
 * file: so a row's key must not depend on what the filter lets pass, which is
 * why workers number rows before they leave any out, and must differ from file
 * to file. A rowid of 64 bits could hold a position and a number that the
 * connection gives to every path and choice of arguments; it would run out of
 * one or the other, and has to be remembered. A column more has neither fault,
 * and is of use: ORDER BY position is the order of the file, and costs nothing.
 *
 * Words are copied for SQLite (SQLITE_TRANSIENT). A pointer into the block of
 * text would be cheaper and wrong: max(word) keeps it until the end of the
 * statement, but the block is filled anew before.
 *
 * DIRECTONLY: a view or trigger in somebody else's database file must not
 * read files in our name. Read only: there is no xUpdate.
 */
#include "sqlite/rows_plan.h"

#include "sqlite/file_table.h"
#include "sqlite/keywords.h"
#include "sqlite/register.h"
#include "sqlite/rows_filter.h"

#define MODULE_NAME "ngram_rows"

/* The key: see ngram_counts.c. */
static const char schema_sql[] =
    "CREATE TABLE x(word TEXT, year INTEGER, match_count INTEGER,"
    " volume_count INTEGER,"
    " path TEXT HIDDEN, threads INTEGER HIDDEN, on_error TEXT HIDDEN,"
    " memory_limit INTEGER HIDDEN, tags TEXT HIDDEN,"
    " year_from INTEGER HIDDEN, year_to INTEGER HIDDEN,"
    " position INTEGER HIDDEN,"
    " PRIMARY KEY (position, path, on_error, tags, year_from, year_to))"
    " WITHOUT ROWID";

static const struct ng_argument argument_list[NG_ROWS_ARGUMENTS] = {
    {.name = "path", .kind = NG_ARGUMENT_PATH, .required = true},
    {.name = "threads",
     .kind = NG_ARGUMENT_INTEGER,
     .low = 1,
     .high = NGRAM_THREADS_MAX},
    NG_ARGUMENT_ON_ERROR,
    NG_ARGUMENT_MEMORY_LIMIT,
    NG_ARGUMENT_TAGS,
    NG_ARGUMENT_YEAR("year_from"),
    NG_ARGUMENT_YEAR("year_to"),
};

static const struct ng_arguments arguments = {MODULE_NAME, argument_list,
                                              NG_ROWS_ARGUMENTS};

struct rows_cursor {
  sqlite3_vtab_cursor base;
  struct ngram_row_batch batch;
  size_t index; /* of the current row in it */
  struct ng_argument_value values[NG_ROWS_ARGUMENTS]; /* given by the query */
  unsigned threads;                                   /* that were asked for */
  uint64_t memory_limit;                              /* that is in force */
  struct ngram_rows *rows; /* NULL: none are being read */
  struct ng_watch watch;
};

/* ---------------------------------------------------------------- table -- */

static int rows_connect(sqlite3 *db, void *context, int argc,
                        const char *const *argv, sqlite3_vtab **vtab,
                        char **message)
{
  static const struct ng_file_kind kind = {&arguments, schema_sql,
                                           sizeof(struct ng_file_table)};

  return ng_file_table_connect(&kind, db, context, argc, argv, vtab, message);
}

static int rows_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  const struct ng_file_table *table = (const struct ng_file_table *)vtab;

  return ng_rows_plan(table->db, table->connection, &arguments, table->defaults,
                      info);
}

/* --------------------------------------------------------------- cursor -- */

static struct ng_file_table *table_of(const struct rows_cursor *cursor)
{
  return (struct ng_file_table *)cursor->base.pVtab;
}

static int rows_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
  const struct ng_file_table *table = (const struct ng_file_table *)vtab;
  struct rows_cursor *cursor = sqlite3_malloc64(sizeof *cursor);

  if (!cursor)
    return SQLITE_NOMEM;
  *cursor = (struct rows_cursor){.watch = {.db = table->db}};
  *out = &cursor->base;
  return SQLITE_OK;
}

/* An argument as it is in force. */
static const struct ng_argument_value *
cursor_value(const struct rows_cursor *cursor, enum ng_rows_argument argument)
{
  return ng_file_table_value(table_of(cursor), cursor->values, argument);
}

/* The year that an argument bounds by. */
static int64_t cursor_year(const struct rows_cursor *cursor,
                           enum ng_rows_argument argument)
{
  const struct ng_argument_value *value = cursor_value(cursor, argument);

  if (value->given)
    return value->number;
  return argument == NG_ROWS_YEAR_FROM ? INT64_MIN : INT64_MAX;
}

static struct ng_scan_log_entry *
cursor_new_scan(const struct rows_cursor *cursor)
{
  return ng_scan_log_entry_new(cursor_value(cursor, NG_ROWS_PATH)->path, 0,
                               cursor->threads);
}

/* Stop reading, and leave a trace in ngram_stats of what was read; without
   memory there is none. */
static void cursor_end(struct rows_cursor *cursor)
{
  struct ng_scan_log_entry *scan;

  if (!cursor->rows)
    return;
  scan = cursor_new_scan(cursor);
  ngram_rows_close(cursor->rows, scan ? &scan->stats : NULL);
  cursor->rows = NULL;
  if (scan)
    ng_connection_add_scan(table_of(cursor)->connection, scan);
}

static void cursor_clear(struct rows_cursor *cursor)
{
  cursor_end(cursor);
  cursor->batch.count = 0;
  cursor->index = 0;
  for (size_t i = 0; i < NG_ROWS_ARGUMENTS; i++)
    ng_argument_value_clear(&cursor->values[i]);
}

static int rows_close(sqlite3_vtab_cursor *base)
{
  cursor_clear((struct rows_cursor *)base);
  sqlite3_free(base);
  return SQLITE_OK;
}

/* Turn a failed scan into the error of the table. */
static int cursor_fail(struct rows_cursor *cursor,
                       const struct ngram_error *error)
{
  int code = ng_vtab_error_set_scan(cursor->base.pVtab, MODULE_NAME, error,
                                    &cursor->watch);
  struct ng_scan_log_entry *scan = cursor_new_scan(cursor);

  ngram_rows_close(cursor->rows, scan ? &scan->stats : NULL);
  cursor->rows = NULL;
  cursor->batch.count = 0;
  ng_connection_add_failure(table_of(cursor)->connection, scan, error->status,
                            cursor->base.pVtab->zErrMsg);
  return code;
}

/* The next rows, or the end. */
static int cursor_take_batch(struct rows_cursor *cursor)
{
  struct ngram_error error;

  cursor->index = 0;
  error.status = ngram_rows_next(cursor->rows, &cursor->batch, &error);
  ng_watch_end(&cursor->watch);
  if (error.status != NGRAM_OK)
    return cursor_fail(cursor, &error);
  if (cursor->batch.count == 0)
    cursor_end(cursor);
  return SQLITE_OK;
}

/* The arguments that say which rows there are, in the filter and beside it. */
static void cursor_set_rows(const struct rows_cursor *cursor,
                            struct ng_rows_filter *filter,
                            struct ngram_rows_options *options)
{
  ng_rows_filter_bound_years(filter, cursor_year(cursor, NG_ROWS_YEAR_FROM),
                             cursor_year(cursor, NG_ROWS_YEAR_TO));
  ng_rows_filter_apply(filter, options);
  options->tags = (enum ngram_tags)cursor_value(cursor, NG_ROWS_TAGS)->number;
  options->on_error =
      (enum ngram_on_error)cursor_value(cursor, NG_ROWS_ON_ERROR)->number;
}

/* Begin to read the rows that pass the filter, and stand before the first one.
 */
static int cursor_begin(struct rows_cursor *cursor, int plan,
                        struct ng_rows_filter *filter)
{
  const struct ng_connection *connection = table_of(cursor)->connection;
  const struct ng_argument_value *threads =
      cursor_value(cursor, NG_ROWS_THREADS);
  const struct ng_argument_value *limit =
      cursor_value(cursor, NG_ROWS_MEMORY_LIMIT);
  struct ngram_rows_options options;
  struct ngram_error error;

  ngram_rows_options_init(&options);
  cursor->threads =
      threads->given ? (unsigned)threads->number : connection->threads;
  options.threads = cursor->threads;
  cursor->memory_limit =
      limit->given ? (uint64_t)limit->number : connection->memory_limit;
  options.columns =
      (unsigned)plan >> NG_ROWS_PLAN_COLUMNS_SHIFT & NGRAM_ROWS_ALL;
  options.index = connection->index;
  options.cache = connection->cache;
  options.root = connection->root;
  options.memory_limit = cursor->memory_limit;
  options.poll = ng_watch_poll;
  options.poll_context = &cursor->watch;
  cursor_set_rows(cursor, filter, &options);
  error.status = ngram_rows_open(cursor_value(cursor, NG_ROWS_PATH)->path,
                                 &options, &cursor->rows, &error);
  ng_watch_end(&cursor->watch);
  if (error.status != NGRAM_OK)
    return cursor_fail(cursor, &error);
  return cursor_take_batch(cursor);
}

static int rows_filter(sqlite3_vtab_cursor *base, int plan,
                       const char *plan_text, int argc, sqlite3_value **argv)
{
  struct rows_cursor *cursor = (struct rows_cursor *)base;
  struct ng_rows_filter filter = {.words = {.watch = &cursor->watch}};
  int used = 0;
  int code;

  (void)argc;
  cursor_clear(cursor);
  code = ng_file_table_read(table_of(cursor), plan, plan_text, argv,
                            cursor->values, &used);
  if (code != SQLITE_OK)
    return code;
  code = ng_rows_filter_read(&filter, plan, argv + used);
  if (code == SQLITE_OK)
    code = cursor_begin(cursor, plan, &filter);
  ng_rows_filter_free(&filter);
  return code;
}

static int rows_next(sqlite3_vtab_cursor *base)
{
  struct rows_cursor *cursor = (struct rows_cursor *)base;

  if (++cursor->index < cursor->batch.count)
    return SQLITE_OK;
  return cursor_take_batch(cursor);
}

static int rows_eof(sqlite3_vtab_cursor *base)
{
  const struct rows_cursor *cursor = (const struct rows_cursor *)base;

  return cursor->index >= cursor->batch.count;
}

static void result_further(const struct rows_cursor *cursor,
                           sqlite3_context *context, int column)
{
  const struct ngram_row_batch *batch = &cursor->batch;
  uint64_t position =
      batch->first + 1 +
      (batch->number ? batch->number[cursor->index] : cursor->index);

  switch (column) {
  case NG_ROWS_COLUMN_PATH:
    sqlite3_result_text(context, cursor_value(cursor, NG_ROWS_PATH)->path, -1,
                        SQLITE_TRANSIENT);
    break;
  case NG_ROWS_COLUMN_THREADS:
    sqlite3_result_int64(context, cursor->threads);
    break;
  case NG_ROWS_COLUMN_ON_ERROR:
    ng_keyword_result(context, ng_keywords_on_error,
                      cursor_value(cursor, NG_ROWS_ON_ERROR)->number);
    break;
  case NG_ROWS_COLUMN_TAGS:
    ng_keyword_result(context, ng_keywords_tags,
                      cursor_value(cursor, NG_ROWS_TAGS)->number);
    break;
  case NG_ROWS_COLUMN_YEAR_FROM:
    sqlite3_result_int64(context, cursor_year(cursor, NG_ROWS_YEAR_FROM));
    break;
  case NG_ROWS_COLUMN_YEAR_TO:
    sqlite3_result_int64(context, cursor_year(cursor, NG_ROWS_YEAR_TO));
    break;
  case NG_ROWS_COLUMN_MEMORY_LIMIT:
    sqlite3_result_int64(context, (sqlite3_int64)cursor->memory_limit);
    break;
  case NG_ROWS_COLUMN_POSITION:
    sqlite3_result_int64(context, (sqlite3_int64)position);
    break;
  }
}

static int rows_column(sqlite3_vtab_cursor *base, sqlite3_context *context,
                       int column)
{
  const struct rows_cursor *cursor = (const struct rows_cursor *)base;
  const struct ngram_row_batch *batch = &cursor->batch;
  size_t i = cursor->index;

  switch (column) {
  case NG_ROWS_COLUMN_WORD:
    sqlite3_result_text(context, batch->text + batch->word_at[i],
                        (int)batch->word_length[i], SQLITE_TRANSIENT);
    break;
  case NG_ROWS_COLUMN_YEAR:
    sqlite3_result_int64(context, batch->year[i]);
    break;
  case NG_ROWS_COLUMN_MATCH_COUNT:
    sqlite3_result_int64(context, batch->match_count[i]);
    break;
  case NG_ROWS_COLUMN_VOLUME_COUNT:
    sqlite3_result_int64(context, batch->volume_count[i]);
    break;
  default:
    result_further(cursor, context, column);
  }
  return SQLITE_OK;
}

static const sqlite3_module rows_module = {
    .xCreate = rows_connect,
    .xConnect = rows_connect, /* the same: also a table-valued function */
    .xBestIndex = rows_best_index,
    .xDisconnect = ng_file_table_disconnect,
    .xDestroy = ng_file_table_disconnect,
    .xOpen = rows_open,
    .xClose = rows_close,
    .xFilter = rows_filter,
    .xNext = rows_next,
    .xEof = rows_eof,
    .xColumn = rows_column,
};

int ng_register_rows(sqlite3 *db, struct ng_connection *connection)
{
  /* SQLite releases the reference, on failure too. */
  return sqlite3_create_module_v2(db, MODULE_NAME, &rows_module,
                                  ng_connection_hold(connection),
                                  ng_connection_release);
}
