/* SPDX-License-Identifier: MIT */
/*
 * ngram_rows(path, threads, on_error, memory_limit, tags, year_from, year_to):
 * each row of an n-gram file, as it stands and in the order of the file.
 *
 * xFilter opens the rows with ngram_rows_open(), and the cursor takes batches
 * while workers read ahead: the first rows are there at once, and a file of any
 * size takes some MiB of memory. The workers live until the last row, an error,
 * the next xFilter or xClose, whichever comes first, and are joined then. They
 * run between two steps of a statement too, so a host has to finalize or reset
 * its statements before it unloads the extension, as SQLite requires of it
 * anyway.
 *
 * The table is WITHOUT ROWID, and its key is a row's position with the
 * arguments that select rows; threads and memory_limit select none, and the
 * values in force may change between two branches of an OR. SQLite tells rows
 * apart by key when it answers an OR with one scan per branch and drops rows
 * that it has seen. Each branch has a scan of its own, with another filter and
 * perhaps of another file. So a row's key must not depend on what the filter
 * lets pass, which is why workers number rows before they drop any, and must
 * differ from file to file. Refused: a rowid of 64 bits made of the position
 * and a number for each path and set of arguments. It would run out of bits for
 * one or the other, and the connection would have to remember the numbers.
 * `position` is of use besides: ORDER BY position is the order of the file, and
 * costs nothing.
 *
 * Words are copied for SQLite (SQLITE_TRANSIENT). A pointer into the block of
 * text would be cheaper and wrong: max(word) keeps it until the end of the
 * statement, but the block is filled anew before that.
 */
#include "sqlite/rows_plan.h"

#include "sqlite/file_cursor.h"
#include "sqlite/keywords.h"
#include "sqlite/register.h"
#include "sqlite/rows_filter.h"

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
    NG_PATH_ARGUMENT,
    NG_THREADS_ARGUMENT,
    NG_ON_ERROR_ARGUMENT,
    NG_MEMORY_LIMIT_ARGUMENT,
    NG_TAGS_ARGUMENT,
    NG_YEAR_ARGUMENT("year_from"),
    NG_YEAR_ARGUMENT("year_to"),
};

struct rows_cursor {
  struct ng_file_cursor file;
  struct ngram_row_batch batch; /* borrowed from `rows` */
  size_t index;                 /* of the current row in the batch */
  unsigned threads;             /* as given, or the connection's setting */
  uint64_t memory_limit;        /* in force */
  struct ngram_rows *rows;      /* owned; NULL if none are being read */
};

/* ----------------------------------------------------------- open, close -- */

static int rows_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
  return ng_file_cursor_open(vtab, sizeof(struct rows_cursor), out);
}

/* Close the rows, which are being read. Returns the scan's entry of the log, or
   NULL if there is no memory. */
static struct ng_scan_log_entry *cursor_end(struct rows_cursor *cursor)
{
  struct ng_scan_log_entry *entry = ng_scan_log_entry_new(
      ng_file_cursor_path(&cursor->file), 0, cursor->threads);

  ngram_rows_close(cursor->rows, entry ? &entry->stats : NULL);
  cursor->rows = NULL;
  return entry;
}

/* Stop reading, and log the scan; without memory it is not logged. */
static void cursor_stop(struct rows_cursor *cursor)
{
  struct ng_scan_log_entry *entry;

  if (!cursor->rows)
    return;
  entry = cursor_end(cursor);
  if (entry)
    ng_scan_log_add(&ng_file_cursor_table(&cursor->file)->connection->log,
                    entry);
}

static int rows_close(sqlite3_vtab_cursor *base)
{
  struct rows_cursor *cursor = (struct rows_cursor *)base;

  cursor_stop(cursor);
  return ng_file_cursor_close(&cursor->file);
}

/* ------------------------------------------------------------------ scan -- */

static int cursor_fail(struct rows_cursor *cursor,
                       const struct ngram_error *error)
{
  cursor->batch.count = 0;
  return ng_file_cursor_fail(&cursor->file, error, cursor_end(cursor));
}

/* Take the next batch; at the end it is empty. */
static int cursor_take_batch(struct rows_cursor *cursor)
{
  struct ngram_error error;

  cursor->index = 0;
  error.status = ngram_rows_next(cursor->rows, &cursor->batch, &error);
  ng_watch_end(&cursor->file.watch);
  if (error.status != NGRAM_OK)
    return cursor_fail(cursor, &error);
  if (cursor->batch.count == 0)
    cursor_stop(cursor);
  return SQLITE_OK;
}

/* The value of year_from or year_to in force. */
static int64_t cursor_year(const struct rows_cursor *cursor,
                           enum ng_rows_argument argument)
{
  const struct ng_argument_value *value =
      ng_file_cursor_value(&cursor->file, argument);

