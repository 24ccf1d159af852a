/* SPDX-License-Identifier: MIT */
/*
 * Plans of xBestIndex: file_plan.c by itself with each operator, and idxNum as
 * EXPLAIN QUERY PLAN shows it, compared with a rule that reads the conditions
 * of the statement.
 */
#include "sqlite/rows_plan.h"

#include "sqlite/file_plan.h"
#include "unit/sql_host.h"

#define FIRST 4 /* the column of the first argument */

static const struct ng_argument argument_list[] = {
    {.name = "path", .kind = NG_ARGUMENT_PATH, .required = true},
    {.name = "threads", .kind = NG_ARGUMENT_INTEGER, .low = 1, .high = 9},
};
static const struct ng_arguments arguments = {"module", argument_list,
                                              COUNT(argument_list)};

static const struct {
  unsigned char op;
  const char *name;
} operators[] = {
    {SQLITE_INDEX_CONSTRAINT_GT, ">"},
    {SQLITE_INDEX_CONSTRAINT_LE, "<="},
    {SQLITE_INDEX_CONSTRAINT_LT, "<"},
    {SQLITE_INDEX_CONSTRAINT_GE, ">="},
    {SQLITE_INDEX_CONSTRAINT_MATCH, "MATCH"},
    {SQLITE_INDEX_CONSTRAINT_LIKE, "LIKE"},
    {SQLITE_INDEX_CONSTRAINT_GLOB, "GLOB"},
    {SQLITE_INDEX_CONSTRAINT_REGEXP, "REGEXP"},
    {SQLITE_INDEX_CONSTRAINT_NE, "<>"},
    {SQLITE_INDEX_CONSTRAINT_ISNOT, "IS NOT"},
    {SQLITE_INDEX_CONSTRAINT_ISNOTNULL, "IS NOT NULL"},
    {SQLITE_INDEX_CONSTRAINT_ISNULL, "IS NULL"},
    {SQLITE_INDEX_CONSTRAINT_IS, "IS"},
    {SQLITE_INDEX_CONSTRAINT_FUNCTION, "another operator"},
    {255, "another operator"},
};

static void each_operator_but_equality_is_misuse_and_named(void)
{
  for (size_t i = 0; i < COUNT(operators); i++) {
    struct sqlite3_index_constraint constraint = {
        .iColumn = FIRST + 1, .op = operators[i].op, .usable = 1};
    sqlite3_index_info info = {.nConstraint = 1, .aConstraint = &constraint};
    struct ng_file_plan plan;
    char wanted[100];

    NOTE("operator %d", operators[i].op);
    snprintf(wanted, sizeof wanted,
             "threads is given with %s, expected = or IN", operators[i].name);
    ng_file_plan_find(&plan, &info, FIRST, arguments.count);
    CHECK_EQ(plan.misused, 0);
    CHECK(!plan.waits);
    CHECK_EQ(plan.argument[1], -1);
    CHECK_EQ(ng_file_plan_finish(&plan, &arguments, NULL, FIRST, &info),
             SQLITE_OK);
    if (CHECK(info.idxStr != NULL))
      CHECK_STR(info.idxStr, wanted);
    CHECK(info.needToFreeIdxStr);
    CHECK(info.estimatedCost >= NG_FILE_PLAN_NO_PATH_COST);
    sqlite3_free(info.idxStr);

    constraint.usable = 0;
    info.idxStr = NULL;
    ng_file_plan_find(&plan, &info, FIRST, arguments.count);
    CHECK_EQ(ng_file_plan_finish(&plan, &arguments, NULL, FIRST, &info),
             SQLITE_CONSTRAINT);
    CHECK(info.idxStr == NULL);
  }
}

/* What a naive search finds for one argument. */
struct naive {
  int place;
  bool waits;
  bool misused;
};

static struct naive naive_find(const sqlite3_index_info *info, int column)
{
  struct naive found = {.place = -1};
  bool other = false;

  for (int i = 0; i < info->nConstraint; i++) {
    const struct sqlite3_index_constraint *one = &info->aConstraint[i];

    /* 73 and 74 are LIMIT and OFFSET, whose column means nothing. */
    if (one->iColumn != column || one->op == 73 || one->op == 74)
      continue;
    if (one->op != SQLITE_INDEX_CONSTRAINT_EQ)
      other = true;
    else if (one->usable)
      found.place = i;
    else
      found.waits = true;
  }
  found.misused = other && found.place < 0 && !found.waits;
  found.waits &= found.place < 0;
  return found;
}

static void arguments_are_found_among_any_constraints(void)
{
  for (unsigned round = 0; round < test_rounds(20000); round++) {
    struct sqlite3_index_constraint constraints[6] = {{.iColumn = 0}};
    sqlite3_index_info info = {.nConstraint = (int)random_below(7),
                               .aConstraint = constraints};
    struct ng_file_plan plan;
    bool waits = false;
    bool misused = false;

    for (int i = 0; i < info.nConstraint; i++)
      constraints[i] = (struct sqlite3_index_constraint){
          .iColumn = (int)random_below(8),
          .op = random_once_in(2) ? SQLITE_INDEX_CONSTRAINT_EQ
                : random_once_in(5)
                    ? (unsigned char)(73 + random_below(2))
                    : operators[random_below(COUNT(operators))].op,
          .usable = !random_once_in(3)};
    ng_file_plan_find(&plan, &info, FIRST, arguments.count);
    for (int i = 0; i < (int)arguments.count; i++) {
      struct naive found = naive_find(&info, FIRST + i);

      CHECK_EQ(plan.argument[i], found.place);
      waits |= found.waits;
      misused |= found.misused;
    }
    CHECK_EQ(plan.waits, waits);
    CHECK_EQ(plan.misused >= 0, misused);
    if (plan.misused >= 0)
      CHECK(naive_find(&info, constraints[plan.misused].iColumn).misused);
  }
}

