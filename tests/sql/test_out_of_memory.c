/* SPDX-License-Identifier: MIT */
/*
 * The SQLite layer when sqlite3_malloc() fails, in a host that links it
 * statically.
 *
 * Every statement below runs many times, each time in a new connection. In the
 * first run the first allocation fails, in the second run the second, and so on
 * until a run has no failure. This is done twice: with one failing allocation,
 * and with all allocations failing from there on. Each time the statement
 * returns SQLITE_NOMEM or the right answer, succeeds when it runs again, and no
 * byte is left when the connection is closed. The loadable extension, whose
 * path is the argument, is loaded in the same way.
 */
#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int sqlite3_ngram_init(sqlite3 *db, char **message, const void *api);

/* ------------------------------------------------- failing allocations -- */

static sqlite3_mem_methods real_methods;
static long allocations_left = -1; /* until one fails; -1 if none does */
static bool fails_on;              /* all later ones fail too */
static bool has_failed;

static bool fails_now(void)
{
  if (allocations_left < 0)
    return false;
  if (allocations_left > 0) {
    allocations_left--;
    return false;
  }
  if (!fails_on)
    allocations_left = -1;
  has_failed = true;
  return true;
}

static void *failing_malloc(int size)
{
  return fails_now() ? NULL : real_methods.xMalloc(size);
}

static void *failing_realloc(void *pointer, int size)
{
  return fails_now() ? NULL : real_methods.xRealloc(pointer, size);
}

static void install_failing_allocator(void)
{
  sqlite3_mem_methods methods;

  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_methods);
  methods = real_methods;
  methods.xMalloc = failing_malloc;
  methods.xRealloc = failing_realloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  /* Else most small allocations would come from a pool and never fail. */
  sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}

/* ---------------------------------------------------------- statements -- */

#define ANSWER_BYTES 4096

/* The first use of the table makes it, which is 200 allocations: once is
   enough. */
#define USED "SELECT 1 FROM ngram_counts WHERE 0"

