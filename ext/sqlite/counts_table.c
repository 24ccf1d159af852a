/* SPDX-License-Identifier: MIT */
/*
 * The rows of ngram_counts and word_counts: the total of every word of a file.
 *
 * xFilter counts the whole file with ngram_count(), and xNext steps through the
 * result: by row number if any order will do, with a struct ngram_cursor if the
 * plan promised an order, or to one row only if the plan has a word that
 * changes from one xFilter to the next. The SQLite cursor keeps its result
 * until the next xFilter; the connection's cache gives the same result to the
 * next query.
 *
 * The table is WITHOUT ROWID, and its key is the word with the arguments that
 * select rows. (chunk_size, threads and memory_limit select none, and the
 * values in force may change between two branches of an OR.) SQLite tells rows
 * apart by key when it answers an OR with one scan per branch and drops rows
 * that it has seen, or finishes a RIGHT JOIN. A row number in a result would
 * not do as rowid: each scan has another result, so two different words would
 * be one row, and one of them would be lost. SQLite takes key columns for NOT
 * NULL, so an argument that the query does not give shows its default.
 *
 * Words are copied for SQLite (SQLITE_TRANSIENT). A pointer into the result
 * would be cheaper and wrong: max(word) keeps it until the end of the
 * statement, but a join frees the result for the next file before that.
 */
#include "sqlite/counts_plan.h"

#include "sqlite/file_cursor.h"
#include "sqlite/keywords.h"
#include "sqlite/progress_bar.h"
#include "sqlite/register.h"

struct counts_cursor {
  struct ng_file_cursor file;
  struct ngram_count_options options; /* of the scan; its pointers dangle after
                                         the scan */
  struct ngram_counts *counts;        /* owned; NULL before the first scan */
  struct ngram_cursor *ordered;       /* owned; NULL if any order will do */
  bool counted_before;                /* by an earlier xFilter */
  uint64_t end;                       /* one after the last row to be served */
  uint64_t index;                     /* of the current row */
  struct ngram_row row; /* the current row; valid if index < end */
};

static const struct ng_counts_kind *kind_of(const struct counts_cursor *cursor)
{
  return (const struct ng_counts_kind *)ng_file_cursor_table(&cursor->file)
      ->kind;
}

static struct ng_connection *connection_of(const struct counts_cursor *cursor)
{
  return ng_file_cursor_table(&cursor->file)->connection;
}

/* ----------------------------------------------------------- open, close -- */

static int counts_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
  return ng_file_cursor_open(vtab, sizeof(struct counts_cursor), out);
}

static void cursor_clear(struct counts_cursor *cursor)
{
  ngram_cursor_free(cursor->ordered);
  cursor->ordered = NULL;
  cursor->end = 0;
  cursor->index = 0;
}

/* Replace the result by `counts`, which may be NULL. */
static void cursor_set_counts(struct counts_cursor *cursor,
                              struct ngram_counts *counts)
{
  ngram_counts_free(cursor->counts);
  cursor->counts = counts;
  ngram_cache_trim(connection_of(cursor)->cache);
}

static int counts_close(sqlite3_vtab_cursor *base)
{
  struct counts_cursor *cursor = (struct counts_cursor *)base;

  cursor_clear(cursor);
  cursor_set_counts(cursor, NULL);
  return ng_file_cursor_close(&cursor->file);
}

/* ------------------------------------------------------------------ scan -- */

static struct ng_scan_log_entry *
cursor_new_entry(const struct counts_cursor *cursor)
{
  return ng_scan_log_entry_new(ng_file_cursor_path(&cursor->file),
                               cursor->options.chunk_size,
                               cursor->options.threads);
}

/* The error of a scan, or of reading its result. */
static int cursor_fail(struct counts_cursor *cursor,
                       const struct ngram_error *error)
{
  return ng_file_cursor_fail(&cursor->file, error, cursor_new_entry(cursor));
}

/* Set the options that arguments and the plan give. */
static void cursor_set_options(struct counts_cursor *cursor, int plan)
{
  const struct ng_counts_kind *kind = kind_of(cursor);
  const struct ng_argument_value *values[NG_FILE_ARGUMENTS];
  struct ngram_count_options *options = &cursor->options;

  for (size_t i = 0; i < NG_FILE_ARGUMENTS; i++)
    values[i] = ng_file_cursor_value(&cursor->file, i);
  ngram_count_options_init(options);
  options->chunk_size = (uint64_t)values[NG_COUNTS_CHUNK_SIZE]->number;
  options->threads = ng_file_cursor_threads(&cursor->file, NG_COUNTS_THREADS);
  options->on_error = (enum ngram_on_error)values[kind->on_error]->number;
  options->memory_limit =
      ng_file_cursor_memory_limit(&cursor->file, kind->memory_limit);
  kind->set_options(options, values);
  options->columns = (unsigned)plan >> NG_COUNTS_PLAN_COLUMNS_SHIFT &
                     (NGRAM_VOLUMES | NGRAM_YEARS | NGRAM_ROW_COUNT);
}

