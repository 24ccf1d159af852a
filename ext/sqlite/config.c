/* SPDX-License-Identifier: MIT */
/*
 * ngram_config(key) and ngram_config(key, value): the settings of a connection.
 *
 * A setting is one element of `keys`, which says how its value is read, as an
 * argument of a table is, and one of `settings`: the environment variable that
 * sets it at first, and the functions that get and set it. A setting is in
 * force from the connection's next scan on. ngram_config is DIRECTONLY: a view
 * or trigger of a hostile schema cannot change settings.
 */
#include "sqlite/config.h"

#include <stdlib.h>

#include "sqlite/arguments.h"
#include "sqlite/register.h"

static void threads_get(const struct ng_connection *connection,
                        sqlite3_context *context)
{
  if (connection->threads > 0)
    sqlite3_result_int64(context, connection->threads);
}

static int threads_set(struct ng_connection *connection,
                       const struct ng_argument_value *value, char **message)
{
  (void)message;
  connection->threads = (unsigned)value->number;
  return SQLITE_OK;
}

static void memory_limit_get(const struct ng_connection *connection,
                             sqlite3_context *context)
{
  sqlite3_result_int64(context, (sqlite3_int64)connection->memory_limit);
}

static int memory_limit_set(struct ng_connection *connection,
                            const struct ng_argument_value *value,
                            char **message)
{
  (void)message;
  connection->memory_limit =
      value->given ? (uint64_t)value->number : ngram_memory_limit_default();
  return SQLITE_OK;
}

static void progress_get(const struct ng_connection *connection,
                         sqlite3_context *context)
{
  sqlite3_result_int64(context, connection->progress);
}

static int progress_set(struct ng_connection *connection,
                        const struct ng_argument_value *value, char **message)
{
  (void)message;
  connection->progress = value->number != 0;
  return SQLITE_OK;
}

static void index_get(const struct ng_connection *connection,
                      sqlite3_context *context)
{
  const char *folder = ngram_index_folder(connection->index);

  if (folder)
    sqlite3_result_text(context, folder, -1, SQLITE_TRANSIENT);
}

/* Files are written to the folder, so it cannot be set once there is a root;
   one that was set before may be outside the root. */
static int index_set(struct ng_connection *connection,
                     const struct ng_argument_value *value, char **message)
{
  struct ngram_error error;

  if (connection->root && value->given) {
    *message = sqlite3_mprintf("it cannot be set once root is");
    return SQLITE_AUTH;
  }
  if (ngram_index_set_folder(connection->index,
                             value->given ? value->path : NULL,
                             &error) == NGRAM_OK)
    return SQLITE_OK;
  *message = sqlite3_mprintf("%s", error.message);
  return SQLITE_ERROR;
}

static void cache_limit_get(const struct ng_connection *connection,
                            sqlite3_context *context)
{
  sqlite3_result_int64(context,
                       (sqlite3_int64)ngram_cache_limit(connection->cache));
}

static int cache_limit_set(struct ng_connection *connection,
                           const struct ng_argument_value *value,
                           char **message)
{
  (void)message;
  ngram_cache_set_limit(connection->cache, value->given
                                               ? (uint64_t)value->number
                                               : NGRAM_CACHE_LIMIT_DEFAULT);
  return SQLITE_OK;
}

static void root_get(const struct ng_connection *connection,
                     sqlite3_context *context)
{
  if (connection->root)
    sqlite3_result_text(context, ngram_root_path(connection->root), -1,
                        SQLITE_TRANSIENT);
}

static int root_set(struct ng_connection *connection,
                    const struct ng_argument_value *value, char **message)
{
  struct ngram_root *root;
  struct ngram_error error;

  if (!value->given && !connection->root)
    return SQLITE_OK;
  if (!value->given) {
    *message = sqlite3_mprintf("it is set, and can only be narrowed");
    return SQLITE_AUTH;
  }
  if (ngram_root_create(value->path, connection->root, &root, &error) !=
      NGRAM_OK) {
    if (error.status == NGRAM_NO_MEMORY)
      return SQLITE_NOMEM;
    *message = sqlite3_mprintf("%s", error.message);
    return error.status == NGRAM_FORBIDDEN ? SQLITE_AUTH : SQLITE_ERROR;
  }
  ngram_root_free(connection->root);
  connection->root = root;
  return SQLITE_OK;
}

/* In the order in which the environment sets them: what comes before the root
   is not confined to it. */
static const struct ng_argument keys[] = {
    NG_THREADS_ARGUMENT,
    NG_MEMORY_LIMIT_ARGUMENT,
    {.name = "cache_limit", .kind = NG_ARGUMENT_INTEGER, .high = INT64_MAX},
    {.name = "progress", .kind = NG_ARGUMENT_INTEGER, .high = 1},
    {.name = "index", .kind = NG_ARGUMENT_FOLDER},
    {.name = "root", .kind = NG_ARGUMENT_FOLDER},
};

