/* SPDX-License-Identifier: MIT */
/*
 * A connection's state is counted, not owned: SQLite destroys the functions
 * and modules of a connection in an order of its own, and keeps an overridden
 * module alive for its tables. Whoever comes last frees.
 *
 * Scans are counted too, so that a query over ngram_stats can hold the ones it
 * walks while other scans of the same statement push them out of the ring.
 */
#include "sqlite/connection.h"

#include <string.h>

struct ng_connection *ng_connection_new(void)
{
  struct ng_connection *connection = sqlite3_malloc64(sizeof *connection);

  if (!connection)
    return NULL;
  *connection = (struct ng_connection){
      .references = 1,
      .memory_limit = ngram_memory_limit_default(),
      .index = ngram_index_create(),
      .cache = ngram_cache_create(NGRAM_CACHE_LIMIT_DEFAULT)};
  if (connection->index && connection->cache)
    return connection;
  ng_connection_release(connection);
  return NULL;
}

struct ng_connection *ng_connection_hold(struct ng_connection *connection)
{
  connection->references++;
  return connection;
}

void ng_connection_release(void *pointer)
{
  struct ng_connection *connection = pointer;

  if (--connection->references > 0)
    return;
  for (size_t i = 0; i < NG_SCAN_LOG_ENTRIES; i++)
    ng_scan_log_entry_release(connection->scans[i]);
  ngram_index_free(connection->index);
  ngram_cache_free(connection->cache);
  ngram_root_free(connection->root);
  ngram_totals_free(connection->totals);
  ngram_totals_free(connection->stdin_totals);
  sqlite3_free(connection);
}

struct ng_scan_log_entry *
ng_scan_log_entry_new(const char *path, uint64_t chunk_size, unsigned threads)
{
  size_t path_bytes = path ? strlen(path) + 1 : 1;
  struct ng_scan_log_entry *scan = sqlite3_malloc64(sizeof *scan + path_bytes);

  if (!scan)
    return NULL;
  *scan = (struct ng_scan_log_entry){
      .references = 1, .chunk_size = chunk_size, .threads = threads};
  memcpy(scan->path, path ? path : "", path_bytes);
  return scan;
}

struct ng_scan_log_entry *ng_scan_log_entry_hold(struct ng_scan_log_entry *scan)
{
  scan->references++;
  return scan;
}

void ng_scan_log_entry_release(struct ng_scan_log_entry *scan)
{
  if (!scan || --scan->references > 0)
    return;
  sqlite3_free(scan->error);
  sqlite3_free(scan);
}

void ng_connection_add_scan(struct ng_connection *connection,
                            struct ng_scan_log_entry *scan)
{
  struct ng_scan_log_entry **place =
      &connection->scans[connection->scan_count % NG_SCAN_LOG_ENTRIES];

  if (scan->stats.from_cache && *place && (*place)->stats.from_cache &&
      strcmp((*place)->path, scan->path) == 0) {
    scan->number = (*place)->number;
  } else {
    scan->number = ++connection->scan_count;
    place = &connection->scans[scan->number % NG_SCAN_LOG_ENTRIES];
  }
  ng_scan_log_entry_release(*place);
  *place = scan;
}

void ng_connection_add_failure(struct ng_connection *connection,
                               struct ng_scan_log_entry *scan,
                               enum ngram_status status, const char *message)
{
  if (!scan)
    return;
  scan->status = status;
  scan->error = message ? sqlite3_mprintf("%s", message) : NULL;
  ng_connection_add_scan(connection, scan);
}
