/* SPDX-License-Identifier: MIT */
/*
 * How arguments are read: by xFilter from SQL values, by xConnect from the
 * texts of a CREATE VIRTUAL TABLE, and by ngram_config() from a value or an
 * environment variable.
 *
 * Each of these becomes a struct ng_literal, and one function, literal_store(),
 * checks it against the description of the argument. So all agree on which
 * values are allowed. A path is copied, and the struct ng_argument_value owns
 * the copy.
 *
 * Integers are read as an INTEGER column reads them: a value that can become an
 * integer without loss does. JavaScript's bindings send every number as a REAL.
 */
#include "sqlite/arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite/literal.h"

/* ------------------------------------------------------------- literals -- */

static bool is_space(char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *skip_space(const char *text)
{
  while (is_space(*text))
    text++;
  return text;
}

static bool text_to_integer(const struct ng_literal *literal, int64_t *number)
{
  char *end;

  errno = 0;
  *number = strtoll(literal->text, &end, 10);
  return errno == 0 && end != literal->text &&
         skip_space(end) == literal->text + literal->length;
}

static bool literal_to_integer(const struct ng_literal *literal,
                               int64_t *number)
{
  const double limit = 9223372036854775808.0; /* 2^63 */

  switch (literal->type) {
  case SQLITE_INTEGER:
    *number = literal->integer;
    return true;
  case SQLITE_FLOAT:
    if (!(literal->real >= -limit && literal->real < limit))
      return false;
    *number = (int64_t)literal->real;
    return (double)*number == literal->real;
  case SQLITE_TEXT:
    return text_to_integer(literal, number);
  default:
    return false;
  }
}

static bool literal_to_keyword(const struct ng_literal *literal,
                               const char *const *keywords, int64_t *number)
{
  if (literal->type != SQLITE_TEXT)
    return false;
  for (size_t i = 0; keywords[i]; i++) {
    if (strlen(keywords[i]) == literal->length &&
        memcmp(keywords[i], literal->text, literal->length) == 0) {
      *number = (int64_t)i;
      return true;
    }
  }
  return false;
}

static bool literal_is_path(const struct ng_literal *literal)
{
  return literal->type == SQLITE_TEXT && literal->length > 0 &&
         strlen(literal->text) == literal->length;
}

static bool in_range(const struct ng_argument *argument, int64_t number)
{
  if (argument->limit_least > 0 && number != 0)
    return number >= argument->limit_least;
  return number >= argument->low && number <= argument->high;
}

/* Whether the argument allows the literal, whose number goes to *number. */
static bool literal_fits(const struct ng_literal *literal,
                         const struct ng_argument *argument, int64_t *number)
{
  *number = 0;
  switch (argument->kind) {
  case NG_ARGUMENT_PATH:
  case NG_ARGUMENT_FOLDER:
    return literal_is_path(literal);
  case NG_ARGUMENT_ANY:
    return literal->type != SQLITE_NULL;
  case NG_ARGUMENT_KEYWORD:
    return literal_to_keyword(literal, argument->keywords, number);
  case NG_ARGUMENT_INTEGER:
    return literal_to_integer(literal, number) && in_range(argument, *number);
  }
  return false;
}

/* Check a literal against the argument and store it. */
static int literal_store(const struct ng_literal *literal,
                         const struct ng_arguments *arguments, size_t index,
                         struct ng_argument_value *value, char **message)
{
  const struct ng_argument *argument = &arguments->list[index];
  char *path = NULL;
  int64_t number;

  if (literal->type == SQLITE_NULL && !argument->required)
    return SQLITE_OK;
  if (!literal_fits(literal, argument, &number))
    return ng_literal_refuse(arguments, index, literal, message);
  if (argument->kind == NG_ARGUMENT_PATH ||
      argument->kind == NG_ARGUMENT_FOLDER) {
    path = sqlite3_mprintf("%s", literal->text);
    if (!path)
      return SQLITE_NOMEM;
  }
  ng_argument_value_clear(value);
  *value =
      (struct ng_argument_value){.given = true, .number = number, .path = path};
  return SQLITE_OK;
}

int ng_argument_read(const struct ng_arguments *arguments, size_t index,
                     sqlite3_value *given, struct ng_argument_value *value,
                     char **message)
{
  struct ng_literal literal = {.type = sqlite3_value_type(given)};

  if (literal.type == SQLITE_INTEGER)
    literal.integer = sqlite3_value_int64(given);
  else if (literal.type == SQLITE_FLOAT)
    literal.real = sqlite3_value_double(given);
  else if (literal.type == SQLITE_TEXT) {
    literal.text = (const char *)sqlite3_value_text(given);
    if (!literal.text)
      return SQLITE_NOMEM;
    literal.length = (size_t)sqlite3_value_bytes(given);
  }
  return literal_store(&literal, arguments, index, value, message);
}

int ng_argument_read_text(const struct ng_arguments *arguments, size_t index,
                          const char *text, struct ng_argument_value *value,
                          char **message)
{
  struct ng_literal literal = {
      .type = SQLITE_TEXT, .text = text, .length = strlen(text)};

  return literal_store(&literal, arguments, index, value, message);
}

void ng_argument_value_clear(struct ng_argument_value *value)
{
  sqlite3_free(value->path);
  *value = (struct ng_argument_value){.given = false};
}

/* --------------------------------------------------------- declarations -- */

static bool is_name(char c)
{
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

/* The value in `name = value` and the length of the name, or NULL. */
static const char *split_name(const char *text, size_t *name_length)
{
  size_t length = 0;
  const char *rest;

  while (is_name(text[length]))
    length++;
  rest = skip_space(text + length);
  if (length == 0 || *rest != '=')
    return NULL;
  *name_length = length;
  return skip_space(rest + 1);
}

/* Copy `source`, which begins with a quote, to `out` without quotes. Returns
   false if it does not end with the closing quote. */
static bool unquote(const char *source, size_t length, char *out,
                    size_t *out_length)
{
  char quote = source[0];
  size_t written = 0;

  for (size_t i = 1; i < length; i++) {
    if (source[i] == quote) {
      if (i + 1 == length) {
        out[written] = '\0';
        *out_length = written;
        return true;
      }
      if (source[++i] != quote)
        return false;
    }
    out[written++] = source[i];
  }
  return false;
}

/* Parse the source of a literal; `buffer` has room for it and a NUL. */
static void literal_parse(struct ng_literal *literal, char *buffer)
{
  const char *source = literal->source;
  size_t length = literal->source_length;

  if (length == 0)
    return;
  if (source[0] == '\'' || source[0] == '"') {
    if (unquote(source, length, buffer, &literal->length))
      literal->type = SQLITE_TEXT;
  } else if (!memchr(source, '\'', length) && !memchr(source, '"', length)) {
    memcpy(buffer, source, length);
    buffer[length] = '\0';
    literal->length = length;
    literal->type =
        sqlite3_stricmp(buffer, "NULL") == 0 ? SQLITE_NULL : SQLITE_TEXT;
  }
  literal->text = buffer;
}

static int declare_value(const struct ng_arguments *arguments, size_t index,
                         const char *source, struct ng_argument_value *value,
                         char **message)
{
  struct ng_literal literal = {.source = source,
                               .source_length = strlen(source)};
  char *buffer;
  int code;

  while (literal.source_length > 0 &&
         is_space(source[literal.source_length - 1]))
    literal.source_length--;
  buffer = sqlite3_malloc64(literal.source_length + 1);
  if (!buffer)
    return SQLITE_NOMEM;
  literal_parse(&literal, buffer);
  code = literal_store(&literal, arguments, index, value, message);
  sqlite3_free(buffer);
  return code;
}

static int declare_fail(char **message, char *text)
{
  *message = text;
  return text ? SQLITE_ERROR : SQLITE_NOMEM;
}

static int refuse_name(const struct ng_arguments *arguments, const char *name,
                       size_t length, char **message)
{
  sqlite3_str *out = sqlite3_str_new(NULL);

  sqlite3_str_appendf(out, "%s: unknown argument '%.*s', expected ",
                      arguments->module,
                      (int)ng_literal_shown_length(name, length), name);
  for (size_t i = 0; i < arguments->count; i++)
    sqlite3_str_appendf(out, "%s%s", i == 0 ? "" : ", ",
                        arguments->list[i].name);
  return declare_fail(message, sqlite3_str_finish(out));
}

/* The index of an argument, or arguments->count; case is ignored. */
static size_t find_name(const struct ng_arguments *arguments, const char *name,
                        size_t length)
{
  size_t i = 0;

  while (i < arguments->count &&
         (strlen(arguments->list[i].name) != length ||
          sqlite3_strnicmp(arguments->list[i].name, name, (int)length) != 0))
    i++;
  return i;
}

/* The state of ng_arguments_declare(). */
struct declaration {
  const struct ng_arguments *arguments;
  uint64_t seen; /* bit i: argument i was there, perhaps as NULL */
  bool named;    /* an argument had a name, so all after it need one */
};

/* Find the argument that the text at `position` sets, and the source of its
   value. */
static int declare_argument(struct declaration *declaration, const char *text,
                            size_t position, size_t *index, const char **source,
                            char **message)
{
  const struct ng_arguments *arguments = declaration->arguments;
  size_t name_length = 0;

  text = skip_space(text);
  *source = split_name(text, &name_length);
  if (*source) {
    declaration->named = true;
    *index = find_name(arguments, text, name_length);
    if (*index == arguments->count)
      return refuse_name(arguments, text, name_length, message);
    return SQLITE_OK;
  }
  *index = position;
  *source = text;
  if (declaration->named)
    return declare_fail(
        message, sqlite3_mprintf("%s: argument %d follows a named one and "
                                 "needs a name too",
                                 arguments->module, (int)position + 1));
  if (position >= arguments->count)
    return declare_fail(
        message, sqlite3_mprintf("%s: too many arguments, expected at "
                                 "most %d",
                                 arguments->module, (int)arguments->count));
  return SQLITE_OK;
}

int ng_arguments_declare(const struct ng_arguments *arguments,
                         const char *const *texts, size_t text_count,
                         struct ng_argument_value *values, char **message)
{
  struct declaration declaration = {.arguments = arguments};

  for (size_t i = 0; i < text_count; i++) {
    const char *source;
    size_t index;
    int code =
        declare_argument(&declaration, texts[i], i, &index, &source, message);

    if (code != SQLITE_OK)
      return code;
    if (declaration.seen >> index & 1)
      return declare_fail(
          message, sqlite3_mprintf("%s: %s is given twice", arguments->module,
                                   arguments->list[index].name));
    declaration.seen |= (uint64_t)1 << index;
    code = declare_value(arguments, index, source, &values[index], message);
    if (code != SQLITE_OK)
      return code;
  }
  return SQLITE_OK;
}
