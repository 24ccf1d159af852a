/* SPDX-License-Identifier: MIT */
/*
 * A sqlite3 shell for hosts that come without one: as much of the real shell as
 * the golden tests and the recipes use, and no more. It reads statements from
 * standard input and prints rows as the modes list, csv and html do, errors as
 * "Error: near line N: ...".
 *
 *     shell [-batch] [-init FILE] [-html] [-header] [DATABASE]
 *
 * The first two are taken and ignored. Known commands: .load FILE, .shell
 * COMMAND, .output FILE|stdout, .nullvalue TEXT, .mode list|csv|html, .headers
 * on|off, .eqp on|off; .bail, which only says what is so anyway, is ignored. An
 * unknown one is an error, so that no test goes by unread.
 *
 * It is built against the header and library of its host, so the plain calls
 * of the oldest one are all that it makes.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAN_DEPTH_MAX 100

enum mode {
  MODE_LIST,
  MODE_CSV,
  MODE_HTML
};

struct shell {
  sqlite3 *db;
  FILE *out;
  char null_text[20];
  enum mode mode;
  bool headers; /* .headers on */
  bool plans;   /* .eqp on */
  int line;     /* that was read last */
  int begin;    /* line where the statement begins */
  char *sql;    /* the statement so far */
  size_t used;  /* bytes of it */
  size_t room;
};

static void fail_out_of_memory(void)
{
  fputs("shell: out of memory\n", stderr);
  exit(2);
}

/* An error goes before the rows of its statement, as from the sqlite3 shell,
   whose rows wait in a buffer. */
static void say_error(struct shell *shell, const char *message)
{
  fprintf(stderr, "Error: near line %d: %s\n", shell->begin, message);
  fflush(stderr);
  fflush(shell->out);
}

/* -------------------------------------------------------------- statements */

/* In quotes wherever CSV might need them. */
static void print_csv(FILE *out, const char *text)
{
  bool quoted = *text == 0 || strpbrk(text, "\" ',\t\r\n");

  for (const char *c = text; *c; c++)
    quoted = quoted || (unsigned char)*c >= 127;
  if (quoted)
    fputc('"', out);
  for (; *text; text++)
    fprintf(out, "%s%c", *text == '"' ? "\"" : "", *text);
  if (quoted)
    fputc('"', out);
}

static void print_html(FILE *out, const char *text)
{
  for (; *text; text++)
    if (*text == '<')
      fputs("&lt;", out);
    else if (*text == '&')
      fputs("&amp;", out);
    else
      fputc(*text, out);
}

/* Cell `i` of a row, or of the heading: `tag` is TD or TH. */
static void print_cell(const struct shell *shell, int i, const char *tag,
                       const char *text)
{
  switch (shell->mode) {
  case MODE_LIST:
    fprintf(shell->out, "%s%s", i > 0 ? "|" : "", text);
    break;
  case MODE_CSV:
    fputs(i > 0 ? "," : "", shell->out);
    print_csv(shell->out, text);
    break;
  case MODE_HTML:
    fprintf(shell->out, "%s<%s>", i > 0 ? "" : "<TR>", tag);
    print_html(shell->out, text);
    fprintf(shell->out, "</%s>\n", tag);
    break;
  }
}

static void end_row(const struct shell *shell)
{
  static const char *const ends[] = {"\n", "\r\n", "</TR>\n"};

  fputs(ends[shell->mode], shell->out);
}

static void print_heading(const struct shell *shell, sqlite3_stmt *statement)
{
  for (int i = 0; i < sqlite3_column_count(statement); i++)
    print_cell(shell, i, "TH", sqlite3_column_name(statement, i));
  end_row(shell);
}

static void print_row(const struct shell *shell, sqlite3_stmt *statement)
{
  for (int i = 0; i < sqlite3_column_count(statement); i++) {
    const unsigned char *text = sqlite3_column_text(statement, i);
    print_cell(shell, i, "TD", text ? (const char *)text : shell->null_text);
  }
  end_row(shell);
}

/* One statement, already prepared: print its rows, and what they are called
   above the first. */
static int run_statement(const struct shell *shell, sqlite3_stmt *statement)
{
  bool first = true;

  while (sqlite3_step(statement) == SQLITE_ROW) {
    if (first && shell->headers)
      print_heading(shell, statement);
    first = false;
    print_row(shell, statement);
  }
  return sqlite3_finalize(statement);
}

/* The nodes of a plan, each with its parent; in the order they came. */
struct plan {
  int id[PLAN_DEPTH_MAX];
  int parent[PLAN_DEPTH_MAX];
  char *text[PLAN_DEPTH_MAX];
  int count;
};

static void plan_print(const struct shell *shell, const struct plan *plan,
                       int parent, const char *indent)
{
  int last = -1;

  for (int i = 0; i < plan->count; i++)
    if (plan->parent[i] == parent)
      last = i;
  for (int i = 0; i < plan->count; i++) {
    char deeper[3 * PLAN_DEPTH_MAX + 1];
    if (plan->parent[i] != parent)
      continue;
    fprintf(shell->out, "%s%s%s\n", indent, i == last ? "`--" : "|--",
            plan->text[i]);
    snprintf(deeper, sizeof deeper, "%s%s", indent, i == last ? "   " : "|  ");
    plan_print(shell, plan, plan->id[i], deeper);
  }
}