/* --------------------------------------------------------------- idxNum -- */

/* A condition, and its bit if it is the first of its kind. Kinds of words are
   1 for =, 2 for a lower and 3 for an upper bound, and 4 for LIKE; those of
   years are 5 to 7. */
static const struct condition {
  const char *sql;
  int kind;
  int bit;
} conditions[] = {
    {"word = 'b'", 1, NG_WORD_CONSTRAINT_ONE},
    {"word IN ('b', 'c')", 1, NG_WORD_CONSTRAINT_LIST},
    {"word IN (SELECT 'a' UNION ALL SELECT 'c')", 1, NG_WORD_CONSTRAINT_LIST},
    {"word = 'b' COLLATE NOCASE", 0, 0},
    {"word <> 'b'", 0, 0},
    {"word IS NOT NULL", 0, 0},
    {"word >= 'b'", 2, NG_WORD_CONSTRAINT_FROM},
    {"word > 'b'", 2, NG_WORD_CONSTRAINT_FROM},
    {"word < 'c'", 3, NG_WORD_CONSTRAINT_TO},
    {"word <= 'c'", 3, NG_WORD_CONSTRAINT_TO},
    {"word < 'c' COLLATE NOCASE", 0, 0},
    {"word LIKE 'b%'", 4, NG_WORD_CONSTRAINT_LIKE},
    {"year = 1901", 5, NG_ROWS_PLAN_YEAR},
    {"year IN (1900, 1902)", 5, NG_ROWS_PLAN_YEAR_LIST},
    {"year >= 1901", 6, NG_ROWS_PLAN_YEAR_FROM},
    {"year > 1900.5", 6, NG_ROWS_PLAN_YEAR_FROM},
    {"year < 1902", 7, NG_ROWS_PLAN_YEAR_TO},
    {"year <= '1901'", 7, NG_ROWS_PLAN_YEAR_TO},
    {"year <> 1900", 0, 0},
    {"match_count = 3", 0, 0},
    {"volume_count > 0", 0, 0},
};

/* The bits of some conditions, at most one of a kind. */
static int naive_bits(const struct condition *const *chosen, size_t count)
{
  int bits[8] = {0};
  int all = 0;

  for (size_t i = 0; i < count; i++)
    bits[chosen[i]->kind] = chosen[i]->bit;
  if (bits[1])
    bits[2] = bits[3] = bits[4] = 0;
  if (bits[2] || bits[3])
    bits[4] = 0;
  for (int kind = 1; kind < 8; kind++)
    all |= bits[kind];
  return all;
}

static size_t choose(const struct condition **chosen)
{
  size_t count = 0;

  for (size_t i = 0; i < 4; i++) {
    const struct condition *one = &conditions[random_below(COUNT(conditions))];
    bool taken = false;

    for (size_t j = 0; j < count; j++)
      taken |= chosen[j] == one || (one->kind && chosen[j]->kind == one->kind);
    if (!taken)
      chosen[count++] = one;
  }
  return count;
}

/* The idxNum of the table in a plan, without the bits of columns; -1 if the
   table is not there. */
static int plan_number(sqlite3 *db, const char *sql)
{
  const char *const mark = "VIRTUAL TABLE INDEX ";
  char *asked = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
  char *plan = host_ask(db, asked);
  const char *at = strstr(plan, mark);
  int number = at ? (int)strtol(at + strlen(mark), NULL, 10) : -1;

  sqlite3_free(asked);
  sqlite3_free(plan);
  return at ? number & ~(15 << NG_ROWS_PLAN_COLUMNS_SHIFT) : -1;
}

static void conditions_give_the_bits_of_a_plan(void)
{
  sqlite3 *db = host_open();

  if (sqlite3_libversion_number() < 3038000)
    test_skip("no list comes at once before SQLite 3.38");
  for (unsigned round = 0; round < test_rounds(2000) && !test_state.skipped;
       round++) {
    const struct condition *chosen[4];
    size_t count = choose(chosen);
    sqlite3_str *sql = sqlite3_str_new(NULL);
    char *text;

    sqlite3_str_appendall(sql, "SELECT * FROM ngram_rows('none.tsv') WHERE 1");
    for (size_t i = 0; i < count; i++)
      sqlite3_str_appendf(sql, " AND %s", chosen[i]->sql);
    text = sqlite3_str_finish(sql);
    NOTE("%s", text);
    CHECK_EQ(plan_number(db, text), 1 | naive_bits(chosen, count));
    sqlite3_free(text);
  }
  sqlite3_close(db);
}

/* ------------------------------------------------------------- misuse -- */

static void misuse_is_an_error_of_the_statement(void)
{
  static const char *const written[] = {">",    "<=",   "<",  ">=",     "MATCH",
                                        "LIKE", "GLOB", "<>", "IS NOT", "IS"};
  sqlite3 *db = host_open();

  for (size_t i = 0; i < COUNT(written); i++) {
    char sql[200];
    char wanted[200];

    snprintf(sql, sizeof sql,
             "SELECT * FROM ngram_rows('none.tsv') WHERE threads %s 'a'",
             written[i]);
    snprintf(wanted, sizeof wanted,
             "error 1: ngram_rows: threads is given with %s, expected = or IN",
             written[i]);
    host_says(db, sql, wanted);
  }
  sqlite3_close(db);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(each_operator_but_equality_is_misuse_and_named),
      TEST(arguments_are_found_among_any_constraints),
      TEST(conditions_give_the_bits_of_a_plan),
      TEST(misuse_is_an_error_of_the_statement),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
