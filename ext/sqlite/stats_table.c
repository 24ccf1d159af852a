/* SPDX-License-Identifier: MIT */
/*
 * ngram_stats: how this connection's last scans went.
 *
 *     SELECT path, rows, text_bytes / seconds / 1e9 AS "GB/s"
 *     FROM ngram_stats LIMIT 1;
 *
 * One row a scan, the newest first; rowid is its number on the connection, from
 * 1 on. Of one that failed there is what it was asked, its status and error;
 * all else is NULL, but for rows that were served before the error. The table
 * exists in every connection that has loaded the extension and cannot be
 * created (xCreate is NULL). It opens no file, so it is not DIRECTONLY.
 *
 * A query walks the scans that were kept when it began: the cursor holds them,
 * and what the same statement scans meanwhile shows up in the next query.
 */
#include "sqlite/register.h"

enum column {
  COLUMN_PATH,
  COLUMN_FORMAT,
  COLUMN_DECODER,
  COLUMN_THREADS,
  COLUMN_CHUNKS,
  COLUMN_COMPRESSED_BYTES,
  COLUMN_TEXT_BYTES,
  COLUMN_ROWS,
  COLUMN_SKIPPED,
  COLUMN_WORDS,
  COLUMN_SECONDS,
  COLUMN_DECODE_SECONDS,
  COLUMN_MAP_SECONDS,
  COLUMN_REDUCE_SECONDS,
  COLUMN_PEAK_BYTES,
  COLUMN_SPILLED_BYTES,
  COLUMN_FROM_CACHE,
  COLUMN_STRATEGY,
  COLUMN_CHUNK_SIZE,
  COLUMN_THREADS_ASKED,
  COLUMN_SALVAGED_AT,
  COLUMN_STATUS,
  COLUMN_ERROR,
};

static const char schema_sql[] =
    "CREATE TABLE x(path TEXT, format TEXT, decoder TEXT, threads INTEGER,"
    " chunks INTEGER, compressed_bytes INTEGER, text_bytes INTEGER,"
    " rows INTEGER, skipped INTEGER, words INTEGER, seconds REAL,"
    " decode_seconds REAL, map_seconds REAL, reduce_seconds REAL,"
    " peak_bytes INTEGER, spilled_bytes INTEGER, from_cache INTEGER,"
    " strategy TEXT, chunk_size INTEGER, threads_asked INTEGER,"
    " salvaged_at INTEGER, status TEXT, error TEXT)";

struct stats_table {
  sqlite3_vtab base;
  struct ng_connection *connection; /* a reference */
};

struct stats_cursor {
  sqlite3_vtab_cursor base;
  struct ng_scan_log_entry
      *scans[NG_SCAN_LOG_ENTRIES]; /* references, the newest first */
  size_t count;
  size_t index; /* of the current row; at count: the end */
};

static int stats_connect(sqlite3 *db, void *context, int argc,
                         const char *const *argv, sqlite3_vtab **vtab,
                         char **message)
{
  struct stats_table *table;
  int code = sqlite3_declare_vtab(db, schema_sql);

  (void)argc;
  (void)argv;
  (void)message;
  if (code != SQLITE_OK)
    return code;
  table = sqlite3_malloc64(sizeof *table);
  if (!table)
    return SQLITE_NOMEM;
  *table = (struct stats_table){.connection = ng_connection_hold(context)};
  *vtab = &table->base;
  return SQLITE_OK;
}

static int stats_disconnect(sqlite3_vtab *vtab)
{
  struct stats_table *table = (struct stats_table *)vtab;

  ng_connection_release(table->connection);
  sqlite3_free(table);
  return SQLITE_OK;
}

static int stats_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  (void)vtab;
  info->estimatedCost = NG_SCAN_LOG_ENTRIES;
  info->estimatedRows = NG_SCAN_LOG_ENTRIES;
  return SQLITE_OK;
}

