/* SPDX-License-Identifier: MIT */
/*
 * How the arguments of a table are found among the constraints of a query.
 *
 * Seen from SQLite, a table with arguments is one endless table: each file,
 * read with each combination of arguments. The arguments are hidden columns,
 * and a query names the rows that it means by constraints on them. xBestIndex
 * of each table calls these functions in the order find, tell, finish, and adds
 * what its other columns give in between.
 *
 * - An argument with a constraint whose value is not yet known (`FROM
 *   ngram_counts(t.path), t`) gives SQLITE_CONSTRAINT: SQLite then tries the
 *   plan that reads t first. A plan without the argument would read something
 *   else than the query asks for.
 * - A path with no constraint is not an error yet. SQLite plans each branch of
 *   an OR by itself, without the arguments that stand outside it; an error
 *   would end the statement, so such a plan is only made too expensive to be
 *   chosen. If it is chosen all the same, the query has no path, and xFilter
 *   returns the error.
 * - An argument counts only where it is a condition of its own. Within an OR,
 *   SQLite shows it to no table-valued function: the default is in force, and
 *   SQLite compares the rows with it.
 *
 * Sets of arguments are bit masks. Nothing here owns memory, but for idxStr,
 * which SQLite frees.
 */
#include "sqlite/file_plan.h"

#include <string.h>

/* The argument that a constraint is on, or -1. */
static int argument_of(const struct sqlite3_index_constraint *constraint,
                       int first_column, size_t count)
{
  int argument = constraint->iColumn - first_column;

  if (argument < 0 || argument >= (int)count || ng_host_is_limit(constraint))
    return -1;
  return argument;
}

/* Sort the arguments with = into plan->argument, if the value is known, and
 *waiting, if it is not. Returns those with another operator. */
static unsigned look_at_constraints(struct ng_file_plan *plan,
                                    const sqlite3_index_info *info,
                                    int first_column, size_t count,
                                    unsigned *waiting)
{
  unsigned others = 0;

  for (int i = 0; i < info->nConstraint; i++) {
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
    int argument = argument_of(constraint, first_column, count);

    if (argument < 0)
      continue;
    if (constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
      others |= 1u << argument;
    else if (constraint->usable)
      plan->argument[argument] = i;
    else
      *waiting |= 1u << argument;
  }
  return others;
}

/* The position of a constraint on one of these arguments, or -1. SQLite adds
   bounds to LIKE and GLOB; these have lower operator numbers, so the operator
   that the query has is the one with the highest number. */
static int find_misused(const sqlite3_index_info *info, int first_column,
                        size_t count, unsigned arguments)
{
  int found = -1;

  for (int i = 0; i < info->nConstraint; i++) {
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
    int argument = argument_of(constraint, first_column, count);

    if (argument >= 0 && arguments >> argument & 1 &&
        (found < 0 || constraint->op > info->aConstraint[found].op))
      found = i;
  }
  return found;
}

void ng_file_plan_find(struct ng_file_plan *plan,
                       const sqlite3_index_info *info, int first_column,
                       size_t count)
{
  unsigned waiting = 0;
  unsigned given = 0;
  unsigned others;

  for (size_t i = 0; i < NG_FILE_ARGUMENTS; i++)
    plan->argument[i] = -1;
  others = look_at_constraints(plan, info, first_column, count, &waiting);
  for (size_t i = 0; i < count; i++)
    if (plan->argument[i] >= 0)
      given |= 1u << i;
  plan->waits = (waiting & ~given) != 0;
  plan->misused =
      find_misused(info, first_column, count, others & ~given & ~waiting);
}

void ng_file_plan_hand_over(sqlite3_index_info *info, int position, int bit,
                            int *argv_count)
{
  if (position < 0)
    return;
  info->idxNum |= bit;
  info->aConstraintUsage[position].argvIndex = ++*argv_count;
}

int ng_file_plan_tell(const struct ng_file_plan *plan, sqlite3_index_info *info)
{
  int count = 0;

  for (int i = 0; i < NG_FILE_ARGUMENTS; i++) {
    ng_file_plan_hand_over(info, plan->argument[i], 1 << i, &count);
    if (plan->argument[i] >= 0)
      info->aConstraintUsage[plan->argument[i]].omit = 1;
  }
  return count;
}

/* Refuse a misused argument: see ng_file_plan_finish(). */
static int refuse_misused(const struct ng_file_plan *plan,
                          const struct ng_arguments *arguments,
                          int first_column, sqlite3_index_info *info)
{
  const struct sqlite3_index_constraint *constraint;

  if (plan->misused < 0)
    return SQLITE_OK;
  constraint = &info->aConstraint[plan->misused];
  if (!constraint->usable)
    return SQLITE_CONSTRAINT;
  info->idxStr = ng_argument_operator(
      &arguments->list[constraint->iColumn - first_column], constraint->op);
  if (!info->idxStr)
    return SQLITE_NOMEM;
  info->needToFreeIdxStr = 1;
  info->estimatedCost = NG_FILE_PLAN_NO_PATH_COST;
  return SQLITE_OK;
}

int ng_file_plan_finish(const struct ng_file_plan *plan,
                        const struct ng_arguments *arguments,
                        const struct ng_argument_value *defaults,
                        int first_column, sqlite3_index_info *info)
{
  if (plan->argument[NG_FILE_PATH] < 0 &&
      !(defaults && defaults[NG_FILE_PATH].given))
    info->estimatedCost = NG_FILE_PLAN_NO_PATH_COST;
  return refuse_misused(plan, arguments, first_column, info);
}

const char *ng_file_plan_path(const struct ng_file_plan *plan,
                              const struct ng_argument_value *defaults,
                              sqlite3_index_info *info)
{
  int position = plan->argument[NG_FILE_PATH];
  sqlite3_value *value;

  if (position < 0)
    return defaults[NG_FILE_PATH].path;
  value = ng_host_known_value(info, position);
  return value ? (const char *)sqlite3_value_text(value) : NULL;
}

double ng_file_plan_text_bytes(const char *path, const struct ngram_root *root,
                               double gz_growth)
{
  const double unknown_bytes = 1e9;
  const char *dot = path ? strrchr(path, '.') : NULL;
  uint64_t bytes;

  if (!path || !ngram_file_bytes(path, root, &bytes))
    return unknown_bytes;
  if (dot && (strcmp(dot, ".gz") == 0 || strcmp(dot, ".bgz") == 0))
    return gz_growth * (double)bytes;
  return (double)bytes;
}
