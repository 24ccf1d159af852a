/* SPDX-License-Identifier: MIT */
/*
 * Arguments as SQL values, compared with an INTEGER column, and as the texts of
 * CREATE VIRTUAL TABLE, which the test makes from a known meaning.
 */
#include "sqlite/arguments.h"

#include "unit/sql_host.h"

enum argument {
  PATH,
  SIZE,
  YEAR,
  LIMIT,
  TAGS,
  ANY,
  ARGUMENTS
};

static const char *const keywords[] = {"keep", "drop", "only", NULL};

static const struct ng_argument argument_list[ARGUMENTS] = {
    {.name = "path", .kind = NG_ARGUMENT_PATH, .required = true},
    {.name = "size", .kind = NG_ARGUMENT_INTEGER, .low = 1, .high = 1024},
    {.name = "year",
     .kind = NG_ARGUMENT_INTEGER,
     .low = INT64_MIN,
     .high = INT64_MAX},
    {.name = "memory",
     .kind = NG_ARGUMENT_INTEGER,
     .high = INT64_MAX,
     .limit_least = 4096},
    {.name = "tags", .kind = NG_ARGUMENT_KEYWORD, .keywords = keywords},
    {.name = "any", .kind = NG_ARGUMENT_ANY},
};
static const struct ng_arguments arguments = {"module", argument_list,
                                              ARGUMENTS};

#define EXPECTED_SIZE "an integer from 1 to 1024, or NULL for the default"
#define EXPECTED_YEAR "an integer, or NULL for the default"
#define EXPECTED_MEMORY                                                        \
  "an integer, 4096 or more, 0 for no limit, or NULL for the default"
#define EXPECTED_TAGS "'keep', 'drop' or 'only', or NULL for the default"
#define EXPECTED_PATH "the name of a file"

/* The outcome of reading, as one text; free it with sqlite3_free(). */
static char *outcome(int code, struct ng_argument_value *value, char *message)
{
  char *text;

  if (message)
    text = sqlite3_mprintf("%d %s", code, message);
  else if (!value->given)
    text = sqlite3_mprintf("%d default", code);
  else if (value->path)
    text = sqlite3_mprintf("path %s", value->path);
  else
    text = sqlite3_mprintf("number %lld", (long long)value->number);
  sqlite3_free(message);
  ng_argument_value_clear(value);
  return text;
}

/* ----------------------------------------------------------------- values --
 */

/* read_argument(index, value) in SQL. */
static void read_argument(sqlite3_context *context, int argc,
                          sqlite3_value **argv)
{
  struct ng_argument_value value = {.given = false};
  char *message = NULL;
  int code = ng_argument_read(&arguments, (size_t)sqlite3_value_int(argv[0]),
                              argv[1], &value, &message);

  (void)argc;
  sqlite3_result_text(context, outcome(code, &value, message), -1,
                      sqlite3_free);
}

static sqlite3 *open_reader(void)
{
  sqlite3 *db = host_open();

  sqlite3_create_function(db, "read_argument", 2, SQLITE_UTF8, NULL,
                          read_argument, NULL, NULL);
  sqlite3_exec(db, "CREATE TABLE i(x INTEGER)", NULL, NULL, NULL);
  return db;
}

/* Numbers as an INTEGER column reads them, except text with a point or an
   exponent. */
