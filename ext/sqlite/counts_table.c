/* SPDX-License-Identifier: MIT */
/*
 * The table of a count: the total of every word of a file.
 *
 * Seen from SQLite this is one endless table: every file, read with every
 * choice of arguments, all at once. The arguments are hidden columns, a query
 * names those it means, and counts_plan.c finds them among its constraints. A
 * table made by CREATE VIRTUAL TABLE has defaults for them. xFilter counts the
 * whole file, and the cursor walks the result.
 *
 * The table is WITHOUT ROWID, and its key is the word with the arguments that
 * choose rows. (chunk_size, threads and memory_limit choose none, and what is
 * in force may change between two branches of an OR.)
 * SQLite tells rows apart by key when it answers an OR with one scan a branch
 * and drops what it has seen, or finishes a RIGHT JOIN. A row's place in a
 * result would not do as rowid: each scan has another result, so two different
 * words would be one row and one of them be lost. SQLite takes key columns for
 * NOT NULL, hence an argument that was not given shows its default.
 *
 * Words are copied for SQLite (SQLITE_TRANSIENT). A pointer into the result
 * would be cheaper and wrong: max(word) keeps it until the end of the
 * statement, but a join frees the result for the next file before that.
 *
 * DIRECTONLY: a view or trigger in somebody else's database file must not
 * read files in our name. Read only: there is no xUpdate.
 */
#include "sqlite/counts_kind.h"

#include "sqlite/file_table.h"
#include "sqlite/progress_bar.h"
#include "sqlite/register.h"
#include "sqlite/word_constraint.h"

/* What a module is registered with. */
struct counts_module {
  const struct ng_counts_kind *kind;
  struct ng_connection *connection; /* a reference */
};

struct counts_table {
  struct ng_file_table file;
  const struct ng_counts_kind *kind;
};

struct counts_cursor {
  sqlite3_vtab_cursor base;
  struct ng_argument_value values[NG_COUNTS_ARGUMENTS]; /* given by the query */
  struct ngram_count_options options; /* of the scan; what it borrows is gone */
  struct ngram_counts *counts;        /* NULL: no scan yet */
  struct ngram_cursor *walk;          /* NULL: rows in any order */
  struct ng_watch watch;              /* while it sorts */
  bool counted_before;                /* by an earlier xFilter */
  uint64_t end;                       /* behind the last row to be served */
  uint64_t index;                     /* of the current row */
  struct ngram_row row;               /* that row, unless at the end */
};

/* ---------------------------------------------------------------- table -- */

static int counts_connect(sqlite3 *db, void *context, int argc,
                          const char *const *argv, sqlite3_vtab **vtab,
                          char **message)
{
  const struct counts_module *module = context;
  const struct ng_file_kind kind = {&module->kind->arguments,
                                    module->kind->schema,
                                    sizeof(struct counts_table)};
  int code = ng_file_table_connect(&kind, db, module->connection, argc, argv,
                                   vtab, message);

  if (code == SQLITE_OK)
    ((struct counts_table *)*vtab)->kind = module->kind;
  return code;
}

static int counts_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  const struct counts_table *table = (const struct counts_table *)vtab;

  return ng_counts_plan(table->file.db, table->kind,
                        table->file.connection->root, table->file.defaults,
                        info);
}

/* --------------------------------------------------------------- cursor -- */

static const struct counts_table *table_of(const struct counts_cursor *cursor)
{
  return (const struct counts_table *)cursor->base.pVtab;
}

static const struct ng_counts_kind *kind_of(const struct counts_cursor *cursor)
{
  return table_of(cursor)->kind;
}

static int counts_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
  const struct counts_table *table = (const struct counts_table *)vtab;
  struct counts_cursor *cursor = sqlite3_malloc64(sizeof *cursor);

  if (!cursor)
    return SQLITE_NOMEM;
  *cursor = (struct counts_cursor){.watch = {.db = table->file.db}};
  *out = &cursor->base;
  return SQLITE_OK;
}