/* The plan of a statement, as the shell draws it. */
static void explain(struct shell *shell, sqlite3_stmt *statement)
{
  char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sqlite3_sql(statement));
  struct plan plan = {.count = 0};
  sqlite3_stmt *rows = NULL;

  if (sql && sqlite3_prepare_v2(shell->db, sql, -1, &rows, NULL) == SQLITE_OK)
    while (plan.count < PLAN_DEPTH_MAX && sqlite3_step(rows) == SQLITE_ROW) {
      plan.id[plan.count] = sqlite3_column_int(rows, 0);
      plan.parent[plan.count] = sqlite3_column_int(rows, 1);
      plan.text[plan.count++] =
          sqlite3_mprintf("%s", sqlite3_column_text(rows, 3));
    }
  if (plan.count > 0) {
    fputs("QUERY PLAN\n", shell->out);
    plan_print(shell, &plan, 0, "");
  }
  for (int i = 0; i < plan.count; i++)
    sqlite3_free(plan.text[i]);
  sqlite3_finalize(rows);
  sqlite3_free(sql);
}

/* All statements of shell->sql, up to the first that fails. */
static void run_sql(struct shell *shell)
{
  const char *sql = shell->sql;
  int code = SQLITE_OK;

  while (code == SQLITE_OK && *sql) {
    sqlite3_stmt *statement;
    code = sqlite3_prepare_v2(shell->db, sql, -1, &statement, &sql);
    if (code == SQLITE_OK && statement) {
      if (shell->plans)
        explain(shell, statement);
      code = run_statement(shell, statement);
      if (code == SQLITE_OK)
        fflush(shell->out);
    }
  }
  if (code != SQLITE_OK)
    say_error(shell, sqlite3_errmsg(shell->db));
}

/* ---------------------------------------------------------------- commands */

static void set_output(struct shell *shell, const char *name)
{
  if (shell->out != stdout)
    fclose(shell->out);
  shell->out = strcmp(name, "stdout") == 0 ? stdout : fopen(name, "w");
  if (!shell->out) {
    perror(name);
    exit(2);
  }
}

static void set_mode(struct shell *shell, const char *name)
{
  if (strcmp(name, "list") == 0)
    shell->mode = MODE_LIST;
  else if (strcmp(name, "csv") == 0)
    shell->mode = MODE_CSV;
  else if (strcmp(name, "html") == 0)
    shell->mode = MODE_HTML;
  else
    say_error(shell, "unknown mode");
}

static void load(struct shell *shell, const char *name)
{
  char *message = NULL;

  sqlite3_enable_load_extension(shell->db, 1);
  if (sqlite3_load_extension(shell->db, name, NULL, &message) != SQLITE_OK)
    say_error(shell, message ? message : "cannot load");
  sqlite3_free(message);
}

/* `name`: a command without its dot; `rest`: what stands behind it. */
static void run_command(struct shell *shell, const char *name, char *rest)
{
  size_t length = strlen(rest);

  shell->begin = shell->line;
  if (length > 1 && rest[0] == '\'' && rest[length - 1] == '\'') {
    rest[length - 1] = 0;
    rest++;
  }
  if (strcmp(name, "load") == 0)
    load(shell, rest);
  else if (strcmp(name, "output") == 0)
    set_output(shell, rest);
  else if (strcmp(name, "nullvalue") == 0)
    snprintf(shell->null_text, sizeof shell->null_text, "%s", rest);
  else if (strcmp(name, "mode") == 0)
    set_mode(shell, rest);
  else if (strcmp(name, "headers") == 0)
    shell->headers = strcmp(rest, "on") == 0;
  else if (strcmp(name, "eqp") == 0)
    shell->plans = strcmp(rest, "on") == 0;
  else if (strcmp(name, "shell") == 0) {
    if (system(rest) != 0)
      say_error(shell, "the command failed");
  } else if (strcmp(name, "bail") != 0)
    say_error(shell, "unknown command");
}

/* -------------------------------------------------------------------- input */

/* Does the line hold nothing but white space, or a comment? */
static bool is_blank(const char *line)
{
  line += strspn(line, " \t\r\n");
  return *line == 0 || strncmp(line, "--", 2) == 0;
}

static void take_line(struct shell *shell, char *line)
{
  size_t length = strlen(line);

  if (shell->used == 0 && is_blank(line))
    return;
  if (shell->used == 0 && line[0] == '.') {
    char *rest = line + strcspn(line, " \n");
    line[strcspn(line, "\n")] = 0;
    if (*rest)
      *rest++ = 0;
    run_command(shell, line + 1, rest);
    return;
  }
  if (shell->used == 0)
    shell->begin = shell->line;
  if (shell->used + length >= shell->room) {
    shell->room = 2 * (shell->used + length) + 1;
    shell->sql = realloc(shell->sql, shell->room);
    if (!shell->sql)
      fail_out_of_memory();
  }
  memcpy(shell->sql + shell->used, line, length + 1);
  shell->used += length;
  if (sqlite3_complete(shell->sql)) {
    run_sql(shell);
    shell->used = 0;
  }
}

int main(int argc, char **argv)
{
  struct shell shell = {.out = stdout};
  const char *database = ":memory:";
  char *line = NULL;
  size_t room = 0;

  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], "-init") == 0)
      i++;
    else if (strcmp(argv[i], "-html") == 0)
      shell.mode = MODE_HTML;
    else if (strcmp(argv[i], "-header") == 0)
      shell.headers = true;
    else if (argv[i][0] != '-')
      database = argv[i];
  if (sqlite3_open(database, &shell.db) != SQLITE_OK) {
    fprintf(stderr, "Error: %s\n", sqlite3_errmsg(shell.db));
    return 1;
  }
  while (getline(&line, &room, stdin) >= 0) {
    shell.line++;
    take_line(&shell, line);
  }
  if (shell.used > 0)
    run_sql(&shell);
  free(line);
  free(shell.sql);
  /* An extension that left a statement behind keeps the database open. */
  return sqlite3_close(shell.db) == SQLITE_OK ? 0 : 3;
}
