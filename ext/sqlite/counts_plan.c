/* SPDX-License-Identifier: MIT */
/*
 * What xBestIndex makes of a query over ngram_counts.
 *
 * - An argument that is there but not yet known (`FROM ngram_counts(t.path),
 *   t`) is SQLITE_CONSTRAINT: SQLite then tries t first. To go on without it
 *   would be to read something else than was asked for.
 * - A path that is nowhere is no error yet. SQLite plans each branch of an OR
 *   by itself, without the arguments that stand outside; an error would end
 *   the statement, so such a plan is only made too dear to be chosen. When it
 *   is chosen all the same, the path is missing indeed, and xFilter says so.
 * - `word =` goes to the scan, which then counts these words only, and is left
 *   to SQLite to check as well. Only the column's own collation will do.
 * - An argument counts where it is a condition of its own. Within an OR it is
 *   not shown to us, as to no table-valued function: the default is in force,
 *   and SQLite compares the rows with it.
 * - LIMIT and OFFSET come as constraints too, with a column number that means
 *   nothing. They are left alone, as is all else.
 * - A file is read whole, for one word as for all. So a plan that scans once
 *   is better than one that scans for every row of a join, and the costs, from
 *   the file's size, say so.
 */
#include "sqlite/counts.h"

#include <string.h>
#include <sys/stat.h>

/* More than any plan that has a path. */
#define NO_PATH_COST 1e99

/* What a plan uses: places in aConstraint, or -1. */
struct plan {
  int argument[NG_COUNTS_ARGUMENTS];
  unsigned waiting; /* set of arguments that are there but not yet known */
  int word;
  bool word_list;
};

/*
 * May this constraint on `word` go to the scan? Not on a host before 3.38:
 * there an IN looks like an =, and would mean one scan for each of its values.
 */
static bool word_constraint_usable(sqlite3_index_info *info, int i)
{
#if SQLITE_VERSION_NUMBER >= 3038000
  return ng_host_has(3038000) && info->aConstraint[i].usable &&
         sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY") == 0;
#else
  (void)info;
  (void)i;
  return false;
#endif
}

/* Is it an IN whose values can come all at once? */
static bool word_constraint_is_list(sqlite3_index_info *info, int i)
{
#if SQLITE_VERSION_NUMBER >= 3038000
  return sqlite3_vtab_in(info, i, -1) != 0;
#else
  (void)info;
  (void)i;
  return false;
#endif
}

