/* SPDX-License-Identifier: MIT */
/*
 * fuzz_sql.c - any bytes as SQL, or as the arguments of CREATE VIRTUAL TABLE,
 * in a host with the extension linked in, and with small files to read. Nothing
 * may crash, and no memory may leak.
 *
 * The first byte selects one of the two, and the table. The root is a folder of
 * the test, and a progress handler limits the time.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

int sqlite3_ngram_init(sqlite3 *db, char **message,
                       const sqlite3_api_routines *api);

#define STEPS_MAX 400
#define STEPS_UNIT 1000

static char folder[] = "/tmp/ngram-fuzz-sql-XXXXXX";

static void must(bool condition)
{
  if (!condition)
    abort();
}

/* The path of a file in the folder, until the next call. */
static const char *path_of(const char *name)
{
  static char path[100];

  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void write_text(const char *name, const char *text)
{
  FILE *file = fopen(path_of(name), "w");

  must(file != NULL);
  fputs(text, file);
  must(fclose(file) == 0);
}

static void remove_files(void)
{
  static const char *const names[] = {"a", "b", "bad", "text", "totals"};

  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    unlink(path_of(names[i]));
  rmdir(folder);
}

static void set_up(void)
{
  static bool done;

  if (done)
    return;
  done = true;
  must(mkdtemp(folder) != NULL);
  atexit(remove_files);
  write_text("a", "the\t1900\t3\t1\nthe\t1901\t4\t2\ncat\t1900\t1\t1\n");
  write_text("b", "hat\t1900,3,1\t1901,4,2\ncat\t1900,1,1\n");
  write_text("bad", "the\t1900\t3\t1\nbad\n");
  write_text("text", "the cat and the hat\n");
  write_text("totals", "\t1900,5,1,1\t1901,6,1,1\t");
  setenv("NGRAM_ROOT", folder, 1);
  setenv("NGRAM_THREADS", "2", 1);
  must(sqlite3_auto_extension((void (*)(void))sqlite3_ngram_init) == SQLITE_OK);
}

static int stop_after_a_while(void *steps)
{
  return ++*(int *)steps > STEPS_MAX;
}

static sqlite3 *open_host(int *steps)
{
  sqlite3 *db;

  must(sqlite3_open(":memory:", &db) == SQLITE_OK);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1000000);
  sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 25000);
  sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 50);
  sqlite3_progress_handler(db, STEPS_UNIT, stop_after_a_while, steps);
  return db;
}

/* Run all statements, up to the first that fails. */
static void run(sqlite3 *db, const char *sql)
{
  while (*sql) {
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, &sql) != SQLITE_OK)
      break;
    if (!statement)
      continue;
    while (sqlite3_step(statement) == SQLITE_ROW)
      for (int i = 0; i < sqlite3_column_count(statement); i++)
        sqlite3_column_bytes(statement, i);
    sqlite3_finalize(statement);
  }
}

static void run_arguments(sqlite3 *db, unsigned table, const char *arguments)
{
  static const char *const tables[] = {"ngram_counts", "ngram_rows",
                                       "word_counts",  "ngram_totals",
                                       "text_words",   "ngram_stats"};
  char *sql = sqlite3_mprintf(
      "CREATE VIRTUAL TABLE temp.t USING %s(%s); SELECT * FROM t LIMIT 9;",
      tables[table % (sizeof tables / sizeof *tables)], arguments);

  must(sql != NULL);
  run(db, sql);
  sqlite3_free(sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  int steps = 0;
  sqlite3 *db;
  char *text;

  if (size < 1)
    return 0;
  set_up();
  ng_hash_set_key(size); /* each input is counted in the same way */
  text = malloc(size);
  must(text != NULL);
  memcpy(text, data + 1, size - 1);
  text[size - 1] = '\0';
  db = open_host(&steps);
  if (data[0] % 2)
    run_arguments(db, data[0] / 2, text);
  else
    run(db, text);
  must(sqlite3_close(db) == SQLITE_OK);
  free(text);
  return 0;
}
