/* SPDX-License-Identifier: MIT */
/*
 * What tables over files have in common: they are made as a table-valued
 * function and by CREATE VIRTUAL TABLE, their first argument is the path, and a
 * plan guesses what a file will cost.
 */
#ifndef NG_SQLITE_FILE_TABLE_H
#define NG_SQLITE_FILE_TABLE_H

#include "sqlite/arguments.h"
#include "sqlite/connection.h"

/* The path is argument 0. */
#define NG_FILE_PATH 0
/* No table has more arguments. */
#define NG_FILE_ARGUMENTS 8

/* More than any plan that has a path. */
#define NG_NO_PATH_COST 1e99

struct ng_file_table {
  sqlite3_vtab base;
  sqlite3 *db;
  struct ng_connection *connection; /* a reference */
  const struct ng_arguments *arguments;
  struct ng_argument_value
      defaults[NG_FILE_ARGUMENTS]; /* of CREATE VIRTUAL TABLE */
};

/* What kind of table it is. */
struct ng_file_kind {
  const struct ng_arguments *arguments;
  const char *schema;
  size_t table_bytes; /* it begins with a struct ng_file_table; the rest is 0 */
};

/* xConnect, and xCreate. argv: the module, the database, the table, and its
   arguments as text. The table is DIRECTONLY. */
int ng_file_table_connect(const struct ng_file_kind *kind, sqlite3 *db,
                          struct ng_connection *connection, int argc,
                          const char *const *argv, sqlite3_vtab **vtab,
                          char **message);

/* xDisconnect, and xDestroy. */
int ng_file_table_disconnect(sqlite3_vtab *vtab);

/* What xBestIndex finds of the arguments: the place of each in aConstraint, or
   -1. */
struct ng_file_plan {
  int argument[NG_FILE_ARGUMENTS];
  bool waits;  /* for an argument that is there but not yet known */
  int misused; /* one is given with another operator only: by this, or -1 */
};

/*
 * Find the arguments of the table among the constraints. Their columns follow
 * each other, from `first_column` on. One constraint for an argument is enough:
 * what others say is left to SQLite to check. The last is taken, for those of a
 * function's parentheses come after those of WHERE.
 *
 * An argument that no = or IN gives, but another operator, is misused. That is
 * an error, but not yet: a branch of an OR is planned without the = that stands
 * outside. So such a plan is too dear to be chosen (ng_file_plan_refuse()), and
 * when it is chosen all the same, xFilter fails.
 */
void ng_file_plan_find(struct ng_file_plan *plan,
                       const sqlite3_index_info *info, int first_column,
                       size_t count);

/* If an argument is misused, make the plan too dear and leave in idxStr what
   xFilter is to say. SQLITE_OK; SQLITE_NOMEM; or SQLITE_CONSTRAINT: what it is
   compared with is not yet known, and another plan knows it. */
int ng_file_plan_refuse(const struct ng_file_plan *plan,
                        const struct ng_arguments *arguments, int first_column,
                        sqlite3_index_info *info);

/* In xFilter: SQLITE_OK, or the error that the plan's idxStr tells. */
int ng_file_table_check(sqlite3_vtab *vtab,
                        const struct ng_arguments *arguments,
                        const char *plan_text);

/* An argument as it is in force: as `values` has it, which are given by a
   query, or else the table's default. */
const struct ng_argument_value *
ng_file_table_value(const struct ng_file_table *table,
                    const struct ng_argument_value *values, size_t argument);

/*
 * In xFilter: read the arguments that the plan hands over from argv into
 * `values`, all zero before; *argc: how many there were. Returns SQLite's code.
 * A bad argument, one that is missing, or what the plan's idxStr tells is the
 * error of the table and leaves a trace in ngram_stats.
 */
int ng_file_table_read(struct ng_file_table *table, int plan,
                       const char *plan_text, sqlite3_value **argv,
                       struct ng_argument_value *values, int *argc);

/* Have them handed to xFilter, the first ones of argv, and checked by nobody
   else; bit i of idxNum says that argument i is there. Returns how many. */
int ng_file_plan_tell(const struct ng_file_plan *plan,
                      sqlite3_index_info *info);

/* Hand the constraint at `place` to xFilter behind *argv_count others, and say
   so by a bit of idxNum; nothing to do for -1. */
void ng_file_plan_hand_over(sqlite3_index_info *info, int place, int bit,
                            int *argv_count);

/* In xBestIndex: the path as far as it is known, from the constraint at
   `place`, or from the defaults where that is -1; else NULL. Borrowed for the
   call. */
const char *ng_file_plan_path(const struct ng_argument_value *defaults,
                              sqlite3_index_info *info, int place);

/*
 * Bytes of text in a file, for an estimate; `gz_growth` is how many times as
 * long as its gz a text is. Here, and only here, the name decides what a file
 * is: to open it would steal from a FIFO, and hang on one that nobody writes
 * to.
 */
double ng_file_plan_text_bytes(const char *path, const struct ngram_root *root,
                               double gz_growth);

#endif