static void plan_look_at(struct plan *plan, sqlite3_index_info *info, int i)
{
  const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
  int argument = constraint->iColumn - NG_COLUMN_PATH;

  if (constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
    return;
  if (constraint->iColumn == NG_COLUMN_WORD) {
    if (plan->word < 0 && word_constraint_usable(info, i)) {
      plan->word = i;
      plan->word_list = word_constraint_is_list(info, i);
    }
  } else if (argument >= 0 && argument < NG_COUNTS_ARGUMENTS) {
    if (constraint->usable)
      plan->argument[argument] = i;
    else
      plan->waiting |= 1u << argument;
  }
}

static void plan_make(struct plan *plan, sqlite3_index_info *info)
{
  *plan = (struct plan){.word = -1};
  for (int i = 0; i < NG_COUNTS_ARGUMENTS; i++)
    plan->argument[i] = -1;
  for (int i = 0; i < info->nConstraint; i++)
    plan_look_at(plan, info, i);
  /* One constraint for an argument is enough: what others say is left to
     SQLite to check. The last is taken, for those of a function's parentheses
     come after those of WHERE. */
  for (int i = 0; i < NG_COUNTS_ARGUMENTS; i++)
    if (plan->argument[i] >= 0)
      plan->waiting &= ~(1u << i);
}

/* The results beside the total that the statement names. */
static unsigned columns_wanted(const sqlite3_index_info *info)
{
  const sqlite3_uint64 one = 1;
  unsigned columns = 0;

  if (info->colUsed & one << NG_COLUMN_VOLUMES)
    columns |= NGRAM_VOLUMES;
  if (info->colUsed &
      (one << NG_COLUMN_FIRST_YEAR | one << NG_COLUMN_LAST_YEAR))
    columns |= NGRAM_YEARS;
  if (info->colUsed & one << NG_COLUMN_ROW_COUNT)
    columns |= NGRAM_ROW_COUNT;
  return columns;
}

/* Tell SQLite, and xFilter, what the plan uses. */
static void plan_tell(const struct plan *plan, sqlite3_index_info *info)
{
  int argv_count = 0;

  info->idxNum = (int)(columns_wanted(info) << NG_PLAN_COLUMNS_SHIFT);
  for (int i = 0; i < NG_COUNTS_ARGUMENTS; i++) {
    if (plan->argument[i] < 0)
      continue;
    info->idxNum |= 1 << i;
    info->aConstraintUsage[plan->argument[i]].argvIndex = ++argv_count;
    info->aConstraintUsage[plan->argument[i]].omit = 1;
  }
  if (plan->word < 0)
    return;
  info->idxNum |= plan->word_list ? NG_PLAN_WORD_LIST : NG_PLAN_WORD;
  info->aConstraintUsage[plan->word].argvIndex = ++argv_count;
#if SQLITE_VERSION_NUMBER >= 3038000
  if (plan->word_list)
    sqlite3_vtab_in(info, plan->word, 1);
#endif
}

/* The path, when it is known before the query runs; else NULL. */
static const char *plan_path(const struct plan *plan,
                             const struct ng_value *defaults,
                             sqlite3_index_info *info)
{
  if (plan->argument[NG_COUNTS_PATH] < 0)
    return defaults[NG_COUNTS_PATH].path;
#if SQLITE_VERSION_NUMBER >= 3038000
  if (ng_host_has(3038000)) {
    sqlite3_value *value = NULL;
    int place = plan->argument[NG_COUNTS_PATH];
    if (sqlite3_vtab_rhs_value(info, place, &value) == SQLITE_OK && value)
      return (const char *)sqlite3_value_text(value);
  }
#endif
  (void)info;
  return NULL;
}

/*
 * Bytes of text in a file, for an estimate: n-gram files shrink to a sixth
 * under gzip. Here, and only here, the name decides what a file is: to open it
 * would steal from a FIFO, and hang on one that nobody writes to.
 */
static double guess_text_bytes(const char *path)
{
  const double unknown_bytes = 1e9;
  const char *dot = path ? strrchr(path, '.') : NULL;
  struct stat status;

  if (!path || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
    return unknown_bytes;
  if (dot && (strcmp(dot, ".gz") == 0 || strcmp(dot, ".bgz") == 0))
    return 6.0 * (double)status.st_size;
  return (double)status.st_size;
}

/*
 * SQLite's unit is about one step through a table of its own, some 50 ns; 100
 * bytes of text take as long. A file is read whole for one word too, so a plan
 * that scans once is better than one that scans for every row of a join.
 */
static void plan_estimate(const struct plan *plan,
                          const struct ng_value *defaults,
                          sqlite3_index_info *info)
{
  const double text_bytes_per_word = 1200; /* 59 rows of 20 bytes */
  const double open_cost = 1000;
  double text_bytes = guess_text_bytes(plan_path(plan, defaults, info));
  double rows = 1 + text_bytes / text_bytes_per_word;

  if (plan->word >= 0)
    rows = plan->word_list ? 10 : 1;
  info->estimatedRows = (sqlite3_int64)rows;
  info->estimatedCost = open_cost + text_bytes / 100 + rows;
}

int ng_counts_plan(const struct ng_value *defaults, sqlite3_index_info *info)
{
  struct plan plan;

  plan_make(&plan, info);
  if (plan.waiting)
    return SQLITE_CONSTRAINT;
  plan_tell(&plan, info);
  plan_estimate(&plan, defaults, info);
  if (plan.argument[NG_COUNTS_PATH] < 0 && !defaults[NG_COUNTS_PATH].given)
    info->estimatedCost = NO_PATH_COST;
  return SQLITE_OK;
}