static const struct {
  const char *setup; /* runs before any failure; NULL if loading may fail too */
  const char *sql;
  const char *answer; /* the first column of all rows, or the error */
} statements[] = {
    {NULL, "SELECT sum(total) FROM ngram_counts('a.tsv')", "15;"},
    {USED,
     "SELECT total FROM ngram_counts('a.tsv', 20000, 1, 1, 9, 'drop', 'skip')"
     " WHERE word = 'a'",
     "12;"},
    {USED,
     "SELECT total FROM ngram_counts('a.tsv') WHERE word IN"
     " ('a', 'b', 'long long long long long long long', 'd', 'e', 'f', NULL)"
     " ORDER BY 1",
     "1;12;"},
    {USED,
     "SELECT word || path || tags || on_error || volumes || first_year"
     " FROM ngram_counts('a.tsv') WHERE word = 'b'",
     "ba.tsvkeepfail12;"},
    {USED,
     "SELECT max(c.word) FROM (SELECT 'a.tsv' AS p UNION SELECT 'b.tsv')"
     " LEFT JOIN ngram_counts(p) c",
     "z;"},
    {USED,
     "SELECT total FROM ngram_counts WHERE (path = 'a.tsv' AND word = 'b')"
     " OR (path = 'b.tsv' AND word = 'z') ORDER BY 1",
     "1;7;"},
    {USED, "SELECT * FROM ngram_counts", "ngram_counts: path is missing,"},
    {USED, "SELECT * FROM ngram_counts('a.tsv', 'x')",
     "ngram_counts: chunk_size is 'x', expected"},
    {USED, "SELECT * FROM ngram_counts('none')", "ngram_counts: cannot open"},
    {USED, "SELECT * FROM ngram_counts('bad.tsv')", "ngram_counts: bad.tsv"},
    {USED, "SELECT * FROM ngram_counts('over.tsv')", "integer overflow"},
    {USED,
     "CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', 7, threads=\"2\","
     " tags = drop, year_from=NULL)",
     ""},
    {"CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv')",
     "SELECT total FROM t WHERE word = 'c'", "2;"},
    {USED, "CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', foo = 1)",
     "ngram_counts: unknown argument 'foo'"},
    {USED, "CREATE VIRTUAL TABLE t USING ngram_counts(threads = 1)",
     "ngram_counts: path is missing,"},
    {USED, "CREATE VIRTUAL TABLE t USING ngram_counts('a', path = 'b')",
     "ngram_counts: path is given twice"},
    {"SELECT 1 FROM ngram_counts('a.tsv')"
     " UNION ALL SELECT 1 FROM ngram_counts('b.tsv')",
     "SELECT path || format || decoder || rows FROM ngram_stats ORDER BY 1",
     "a.tsvplainnone4;b.tsvplainnone1;"},
    {USED,
     "SELECT t.match_count FROM (SELECT 'y.txt' AS p, 7 AS y UNION"
     " SELECT 'z.txt', '5') LEFT JOIN ngram_totals(p) t ON t.year = y",
     "8;6;"},
    {"CREATE VIRTUAL TABLE t USING ngram_totals('y.txt')",
     "SELECT path || match_count FROM t", "y.txt1;y.txt8;"},
    {USED, "SELECT * FROM ngram_totals('a.tsv')", "ngram_totals: a.tsv: line"},
    {NULL, "SELECT sum(match_count) FROM ngram_rows('a.tsv')", "15;"},
    {"SELECT 1 FROM ngram_rows WHERE 0",
     "SELECT word || year || path || on_error || position FROM"
     " ngram_rows('a.tsv', 2, 'skip') WHERE word IN ('b', 'c', 'none') AND"
     " year BETWEEN 1 AND 9.5 AND word LIKE 'B%'",
     "b2a.tsvskip2;"},
    {"SELECT 1 FROM ngram_rows WHERE 0",
     "SELECT count(*) FROM ngram_rows WHERE path = 'a.tsv' OR path = 'b.tsv'",
     "5;"},
    {"SELECT 1 FROM ngram_rows WHERE 0",
     "SELECT word FROM ngram_rows('bad.tsv')", "ngram_rows: bad.tsv"},
    {"SELECT 1 FROM ngram_rows('a.tsv')",
     "SELECT path || format || rows FROM ngram_stats", "a.tsvplain4;"},
    {"CREATE VIRTUAL TABLE t USING ngram_rows('a.tsv', on_error = skip)",
     "SELECT count(word) FROM t WHERE year IN (1, 2)", "2;"},
    {"SELECT 1 FROM word_counts WHERE 0",
     "SELECT total || word FROM word_counts('bad.tsv', 0, 1, 'unicode')"
     " WHERE word IN ('a', '1', 'b') ORDER BY total DESC, word",
     "11;1a;"},
    {NULL,
     "SELECT word || tokenizer || text FROM text_words('a b') WHERE rowid = 2",
     "bspacea b;"},
    {NULL,
     "SELECT max(word) FROM (SELECT 'x Y' AS v UNION SELECT NULL) LEFT JOIN"
     " text_words(v, 'unicode')",
     "y;"},
    {NULL, "SELECT * FROM text_words", "text_words: text is missing, expected"},
    {NULL, "SELECT * FROM text_words('a', 'x')",
     "text_words: tokenizer is 'x', expected"},
    {NULL, "SELECT * FROM text_words(x'ff')", "text_words: text: line 1: word"},
    {USED, "SELECT ngram_config('threads', 3)", "3;"},
    {USED, "SELECT ngram_config('threads', 'x')", "ngram_config: threads is"},
    {USED, "SELECT ngram_config('root', '.') LIKE '/%'", "1;"},
    {USED, "SELECT ngram_config('root', 'none')", "ngram_config: root: cannot"},
    {"SELECT ngram_config('root', '.')",
     "SELECT sum(total) FROM ngram_counts('[a].tsv')", "15;"},
    {"SELECT ngram_config('root', '.'), (SELECT 1 FROM ngram_rows WHERE 0)",
     "SELECT * FROM ngram_rows('../a.tsv')", "ngram_rows: cannot open ../a"},
    {"SELECT ngram_config('root', '.')", "SELECT ngram_config('root', '..')",
     "ngram_config: root: cannot open ..: not"},
    {USED, "SELECT ngram_config('x')", "ngram_config: key is 'x', expected"},
    {NULL, "SELECT ngram_version() || (ngram_debug() LIKE '%SQLite%')",
     "v0.1.01;"},
};

#define STATEMENT_COUNT (sizeof statements / sizeof statements[0])

/* ---------------------------------------------------------------- a run -- */

static int failures;

static void complain(const char *sql, long n, const char *what, const char *got)
{
  fprintf(stderr, "FAILED %s: at allocation %ld: %s: %s\n", sql, n, what, got);
  failures++;
}

/* Run a statement; `answer` gets its answer. Returns SQLite's code. */
static int run(sqlite3 *db, const char *sql, char *answer)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
  size_t used = 0;

  answer[0] = '\0';
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
      const char *text = (const char *)sqlite3_column_text(statement, 0);
      int length = snprintf(answer + used, ANSWER_BYTES - used, "%s;",
                            text ? text : "NULL");
      if (length > 0)
        used += (size_t)length;
    }
  }
  if (code != SQLITE_DONE)
    snprintf(answer, ANSWER_BYTES, "%s", sqlite3_errmsg(db));
  sqlite3_finalize(statement);
  return code;
}

static bool is_no_memory(int code)
{
  return (code & 0xff) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM;
}

/* If the copy of a message fails, SQLite uses the message of the code. */
static bool is_answer(size_t i, int code, const char *answer)
{
  const char *right = statements[i].answer;

  if (code == SQLITE_DONE)
    return strcmp(answer, right) == 0;
  return right[0] && right[strlen(right) - 1] != ';' &&
         (strncmp(answer, right, strlen(right)) == 0 ||
          (has_failed && strcmp(answer, sqlite3_errstr(code)) == 0));
}

