/* SPDX-License-Identifier: MIT */
/*
 * The arguments of the tables and of ngram_config(). A table describes its
 * arguments once, in an array of struct ng_argument; both its shapes are read
 * by it:
 *
 *     FROM ngram_counts('a.gz', 20000)                  SQL values
 *     CREATE VIRTUAL TABLE ... ('a.gz', threads = 4)    text
 */
#ifndef NG_SQLITE_ARGUMENTS_H
#define NG_SQLITE_ARGUMENTS_H

#include "ngram.h"
#include "sqlite/host.h"

enum ng_argument_kind {
  NG_ARGUMENT_PATH,    /* text, not empty, without NUL */
  NG_ARGUMENT_FOLDER,  /* as a path; messages name a folder */
  NG_ARGUMENT_INTEGER, /* low to high; 4.0 and '4' are 4, as in a column */
  NG_ARGUMENT_ANY,     /* any value but NULL; the caller reads it */
  NG_ARGUMENT_KEYWORD, /* one of `keywords`; its number is the index */
};

struct ng_argument {
  const char *name;
  enum ng_argument_kind kind;
  bool required; /* NULL is an error; else NULL stands for the default */
  int64_t low;
  int64_t high;
  int64_t limit_least; /* if not 0: 0 is allowed and means no limit, and a
                          limit is at least this; low and high are unused */
  const char *const *keywords; /* NULL-terminated */
};

/* Elements for the lists of arguments of several tables, or of the settings. */
/* clang-format off */
#define NG_PATH_ARGUMENT                                                       \
  {.name = "path", .kind = NG_ARGUMENT_PATH, .required = true}
#define NG_THREADS_ARGUMENT                                                    \
  {.name = "threads", .kind = NG_ARGUMENT_INTEGER, .low = 1,                   \
   .high = NGRAM_THREADS_MAX}
#define NG_YEAR_ARGUMENT(called)                                               \
  {.name = (called), .kind = NG_ARGUMENT_INTEGER, .low = INT64_MIN,            \
   .high = INT64_MAX}
#define NG_MEMORY_LIMIT_ARGUMENT                                               \
  {.name = "memory_limit", .kind = NG_ARGUMENT_INTEGER, .high = INT64_MAX,     \
   .limit_least = NGRAM_MEMORY_LIMIT_MIN}
/* clang-format on */

/* The arguments of one table or function, in their order. */
struct ng_arguments {
  const char *module; /* its name, the first word of every message */
  const struct ng_argument *list;
  size_t count;
};

/* The value of an argument; all zero if it was not given. */
struct ng_argument_value {
  bool given;
  int64_t number; /* an integer, or the index of a keyword */
  char *path;     /* owned; see ng_argument_value_clear() */
};

/*
 * Read argument `index` from an SQL value. NULL leaves *value as it is, so that
 * a default stays in force, unless the argument is required.
 *
 * Returns SQLITE_OK; SQLITE_NOMEM; or SQLITE_ERROR with *message, which the
 * caller frees with sqlite3_free(). *value is unchanged on failure.
 */
int ng_argument_read(const struct ng_arguments *arguments, size_t index,
                     sqlite3_value *given, struct ng_argument_value *value,
                     char **message);

/* Read argument `index` from a text, as ng_argument_read() does. */
int ng_argument_read_text(const struct ng_arguments *arguments, size_t index,
                          const char *text, struct ng_argument_value *value,
                          char **message);

/*
 * Read the arguments of a CREATE VIRTUAL TABLE, as SQLite hands them to
 * xConnect: `text_count` texts, each `value` or `name = value`. Those without a
 * name come first, in the order of the list. A value is quoted as in SQL,
 * 'it''s' or "x", or bare: NULL, a number, a word without quotes.
 *
 * `values` has arguments->count elements, all zero before; the caller clears
 * them whatever is returned. Returns as ng_argument_read().
 */
int ng_arguments_declare(const struct ng_arguments *arguments,
                         const char *const *texts, size_t text_count,
                         struct ng_argument_value *values, char **message);

/* The message "ngram_counts: path is missing, expected the name of a file",
   which the caller frees with sqlite3_free(). Returns NULL if there is no
   memory. */
char *ng_argument_missing(const struct ng_arguments *arguments, size_t index);

/*
 * The message "year_from is given with >=, expected = or IN", for an operator
 * of sqlite3_index_info other than =. It lacks the module's name, because it is
 * for idxStr, which SQLite frees. Returns NULL if there is no memory.
 */
char *ng_argument_operator(const struct ng_argument *argument,
                           unsigned char op);

/* Free what a value owns and make it all zero. */
void ng_argument_value_clear(struct ng_argument_value *value);

#endif