static void cursor_clear(struct counts_cursor *cursor)
{
  ngram_cursor_free(cursor->walk);
  cursor->walk = NULL;
  cursor->end = 0;
  cursor->index = 0;
  for (size_t i = 0; i < NG_COUNTS_ARGUMENTS; i++)
    ng_argument_value_clear(&cursor->values[i]);
}

/* Take a new result, or none, in place of the one there. */
static void cursor_set_counts(struct counts_cursor *cursor,
                              struct ngram_counts *counts)
{
  const struct counts_table *table = table_of(cursor);

  ngram_counts_free(cursor->counts);
  cursor->counts = counts;
  ngram_cache_trim(table->file.connection->cache);
}

static int counts_close(sqlite3_vtab_cursor *base)
{
  struct counts_cursor *cursor = (struct counts_cursor *)base;

  cursor_clear(cursor);
  cursor_set_counts(cursor, NULL);
  sqlite3_free(base);
  return SQLITE_OK;
}

/* An argument as it is in force. */
static const struct ng_argument_value *
cursor_value(const struct counts_cursor *cursor, size_t argument)
{
  return ng_file_table_value(&table_of(cursor)->file, cursor->values, argument);
}

static struct ng_scan_log_entry *
cursor_new_scan(const struct counts_cursor *cursor)
{
  return ng_scan_log_entry_new(cursor_value(cursor, NG_COUNTS_PATH)->path,
                               cursor->options.chunk_size,
                               cursor->options.threads);
}

/* Turn a failed scan or walk into the error of the table, and leave a trace in
   ngram_stats. */
static int cursor_fail(struct counts_cursor *cursor,
                       const struct ngram_error *error,
                       const struct ng_watch *watch)
{
  int code = ng_vtab_error_set_scan(
      cursor->base.pVtab, kind_of(cursor)->arguments.module, error, watch);

  ng_connection_add_failure(table_of(cursor)->file.connection,
                            cursor_new_scan(cursor), error->status,
                            cursor->base.pVtab->zErrMsg);
  return code;
}

static void cursor_set_options(struct counts_cursor *cursor, int plan)
{
  const struct counts_table *table = table_of(cursor);
  const struct ng_argument_value *values[NG_COUNTS_ARGUMENTS];
  struct ngram_count_options *options = &cursor->options;

  for (size_t i = 0; i < NG_COUNTS_ARGUMENTS; i++)
    values[i] = cursor_value(cursor, i);
  ngram_count_options_init(options);
  options->chunk_size = (uint64_t)values[NG_COUNTS_CHUNK_SIZE]->number;
  options->threads = values[NG_COUNTS_THREADS]->given
                         ? (unsigned)values[NG_COUNTS_THREADS]->number
                         : table->file.connection->threads;
  options->memory_limit = table->file.connection->memory_limit;
  table->kind->set_options(options, values);
  options->columns = (unsigned)plan >> NG_COUNTS_PLAN_COLUMNS_SHIFT &
                     (NGRAM_VOLUMES | NGRAM_YEARS | NGRAM_ROW_COUNT);
}

/* Is it worth while to count all words, where one is asked for? Another one may
   be asked for later; one certainly is when this is not the first. */
static bool counts_all_words(const struct counts_cursor *cursor, int plan)
{
  const struct counts_table *table = table_of(cursor);
  double limit = (double)ngram_cache_limit(table->file.connection->cache);
  const char *path = cursor_value(cursor, NG_COUNTS_PATH)->path;

  return plan & NG_COUNTS_PLAN_ANY_WORD &&
         (cursor->counted_before ||
          ng_counts_plan_guess_bytes(table->kind, path,
                                     table->file.connection->root) <= limit);
}