/* Count, and log the scan. */
static int cursor_scan(struct counts_cursor *cursor)
{
  struct ng_connection *connection = connection_of(cursor);
  struct ngram_count_options *options = &cursor->options;
  struct ng_scan_log_entry *entry = cursor_new_entry(cursor);
  struct ng_progress_bar bar;
  struct ngram_counts *counts;
  struct ngram_error error;

  if (!entry)
    return SQLITE_NOMEM;
  ng_progress_bar_begin(&bar, connection->progress);
  options->poll = ng_watch_poll;
  options->poll_context = &cursor->file.watch;
  options->progress = ng_progress_bar_show;
  options->progress_context = &bar;
  options->root = connection->root;
  options->index = connection->index;
  options->cache = connection->cache;
  error.status =
      ngram_count(ng_file_cursor_path(&cursor->file), options, &counts, &error);
  ng_progress_bar_end(&bar);
  ng_watch_end(&cursor->file.watch);
  cursor_set_counts(cursor, counts);
  if (!counts)
    return ng_file_cursor_fail(&cursor->file, &error, entry);
  entry->stats = *ngram_counts_stats(counts);
  ng_scan_log_add(&connection->log, entry);
  cursor->counted_before = true;
  return SQLITE_OK;
}

/* ------------------------------------------------------------------ rows -- */

/* Load the row at cursor->index, unless that is the end. */
static int cursor_load_row(struct counts_cursor *cursor)
{
  enum ngram_status status;
  struct ngram_error error;
  int more;

  if (cursor->index >= cursor->end)
    return SQLITE_OK;
  if (cursor->ordered) {
    status = ngram_cursor_next(cursor->ordered, &cursor->row, &more, &error);
    ng_watch_end(&cursor->file.watch);
  } else {
    status =
        ngram_counts_row(cursor->counts, cursor->index, &cursor->row, &error);
  }
  return status == NGRAM_OK ? SQLITE_OK : cursor_fail(cursor, &error);
}

/* Open an ordered reading of the result if the plan promised an order. */
static int cursor_order(struct counts_cursor *cursor, int plan)
{
  int order = plan >> NG_COUNTS_PLAN_ORDER_SHIFT & NG_COUNTS_PLAN_ORDER_MASK;
  struct ngram_cursor_options options;
  struct ngram_error error;

  if (order == 0 || cursor->end < 2)
    return SQLITE_OK;
  ngram_cursor_options_init(&options);
  options.order = (enum ngram_order)(order - 1);
  options.few = (plan & NG_COUNTS_PLAN_FEW) != 0;
  options.threads = cursor->options.threads;
  options.poll = ng_watch_poll;
  options.poll_context = &cursor->file.watch;
  if (ngram_cursor_create(cursor->counts, &options, &cursor->ordered, &error) !=
      NGRAM_OK)
    return cursor_fail(cursor, &error);
  return SQLITE_OK;
}

/* Returns whether to count all words instead of the one word of this xFilter,
   as other words may follow: if the plan says that the word changes, and either
   an earlier xFilter has counted, or a result of all words would probably fit
   the cache. */
static bool is_all_counted(const struct counts_cursor *cursor, int plan)
{
  const struct ng_connection *connection = connection_of(cursor);

  return plan & NG_COUNTS_PLAN_CHANGING &&
         (cursor->counted_before ||
          ng_counts_plan_guess_bytes(kind_of(cursor),
                                     ng_file_cursor_path(&cursor->file),
                                     connection->root) <=
              (double)ngram_cache_limit(connection->cache));
}

/* Count all words, and load the row of the one word. */
static int cursor_look_up(struct counts_cursor *cursor,
                          const struct ng_word_constraint *words)
{
  uint64_t size;
  struct ngram_error error;
  int code = cursor_scan(cursor);

  if (code != SQLITE_OK)
    return code;
  size = ngram_counts_size(cursor->counts);
  if (ng_word_constraint_find(words, cursor->counts, &cursor->index, &error) !=
      NGRAM_OK)
    return cursor_fail(cursor, &error);
  cursor->end = cursor->index < size ? cursor->index + 1 : size;
  return cursor_load_row(cursor);
}

/* Count the words that the constraint lets pass, and load the first row. */
static int cursor_begin(struct counts_cursor *cursor, int plan,
                        struct ng_word_constraint *words)
{
  int code;

