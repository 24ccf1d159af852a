/* SPDX-License-Identifier: MIT */
/*
 * ngram_stats: how this connection's last scans went.
 *
 *     SELECT path, rows, text_bytes / seconds / 1e9 AS "GB/s"
 *     FROM ngram_stats LIMIT 1;
 *
 * One row per entry of the connection's log (scan_log.h), the newest first;
 * rowid is the entry's number, from 1 on. A scan that failed has its arguments,
 * its status and its error; all other columns are NULL, unless rows were served
 * before the error. The table exists in each connection that has loaded the
 * extension and cannot be created (xCreate is NULL). It opens no file, so it is
 * not DIRECTONLY.
 *
 * xFilter takes references to the entries that the log has then, so scans of
 * the same statement show up in the next query only.
 */
#include <stddef.h>

#include "sqlite/host.h"
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
  struct ng_scan_log_entry *entries[NG_SCAN_LOG_ENTRIES]; /* references, the
                                                             newest first */
  size_t count;
  size_t index; /* of the current row; the end if it is `count` */
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
    ng_scan_log_entry_release(cursor->entries[i]);
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
  const struct ng_scan_log *log = &table->connection->log;

  (void)plan;
  (void)plan_text;
  (void)argc;
  (void)argv;
  cursor_clear(cursor);
  for (uint64_t n = log->count; n > 0 && cursor->count < NG_SCAN_LOG_ENTRIES;
       n--)
    cursor->entries[cursor->count++] =
        ng_scan_log_entry_hold(log->entries[n % NG_SCAN_LOG_ENTRIES]);
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

  *rowid = (sqlite3_int64)cursor->entries[cursor->index]->number;
  return SQLITE_OK;
}

/* --------------------------------------------------------------- columns -- */

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

/* A column that is a member of the log's entry. */
struct field {
  enum type {
    FIELD_NONE, /* not a member: stats_column() makes the value */
    FIELD_INT,
    FIELD_UINT64,
    FIELD_REAL,
    FIELD_TEXT, /* static */
  } type;
  bool zero_is_null; /* 0 says that nothing was given, or lost */
  size_t offset;
};

#define FIELD(member) offsetof(struct ng_scan_log_entry, member)

static const struct field fields[COLUMN_ERROR + 1] = {
    [COLUMN_FORMAT] = {FIELD_TEXT, false, FIELD(stats.format)},
    [COLUMN_DECODER] = {FIELD_TEXT, false, FIELD(stats.decoder)},
    [COLUMN_THREADS] = {FIELD_INT, false, FIELD(stats.threads)},
    [COLUMN_CHUNKS] = {FIELD_UINT64, false, FIELD(stats.chunks)},
    [COLUMN_COMPRESSED_BYTES] = {FIELD_UINT64, false,
                                 FIELD(stats.compressed_bytes)},
    [COLUMN_TEXT_BYTES] = {FIELD_UINT64, false, FIELD(stats.text_bytes)},
    [COLUMN_ROWS] = {FIELD_UINT64, false, FIELD(stats.rows)},
    [COLUMN_SKIPPED] = {FIELD_UINT64, false, FIELD(stats.skipped)},
    [COLUMN_WORDS] = {FIELD_UINT64, false, FIELD(stats.words)},
    [COLUMN_SECONDS] = {FIELD_REAL, false, FIELD(stats.seconds)},
    [COLUMN_DECODE_SECONDS] = {FIELD_REAL, false, FIELD(stats.decode_seconds)},
    [COLUMN_MAP_SECONDS] = {FIELD_REAL, false, FIELD(stats.map_seconds)},
    [COLUMN_REDUCE_SECONDS] = {FIELD_REAL, false, FIELD(stats.reduce_seconds)},
    [COLUMN_PEAK_BYTES] = {FIELD_UINT64, false, FIELD(stats.peak_bytes)},
    [COLUMN_SPILLED_BYTES] = {FIELD_UINT64, false, FIELD(stats.spilled_bytes)},
    [COLUMN_FROM_CACHE] = {FIELD_INT, false, FIELD(stats.from_cache)},
    [COLUMN_STRATEGY] = {FIELD_TEXT, false, FIELD(stats.strategy)},
    [COLUMN_CHUNK_SIZE] = {FIELD_UINT64, true, FIELD(chunk_size)},
    [COLUMN_THREADS_ASKED] = {FIELD_INT, true, FIELD(threads)},
    [COLUMN_SALVAGED_AT] = {FIELD_UINT64, true, FIELD(stats.salvaged_at)},
};

static void result_int64(sqlite3_context *context, sqlite3_int64 number,
                         bool zero_is_null)
{
  if (number != 0 || !zero_is_null)
    sqlite3_result_int64(context, number);
}

static void result_field(sqlite3_context *context,
                         const struct ng_scan_log_entry *entry,
                         const struct field *field)
{
  const void *member = (const char *)entry + field->offset;

  switch (field->type) {
  case FIELD_INT:
    result_int64(context, *(const int *)member, field->zero_is_null);
    break;
  case FIELD_UINT64:
    result_int64(context, (sqlite3_int64) * (const uint64_t *)member,
                 field->zero_is_null);
    break;
  case FIELD_REAL:
    sqlite3_result_double(context, *(const double *)member);
    break;
  case FIELD_TEXT:
    sqlite3_result_text(context, *(const char *const *)member, -1,
                        SQLITE_STATIC);
    break;
  case FIELD_NONE:
    break;
  }
}

static int stats_column(sqlite3_vtab_cursor *base, sqlite3_context *context,
                        int column)
{
  const struct stats_cursor *cursor = (const struct stats_cursor *)base;
  const struct ng_scan_log_entry *entry = cursor->entries[cursor->index];
  bool has_stats = entry->stats.format != NULL;

  if (column == COLUMN_PATH)
    sqlite3_result_text(context, entry->path, -1, SQLITE_TRANSIENT);
  else if (column == COLUMN_STATUS)
    sqlite3_result_text(context, status_name(entry->status), -1, SQLITE_STATIC);
  else if (column == COLUMN_ERROR)
    sqlite3_result_text(context, entry->error, -1, SQLITE_TRANSIENT);
  else if (has_stats || fields[column].zero_is_null)
    result_field(context, entry, &fields[column]);
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