static int stats_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
  struct stats_cursor *cursor = sqlite3_malloc64(sizeof *cursor);

  (void)vtab;
  if (!cursor)
    return SQLITE_NOMEM;
  *cursor = (struct stats_cursor){.count = 0};
  *out = &cursor->base;
  return SQLITE_OK;
}

static void cursor_clear(struct stats_cursor *cursor)
{
  for (size_t i = 0; i < cursor->count; i++)
    ng_scan_log_entry_release(cursor->scans[i]);
  cursor->count = 0;
  cursor->index = 0;
}

static int stats_close(sqlite3_vtab_cursor *base)
{
  cursor_clear((struct stats_cursor *)base);
  sqlite3_free(base);
  return SQLITE_OK;
}

static int stats_filter(sqlite3_vtab_cursor *base, int plan,
                        const char *plan_text, int argc, sqlite3_value **argv)
{
  struct stats_cursor *cursor = (struct stats_cursor *)base;
  const struct stats_table *table = (const struct stats_table *)base->pVtab;
  const struct ng_connection *connection = table->connection;

  (void)plan;
  (void)plan_text;
  (void)argc;
  (void)argv;
  cursor_clear(cursor);
  for (uint64_t n = connection->scan_count;
       n > 0 && cursor->count < NG_SCAN_LOG_ENTRIES; n--)
    cursor->scans[cursor->count++] =
        ng_scan_log_entry_hold(connection->scans[n % NG_SCAN_LOG_ENTRIES]);
  return SQLITE_OK;
}

static int stats_next(sqlite3_vtab_cursor *base)
{
  ((struct stats_cursor *)base)->index++;
  return SQLITE_OK;
}

static int stats_eof(sqlite3_vtab_cursor *base)
{
  const struct stats_cursor *cursor = (const struct stats_cursor *)base;

  return cursor->index >= cursor->count;
}

static int stats_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
  const struct stats_cursor *cursor = (const struct stats_cursor *)base;

  *rowid = (sqlite3_int64)cursor->scans[cursor->index]->number;
  return SQLITE_OK;
}

static uint64_t count_of(const struct ng_scan_log_entry *scan,
                         enum column column)
{
  switch (column) {
  case COLUMN_THREADS:
    return scan->stats.threads;
  case COLUMN_CHUNKS:
    return scan->stats.chunks;
  case COLUMN_COMPRESSED_BYTES:
    return scan->stats.compressed_bytes;
  case COLUMN_TEXT_BYTES:
    return scan->stats.text_bytes;
  case COLUMN_ROWS:
    return scan->stats.rows;
  case COLUMN_SKIPPED:
    return scan->stats.skipped;
  case COLUMN_WORDS:
    return scan->stats.words;
  case COLUMN_PEAK_BYTES:
    return scan->stats.peak_bytes;
  case COLUMN_SPILLED_BYTES:
    return scan->stats.spilled_bytes;
  default: /* COLUMN_FROM_CACHE */
    return (uint64_t)scan->stats.from_cache;
  }
}

/* A number that is NULL when it is 0, for nothing was asked or lost. */
static uint64_t nullable_of(const struct ng_scan_log_entry *scan,
                            enum column column)
{
  switch (column) {
  case COLUMN_CHUNK_SIZE:
    return scan->chunk_size;
  case COLUMN_THREADS_ASKED:
    return scan->threads;
  default: /* COLUMN_SALVAGED_AT */
    return scan->stats.salvaged_at;
  }
}

static const char *status_name(enum ngram_status status)
{
  switch (status) {
  case NGRAM_OK:
    return "ok";
  case NGRAM_BAD_INPUT:
    return "bad_input";
  case NGRAM_BAD_ARGUMENT:
    return "bad_argument";
  case NGRAM_CANNOT_OPEN:
    return "cannot_open";
  case NGRAM_IO_ERROR:
    return "io_error";
  case NGRAM_CHANGED:
    return "changed";
  case NGRAM_NO_MEMORY:
    return "no_memory";
  case NGRAM_INTERRUPTED:
    return "interrupted";
  case NGRAM_OVERFLOW:
    return "overflow";
  case NGRAM_FORBIDDEN:
    return "forbidden";
  case NGRAM_DISK_FULL:
    return "disk_full";
  }
  return NULL;
}