  if (!words->any && is_all_counted(cursor, plan))
    return cursor_look_up(cursor, words);
  ng_word_constraint_apply(words, &cursor->options);
  code = cursor_scan(cursor);
  if (code != SQLITE_OK)
    return code;
  cursor->end = ngram_counts_size(cursor->counts);
  code = cursor_order(cursor, plan);
  return code == SQLITE_OK ? cursor_load_row(cursor) : code;
}

static int counts_filter(sqlite3_vtab_cursor *base, int plan,
                         const char *plan_text, int argc, sqlite3_value **argv)
{
  struct counts_cursor *cursor = (struct counts_cursor *)base;
  struct ng_word_constraint words = {.watch = &cursor->file.watch};
  int used;
  int code;

  (void)argc;
  cursor_clear(cursor);
  code = ng_file_cursor_read(&cursor->file, plan, plan_text, argv, &used);
  if (code != SQLITE_OK)
    return code;
  cursor_set_options(cursor, plan);
  argv += used;
  code = ng_word_constraint_read(&words, plan, &argv);
  if (code == SQLITE_OK)
    code = cursor_begin(cursor, plan, &words);
  ng_word_constraint_free(&words);
  return code;
}

static int counts_next(sqlite3_vtab_cursor *base)
{
  struct counts_cursor *cursor = (struct counts_cursor *)base;

  cursor->index++;
  return cursor_load_row(cursor);
}

static int counts_eof(sqlite3_vtab_cursor *base)
{
  const struct counts_cursor *cursor = (const struct counts_cursor *)base;

  return cursor->index >= cursor->end;
}

/* --------------------------------------------------------------- columns -- */

static void result_argument(const struct counts_cursor *cursor,
                            sqlite3_context *context, int argument)
{
  const struct ng_counts_kind *kind = kind_of(cursor);
  const struct ngram_count_options *options = &cursor->options;

  if (argument == NG_COUNTS_PATH)
    sqlite3_result_text(context, ng_file_cursor_path(&cursor->file), -1,
                        SQLITE_TRANSIENT);
  else if (argument == NG_COUNTS_CHUNK_SIZE)
    sqlite3_result_int64(context, (sqlite3_int64)options->chunk_size);
  else if (argument == NG_COUNTS_THREADS)
    sqlite3_result_int64(context, options->threads);
  else if (argument == (int)kind->on_error)
    ng_keyword_result(context, ng_keywords_on_error, options->on_error);
  else if (argument == (int)kind->memory_limit)
    sqlite3_result_int64(context, (sqlite3_int64)options->memory_limit);
  else
    kind->result_argument(context, options, argument);
}

static void result_number(const struct ngram_row *row, sqlite3_context *context,
                          int result)
{
  switch (result) {
  case NG_COUNTS_RESULT_VOLUMES:
    sqlite3_result_int64(context, row->volumes);
    break;
  case NG_COUNTS_RESULT_FIRST_YEAR:
    sqlite3_result_int64(context, row->first_year);
    break;
  case NG_COUNTS_RESULT_LAST_YEAR:
    sqlite3_result_int64(context, row->last_year);
    break;
  case NG_COUNTS_RESULT_ROW_COUNT:
    sqlite3_result_int64(context, row->row_count);
    break;
  }
}

static int counts_column(sqlite3_vtab_cursor *base, sqlite3_context *context,
                         int column)
{
  const struct counts_cursor *cursor = (const struct counts_cursor *)base;
  const struct ngram_row *row = &cursor->row;
  int argument = column - NG_COUNTS_COLUMN_PATH;
  int arguments = (int)kind_of(cursor)->file.arguments.count;

  if (column == NG_COUNTS_COLUMN_WORD)
    sqlite3_result_text(context, row->word, (int)row->length, SQLITE_TRANSIENT);
  else if (column == NG_COUNTS_COLUMN_TOTAL)
    sqlite3_result_int64(context, row->total);
  else if (argument < arguments)
    result_argument(cursor, context, argument);
  else
    result_number(row, context, argument - arguments);
  return SQLITE_OK;
}

const sqlite3_module ng_counts_module = {
    .xCreate = ng_file_table_connect,
    .xConnect = ng_file_table_connect, /* the same: also a table-valued
                                          function */
    .xBestIndex = ng_counts_plan,
    .xDisconnect = ng_file_table_disconnect,
    .xDestroy = ng_file_table_disconnect,
    .xOpen = counts_open,
    .xClose = counts_close,
    .xFilter = counts_filter,
    .xNext = counts_next,
    .xEof = counts_eof,
    .xColumn = counts_column,
};

int ng_register_counts(sqlite3 *db, struct ng_connection *connection)
{
  int code =
      ng_file_table_register(db, connection, &ng_counts_kind_ngrams.file);

  if (code == SQLITE_OK)
    code = ng_file_table_register(db, connection, &ng_counts_kind_words.file);
  return code;
}