/* The words that the plan hands over, if any, or their bounds. */
static int words_read(struct ng_word_constraint *words, int plan,
                      sqlite3_value **values)
{
  if (plan & (NG_COUNTS_PLAN_WORD | NG_COUNTS_PLAN_ANY_WORD))
    return ng_word_constraint_add(words, values[0]);
  if (plan & NG_COUNTS_PLAN_WORD_LIST)
    return ng_word_constraint_add_list(words, values[0]);
  words->any = true;
  if (plan & NG_COUNTS_PLAN_FROM &&
      ng_word_constraint_set_bound(&words->from, *values++) != SQLITE_OK)
    return SQLITE_NOMEM;
  if (plan & NG_COUNTS_PLAN_TO)
    return ng_word_constraint_set_bound(&words->to, values[0]);
  if (plan & NG_COUNTS_PLAN_LIKE)
    return ng_word_constraint_bound_like(words, values[0]);
  return SQLITE_OK;
}

/* Count, and leave a trace in ngram_stats. */
static int cursor_scan(struct counts_cursor *cursor)
{
  const struct counts_table *table = table_of(cursor);
  const char *path = cursor_value(cursor, NG_COUNTS_PATH)->path;
  struct ng_scan_log_entry *scan = cursor_new_scan(cursor);
  struct ng_watch watch = {.db = table->file.db};
  struct ng_progress_bar bar;
  struct ngram_counts *counts;
  struct ngram_error error;

  if (!scan)
    return SQLITE_NOMEM;
  cursor->options.poll = ng_watch_poll;
  cursor->options.poll_context = &watch;
  ng_progress_bar_begin(&bar, table->file.connection->progress);
  cursor->options.progress = ng_progress_bar_show;
  cursor->options.progress_context = &bar;
  cursor->options.root = table->file.connection->root;
  cursor->options.index = table->file.connection->index;
  cursor->options.cache = table->file.connection->cache;
  error.status = ngram_count(path, &cursor->options, &counts, &error);
  ng_progress_bar_end(&bar);
  ng_watch_end(&watch);
  cursor_set_counts(cursor, counts);
  if (!counts) {
    ng_scan_log_entry_release(scan);
    return cursor_fail(cursor, &error, &watch);
  }
  scan->stats = *ngram_counts_stats(counts);
  ng_connection_add_scan(table->file.connection, scan);
  return SQLITE_OK;
}

/* The next row in order, which may take some sorting. */
static int cursor_walk_row(struct counts_cursor *cursor)
{
  struct ngram_error error;
  int more;
  int code = SQLITE_OK;

  if (ngram_cursor_next(cursor->walk, &cursor->row, &more, &error) != NGRAM_OK)
    code = cursor_fail(cursor, &error, &cursor->watch);
  ng_watch_end(&cursor->watch);
  return code;
}

/* The row at cursor->index, unless that is the end. */
static int cursor_load_row(struct counts_cursor *cursor)
{
  struct ngram_error error;

  if (cursor->index >= cursor->end)
    return SQLITE_OK;
  if (cursor->walk)
    return cursor_walk_row(cursor);
  if (ngram_counts_row(cursor->counts, cursor->index, &cursor->row, &error) !=
      NGRAM_OK)
    return cursor_fail(cursor, &error, &cursor->watch);
  return SQLITE_OK;
}

/* Begin to walk all rows in the order that the plan wants, if any. */
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
  options.poll_context = &cursor->watch;
  if (ngram_cursor_create(cursor->counts, &options, &cursor->walk, &error) !=
      NGRAM_OK)
    return cursor_fail(cursor, &error, &cursor->watch);
  return SQLITE_OK;
}

/* Count for these words, and stand before the first row. */
static int cursor_begin(struct counts_cursor *cursor, int plan,
                        struct ng_word_constraint *words)
{
  bool all_words = words->any || counts_all_words(cursor, plan);
  int code;