/* One run in which allocation n fails. Returns whether there were n. */
static bool run_with_failure(size_t i, long n)
{
  const char *sql = statements[i].sql;
  char answer[ANSWER_BYTES];
  sqlite3 *db = NULL;
  bool met_failure;
  int code;

  if (sqlite3_open(":memory:", &db) != SQLITE_OK)
    exit(2);
  if (statements[i].setup) {
    sqlite3_ngram_init(db, NULL, NULL);
    run(db, statements[i].setup, answer);
  }
  has_failed = false;
  allocations_left = n;
  code = statements[i].setup ? SQLITE_OK : sqlite3_ngram_init(db, NULL, NULL);
  if (code == SQLITE_OK) {
    code = run(db, sql, answer);
    allocations_left = -1;
    if (!is_answer(i, code, answer) && !(has_failed && is_no_memory(code)))
      complain(sql, n, "wrong answer", answer);
  } else {
    allocations_left = -1;
    if (!has_failed || !is_no_memory(code))
      complain(sql, n, "not loaded", sqlite3_errmsg(db));
    if (sqlite3_ngram_init(db, NULL, NULL) != SQLITE_OK)
      complain(sql, n, "not loaded again", sqlite3_errmsg(db));
  }
  met_failure = has_failed;
  if (is_no_memory(code)) {
    has_failed = false;
    code = run(db, sql, answer);
    if (!is_answer(i, code, answer))
      complain(sql, n, "wrong answer in the next run", answer);
  }
  if (sqlite3_close(db) != SQLITE_OK)
    complain(sql, n, "not closed", sqlite3_errmsg(db));
  return met_failure;
}

static void run_statement(size_t i)
{
  sqlite3_int64 held;
  bool went_on;
  long n = -1;

  run_with_failure(i, n); /* allocates what SQLite keeps for the process */
  held = sqlite3_memory_used();
  do {
    went_on = run_with_failure(i, ++n);
    if (sqlite3_memory_used() != held) {
      complain(statements[i].sql, n, "memory left", "");
      held = sqlite3_memory_used();
    }
  } while (went_on);
  printf("ok %ld %s: %s\n", n, fails_on ? "failing on" : "failing once",
         statements[i].sql);
}

/* --------------------------------------------------------------- loading -- */

/* Load the extension while allocation n fails. A library that fails to load is
   unloaded, so the connection must keep nothing of it. */
static bool load_with_failure(const char *extension, long n)
{
  sqlite3 *db = NULL;
  char answer[ANSWER_BYTES];
  int code;

  if (sqlite3_open(":memory:", &db) != SQLITE_OK)
    exit(2);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
  has_failed = false;
  allocations_left = n;
  code = sqlite3_load_extension(db, extension, NULL, NULL);
  allocations_left = -1;
  if (code != SQLITE_OK && !has_failed)
    complain("load", n, "not loaded", sqlite3_errmsg(db));
  code = run(db, "SELECT ngram_version()", answer);
  if (code != SQLITE_DONE && !has_failed)
    complain("load", n, "no function", answer);
  if (sqlite3_close(db) != SQLITE_OK)
    complain("load", n, "not closed", sqlite3_errmsg(db));
  return has_failed;
}

static void load(const char *extension)
{
  long n = 0;

  while (load_with_failure(extension, n))
    n++;
  printf("ok %ld %s: load\n", n, fails_on ? "failing on" : "failing once");
}

/* -------------------------------------------------------------- inputs -- */

static void write_file(const char *name, const char *text)
{
  FILE *file = fopen(name, "w");

  if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
    perror(name);
    exit(2);
  }
}

static void make_inputs(char *folder)
{
  if (!mkdtemp(folder) || chdir(folder) != 0) {
    perror(folder);
    exit(2);
  }
  write_file("a.tsv", "a\t1\t5\t1\nb\t2\t1\t1\na\t3\t7\t1\nc\t3\t2\t1\n");
  write_file("b.tsv", "z\t1\t7\t1\n");
  write_file("bad.tsv", "a\t1\t5\n");
  write_file("y.txt", "5,1,2,3\t7,8,9,1");
  write_file("z.txt", "5\t6\t2\t3\n");
  write_file("over.tsv", "a\t1\t9223372036854775807\t1\na\t1\t1\t1\n");
}

static void remove_inputs(const char *folder)
{
  unlink("a.tsv");
  unlink("b.tsv");
  unlink("bad.tsv");
  unlink("over.tsv");
  unlink("y.txt");
  unlink("z.txt");
  if (chdir("/") == 0)
    rmdir(folder);
}

int main(int argc, char **argv)
{
  char folder[] = "/tmp/ngram-oom-XXXXXX";
  char *extension = argc > 1 ? realpath(argv[1], NULL) : NULL;

  if (!extension) {
    fprintf(stderr, "usage: %s ngram.so\n", argv[0]);
    return 2;
  }
  install_failing_allocator();
  make_inputs(folder);
  for (int mode = 0; mode < 2; mode++) {
    fails_on = mode == 1;
    load(extension);
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
      run_statement(i);
  }
  remove_inputs(folder);
  free(extension);
  printf("%zu statements, %d failures\n", STATEMENT_COUNT, failures);
  return failures != 0;
}