static void numbers_are_read_as_a_column_reads_them(void)
{
  static const char *const values[] = {"0",
                                       "1",
                                       "-1",
                                       "1024",
                                       "1025",
                                       "1.0",
                                       "1.5",
                                       "'7'",
                                       "' 7 '",
                                       "'+7'",
                                       "'-7'",
                                       "'7x'",
                                       "'x'",
                                       "''",
                                       "' '",
                                       "'+'",
                                       "9223372036854775807",
                                       "-9223372036854775808",
                                       "'9223372036854775807'",
                                       "'9223372036854775808'",
                                       "'-9223372036854775808'",
                                       "'-9223372036854775809'",
                                       "9223372036854775808",
                                       "1e300",
                                       "-1e300",
                                       "9e999",
                                       "-9e999",
                                       "x'37'",
                                       "'00012'",
                                       "4.0",
                                       "-0.0",
                                       "'1' || char(0)",
                                       "char(9) || '12' || char(10)",
                                       "1e3",
                                       "4503599627370496.0"};
  sqlite3 *db = open_reader();

  for (size_t i = 0; i < COUNT(values); i++) {
    char sql[300];
    char *kept;

    snprintf(sql, sizeof sql, "DELETE FROM i; INSERT INTO i VALUES (%s)",
             values[i]);
    CHECK_EQ(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    kept = host_ask(db, "SELECT CASE typeof(x) WHEN 'integer' THEN 'number ' ||"
                        " x ELSE 'refused' END FROM i");
    snprintf(sql, sizeof sql,
             "SELECT CASE WHEN a LIKE '1 module: year is %%, expected "
             "an integer, or NULL for the default' THEN 'refused' ELSE a END "
             "FROM (SELECT read_argument(%d, %s) AS a)",
             YEAR, values[i]);
    host_says(db, sql, kept);
    sqlite3_free(kept);
  }
  sqlite3_close(db);
}

static void values_that_are_refused_are_named(void)
{
  static const struct {
    int index;
    const char *value;
    const char *outcome;
  } cases[] = {
      {PATH, "'a'", "path a"},
      {PATH, "NULL", "1 module: path is NULL, expected " EXPECTED_PATH},
      {PATH, "''", "1 module: path is '', expected " EXPECTED_PATH},
      {PATH, "5", "1 module: path is 5, expected " EXPECTED_PATH},
      {PATH, "x'61'", "1 module: path is a blob, expected " EXPECTED_PATH},
      {PATH, "'a' || char(0)",
       "1 module: path is text with a NUL byte, expected " EXPECTED_PATH},
      {SIZE, "NULL", "0 default"},
      {SIZE, "1", "number 1"},
      {SIZE, "1024", "number 1024"},
      {SIZE, "0", "1 module: size is 0, expected " EXPECTED_SIZE},
      {SIZE, "1025", "1 module: size is 1025, expected " EXPECTED_SIZE},
      {SIZE, "1.5", "1 module: size is 1.5, expected " EXPECTED_SIZE},
      {SIZE, "'it''s'", "1 module: size is 'it''s', expected " EXPECTED_SIZE},
      {SIZE, "9e999", "1 module: size is Inf, expected " EXPECTED_SIZE},
      {YEAR, "'x'", "1 module: year is 'x', expected " EXPECTED_YEAR},
      {LIMIT, "0", "number 0"},
      {LIMIT, "4096", "number 4096"},
      {LIMIT, "4095", "1 module: memory is 4095, expected " EXPECTED_MEMORY},
      {LIMIT, "-1", "1 module: memory is -1, expected " EXPECTED_MEMORY},
      {TAGS, "'only'", "number 2"},
      {TAGS, "'Keep'", "1 module: tags is 'Keep', expected " EXPECTED_TAGS},
      {TAGS, "'kee'", "1 module: tags is 'kee', expected " EXPECTED_TAGS},
      {TAGS, "0", "1 module: tags is 0, expected " EXPECTED_TAGS},
      {ANY, "x'00'", "number 0"},
      {ANY, "NULL", "0 default"},
  };
  sqlite3 *db = open_reader();

  for (size_t i = 0; i < COUNT(cases); i++) {
    char sql[200];
    char wanted[300];

    snprintf(sql, sizeof sql, "SELECT read_argument(%d, %s)", cases[i].index,
             cases[i].value);
    snprintf(wanted, sizeof wanted, "%s\n", cases[i].outcome);
    host_says(db, sql, wanted);
  }
  sqlite3_close(db);
}

/* A value in a message is cut between two characters, after 60 bytes at
   most. */
static void long_values_are_cut(void)
{
  for (size_t before = 0; before < 4; before++) {
    char text[200] = "";
    char wanted[400];
    struct ng_argument_value value = {.given = false};
    char *message = NULL;
    char *got;
    int code;

    memset(text, 'x', before);
    for (size_t i = 0; i < 30; i++)
      memcpy(text + before + 3 * i, "\xE2\x82\xAC", 4); /* the euro sign */
    snprintf(wanted, sizeof wanted,
             "1 module: size is '%.*s...', expected " EXPECTED_SIZE,
             (int)(before + (60 - before) / 3 * 3), text);
    code = ng_argument_read_text(&arguments, SIZE, text, &value, &message);
    got = outcome(code, &value, message);
    CHECK_STR(got, wanted);
    sqlite3_free(got);
  }
}

/* ----------------------------------------------------------- declarations --
 */

/* A text of CREATE VIRTUAL TABLE, and its meaning. */
struct declared {
  char text[200];
  bool named;
  size_t index;      /* ARGUMENTS if there is no such name */
  char outcome[100]; /* where it is read */
  bool bad;          /* its value is */
};

static void add_spaces(char *text)
{
  static const char *const spaces[] = {"", "", " ", "\n", "\t ", "  "};

  strcat(text, spaces[random_below(COUNT(spaces))]);
}

/* A value in quotes; quotes inside are doubled. */
static void add_quoted(char *text, const char *content)
{
  char quote = random_once_in(2) ? '\'' : '"';
  char *end = text + strlen(text);

  *end++ = quote;
  for (; *content; content++) {
    if (*content == quote)
      *end++ = quote;
    *end++ = *content;
  }
  *end++ = quote;
  *end = '\0';
}

/* A name of a file with characters that need quotes. */
static void make_path(char *content)
{
  static const char letters[] = "ab'\" =,()\\%\n";
  size_t length = 1 + random_below(8);

  for (size_t i = 0; i < length; i++)
    content[i] = letters[random_below(sizeof letters - 1)];
  content[length] = '\0';
}

static void add_value(struct declared *declared)
{
  static const struct {
    const char *text;
    const char *number; /* NULL if it is refused */
  } numbers[] = {{"1", "1"},       {"+7", "7"},
                 {"1024", "1024"}, {"01", "1"},
                 {"0", NULL},      {"1025", NULL},
                 {"1x", NULL},     {"- 1", NULL},
                 {"0x10", NULL},   {"99999999999999999999", NULL},
                 {"", NULL}};
  char content[20];

  if (random_once_in(6) && declared->index != PATH) {
    strcat(declared->text, random_once_in(2) ? "NULL" : "null");
    strcpy(declared->outcome, "0 default");
  } else if (declared->index == PATH || declared->index == ARGUMENTS) {
    make_path(content);
    add_quoted(declared->text, content);
    snprintf(declared->outcome, sizeof declared->outcome, "path %s", content);
  } else if (declared->index == SIZE) {
    size_t i = random_below(COUNT(numbers));

    if (random_once_in(2))
      add_quoted(declared->text, numbers[i].text);
    else
      strcat(declared->text, numbers[i].text);
    declared->bad = !numbers[i].number;
    if (!declared->bad)
      snprintf(declared->outcome, sizeof declared->outcome, "number %s",
               numbers[i].number);
  } else if (declared->index == TAGS) {
    size_t i = random_below(3);

    if (random_once_in(2))
      add_quoted(declared->text, keywords[i]);
    else
      strcat(declared->text, keywords[i]);
    snprintf(declared->outcome, sizeof declared->outcome, "number %zu", i);
  } else {
    strcat(declared->text, declared->index == ANY ? "4096x" : "4096");
    strcpy(declared->outcome, declared->index == ANY ? "number 0"
                                                     : "number "
                                                       "4096");
  }
}

/* One of all kinds for this position. */
static void make_declared(struct declared *declared, size_t position)
{
  static const char *const others[] = {"paths", "pat", "x", "_", "sizE1"};

  *declared = (struct declared){.named = random_once_in(2), .index = position};
  add_spaces(declared->text);
  if (declared->named) {
    bool known = !random_once_in(8);

    declared->index = known ? random_below(ARGUMENTS) : ARGUMENTS;
    strcat(declared->text, known ? argument_list[declared->index].name
                                 : others[random_below(COUNT(others))]);
    if (known && random_once_in(3))
      for (char *c = declared->text; *c; c++)
        if (*c >= 'a' && *c <= 'z')
          *c = (char)(*c - 'a' + 'A');
    add_spaces(declared->text);
    strcat(declared->text, "=");
    add_spaces(declared->text);
  }
  add_value(declared);
  add_spaces(declared->text);
}

/* A part of the message of the first fault, or NULL if there is none. */
static const char *naive_fault(const struct declared *list, size_t count)
{
  bool seen[ARGUMENTS] = {false};
  bool named = false;

  for (size_t i = 0; i < count; i++) {
    if (!list[i].named && named)
      return "follows a named one and needs a name too";
    if (!list[i].named && i >= ARGUMENTS)
      return "too many arguments, expected at most 6";
    named |= list[i].named;
    if (list[i].index == ARGUMENTS)
      return "expected path, size, year, memory, tags, any";
    if (seen[list[i].index])
      return "is given twice";
    seen[list[i].index] = true;
    if (list[i].bad)
      return ", expected an integer from 1 to 1024, or NULL for the default";
  }
  return NULL;
}

static void check_declared(const struct declared *list, size_t count)
{
  const char *texts[ARGUMENTS + 2];
  struct ng_argument_value values[ARGUMENTS] = {{.given = false}};
  char *message = NULL;
  const char *fault = naive_fault(list, count);
  int code;

  for (size_t i = 0; i < count; i++)
    texts[i] = list[i].text;
  NOTE("%zu: %s ; %s", count, count > 0 ? texts[0] : "",
       count > 1 ? texts[1] : "");
  code = ng_arguments_declare(&arguments, texts, count, values, &message);
  CHECK_EQ(code, fault ? SQLITE_ERROR : SQLITE_OK);
  CHECK_EQ(message != NULL, fault != NULL);
  if (fault && message)
    CHECK_HAS(message, fault);
  for (size_t i = 0; i < count && !fault; i++) {
    char *got = outcome(code, &values[list[i].index], NULL);

    CHECK_STR(got, list[i].outcome);
    sqlite3_free(got);
  }
  sqlite3_free(message);
  for (size_t i = 0; i < ARGUMENTS; i++)
    ng_argument_value_clear(&values[i]);
}

static void declarations_mean_what_they_were_made_of(void)
{
  for (unsigned round = 0; round < test_rounds(20000); round++) {
    struct declared list[ARGUMENTS + 2];
    size_t count = random_below(ARGUMENTS + 3);

    for (size_t i = 0; i < count; i++)
      make_declared(&list[i], i < ARGUMENTS ? i : 0);
    check_declared(list, count);
  }
}

/* A text that begins with a quote is a path only if SQL reads it as one
   string. */
static void quotes_end_where_those_of_sql_do(void)
{
  sqlite3 *db = host_open();

  for (unsigned round = 0; round < test_rounds(5000); round++) {
    char source[10] = "'";
    size_t length = 1 + random_below(7);
    struct ng_argument_value value = {.given = false};
    char *message = NULL;
    const char *texts[] = {source};
    char *got;
    char *sql;
    char *wanted;
    int code;

    for (size_t i = 1; i < length; i++)
      source[i] = "'''ab \""[random_below(7)];
    sql = sqlite3_mprintf("SELECT length(%s), 'path ' || %s", source, source);
    wanted = host_ask(db, sql);
    NOTE("%s", source);
    code = ng_arguments_declare(&arguments, texts, 1, &value, &message);
    got = outcome(code, &value, message);
    if (strstr(wanted, "error") || wanted[0] == '0') {
      CHECK_HAS(got, "1 module: path is '");
      CHECK_HAS(got, ", expected the name of a file");
    } else {
      wanted[strlen(wanted) - 1] = '\0';
      CHECK_STR(got, strchr(wanted, '|') + 1);
    }
    sqlite3_free(got);
    sqlite3_free(wanted);
    sqlite3_free(sql);
  }
  sqlite3_close(db);
}

static void declarations_that_are_refused_are_named(void)
{
  static const struct {
    const char *texts[3];
    const char *message;
  } cases[] = {
      {{"'a'", "size=0"}, "module: size is 0, expected " EXPECTED_SIZE},
      {{"'a'", "size="}, "module: size has no value, expected " EXPECTED_SIZE},
      {{"'a", NULL}, "module: path is 'a, expected " EXPECTED_PATH},
      {{"a'b'", NULL}, "module: path is a'b', expected " EXPECTED_PATH},
      {{"NULL", NULL}, "module: path is NULL, expected " EXPECTED_PATH},
      {{"", NULL}, "module: path has no value, expected " EXPECTED_PATH},
      {{"tags=all", NULL}, "module: tags is all, expected " EXPECTED_TAGS},
      {{"memory=1", NULL}, "module: memory is 1, expected " EXPECTED_MEMORY},
      {{"'a'", "path='b'"}, "module: path is given twice"},
      {{"path='b'", "3"},
       "module: argument 2 follows a named one and needs a name too"},
      {{"colour=1", NULL},
       "module: unknown argument 'colour', expected path, size, year, memory,"
       " tags, any"},
  };

  for (size_t i = 0; i < COUNT(cases); i++) {
    struct ng_argument_value values[ARGUMENTS] = {{.given = false}};
    char *message = NULL;
    size_t count = cases[i].texts[1] ? 2 : 1;

    CHECK_EQ(ng_arguments_declare(&arguments, cases[i].texts, count, values,
                                  &message),
             SQLITE_ERROR);
    if (CHECK(message != NULL))
      CHECK_STR(message, cases[i].message);
    sqlite3_free(message);
    for (size_t j = 0; j < ARGUMENTS; j++)
      ng_argument_value_clear(&values[j]);
  }
}

static void a_missing_argument_is_named(void)
{
  char *message = ng_argument_missing(&arguments, PATH);

  CHECK_STR(message, "module: path is missing, expected " EXPECTED_PATH);
  sqlite3_free(message);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(numbers_are_read_as_a_column_reads_them),
      TEST(values_that_are_refused_are_named),
      TEST(long_values_are_cut),
      TEST(declarations_mean_what_they_were_made_of),
      TEST(quotes_end_where_those_of_sql_do),
      TEST(declarations_that_are_refused_are_named),
      TEST(a_missing_argument_is_named),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
