/* SPDX-License-Identifier: MIT */
/*
 * Inputs that are empty or have one line, word or byte: each query runs several
 * times on one connection, so that results are kept, words are looked up and
 * years are sorted, and each answer is that of an ordinary table.
 */
#include <ctype.h>

#include "unit/bytes.h"
#include "unit/files.h"
#include "unit/forms.h"
#include "unit/gzip_make.h"
#include "unit/sql_host.h"
#include "unit/test.h"
#include "unit/zip_make.h"

#define TIMES 8
#define TABLE_AT "{t}"

/* A text, and its rows in SQL, or NULL if the text is an error. */
struct input {
  const char *text;
  const char *rows;
};

static const struct input row_inputs[] = {
    {"", ""},
    {"a", NULL},
    {"\n", NULL},
    {"a\t2000\n", NULL},
    {"a\t2000\t3\t1", "('a', 2000, 3, 1)"},
    {"a\t2000\t3\t1\n", "('a', 2000, 3, 1)"},
    {"b\t1999\t0\t0\n", "('b', 1999, 0, 0)"},
    {"a\t1999\t3\t1\na\t2000\t4\t2\na\t2001\t5\t3\n",
     "('a', 1999, 3, 1), ('a', 2000, 4, 2), ('a', 2001, 5, 3)"},
    {"a\t2000\t3\t1\na\t2000\t4\t2\n", "('a', 2000, 3, 1), ('a', 2000, 4, 2)"},
    {"a\t2000\t3\t1\nb\t2000\t4\t2\n", "('a', 2000, 3, 1), ('b', 2000, 4, 2)"},
    {"a\t2000,3,1", "('a', 2000, 3, 1)"},
    {"a\t2000,3,1\n", "('a', 2000, 3, 1)"},
    {"a\t1999,3,1\t2000,4,2\n", "('a', 1999, 3, 1), ('a', 2000, 4, 2)"},
};

static const struct input totals_inputs[] = {
    {"", ""},
    {"\n", ""},
    {"\t", ""},
    {"a", NULL},
    {"2000,3,2,1", "(2000, 3, 2, 1)"},
    {"\t2000,3,2,1\t", "(2000, 3, 2, 1)"},
    {"2000\t3\t2\t1\n", "(2000, 3, 2, 1)"},
    {"1999,1,1,1\t2000,3,2,1\t", "(1999, 1, 1, 1), (2000, 3, 2, 1)"},
};

/* In addition to those of rows. */
static const char *const texts[] = {" ", ".", "a a a\n", "A", "a\n\na"};

/* ------------------------------------------------------------------ files --
 */

enum form {
  FORM_PLAIN,
  FORM_GZIP,
  FORM_EMPTY_MEMBERS, /* before and after the text */
  FORM_BGZF,
  FORM_ZIP,
  FORM_EMPTY_ENTRIES,
  FORMS,
};

static const char *make_gzip_file(const char *name, const char *text,
                                  bool with_empty)
{
  struct gzip_file file = {.text = {.data = NULL}};
  const char *path;

  if (with_empty)
    gzip_file_add(&file, "", 0);
  gzip_file_add(&file, text, strlen(text));
  if (with_empty)
    gzip_file_add(&file, "", 0);
  path = file_make(name, file.bytes.data, file.bytes.size);
  gzip_file_free(&file);
  return path;
}

static const char *make_zip_file(const char *name, const char *text,
                                 bool with_empty)
{
  static const struct zip_form form = {.name = 1};
  struct zip_made made = {.name = 1};
  const char *path;

  bytes_reserve(&made.bytes, 1);
  if (with_empty)
    zip_add_text(&made, "", 0);
  zip_add_text(&made, text, strlen(text));
  if (with_empty)
    zip_add_text(&made, "", 0);
  zip_add_directory(&made, &form);
  path = file_make(name, made.bytes.data, made.bytes.size);
  zip_made_free(&made);
  return path;
}

static void make_bgzf_file(const char *name, const char *text)
{
  struct bytes bytes = {.data = NULL};
  char path[1500];

  bytes_reserve(&bytes, 1);
  bytes_add(&bytes, text, strlen(text));
  snprintf(path, sizeof path, "%s", file_path(name));
  CHECK_EQ(rename(make_bgzf_of(&bytes, 4), path), 0);
  bytes_free(&bytes);
}