  if (!all_words || words->any)
    ng_word_constraint_apply(words, &cursor->options);
  code = cursor_scan(cursor);
  if (code != SQLITE_OK)
    return code;
  cursor->counted_before = true;
  cursor->end = ngram_counts_size(cursor->counts);
  if (all_words && !words->any) {
    uint64_t size = cursor->end;
    struct ngram_error error;

    if (ng_word_constraint_find(words, cursor->counts, &cursor->index,
                                &error) != NGRAM_OK)
      return cursor_fail(cursor, &error, &cursor->watch);
    cursor->end = cursor->index < size ? cursor->index + 1 : size;
    return cursor_load_row(cursor);
  }
  code = cursor_order(cursor, plan);
  return code == SQLITE_OK ? cursor_load_row(cursor) : code;
}

static int counts_filter(sqlite3_vtab_cursor *base, int plan,
                         const char *plan_text, int argc, sqlite3_value **argv)
{
  struct counts_cursor *cursor = (struct counts_cursor *)base;
  struct ng_word_constraint words = {.watch = &cursor->watch};
  int used = 0;
  int code;

  cursor_clear(cursor);
  code = ng_file_table_read((struct ng_file_table *)base->pVtab, plan,
                            plan_text, argv, cursor->values, &used);
  if (code != SQLITE_OK)
    return code;
  cursor_set_options(cursor, plan);
  (void)argc;
  code = words_read(&words, plan, argv + used);
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

static void result_argument(const struct counts_cursor *cursor,
                            sqlite3_context *context, int argument)
{
  const struct ngram_count_options *options = &cursor->options;

  switch (argument) {
  case NG_COUNTS_PATH:
    sqlite3_result_text(context, cursor_value(cursor, NG_COUNTS_PATH)->path, -1,
                        SQLITE_TRANSIENT);
    break;
  case NG_COUNTS_CHUNK_SIZE:
    sqlite3_result_int64(context, (sqlite3_int64)options->chunk_size);
    break;
  case NG_COUNTS_THREADS:
    sqlite3_result_int64(context, options->threads);
    break;
  default:
    kind_of(cursor)->result_argument(context, options, argument);
  }
}

static void result_further(const struct ngram_row *row,
                           sqlite3_context *context, int result)
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
  int arguments = (int)kind_of(cursor)->arguments.count;

  if (column == NG_COUNTS_COLUMN_WORD)
    sqlite3_result_text(context, row->word, (int)row->length, SQLITE_TRANSIENT);
  else if (column == NG_COUNTS_COLUMN_TOTAL)
    sqlite3_result_int64(context, row->total);
  else if (argument < arguments)
    result_argument(cursor, context, argument);
  else
    result_further(row, context, argument - arguments);
  return SQLITE_OK;
}

static const sqlite3_module counts_module = {
    .xCreate = counts_connect,
    .xConnect = counts_connect, /* the same: also a table-valued function */
    .xBestIndex = counts_best_index,
    .xDisconnect = ng_file_table_disconnect,
    .xDestroy = ng_file_table_disconnect,
    .xOpen = counts_open,
    .xClose = counts_close,
    .xFilter = counts_filter,
    .xNext = counts_next,
    .xEof = counts_eof,
    .xColumn = counts_column,
};

static void module_free(void *context)
{
  struct counts_module *module = context;

  ng_connection_release(module->connection);
  sqlite3_free(module);
}

static int module_register(sqlite3 *db, struct ng_connection *connection,
                           const struct ng_counts_kind *kind)
{
  struct counts_module *module = sqlite3_malloc64(sizeof *module);

  if (!module)
    return SQLITE_NOMEM;
  *module = (struct counts_module){kind, ng_connection_hold(connection)};
  /* SQLite frees it, on failure too. */
  return sqlite3_create_module_v2(db, kind->arguments.module, &counts_module,
                                  module, module_free);
}

int ng_register_counts(sqlite3 *db, struct ng_connection *connection)
{
  int code = module_register(db, connection, &ng_ngram_counts);

  if (code == SQLITE_OK)
    code = module_register(db, connection, &ng_word_counts);
  return code;
}
