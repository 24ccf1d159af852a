/* SPDX-License-Identifier: MIT */
/*
 * host.c - a C program as host: it loads the extension as any program does,
 * and tries what only a host can do.
 *
 *     host EXTENSION
 *
 * Prints what is not as it should be; exit status 0 when all is well.
 */
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS 8
#define WORDS 5000
#define ROWS_PER_WORD 40

static const char *extension;
static char path[] = "/tmp/ngram-host-XXXXXX";
static _Atomic int failures;

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void fail(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  failures++;
}

/* A file of some MB, so that threads are made; every total is 820. */
static bool write_file(void)
{
  int fd = mkstemp(path);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

  if (!file)
    return false;
  for (int word = 0; word < WORDS; word++)
    for (int row = 1; row <= ROWS_PER_WORD; row++)
      fprintf(file, "word%d\t%d\t%d\t1\n", word, 1900 + row, row);
  return fclose(file) == 0;
}

static sqlite3 *open_host(void)
{
  sqlite3 *db = NULL;
  char *message = NULL;

  if (sqlite3_open(":memory:", &db) != SQLITE_OK)
    fail("cannot open a database");
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
  if (sqlite3_load_extension(db, extension, NULL, &message) != SQLITE_OK)
    fail("cannot load %s: %s", extension, message);
  sqlite3_free(message);
  return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
    fail("%s: %s", sql, sqlite3_errmsg(db));
  sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
  return statement;
}

static void expect_number(sqlite3 *db, const char *sql, int64_t expected)
{
  sqlite3_stmt *statement = prepare(db, sql);

  if (sqlite3_step(statement) != SQLITE_ROW)
    fail("%s: %s", sql, sqlite3_errmsg(db));
  else if (sqlite3_column_int64(statement, 0) != expected)
    fail("%s: %lld, expected %" PRId64, sql, sqlite3_column_int64(statement, 0),
         expected);
  sqlite3_finalize(statement);
}

static void expect_code(sqlite3 *db, const char *sql, int expected)
{
  sqlite3_stmt *statement = prepare(db, sql);
  int code = sqlite3_step(statement);

  if (code != expected)
    fail("%s: code %d, expected %d", sql, code, expected);
  sqlite3_finalize(statement);
}

static void expect_sums(sqlite3 *db)
{
  expect_number(db, "SELECT sum(total) FROM ngram_counts(?1, 0, 3)",
                (int64_t)WORDS * ROWS_PER_WORD * (ROWS_PER_WORD + 1) / 2);
  expect_number(db, "SELECT count(*) FROM ngram_counts(?1, 7, 2)", WORDS);
  expect_number(db, "SELECT total FROM ngram_counts(?1) WHERE word = 'word77'",
                ROWS_PER_WORD * (ROWS_PER_WORD + 1) / 2);
}

static void *use_connection(void *unused)
{
  sqlite3 *db = open_host();

  for (int i = 0; i < 5; i++)
    expect_sums(db);
  sqlite3_close(db);
  return unused;
}

static void connections_work_in_threads_at_once(void)
{
  pthread_t threads[THREADS];

  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, use_connection, NULL) != 0)
      fail("cannot make a thread");
  for (int i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
}

static void errors_have_sqlite_codes_and_leave_the_connection_whole(void)
{
  sqlite3 *db = open_host();

  expect_code(db, "SELECT * FROM ngram_counts('/nowhere/a.gz')",
              SQLITE_CANTOPEN);
  expect_code(db, "SELECT * FROM ngram_counts('/')", SQLITE_CANTOPEN);
  expect_code(db, "SELECT * FROM ngram_counts(?1, -1)", SQLITE_ERROR);
  expect_sums(db);
  if (sqlite3_close(db) != SQLITE_OK)
    fail("the connection does not close");
}

static void a_statement_may_be_reset_or_left_in_the_middle(void)
{
  sqlite3 *db = open_host();
  sqlite3_stmt *statement = prepare(db, "SELECT * FROM ngram_counts(?1)");

  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 10; i++)
      if (sqlite3_step(statement) != SQLITE_ROW)
        fail("row %d: %s", i, sqlite3_errmsg(db));
    expect_sums(db);
    sqlite3_reset(statement);
  }
  sqlite3_step(statement);
  sqlite3_close_v2(db); /* a zombie until its statement goes */
  sqlite3_finalize(statement);
}

static int stop_at_once(void *unused)
{
  (void)unused;
  return 1;
}

static void a_progress_handler_stops_a_scan(void)
{
  sqlite3 *db = open_host();
  int fds[2];
  char sql[80];

  /* A pipe that never ends: only the handler can stop the scan. */
  if (pipe(fds) != 0)
    fail("cannot make a pipe");
  snprintf(sql, sizeof sql, "SELECT * FROM ngram_counts('/dev/fd/%d')", fds[0]);
  sqlite3_progress_handler(db, 1000, stop_at_once, NULL);
  expect_code(db, sql, SQLITE_INTERRUPT);
  sqlite3_progress_handler(db, 0, NULL, NULL);
  expect_sums(db);
  sqlite3_close(db);
  close(fds[0]);
  close(fds[1]);
}

int main(int argc, char **argv)
{
  if (argc != 2 || !write_file())
    return 2;
  extension = argv[1];
  connections_work_in_threads_at_once();
  errors_have_sqlite_codes_and_leave_the_connection_whole();
  a_statement_may_be_reset_or_left_in_the_middle();
  a_progress_handler_stops_a_scan();
  unlink(path);
  return failures != 0;
}