  if (value->given)
    return value->number;
  return argument == NG_ROWS_YEAR_FROM ? INT64_MIN : INT64_MAX;
}

/* Set the options that say which rows there are: the filter's, and those of the
   arguments. */
static void cursor_select(const struct rows_cursor *cursor,
                          struct ng_rows_filter *filter,
                          struct ngram_rows_options *options)
{
  const struct ng_file_cursor *file = &cursor->file;

  ng_rows_filter_bound_years(filter, cursor_year(cursor, NG_ROWS_YEAR_FROM),
                             cursor_year(cursor, NG_ROWS_YEAR_TO));
  ng_rows_filter_apply(filter, options);
  options->tags =
      (enum ngram_tags)ng_file_cursor_value(file, NG_ROWS_TAGS)->number;
  options->on_error =
      (enum ngram_on_error)ng_file_cursor_value(file, NG_ROWS_ON_ERROR)->number;
}

/* Open the rows that pass the filter, and take the first batch. */
static int cursor_begin(struct rows_cursor *cursor, int plan,
                        struct ng_rows_filter *filter)
{
  const struct ng_connection *connection =
      ng_file_cursor_table(&cursor->file)->connection;
  struct ngram_rows_options options;
  struct ngram_error error;

  cursor->threads = ng_file_cursor_threads(&cursor->file, NG_ROWS_THREADS);
  cursor->memory_limit =
      ng_file_cursor_memory_limit(&cursor->file, NG_ROWS_MEMORY_LIMIT);
  ngram_rows_options_init(&options);
  options.threads = cursor->threads;
  options.memory_limit = cursor->memory_limit;
  options.columns =
      (unsigned)plan >> NG_ROWS_PLAN_COLUMNS_SHIFT & NGRAM_ROWS_ALL;
  options.index = connection->index;
  options.cache = connection->cache;
  options.root = connection->root;
  options.poll = ng_watch_poll;
  options.poll_context = &cursor->file.watch;
  cursor_select(cursor, filter, &options);
  error.status = ngram_rows_open(ng_file_cursor_path(&cursor->file), &options,
                                 &cursor->rows, &error);
  ng_watch_end(&cursor->file.watch);
  if (error.status != NGRAM_OK)
    return cursor_fail(cursor, &error);
  return cursor_take_batch(cursor);
}

static int rows_filter(sqlite3_vtab_cursor *base, int plan,
                       const char *plan_text, int argc, sqlite3_value **argv)
{
  struct rows_cursor *cursor = (struct rows_cursor *)base;
  struct ng_rows_filter filter = {.words = {.watch = &cursor->file.watch}};
  int used;
  int code;

  (void)argc;
  cursor_stop(cursor);
  cursor->batch.count = 0;
  cursor->index = 0;
  code = ng_file_cursor_read(&cursor->file, plan, plan_text, argv, &used);
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

/* --------------------------------------------------------------- columns -- */

static void result_hidden(const struct rows_cursor *cursor,
                          sqlite3_context *context, int column)
{
  const struct ngram_row_batch *batch = &cursor->batch;
  uint64_t position =
      batch->first + 1 +
      (batch->number ? batch->number[cursor->index] : cursor->index);

  switch (column) {
  case NG_ROWS_COLUMN_PATH:
    sqlite3_result_text(context, ng_file_cursor_path(&cursor->file), -1,
                        SQLITE_TRANSIENT);
    break;
  case NG_ROWS_COLUMN_THREADS:
    sqlite3_result_int64(context, cursor->threads);
    break;
  case NG_ROWS_COLUMN_ON_ERROR:
    ng_keyword_result(
        context, ng_keywords_on_error,
        ng_file_cursor_value(&cursor->file, NG_ROWS_ON_ERROR)->number);
    break;
  case NG_ROWS_COLUMN_TAGS:
    ng_keyword_result(
        context, ng_keywords_tags,
        ng_file_cursor_value(&cursor->file, NG_ROWS_TAGS)->number);
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
    result_hidden(cursor, context, column);
  }
  return SQLITE_OK;
}

static const sqlite3_module rows_module = {
    .xCreate = ng_file_table_connect,
    .xConnect = ng_file_table_connect, /* the same: also a table-valued
                                          function */
    .xBestIndex = ng_rows_plan,
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
  static const struct ng_file_kind kind = {
      .arguments = {"ngram_rows", argument_list, NG_ROWS_ARGUMENTS},
      .schema = schema_sql,
      .module = &rows_module,
      .is_logged = true};

  return ng_file_table_register(db, connection, &kind);
}