static void make_form(const char *name, const char *text, enum form form)
{
  if (form == FORM_PLAIN)
    file_make(name, text, strlen(text));
  else if (form == FORM_BGZF)
    make_bgzf_file(name, text);
  else if (form == FORM_GZIP || form == FORM_EMPTY_MEMBERS)
    make_gzip_file(name, text, form == FORM_EMPTY_MEMBERS);
  else
    make_zip_file(name, text, form == FORM_EMPTY_ENTRIES);
}

static const char *name_of(const char *kind, size_t input, enum form form)
{
  static char name[64];

  snprintf(name, sizeof name, "%s-%zu-%d", kind, input, (int)form);
  return name;
}

/* -------------------------------------------------------------------- ask --
 */

static void run(sqlite3 *db, const char *sql)
{
  CHECK_EQ((uint64_t)sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* The answer to a query of a table; free it with sqlite3_free(). */
static char *ask_about(sqlite3 *db, const char *question, const char *table)
{
  const char *at = strstr(question, TABLE_AT);
  char *sql = sqlite3_mprintf("%.*s%s%s", (int)(at - question), question, table,
                              at + strlen(TABLE_AT));
  char *answer = host_ask(db, sql);

  sqlite3_free(sql);
  return answer;
}

/* Query table t several times: the answers are those of table `wanted`, or if
   that is NULL, one error. */
static void check_question(sqlite3 *db, const char *question,
                           const char *wanted)
{
  char *first = ask_about(db, question, wanted ? wanted : "t");

  for (unsigned i = 0; i < TIMES && !test_state.failed; i++) {
    char *answer = ask_about(db, question, "t");

    CHECK_STR(answer, first);
    sqlite3_free(answer);
  }
  CHECK_EQ(strstr(first, "error 1: ") != NULL, wanted == NULL);
  sqlite3_free(first);
}

struct questions {
  const char *table; /* the table of the extension */
  const char *options;
  const char *wanted; /* the ordinary table */
  const char *const *list;
  size_t count;
};

/* Run all queries of a file, with some threads, on a new connection. */
static void check_file(const struct questions *questions, const char *name,
                       const char *text, const char *reference,
                       unsigned threads, bool is_bad)
{
  sqlite3 *db = host_open();
  char *make =
      sqlite3_mprintf("SELECT ngram_config('threads', %u); %s;"
                      "CREATE VIRTUAL TABLE temp.t USING %s(path='%q'%s)",
                      threads, reference, questions->table, file_path(name),
                      questions->options);

  run(db, make);
  for (size_t i = 0; i < questions->count && !test_state.failed; i++) {
    NOTE("%s %s, %u threads, text \"%s\", %s", questions->table, name, threads,
         text, questions->list[i]);
    check_question(db, questions->list[i], is_bad ? NULL : questions->wanted);
  }
  sqlite3_free(make);
  sqlite3_close(db);
}

/* An ordinary table with the rows of an input. */
static char *reference_of(const char *columns, const char *rows)
{
  char *insert = rows && *rows
                     ? sqlite3_mprintf("INSERT INTO wanted VALUES %s", rows)
                     : sqlite3_mprintf("SELECT 1");
  char *sql = sqlite3_mprintf("CREATE TABLE wanted(%s); %s", columns, insert);

  sqlite3_free(insert);
  return sql;
}

/* ------------------------------------------------------------------- rows --
 */

static const char *const row_questions[] = {
    "SELECT * FROM {t}",
    "SELECT count(*), sum(match_count), max(year) FROM {t}",
    "SELECT * FROM {t} WHERE word = 'a'",
    "SELECT * FROM {t} WHERE word = 'b'",
    "SELECT * FROM {t} WHERE word IN ('a', 'c')",
    "SELECT * FROM {t} WHERE word >= 'b'",
    "SELECT * FROM {t} WHERE year = 2000",
    "SELECT * FROM {t} WHERE year = 1999",
    "SELECT * FROM {t} WHERE word = 'a' AND year = 2000",
    "SELECT match_count FROM {t} LIMIT 1",
    ("WITH l(w) AS (VALUES ('a'), ('b'), ('a'), ('zz'), (''))"
     "SELECT w, year, match_count FROM l LEFT JOIN {t} r ON r.word = w"),
    ("WITH l(y) AS (VALUES (1999), (2000), (2001), (0), (2000), (1), (2),"
     " (2000))"
     "SELECT y, word, match_count FROM l LEFT JOIN {t} r ON r.year = y"),
};

static const char *const count_questions[] = {
    "SELECT word, total FROM {t} ORDER BY word",
    "SELECT word, total FROM {t} ORDER BY total DESC, word LIMIT 1",
    ("SELECT word, total, volumes, first_year, last_year, row_count FROM {t}"
     " ORDER BY word DESC"),
    "SELECT count(*), sum(total) FROM {t}",
    "SELECT total FROM {t} WHERE word = 'a'",
    "SELECT total FROM {t} WHERE word = 'b'",
    "SELECT word, total FROM {t} WHERE word >= 'a' ORDER BY word",
    ("WITH l(w) AS (VALUES ('a'), ('b'), ('a'), ('zz'), (''))"
     "SELECT w, total FROM l LEFT JOIN {t} r ON r.word = w"),
};

#define ROW_COLUMNS "word, year, match_count, volume_count"

static const struct questions about_rows = {
    "ngram_rows", "", "wanted", row_questions, COUNT(row_questions)};
static const struct questions about_rows_skipped = {
    "ngram_rows", ", on_error='skip'", "wanted", row_questions,
    COUNT(row_questions)};
static const struct questions about_counts = {
    "ngram_counts", "", "sums", count_questions, COUNT(count_questions)};
static const struct questions about_counts_skipped = {
    "ngram_counts", ", on_error='skip'", "sums", count_questions,
    COUNT(count_questions)};

static char *row_reference(const struct input *input)
{
  char *rows = reference_of(ROW_COLUMNS, input->rows);
  char *sql = sqlite3_mprintf(
      "%s; CREATE VIEW sums AS SELECT word, sum(match_count) AS total,"
      " sum(volume_count) AS volumes, min(year) AS first_year,"
      " max(year) AS last_year, count(*) AS row_count"
      " FROM wanted GROUP BY word",
      rows);

  sqlite3_free(rows);
  return sql;
}

static void make_forms(const char *kind, size_t number, const char *text)
{
  for (int form = 0; form < FORMS; form++)
    make_form(name_of(kind, number, (enum form)form), text, (enum form)form);
}

static void check_row_file(const struct input *input, const char *name,
                           unsigned threads)
{
  char *reference = row_reference(input);
  bool is_bad = !input->rows;

  check_file(&about_rows, name, input->text, reference, threads, is_bad);
  check_file(&about_counts, name, input->text, reference, threads, is_bad);
  check_file(&about_rows_skipped, name, input->text, reference, threads, false);
  check_file(&about_counts_skipped, name, input->text, reference, threads,
             false);
  sqlite3_free(reference);
}

static void small_files_of_rows_are_ordinary_tables(void)
{
  for (size_t i = 0; i < COUNT(row_inputs); i++)
    make_forms("rows", i, row_inputs[i].text);
  settle();
  for (size_t i = 0; i < COUNT(row_inputs); i++)
    for (int form = 0; form < FORMS && !test_state.failed; form++)
      check_row_file(&row_inputs[i], name_of("rows", i, (enum form)form),
                     1 + (unsigned)(i + (size_t)form) % 2);
}

/* ------------------------------------------------------------------ words --
 */

static const char *const word_questions[] = {
    "SELECT word, total FROM {t} ORDER BY word",
    "SELECT count(*), sum(total) FROM {t}",
    "SELECT total FROM {t} WHERE word = 'a'",
    ("WITH l(w) AS (VALUES ('a'), ('b'), ('a'), ('zz'), (''))"
     "SELECT w, total FROM l LEFT JOIN {t} r ON r.word = w"),
};

static const struct questions about_space = {
    "word_counts", "", "sums", word_questions, COUNT(word_questions)};
static const struct questions about_unicode = {
    "word_counts", ", tokenizer='unicode'", "sums", word_questions,
    COUNT(word_questions)};

/* The words of an ASCII text: runs of letters and digits in lower case, or all
   text between white space. */
static char *word_reference(const char *text, bool unicode)
{
  sqlite3_str *sql = sqlite3_str_new(NULL);
  const char *at = text;

  sqlite3_str_appendall(
      sql, "CREATE TABLE wanted(word); CREATE VIEW sums AS SELECT word,"
           " count(*) AS total FROM wanted GROUP BY word");
  while (*at) {
    char word[64] = "";
    size_t length = 0;

    for (; unicode ? isalnum((unsigned char)*at)
                   : *at && !isspace((unsigned char)*at);
         at++)
      word[length++] = unicode ? (char)tolower((unsigned char)*at) : *at;
    if (length > 0)
      sqlite3_str_appendf(sql, "; INSERT INTO wanted VALUES ('%q')", word);
    at += *at != '\0';
  }
  return sqlite3_str_finish(sql);
}

static const char *text_at(size_t i)
{
  return i < COUNT(row_inputs) ? row_inputs[i].text
                               : texts[i - COUNT(row_inputs)];
}

static void check_word_file(const char *text, const char *name,
                            unsigned threads)
{
  char *space = word_reference(text, false);
  char *unicode = word_reference(text, true);

  check_file(&about_space, name, text, space, threads, false);
  check_file(&about_unicode, name, text, unicode, threads, false);
  sqlite3_free(space);
  sqlite3_free(unicode);
}

static void words_of_small_texts_are_those_of_a_naive_loop(void)
{
  size_t count = COUNT(row_inputs) + COUNT(texts);

  for (size_t i = 0; i < count; i++)
    make_forms("text", i, text_at(i));
  settle();
  for (size_t i = 0; i < count; i++)
    for (int form = 0; form < FORMS && !test_state.failed; form++)
      check_word_file(text_at(i), name_of("text", i, (enum form)form),
                      1 + (unsigned)(i + (size_t)form) % 2);
}

/* ----------------------------------------------------------------- totals --
 */

static const char *const totals_questions[] = {
    "SELECT * FROM {t}",
    "SELECT count(*), sum(match_count) FROM {t}",
    "SELECT match_count FROM {t} WHERE year = 2000",
    ("WITH l(y) AS (VALUES (1999), (2000), (2001), (2000))"
     "SELECT y, match_count FROM l LEFT JOIN {t} r ON r.year = y"),
};

static const struct questions about_totals = {
    "ngram_totals", "", "wanted", totals_questions, COUNT(totals_questions)};

static void small_totals_are_ordinary_tables(void)
{
  for (size_t i = 0; i < COUNT(totals_inputs); i++)
    make_forms("totals", i, totals_inputs[i].text);
  settle();
  for (size_t i = 0; i < COUNT(totals_inputs); i++) {
    const struct input *input = &totals_inputs[i];
    char *reference = reference_of(
        "year, match_count, page_count, volume_count", input->rows);

    for (int form = 0; form < FORMS && !test_state.failed; form++)
      check_file(&about_totals, name_of("totals", i, (enum form)form),
                 input->text, reference, 1, !input->rows);
    sqlite3_free(reference);
  }
}

/* ------------------------------------------------------------------ ways -- */

/* Repeated queries use a kept result, a word index or a sort by year; else the
   tests above would not test these. */
static void what_is_asked_again_takes_other_ways(void)
{
  sqlite3 *db = host_open();

  make_form("again", row_inputs[7].text, FORM_GZIP);
  settle();
  for (unsigned i = 0; i < TIMES; i++) {
    char *sql = sqlite3_mprintf(
        "SELECT (SELECT total FROM ngram_counts('%q') WHERE word >= 'a'),"
        " (SELECT count(*) FROM ngram_rows('%q') WHERE word = 'a'),"
        " (SELECT count(*) FROM ngram_rows('%q') WHERE year = 2000)",
        file_path("again"), file_path("again"), file_path("again"));

    host_says(db, sql, "12|3|1\n");
    sqlite3_free(sql);
  }
  host_says(db,
            "SELECT count(*) > 2 FROM ngram_stats WHERE strategy = 'lookup'"
            " UNION ALL "
            "SELECT count(*) > 2 FROM ngram_stats WHERE from_cache",
            "1\n1\n");
  sqlite3_close(db);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(small_files_of_rows_are_ordinary_tables),
      TEST(words_of_small_texts_are_those_of_a_naive_loop),
      TEST(small_totals_are_ordinary_tables),
      TEST(what_is_asked_again_takes_other_ways),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
