/* SPDX-License-Identifier: MIT */
/*
 * Filters: random statements over ngram_rows and ngram_counts, with conditions
 * of all operators and odd values, give the same rows as an ordinary table
 * does.
 */
#include <inttypes.h>

#include "unit/sql_host.h"

#define ROWS 200

static char path[] = "/tmp/ngram-test-filter-XXXXXX";

static const char *const words[] = {
    "a",  "A", "ab",           "abc", "b",        "B",  "b_",
    "b%", "5", "05",           "5.0", "\xC3\xA4", "z",  "1e1",
    "-1", "K", "\xE2\x84\xAA", "'",   "x y",      "abd"};
static const int years[] = {1, 5, 10, 1899, 1900, 1901, 2008, 2147483647};

/* Values to compare with: numbers that overflow or are not integers, text that
   is a number or is not, NULL and blobs. */
static const char *const values[] = {"NULL",
                                     "5",
                                     "'5'",
                                     "5.0",
                                     "'5.0'",
                                     "1900",
                                     "1900.5",
                                     "'1900'",
                                     "' 1900 '",
                                     "1899.999",
                                     "1e300",
                                     "-1e300",
                                     "9e999",
                                     "-9e999",
                                     "9223372036854775807",
                                     "2147483647.5",
                                     "-1",
                                     "0",
                                     "x''",
                                     "x'6162'",
                                     "x'31393030'",
                                     "''",
                                     "'a'",
                                     "'ab'",
                                     "'abc'",
                                     "'B'",
                                     "'b'",
                                     "'z'",
                                     "'\xC3\xA4'",
                                     "'nineteen'",
                                     "9007199254740993.0",
                                     "-0.0",
                                     "'05'",
                                     "10",
                                     "'1e1'",
                                     "1e1",
                                     "''''",
                                     "'1900.0'",
                                     "-9223372036854775808",
                                     "1900.0",
                                     "char(0)",
                                     "'a' || char(0)"};

static const char *const patterns[] = {
    "'a%'", "'A%'", "'%'", "'b_%'",   "'_'", "'ab%c'", "'\xC3\x84%'",
    "'k%'", "NULL", "5",   "x'6125'", "''",  "'5%'",   "'abc'"};

static const char *const comparisons[] = {
    "=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT"};

#define ANY_OF(array) ((array)[random_below(COUNT(array))])

/* ------------------------------------------------------------------ input --
 */