#define KEY_COUNT (sizeof keys / sizeof keys[0])

/* Element i belongs to keys[i]. */
static const struct setting {
  const char *environment; /* the variable that sets it at first */
  /* Make the value in force the result, or leave the result NULL. */
  void (*get)(const struct ng_connection *connection, sqlite3_context *context);
  /* Set the value, or the default if none is given. Returns SQLITE_OK, or an
     error with the reason in *message. */
  int (*set)(struct ng_connection *connection,
             const struct ng_argument_value *value, char **message);
} settings[KEY_COUNT] = {
    {"NGRAM_THREADS", threads_get, threads_set},
    {"NGRAM_MEMORY", memory_limit_get, memory_limit_set},
    {"NGRAM_CACHE", cache_limit_get, cache_limit_set},
    {"NGRAM_PROGRESS", progress_get, progress_set},
    {"NGRAM_INDEX", index_get, index_set},
    {"NGRAM_ROOT", root_get, root_set},
};

static const struct ng_arguments config_arguments = {"ngram_config", keys,
                                                     KEY_COUNT};

/* Set setting `index`; an error names it as argument `argument` of
   `arguments`. */
static int set(struct ng_connection *connection, size_t index,
               const struct ng_arguments *arguments, size_t argument,
               const struct ng_argument_value *value, char **message)
{
  char *reason = NULL;
  int code = settings[index].set(connection, value, &reason);

  if (reason)
    *message = sqlite3_mprintf("%s: %s: %s", arguments->module,
                               arguments->list[argument].name, reason);
  sqlite3_free(reason);
  return code;
}

/* An empty variable counts as none, but for the root: one that a script left
   empty by mistake must not lift the confinement. */
int ng_config_read_environment(struct ng_connection *connection, char **message)
{
  int code = SQLITE_OK;

  for (size_t i = 0; i < KEY_COUNT && code == SQLITE_OK; i++) {
    const char *text = getenv(settings[i].environment);
    struct ng_argument variable = keys[i];
    const struct ng_arguments variables = {"ngram", &variable, 1};
    struct ng_argument_value value = {.given = false};

    if (!text || (!text[0] && settings[i].set != root_set))
      continue;
    variable.name = settings[i].environment;
    variable.required = true; /* text is never NULL */
    code = ng_argument_read_text(&variables, 0, text, &value, message);
    if (code == SQLITE_OK)
      code = set(connection, i, &variables, 0, &value, message);
    ng_argument_value_clear(&value);
  }
  return code;
}

/* Make an error the result, and free its message; NULL stands for no memory. */
static void result_fail(sqlite3_context *context, int code, char *message)
{
  if (message) {
    sqlite3_result_error(context, ng_host_make_text(message), -1);
    sqlite3_result_error_code(context, code); /* keeps the message */
  } else {
    sqlite3_result_error_nomem(context);
  }
  sqlite3_free(message);
}

static void refuse_key(sqlite3_context *context, const char *key)
{
  sqlite3_str *out = sqlite3_str_new(NULL);

  sqlite3_str_appendf(out, "ngram_config: key is %!.60Q, expected ", key);
  for (size_t i = 0; i < KEY_COUNT; i++)
    sqlite3_str_appendf(out, "%s'%s'", i == 0 ? "" : ", ", keys[i].name);
  result_fail(context, SQLITE_ERROR, sqlite3_str_finish(out));
}

/* The index of a key in `keys`, or KEY_COUNT. */
static size_t find_key(const char *key)
{
  size_t i = 0;

  while (key && i < KEY_COUNT && sqlite3_stricmp(key, keys[i].name) != 0)
    i++;
  return key ? i : KEY_COUNT;
}

static void ngram_config_call(sqlite3_context *context, int argc,
                              sqlite3_value **argv)
{
  struct ng_connection *connection = sqlite3_user_data(context);
  const char *key = (const char *)sqlite3_value_text(argv[0]);
  size_t index = find_key(key);
  struct ng_argument_value value = {.given = false};
  char *message = NULL;

  if (index == KEY_COUNT) {
    refuse_key(context, key);
    return;
  }
  if (argc == 2) {
    int code =
        ng_argument_read(&config_arguments, index, argv[1], &value, &message);
    if (code == SQLITE_OK)
      code = set(connection, index, &config_arguments, index, &value, &message);
    ng_argument_value_clear(&value);
    if (code != SQLITE_OK) {
      result_fail(context, code, message);
      return;
    }
  }
  settings[index].get(connection, context);
}

int ng_register_config(sqlite3 *db, struct ng_connection *connection)
{
  int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  int code = SQLITE_OK;

  /* SQLite releases the reference, on failure too. */
  for (int argc = 1; argc <= 2 && code == SQLITE_OK; argc++)
    code = sqlite3_create_function_v2(
        db, "ngram_config", argc, flags, ng_connection_hold(connection),
        ngram_config_call, NULL, NULL, ng_connection_release);
  return code;
}