static double seconds_of(const struct ng_scan_log_entry *scan,
                         enum column column)
{
  switch (column) {
  case COLUMN_SECONDS:
    return scan->stats.seconds;
  case COLUMN_DECODE_SECONDS:
    return scan->stats.decode_seconds;
  case COLUMN_MAP_SECONDS:
    return scan->stats.map_seconds;
  default: /* COLUMN_REDUCE_SECONDS */
    return scan->stats.reduce_seconds;
  }
}

/* What a scan was asked, and how it ended. False: the column is another one. */
static bool result_of_question(sqlite3_context *context,
                               const struct ng_scan_log_entry *scan,
                               enum column column)
{
  switch (column) {
  case COLUMN_PATH:
    sqlite3_result_text(context, scan->path, -1, SQLITE_TRANSIENT);
    return true;
  case COLUMN_STATUS:
    sqlite3_result_text(context, status_name(scan->status), -1, SQLITE_STATIC);
    return true;
  case COLUMN_ERROR:
    sqlite3_result_text(context, scan->error, -1, SQLITE_TRANSIENT);
    return true;
  case COLUMN_CHUNK_SIZE:
  case COLUMN_THREADS_ASKED:
  case COLUMN_SALVAGED_AT:
    if (nullable_of(scan, column) > 0)
      sqlite3_result_int64(context, (sqlite3_int64)nullable_of(scan, column));
    return true;
  default:
    return false;
  }
}

static void result_of_stats(sqlite3_context *context,
                            const struct ng_scan_log_entry *scan,
                            enum column column)
{
  switch (column) {
  case COLUMN_FORMAT:
    sqlite3_result_text(context, scan->stats.format, -1, SQLITE_STATIC);
    break;
  case COLUMN_DECODER:
    sqlite3_result_text(context, scan->stats.decoder, -1, SQLITE_STATIC);
    break;
  case COLUMN_STRATEGY:
    sqlite3_result_text(context, scan->stats.strategy, -1, SQLITE_STATIC);
    break;
  case COLUMN_SECONDS:
  case COLUMN_DECODE_SECONDS:
  case COLUMN_MAP_SECONDS:
  case COLUMN_REDUCE_SECONDS:
    sqlite3_result_double(context, seconds_of(scan, column));
    break;
  default:
    sqlite3_result_int64(context, (sqlite3_int64)count_of(scan, column));
  }
}

static int stats_column(sqlite3_vtab_cursor *base, sqlite3_context *context,
                        int column)
{
  const struct stats_cursor *cursor = (const struct stats_cursor *)base;
  const struct ng_scan_log_entry *scan = cursor->scans[cursor->index];

  if (!result_of_question(context, scan, (enum column)column) &&
      scan->stats.format) /* else there are none */
    result_of_stats(context, scan, (enum column)column);
  return SQLITE_OK;
}

static const sqlite3_module stats_module = {
    .xConnect = stats_connect,
    .xBestIndex = stats_best_index,
    .xDisconnect = stats_disconnect,
    .xDestroy = stats_disconnect,
    .xOpen = stats_open,
    .xClose = stats_close,
    .xFilter = stats_filter,
    .xNext = stats_next,
    .xEof = stats_eof,
    .xColumn = stats_column,
    .xRowid = stats_rowid,
};

int ng_register_stats(sqlite3 *db, struct ng_connection *connection)
{
  /* SQLite releases the reference, on failure too. */
  return sqlite3_create_module_v2(db, "ngram_stats", &stats_module,
                                  ng_connection_hold(connection),
                                  ng_connection_release);
}
