/* SPDX-License-Identifier: MIT */
/*
 * The messages for bad arguments: "<module>: <argument> is <value>, expected
 * <values>". A message repeats the value, in SQL's quotes and cut to
 * SHOWN_BYTES_MAX; it is the user's own input, not the content of a file.
 *
 * All messages are allocated by SQLite and owned by the caller.
 */
#include "sqlite/literal.h"

#include <string.h>

#include "sqlite/arguments.h"

/* Bytes of a value that a message repeats. */
#define SHOWN_BYTES_MAX 60

size_t ng_literal_shown_length(const char *text, size_t length)
{
  if (length <= SHOWN_BYTES_MAX)
    return length;
  length = SHOWN_BYTES_MAX;
  while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
    length--;
  return length;
}

static void show_text(sqlite3_str *out, const struct ng_literal *literal)
{
  size_t shown = ng_literal_shown_length(literal->text, literal->length);

  if (strlen(literal->text) != literal->length)
    sqlite3_str_appendall(out, "text with a NUL byte");
  else
    sqlite3_str_appendf(out, "'%.*q%s'", (int)shown, literal->text,
                        shown < literal->length ? "..." : "");
}

static void show_source(sqlite3_str *out, const struct ng_literal *literal)
{
  size_t shown =
      ng_literal_shown_length(literal->source, literal->source_length);

  sqlite3_str_append(out, literal->source, (int)shown);
  if (shown < literal->source_length)
    sqlite3_str_appendall(out, "...");
}

static void show_literal(sqlite3_str *out, const struct ng_literal *literal)
{
  if (literal->source)
    show_source(out, literal);
  else if (literal->type == SQLITE_INTEGER)
    sqlite3_str_appendf(out, "%lld", (long long)literal->integer);
  else if (literal->type == SQLITE_FLOAT)
    sqlite3_str_appendf(out, "%!.15g", literal->real);
  else if (literal->type == SQLITE_TEXT)
    show_text(out, literal);
  else if (literal->type == SQLITE_BLOB)
    sqlite3_str_appendall(out, "a blob");
  else
    sqlite3_str_appendall(out, "NULL");
}

static void show_keywords(sqlite3_str *out, const char *const *keywords)
{
  for (size_t i = 0; keywords[i]; i++) {
    const char *before = i == 0 ? "" : keywords[i + 1] ? ", " : " or ";
    sqlite3_str_appendf(out, "%s'%s'", before, keywords[i]);
  }
}

static void show_allowed(sqlite3_str *out, const struct ng_argument *argument)
{
  if (argument->kind == NG_ARGUMENT_PATH)
    sqlite3_str_appendall(out, "the name of a file");
  else if (argument->kind == NG_ARGUMENT_FOLDER)
    sqlite3_str_appendall(out, "the name of a folder");
  else if (argument->kind == NG_ARGUMENT_ANY)
    sqlite3_str_appendall(out, "a value");
  else if (argument->kind == NG_ARGUMENT_KEYWORD)
    show_keywords(out, argument->keywords);
  else if (argument->limit_least > 0)
    sqlite3_str_appendf(out, "an integer, %lld or more, 0 for no limit",
                        (long long)argument->limit_least);
  else if (argument->low == INT64_MIN)
    sqlite3_str_appendall(out, "an integer");
  else if (argument->high == INT64_MAX)
    sqlite3_str_appendf(out, "an integer, %lld or more",
                        (long long)argument->low);
  else
    sqlite3_str_appendf(out, "an integer from %lld to %lld",
                        (long long)argument->low, (long long)argument->high);
  if (!argument->required)
    sqlite3_str_appendall(out, ", or NULL for the default");
}

int ng_literal_refuse(const struct ng_arguments *arguments, size_t index,
                      const struct ng_literal *literal, char **message)
{
  const struct ng_argument *argument = &arguments->list[index];
  sqlite3_str *out = sqlite3_str_new(NULL);

  sqlite3_str_appendf(out, "%s: %s ", arguments->module, argument->name);
  if (literal->source && literal->source_length == 0)
    sqlite3_str_appendall(out, "has no value");
  else {
    sqlite3_str_appendall(out, "is ");
    show_literal(out, literal);
  }
  sqlite3_str_appendall(out, ", expected ");
  show_allowed(out, argument);
  *message = sqlite3_str_finish(out);
  return *message ? SQLITE_ERROR : SQLITE_NOMEM;
}

char *ng_argument_missing(const struct ng_arguments *arguments, size_t index)
{
  sqlite3_str *out = sqlite3_str_new(NULL);

  sqlite3_str_appendf(out, "%s: %s is missing, expected ", arguments->module,
                      arguments->list[index].name);
  show_allowed(out, &arguments->list[index]);
  return sqlite3_str_finish(out);
}

static const char *operator_name(unsigned char op)
{
  switch (op) {
  case SQLITE_INDEX_CONSTRAINT_GT:
    return ">";
  case SQLITE_INDEX_CONSTRAINT_LE:
    return "<=";
  case SQLITE_INDEX_CONSTRAINT_LT:
    return "<";
  case SQLITE_INDEX_CONSTRAINT_GE:
    return ">=";
  case SQLITE_INDEX_CONSTRAINT_MATCH:
    return "MATCH";
  case SQLITE_INDEX_CONSTRAINT_LIKE:
    return "LIKE";
  case SQLITE_INDEX_CONSTRAINT_GLOB:
    return "GLOB";
  case SQLITE_INDEX_CONSTRAINT_REGEXP:
    return "REGEXP";
  case SQLITE_INDEX_CONSTRAINT_NE:
    return "<>";
  case SQLITE_INDEX_CONSTRAINT_ISNOT:
    return "IS NOT";
  case SQLITE_INDEX_CONSTRAINT_ISNOTNULL:
    return "IS NOT NULL";
  case SQLITE_INDEX_CONSTRAINT_ISNULL:
    return "IS NULL";
  case SQLITE_INDEX_CONSTRAINT_IS:
    return "IS";
  }
  return "another operator";
}

char *ng_argument_operator(const struct ng_argument *argument, unsigned char op)
{
  return sqlite3_mprintf("%s is given with %s, expected = or IN",
                         argument->name, operator_name(op));
}
