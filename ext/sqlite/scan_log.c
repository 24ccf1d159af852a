/* SPDX-License-Identifier: MIT */
/*
 * A ring of entries, each counted by reference: a query over ngram_stats holds
 * the entries that it serves while other scans of the same statement push them
 * out of the ring.
 */
#include "sqlite/scan_log.h"

#include <string.h>

#include "sqlite/host.h"

struct ng_scan_log_entry *
ng_scan_log_entry_new(const char *path, uint64_t chunk_size, unsigned threads)
{
  size_t path_bytes = path ? strlen(path) + 1 : 1;
  struct ng_scan_log_entry *entry =
      sqlite3_malloc64(sizeof *entry + path_bytes);

  if (!entry)
    return NULL;
  *entry = (struct ng_scan_log_entry){
      .references = 1, .chunk_size = chunk_size, .threads = threads};
  memcpy(entry->path, path ? path : "", path_bytes);
  return entry;
}

struct ng_scan_log_entry *
ng_scan_log_entry_hold(struct ng_scan_log_entry *entry)
{
  entry->references++;
  return entry;
}

void ng_scan_log_entry_release(struct ng_scan_log_entry *entry)
{
  if (!entry || --entry->references > 0)
    return;
  sqlite3_free(entry->error);
  sqlite3_free(entry);
}

static bool is_same_cached_result(const struct ng_scan_log_entry *newest,
                                  const struct ng_scan_log_entry *entry)
{
  return newest && newest->stats.from_cache && entry->stats.from_cache &&
         strcmp(newest->path, entry->path) == 0;
}

void ng_scan_log_add(struct ng_scan_log *log, struct ng_scan_log_entry *entry)
{
  struct ng_scan_log_entry **slot =
      &log->entries[log->count % NG_SCAN_LOG_ENTRIES];

  if (!is_same_cached_result(*slot, entry))
    slot = &log->entries[++log->count % NG_SCAN_LOG_ENTRIES];
  entry->number = log->count;
  ng_scan_log_entry_release(*slot);
  *slot = entry;
}

void ng_scan_log_add_failure(struct ng_scan_log *log,
                             struct ng_scan_log_entry *entry,
                             enum ngram_status status, const char *message)
{
  if (!entry)
    return;
  entry->status = status;
  entry->error = message ? sqlite3_mprintf("%s", message) : NULL;
  ng_scan_log_add(log, entry);
}

void ng_scan_log_clear(struct ng_scan_log *log)
{
  for (size_t i = 0; i < NG_SCAN_LOG_ENTRIES; i++)
    ng_scan_log_entry_release(log->entries[i]);
  *log = (struct ng_scan_log){.count = 0};
}
