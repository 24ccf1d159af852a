/* SPDX-License-Identifier: MIT */
/*
 * The part of xBestIndex that tables with arguments share: it finds the
 * arguments, which are hidden columns, among the constraints of a query, and
 * has SQLite hand their values to xFilter.
 */
#ifndef NG_SQLITE_FILE_PLAN_H
#define NG_SQLITE_FILE_PLAN_H

#include "sqlite/arguments.h"

/* The path is argument 0. (In text_words, the text is.) */
#define NG_FILE_PATH 0
/* The most arguments that a table has. */
#define NG_FILE_ARGUMENTS 8

/* More than the cost of any plan that has a path. */
#define NG_FILE_PLAN_NO_PATH_COST 1e99

/* What ng_file_plan_find() found. */
struct ng_file_plan {
  int argument[NG_FILE_ARGUMENTS]; /* positions in aConstraint, or -1 */
  bool waits;  /* an argument is there, but its value is not yet known: return
                  SQLITE_CONSTRAINT, so that SQLite plans another table first */
  int misused; /* position of the constraint that compares an argument with
                  another operator than = or IN, or -1 */
};

/*
 * Find the arguments of a table, whose columns follow each other from
 * `first_column` on. One constraint per argument is handed over, and SQLite
 * checks the others. If there are several the last one is taken, because the
 * arguments in a function's parentheses come after those in WHERE.
 *
 * An argument with no = or IN, but with another operator, is misused. That is
 * not an error of the plan: SQLite plans each branch of an OR without the =
 * that stands outside. So ng_file_plan_finish() makes such a plan too expensive
 * to be chosen, and xFilter fails if it is chosen all the same.
 */
void ng_file_plan_find(struct ng_file_plan *plan,
                       const sqlite3_index_info *info, int first_column,
                       size_t count);

/* Hand the arguments to xFilter as the first elements of argv, with omit set.
   Bit i of idxNum says that argument i is there. Returns their number. */
int ng_file_plan_tell(const struct ng_file_plan *plan,
                      sqlite3_index_info *info);

/* Hand the constraint at `position` to xFilter as the next element of argv, of
   which *argv_count were given before, and set `bit` in idxNum. Does nothing if
   position is -1. */
void ng_file_plan_hand_over(sqlite3_index_info *info, int position, int bit,
                            int *argv_count);

/*
 * The last step of xBestIndex. Make a plan without a path, or with a misused
 * argument, too expensive to be chosen; for the latter, leave the message for
 * xFilter in idxStr. `defaults` are the table's, or NULL if it has none.
 * Returns SQLITE_OK; SQLITE_NOMEM; or SQLITE_CONSTRAINT if the value that a
 * misused argument is compared with is not yet known.
 */
int ng_file_plan_finish(const struct ng_file_plan *plan,
                        const struct ng_arguments *arguments,
                        const struct ng_argument_value *defaults,
                        int first_column, sqlite3_index_info *info);

/* The path if it is known while SQLite plans, else NULL: of the query's
   constraint, or the default if it has none. Borrowed for the call. */
const char *ng_file_plan_path(const struct ng_file_plan *plan,
                              const struct ng_argument_value *defaults,
                              sqlite3_index_info *info);

/*
 * Estimate the bytes of text in a file; `gz_growth` is the ratio of a text to
 * its gz. `path` may be NULL. Here, and only here, the name decides whether a
 * file is compressed: to open a FIFO would take its bytes, or block until it
 * has a writer.
 */
double ng_file_plan_text_bytes(const char *path, const struct ngram_root *root,
                               double gz_growth);

#endif
