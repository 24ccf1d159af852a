/* SPDX-License-Identifier: MIT */
/*
 * The state of a connection: the log of its last scans, as ngram_stats shows
 * it, and its lifetime.
 */
#include "sqlite/connection.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include "sqlite/register.h"
#include "unit/sql_host.h"

static char folder[] = "/tmp/ngram-test-stats-XXXXXX";

/* A path in the folder, valid for the next three calls. */
static const char *path_of(const char *name)
{
  static char paths[4][100];
  static unsigned next;
  char *path = paths[next++ % COUNT(paths)];

  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static void make_files(void)
{
  host_write(path_of("a"), "the\t1900\t3\t1\ncat\t1900\t1\t1\n");
  host_write(path_of("b"), "hat\t1900\t3\t1\n");
  host_write(path_of("bad"), "the\t1900\t3\t1\nbad\n");
  host_write(path_of("large"), "the\t1900\t9223372036854775807\t1\n"
                               "the\t1901\t1\t1\n");
}

static void remove_files(void)
{
  static const char *const names[] = {"a", "b", "bad", "large", "many"};

  for (size_t i = 0; i < COUNT(names); i++)
    unlink(path_of(names[i]));
  rmdir(folder);
}

/* Run a statement. Returns its code. */
static int run(sqlite3 *db, const char *format, const char *path)
{
  char *sql = sqlite3_mprintf(format, path);
  int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

  sqlite3_free(sql);
  return code;
}

static const char *const count_all = "SELECT count(*) FROM ngram_counts('%q')";

/* ------------------------------------------------------------------- ring --
 */

static void the_last_32_scans_are_kept_and_numbered(void)
{
  sqlite3 *db = host_open();

  run(db, "SELECT ngram_config('cache_limit', 0)", "");
  host_says(db, "SELECT count(*) FROM ngram_stats", "0\n");
  for (int i = 1; i <= 70; i++) {
    char sql[200];
    char wanted[100];

    CHECK_EQ(run(db, count_all, path_of(i % 2 ? "a" : "b")), SQLITE_OK);
    snprintf(sql, sizeof sql,
             "SELECT count(*), max(rowid), max(rowid) - min(rowid) + 1,"
             " sum(path GLOB CASE rowid %% 2 WHEN 1 THEN '*/a' ELSE '*/b' END),"
             " sum(status = 'ok' AND error IS NULL AND from_cache = 0)"
             " FROM ngram_stats");
    snprintf(wanted, sizeof wanted, "%d|%d|%d|%d|%d\n", i < 32 ? i : 32, i,
             i < 32 ? i : 32, i < 32 ? i : 32, i < 32 ? i : 32);
    host_says(db, sql, wanted);
  }
  host_says(db, "SELECT rowid FROM ngram_stats LIMIT 2", "70\n69\n");
  sqlite3_close(db);
}

/* A query serves the entries that the log had when it began. */
static void scans_that_are_walked_outlive_the_ring(void)
{
  sqlite3 *db = host_open();
  sqlite3_stmt *statement;

  run(db, "SELECT ngram_config('cache_limit', 0)", "");
  for (int i = 0; i < 32; i++)
    run(db, count_all, path_of("a"));
  sqlite3_prepare_v2(db, "SELECT rowid, path FROM ngram_stats", -1, &statement,
                     NULL);
  for (int i = 32; i > 0; i--) {
    CHECK_EQ(sqlite3_step(statement), SQLITE_ROW);
    CHECK_EQ(sqlite3_column_int(statement, 0), i);
    CHECK_STR((const char *)sqlite3_column_text(statement, 1), path_of("a"));
    run(db, count_all, path_of("b"));
  }
  CHECK_EQ(sqlite3_step(statement), SQLITE_DONE);
  sqlite3_finalize(statement);
  host_says(db, "SELECT min(rowid), max(rowid) FROM ngram_stats", "33|64\n");
  sqlite3_close(db);
}

/* Random scans, from the cache or not, compared with a naive list. */
static void uses_of_a_kept_result_in_a_row_are_one(void)
{
  struct ng_connection *connection = ng_connection_new();
  struct naive {
    char name;
    bool from_cache;
    uint64_t chunk_size; /* tells the last from those before it */
  } list[600];
  size_t count = 0;

  for (unsigned i = 0; i < COUNT(list); i++) {
    struct naive one = {(char)('a' + random_below(2)), random_once_in(2), i};
    char name[2] = {one.name, '\0'};
    struct ng_scan_log_entry *scan = ng_scan_log_entry_new(name, i, 1);

    scan->stats.from_cache = one.from_cache;
    ng_scan_log_add(&connection->log, scan);
    if (count > 0 && one.from_cache && list[count - 1].from_cache &&
        list[count - 1].name == one.name)
      count--;
    list[count++] = one;
    CHECK_EQ(connection->log.count, count);
    for (size_t n = count; n > 0 && n + NG_SCAN_LOG_ENTRIES > count; n--) {
      const struct ng_scan_log_entry *kept =
          connection->log.entries[n % NG_SCAN_LOG_ENTRIES];

      CHECK_EQ(kept->number, n);
      CHECK_EQ(kept->chunk_size, list[n - 1].chunk_size);
      CHECK_EQ(kept->path[0], list[n - 1].name);
    }
  }
  ng_connection_release(connection);
}

static void a_kept_result_says_so_once(void)
{
  sqlite3 *db = host_open();

  test_sleep_ms(1200); /* a file that is too young is not kept */
  for (int i = 0; i < 5; i++)
    run(db, count_all, path_of("a"));
  host_says(db, "SELECT rowid, from_cache FROM ngram_stats", "2|1\n1|0\n");
  run(db, count_all, path_of("b"));
  run(db, count_all, path_of("a"));
  host_says(db, "SELECT rowid, from_cache FROM ngram_stats",
            "4|1\n3|0\n2|1\n1|0\n");
  sqlite3_close(db);
}

/* --------------------------------------------------------------- failures --
 */

static void check_status(sqlite3 *db, const char *status, const char *error)
{
  char *got =
      host_ask(db, "SELECT status, error, format FROM ngram_stats LIMIT 1");
  char wanted[30];

  snprintf(wanted, sizeof wanted, "%s|", status);
  CHECK_HAS(got, wanted);
  CHECK(strncmp(got, wanted, strlen(wanted)) == 0);
  CHECK_HAS(got, error);
  sqlite3_free(got);
}

static void failures_have_a_status_each(void)
{
  static const struct {
    const char *sql;
    const char *file;
    int code;
    const char *status;
    const char *error;
  } cases[] = {
      {"SELECT * FROM ngram_counts('%q')", "bad", SQLITE_ERROR, "bad_input",
       "line 2: "},
      {"SELECT * FROM ngram_rows('%q')", "bad", SQLITE_ERROR, "bad_input",
       "line 2: "},
      {"SELECT * FROM ngram_counts('%q', -1)", "a", SQLITE_ERROR,
       "bad_argument", "chunk_size is -1"},
      {"SELECT * FROM ngram_rows('%q', 0)", "a", SQLITE_ERROR, "bad_argument",
       "threads is 0"},
      {"SELECT * FROM ngram_counts('%q')", "none", SQLITE_CANTOPEN,
       "cannot_open", "none"},
      {"SELECT * FROM ngram_rows('%q')", "none", SQLITE_CANTOPEN, "cannot_open",
       "none"},
      {"SELECT * FROM ngram_counts('%q') WHERE threads > 1", "a", SQLITE_ERROR,
       "bad_argument", "threads is given with >"},
      {"SELECT * FROM ngram_rows('%q') WHERE tags IS 'drop'", "a", SQLITE_ERROR,
       "bad_argument", "tags is given with IS"},
      {"SELECT * FROM word_counts('%q') WHERE tokenizer LIKE 'space'", "a",
       SQLITE_ERROR, "bad_argument", "tokenizer is given with LIKE"},
      {"SELECT * FROM ngram_counts('%q')", "large", SQLITE_ERROR, "overflow",
       "integer overflow"},
  };
  sqlite3 *db = host_open();

  for (size_t i = 0; i < COUNT(cases); i++) {
    NOTE("%s %s", cases[i].sql, cases[i].file);
    CHECK_EQ(run(db, cases[i].sql, path_of(cases[i].file)), cases[i].code);
    check_status(db, cases[i].status, cases[i].error);
    CHECK_EQ(run(db, count_all, path_of("a")), SQLITE_OK);
    host_says(db, "SELECT status, error FROM ngram_stats LIMIT 1", "ok|NULL\n");
  }
  sqlite3_close(db);
}

static void what_the_root_forbids_is_told(void)
{
  sqlite3 *db = host_open();

  CHECK_EQ(run(db, "SELECT ngram_config('root', '%q')", folder), SQLITE_OK);
  CHECK_EQ(run(db, count_all, "/etc/passwd"), SQLITE_AUTH);
  check_status(db, "forbidden", "/etc/passwd");
  CHECK_EQ(run(db, "SELECT * FROM ngram_rows('%q')", "/etc/passwd"),
           SQLITE_AUTH);
  check_status(db, "forbidden", "/etc/passwd");
  sqlite3_close(db);
}

static int stop_at_once(void *unused)
{
  (void)unused;
  return 1;
}

static void a_stop_is_told(void)
{
  sqlite3 *db = host_open();
  char pipe_path[40];
  int fds[2];

  if (!CHECK_EQ(pipe(fds), 0))
    return;
  snprintf(pipe_path, sizeof pipe_path, "/dev/fd/%d", fds[0]);
  sqlite3_progress_handler(db, 1000, stop_at_once, NULL);
  CHECK_EQ(run(db, count_all, pipe_path), SQLITE_INTERRUPT);
  sqlite3_progress_handler(db, 0, NULL, NULL);
  check_status(db, "interrupted", "interrupt");
  close(fds[0]);
  close(fds[1]);
  sqlite3_close(db);
}

/* More distinct words than the lowest memory limit has room for. */
static void write_many(void)
{
  FILE *file = fopen(path_of("many"), "w");

  for (int i = 0; file && i < 100000; i++)
    fprintf(file, "word%d\t1900\t1\t1\n", i);
  if (file)
    fclose(file);
}

static void a_full_disk_is_told(void)
{
  sqlite3 *db = host_open();
  struct rlimit before;
  struct rlimit small;

  write_many();
  run(db, "SELECT ngram_config('memory_limit', 2097152)", "");
  getrlimit(RLIMIT_FSIZE, &before);
  small = (struct rlimit){100000, before.rlim_max};
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  CHECK_EQ(run(db, count_all, path_of("many")), SQLITE_FULL);
  setrlimit(RLIMIT_FSIZE, &before);
  check_status(db, "disk_full", "");
  sqlite3_close(db);
}

/* A list of words that takes more than its share of the limit. */
static void too_little_memory_is_told(void)
{
  static const char *const tables[] = {"ngram_counts", "ngram_rows"};
  sqlite3 *db = host_open();

  if (sqlite3_libversion_number() < 3038000)
    test_skip("no list comes at once before SQLite 3.38");
  run(db, "SELECT ngram_config('memory_limit', 2097152)", "");
  for (size_t i = 0; i < COUNT(tables) && !test_state.skipped; i++) {
    char *sql = sqlite3_mprintf(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT"
        " 100000) SELECT * FROM %s('%q') WHERE word IN (SELECT 'w' || x FROM n)",
        tables[i], path_of("a"));

    CHECK_EQ(run(db, "%s", sql), SQLITE_NOMEM);
    check_status(db, "no_memory", "memory_limit of 2097152 bytes");
    sqlite3_free(sql);
  }
  sqlite3_close(db);
}

static void each_status_has_a_name(void)
{
  static const struct {
    enum ngram_status status;
    const char *name;
  } names[] = {
      {NGRAM_OK, "ok"},
      {NGRAM_BAD_INPUT, "bad_input"},
      {NGRAM_BAD_ARGUMENT, "bad_argument"},
      {NGRAM_CANNOT_OPEN, "cannot_open"},
      {NGRAM_IO_ERROR, "io_error"},
      {NGRAM_CHANGED, "changed"},
      {NGRAM_NO_MEMORY, "no_memory"},
      {NGRAM_INTERRUPTED, "interrupted"},
      {NGRAM_OVERFLOW, "overflow"},
      {NGRAM_FORBIDDEN, "forbidden"},
      {NGRAM_DISK_FULL, "disk_full"},
  };
  struct ng_connection *connection = ng_connection_new();
  sqlite3 *db;

  sqlite3_open(":memory:", &db);
  CHECK_EQ(ng_register_stats(db, connection), SQLITE_OK);
  for (size_t i = 0; i < COUNT(names); i++) {
    char wanted[60];

    ng_scan_log_add_failure(&connection->log,
                            ng_scan_log_entry_new("file", 7, 3),
                            names[i].status, "why");
    snprintf(wanted, sizeof wanted, "file|%s|why|7|3|NULL\n", names[i].name);
    host_says(db,
              "SELECT path, status, error, chunk_size, threads_asked, rows"
              " FROM ngram_stats LIMIT 1",
              wanted);
  }
  ng_scan_log_add_failure(&connection->log, NULL, NGRAM_NO_MEMORY, "why");
  host_says(db, "SELECT count(*) FROM ngram_stats", "11\n");
  sqlite3_close(db);
  CHECK_EQ(connection->references, 1);
  ng_connection_release(connection);
}

/* ------------------------------------------------------------- references --
 */

/* Tables outlive the module that made them, and its other tables. */
static void tables_outlive_their_module(void)
{
  sqlite3 *db = host_open();
  sqlite3_stmt *statement;

  run(db, "CREATE VIRTUAL TABLE t USING ngram_rows('%q')", path_of("a"));
  run(db, "CREATE VIRTUAL TABLE c USING ngram_counts('%q')", path_of("a"));
  sqlite3_prepare_v2(db, "SELECT t.word, c.total FROM t, c USING (word)", -1,
                     &statement, NULL);
  CHECK_EQ(sqlite3_step(statement), SQLITE_ROW);
  CHECK_EQ(sqlite3_drop_modules(db, NULL), SQLITE_OK);
  CHECK_EQ(sqlite3_step(statement), SQLITE_ROW);
  CHECK_EQ(sqlite3_step(statement), SQLITE_DONE);
  sqlite3_finalize(statement);
  /* Functions and tables still share the connection's state. */
  host_says(db, "SELECT ngram_config('threads', 3)", "3\n");
  CHECK_EQ(sqlite3_ngram_init(db, NULL, NULL), SQLITE_OK);
  host_says(db, "SELECT count(*) FROM ngram_stats", "0\n");
  CHECK_EQ(sqlite3_close(db), SQLITE_OK);
}

static void the_extension_may_be_loaded_again(void)
{
  sqlite3 *db = host_open();

  for (int i = 0; i < 5; i++) {
    run(db, count_all, path_of("a"));
    CHECK_EQ(sqlite3_ngram_init(db, NULL, NULL), SQLITE_OK);
    host_says(db, "SELECT count(*) FROM ngram_stats", "0\n");
  }
  CHECK_EQ(sqlite3_close(db), SQLITE_OK);
}

/* A connection that is closed lives on with its statement. */
static void a_statement_outlives_its_connection(void)
{
  sqlite3 *db = host_open();
  sqlite3_stmt *statement;
  char *sql = sqlite3_mprintf("SELECT * FROM ngram_rows('%q')", path_of("a"));

  sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
  CHECK_EQ(sqlite3_step(statement), SQLITE_ROW);
  CHECK_EQ(sqlite3_close_v2(db), SQLITE_OK);
  CHECK_EQ(sqlite3_step(statement), SQLITE_ROW);
  sqlite3_finalize(statement);
  sqlite3_free(sql);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(the_last_32_scans_are_kept_and_numbered),
      TEST(scans_that_are_walked_outlive_the_ring),
      TEST(uses_of_a_kept_result_in_a_row_are_one),
      TEST(a_kept_result_says_so_once),
      TEST(failures_have_a_status_each),
      TEST(what_the_root_forbids_is_told),
      TEST(a_stop_is_told),
      TEST(a_full_disk_is_told),
      TEST(too_little_memory_is_told),
      TEST(each_status_has_a_name),
      TEST(tables_outlive_their_module),
      TEST(the_extension_may_be_loaded_again),
      TEST(a_statement_outlives_its_connection),
  };
  int status;

  if (!mkdtemp(folder))
    return 2;
  make_files();
  status = test_main(tests, COUNT(tests), argc, argv);
  remove_files();
  return status;
}
