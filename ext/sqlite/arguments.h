/* SPDX-License-Identifier: MIT */
/*
 * The arguments of the tables, and of ngram_config: what is allowed, how they
 * are read, and what is said of a bad one. A table describes its arguments
 * once, in an array of struct ng_argument; both its shapes read by it:
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
  NG_ARGUMENT_FOLDER,  /* as a path, and said otherwise */
  NG_ARGUMENT_INTEGER, /* low to high; 4.0 and '4' are 4, as in a column */
  NG_ARGUMENT_ANY,     /* any value but NULL; the caller reads it */
  NG_ARGUMENT_KEYWORD, /* one of some words; counted from 0 */
};

struct ng_argument {
  const char *name;
  enum ng_argument_kind kind;
  bool required; /* then NULL is an error, else the default */
  int64_t low;
  int64_t high;
  int64_t limit_least; /* not 0: 0 is no limit, and a limit is this or more */
  const char *const *keywords; /* NULL-terminated */
};

/* Arguments that several tables or the settings have, for their lists. */
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

/* What an argument was set to. All zero: not given. */
struct ng_argument_value {
  bool given;
  int64_t number; /* of an integer, or the place of a choice */
  char *path;     /* owned; see ng_argument_value_clear() */
};

/*
 * Read argument `index` from an SQL value. NULL leaves *value as it is, so
 * that a default stays in force.
 *
 * SQLITE_OK; SQLITE_NOMEM; or SQLITE_ERROR with *message, for the caller to
 * sqlite3_free(): which argument, what was given, what is allowed. *value is
 * unchanged on failure.
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
 * xConnect: `text_count` texts, each `value` or `name = value`, the former in
 * the order of the list and before the latter. A value is quoted as in SQL,
 * 'it''s' or "x", or bare: NULL, a number, a word without quotes.
 *
 * `values` has arguments->count elements, all zero; the caller clears them
 * whatever is returned. Returns as ng_argument_read().
 */
int ng_arguments_declare(const struct ng_arguments *arguments,
                         const char *const *texts, size_t text_count,
                         struct ng_argument_value *values, char **message);

/* "ngram_counts: path is missing, expected the name of a file"; for the caller
   to sqlite3_free(); NULL: no memory. */
char *ng_argument_missing(const struct ng_arguments *arguments, size_t index);

/*
 * "year_from is given with >=, expected = or IN", for an operator of
 * sqlite3_index_info that gives no argument; without the module, for idxStr,
 * and to be freed with it. NULL: no memory.
 */
char *ng_argument_operator(const struct ng_argument *argument,
                           unsigned char op);

/* Free what a value holds and make it zero. */
void ng_argument_value_clear(struct ng_argument_value *value);

#endif
