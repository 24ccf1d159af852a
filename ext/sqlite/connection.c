/* SPDX-License-Identifier: MIT */
/*
 * Modules, functions and tables each hold a reference to the connection's
 * state: SQLite destroys the functions and modules of a connection in an order
 * of its own, and keeps an overridden module alive for its tables.
 */
#include "sqlite/connection.h"

#include "sqlite/host.h"

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
  ng_scan_log_clear(&connection->log);
  ngram_index_free(connection->index);
  ngram_cache_free(connection->cache);
  ngram_root_free(connection->root);
  ngram_totals_free(connection->totals);
  ngram_totals_free(connection->stdin_totals);
  sqlite3_free(connection);
}