static void fill(sqlite3 *db)
{
  sqlite3_str *text = sqlite3_str_new(NULL);
  sqlite3_str *sql = sqlite3_str_new(NULL);
  char *file;
  char *statement;

  sqlite3_str_appendall(
      sql, "CREATE TABLE r(word TEXT, year INTEGER, match_count INTEGER,"
           " volume_count INTEGER); INSERT INTO r VALUES ");
  for (int i = 0; i < ROWS; i++) {
    const char *word = ANY_OF(words);
    int year = ANY_OF(years);
    int count = (int)random_below(6);

    sqlite3_str_appendf(text, "%s\t%d\t%d\t%d\n", word, year, count, i);
    sqlite3_str_appendf(sql, "%s('%q', %d, %d, %d)", i == 0 ? "" : ",", word,
                        year, count, i);
  }
  sqlite3_str_appendall(
      sql,
      "; CREATE TABLE c(word TEXT, total INTEGER); INSERT INTO c SELECT word,"
      " sum(match_count) FROM r GROUP BY word; CREATE TABLE v(x);");
  for (size_t i = 0; i < COUNT(values); i++)
    sqlite3_str_appendf(sql, "INSERT INTO v VALUES (%s);", values[i]);
  file = sqlite3_str_finish(text);
  statement = sqlite3_str_finish(sql);
  host_write(path, file);
  CHECK_EQ(sqlite3_exec(db, statement, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_free(file);
  sqlite3_free(statement);
}

/* ------------------------------------------------------------- conditions --
 */

static void add_list(sqlite3_str *out)
{
  if (random_once_in(4)) {
    sqlite3_str_appendf(out, "(SELECT x FROM v WHERE rowid %% %d = 0)",
                        (int)random_below(6) + 1);
    return;
  }
  for (size_t i = 0, count = 1 + random_below(4); i < count; i++)
    sqlite3_str_appendf(out, "%s%s", i == 0 ? "(" : ", ", ANY_OF(values));
  sqlite3_str_appendall(out, ")");
}

static void add_condition(sqlite3_str *out, const char *const *columns,
                          size_t count)
{
  const char *column = columns[random_below(count)];
  const char *no = random_once_in(4) ? "NOT " : "";

  switch (random_below(8)) {
  case 0:
    sqlite3_str_appendf(out, "%s %sIN ", column, no);
    add_list(out);
    break;
  case 1:
    sqlite3_str_appendf(out, "%s %sLIKE %s", column, no, ANY_OF(patterns));
    break;
  case 2:
    sqlite3_str_appendf(out, "%s %sBETWEEN %s AND %s", column, no,
                        ANY_OF(values), ANY_OF(values));
    break;
  case 3:
    sqlite3_str_appendf(out, "%s %sGLOB %s", column, no,
                        random_once_in(2) ? "'a*'" : "'[ab]*'");
    break;
  case 4:
    sqlite3_str_appendf(out, "%s IS %sNULL", column, no);
    break;
  default:
    sqlite3_str_appendf(out, "%s %s %s", column, ANY_OF(comparisons),
                        ANY_OF(values));
    if (random_once_in(12))
      sqlite3_str_appendall(out, " COLLATE NOCASE");
  }
}

static char *make_where(const char *const *columns, size_t count)
{
  sqlite3_str *out = sqlite3_str_new(NULL);
  size_t parts = 1 + random_below(4);
  bool all = !random_once_in(3);

  for (size_t i = 0; i < parts; i++) {
    sqlite3_str_appendall(out, i == 0 ? "" : all ? " AND " : " OR ");
    add_condition(out, columns, count);
  }
  return sqlite3_str_finish(out);
}

/* ------------------------------------------------------------------- same --
 */

/* Query both tables: `form` has a %s for the table, then one for the
   conditions. */
static void check_same(sqlite3 *db, const char *form, const char *ours,
                       const char *ordinary, const char *where)
{
  char *first = sqlite3_mprintf(form, ours, where);
  char *second = sqlite3_mprintf(form, ordinary, where);
  char *got = host_ask(db, first);
  char *wanted = host_ask(db, second);

  NOTE("%s", first);
  CHECK_STR(got, wanted);
  CHECK(strstr(wanted, "error") == NULL);
  sqlite3_free(got);
  sqlite3_free(wanted);
  sqlite3_free(first);
  sqlite3_free(second);
}

/* SQLite turns an OR of equalities into an IN and drops their COLLATE. */
static bool may_lose_collation(const char *where)
{
  return strstr(where, "COLLATE") && strstr(where, " OR ");
}

static void check_random(const char *const *forms, size_t form_count,
                         const char *module, const char *ordinary,
                         const char *const *columns, size_t column_count)
{
  sqlite3 *db = host_open();
  char *ours = sqlite3_mprintf("%s('%q')", module, path);

  fill(db);
  for (unsigned round = 0; round < test_rounds(2000); round++) {
    char *where = make_where(columns, column_count);

    if (!may_lose_collation(where))
      check_same(db, forms[random_below(form_count)], ours, ordinary, where);
    sqlite3_free(where);
  }
  sqlite3_free(ours);
  sqlite3_close(db);
}

static void rows_pass_as_those_of_an_ordinary_table(void)
{
  static const char *const columns[] = {"word", "word", "year", "year",
                                        "match_count"};
  static const char *const forms[] = {
      "SELECT word, year, match_count, volume_count FROM %s WHERE %s"
      " ORDER BY volume_count",
      "SELECT count(*), sum(volume_count) FROM %s WHERE %s",
      "SELECT word, count(*) FROM %s WHERE %s GROUP BY word",
      "SELECT DISTINCT year FROM %s WHERE %s ORDER BY year DESC",
      "SELECT volume_count FROM %s WHERE %s ORDER BY word, year, volume_count"
      " LIMIT 9 OFFSET 2",
  };

  check_random(forms, COUNT(forms), "ngram_rows", "r", columns, COUNT(columns));
}

static void words_pass_as_those_of_an_ordinary_table(void)
{
  static const char *const columns[] = {"word", "word", "word", "total"};
  static const char *const forms[] = {
      "SELECT word, total FROM %s WHERE %s ORDER BY word",
      "SELECT word, total FROM %s WHERE %s ORDER BY word DESC LIMIT 3",
      "SELECT word, total FROM %s WHERE %s ORDER BY total DESC, word",
      "SELECT total FROM %s WHERE %s ORDER BY total LIMIT 4",
      "SELECT count(*), max(word), min(total) FROM %s WHERE %s",
      "SELECT word, sum(total) FROM %s WHERE %s GROUP BY word",
  };

  check_random(forms, COUNT(forms), "ngram_counts", "c", columns,
               COUNT(columns));
}

/* Values that come one after the other, from another table. */
static void joins_pass_as_those_of_an_ordinary_table(void)
{
  static const char *const forms[] = {
      "SELECT v.rowid, count(t.word) FROM v LEFT JOIN %s t ON %s GROUP BY 1",
      "SELECT rowid, (SELECT count(*) FROM %s t WHERE %s) FROM v",
      "SELECT v.rowid, count(*) FROM v CROSS JOIN %s t WHERE %s GROUP BY 1",
  };
  static const char *const columns[] = {"t.word", "t.year", "t.match_count"};
  sqlite3 *db = host_open();
  char *ours = sqlite3_mprintf("ngram_rows('%q')", path);

  fill(db);
  for (size_t c = 0; c < COUNT(columns); c++)
    for (size_t i = 0; i < COUNT(comparisons); i++)
      for (size_t f = 0; f < COUNT(forms); f++) {
        char *where = sqlite3_mprintf("%s %s x", columns[c], comparisons[i]);

        check_same(db, forms[f], ours, "r", where);
        sqlite3_free(where);
      }
  for (size_t f = 0; f < COUNT(forms); f++)
    check_same(db, forms[f], ours, "r", "t.word LIKE x");
  sqlite3_free(ours);
  sqlite3_close(db);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(rows_pass_as_those_of_an_ordinary_table),
      TEST(words_pass_as_those_of_an_ordinary_table),
      TEST(joins_pass_as_those_of_an_ordinary_table),
  };
  int file = mkstemp(path);
  int status;

  if (file < 0)
    return 2;
  close(file);
  status = test_main(tests, COUNT(tests), argc, argv);
  unlink(path);
  return status;
}
