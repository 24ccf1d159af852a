/* SPDX-License-Identifier: MIT */
/*
 * What xBestIndex makes of a query over ngram_rows.
 *
 * Paths and arguments are found, waited for and left out as in counts_plan.c.
 * What the query says of words and years becomes a filter, which the workers
 * use, so that other rows never come to SQLite's thread. It need not be exact:
 * SQLite checks each row again.
 *
 * - `word =`, IN and bounds are used with the column's own collation only,
 * bounds not in a database of UTF-16, where words have another order.
 * - Where a value differs from one row of a join to the next, the filter is
 *   used as well: words that are asked for one after the other are looked up.
 * - An IN looks like an = to a host before 3.38, its values come one after the
 *   other, and the file would be read for each of them. So there no = is used.
 * - Of several conditions of a kind the first is used.
 * - Rows come in the order of the file, which answers ORDER BY position.
 *
 * A file is read whole, for few rows as for all, and a row that is served costs
 * some ten times as much as one that is filtered out; the costs say so. A word
 * that comes from another table of a join is looked up, from the third one on.
 * How many will come cannot be seen: SQLite takes a table that was never
 * analyzed for a million rows, and would read all rows of the file for a list
 * of three words. So a look-up is told as the least there is, one step that
 * gives one row.
 */
#include "sqlite/rows_plan.h"

#include "sqlite/file_table.h"

/* Text is so many times as long as its gz. */
#define GZ_GROWTH 6.0

/* What can be handed to xFilter beside the arguments, in the order of argv. */
enum use {
  USE_WORD,
  USE_WORD_FROM,
  USE_WORD_TO,
  USE_WORD_LIKE,
  USE_YEAR,
  USE_YEAR_FROM,
  USE_YEAR_TO,
  USES /* how many */
};

/* Places in aConstraint, or -1. */
struct plan {
  struct ng_file_plan file;
  int use[USES];
};

static void use_first(struct plan *plan, enum use use, int i)
{
  if (plan->use[use] < 0)
    plan->use[use] = i;
}

/* A constraint on word or year, `first` being the = of it. */
static void look_at_value(struct plan *plan, unsigned char op, enum use first,
                          int i)
{
  switch (op) {
  case SQLITE_INDEX_CONSTRAINT_EQ:
    if (ng_host_has(3038000)) /* else it may be an IN */
      use_first(plan, first, i);
    break;
  case SQLITE_INDEX_CONSTRAINT_GE:
  case SQLITE_INDEX_CONSTRAINT_GT:
    use_first(plan, (enum use)(first + 1), i);
    break;
  case SQLITE_INDEX_CONSTRAINT_LE:
  case SQLITE_INDEX_CONSTRAINT_LT:
    use_first(plan, (enum use)(first + 2), i);
    break;
  }
}

static void look_at(struct plan *plan, sqlite3_index_info *info, int i)
{
  const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];

  if (!constraint->usable)
    return;
  if (constraint->iColumn == NG_ROWS_COLUMN_YEAR)
    look_at_value(plan, constraint->op, USE_YEAR, i);
  if (constraint->iColumn != NG_ROWS_COLUMN_WORD)
    return;
  if (constraint->op == SQLITE_INDEX_CONSTRAINT_LIKE)
    use_first(plan, USE_WORD_LIKE, i);
  else if (ng_host_compares_bytes(info, i))
    look_at_value(plan, constraint->op, USE_WORD, i);
}

static void plan_make(struct plan *plan, sqlite3_index_info *info, sqlite3 *db)
{
  ng_file_plan_find(&plan->file, info, NG_ROWS_COLUMN_PATH, NG_ROWS_ARGUMENTS);
  for (int i = 0; i < USES; i++)
    plan->use[i] = -1;
  for (int i = 0; i < info->nConstraint; i++)
    look_at(plan, info, i);
  if (plan->use[USE_WORD] >= 0 ||
      ((plan->use[USE_WORD_FROM] >= 0 || plan->use[USE_WORD_TO] >= 0) &&
       !ng_host_compares_utf8(db)))
    plan->use[USE_WORD_FROM] = plan->use[USE_WORD_TO] = -1;
  if (plan->use[USE_WORD] >= 0 || plan->use[USE_WORD_FROM] >= 0 ||
      plan->use[USE_WORD_TO] >= 0 ||
      (plan->use[USE_WORD_LIKE] >= 0 && !ng_host_likes_ascii(db)))
    plan->use[USE_WORD_LIKE] = -1;
}

/* The bit of idxNum for a use. */
static int bit_of(sqlite3_index_info *info, const struct plan *plan,
                  enum use use)
{
  static const int bits[USES] = {NG_ROWS_PLAN_WORD,    NG_ROWS_PLAN_WORD_FROM,
                                 NG_ROWS_PLAN_WORD_TO, NG_ROWS_PLAN_WORD_LIKE,
                                 NG_ROWS_PLAN_YEAR,    NG_ROWS_PLAN_YEAR_FROM,
                                 NG_ROWS_PLAN_YEAR_TO};

  if (use == USE_WORD && ng_host_is_list(info, plan->use[use]))
    return NG_ROWS_PLAN_WORD_LIST;
  if (use == USE_YEAR && ng_host_is_list(info, plan->use[use]))
    return NG_ROWS_PLAN_YEAR_LIST;
  return bits[use];
}

static unsigned columns_wanted(const sqlite3_index_info *info)
{
  static const unsigned columns[] = {
      [NG_ROWS_COLUMN_WORD] = NGRAM_ROWS_WORD,
      [NG_ROWS_COLUMN_YEAR] = NGRAM_ROWS_YEAR,
      [NG_ROWS_COLUMN_MATCH_COUNT] = NGRAM_ROWS_MATCH_COUNT,
      [NG_ROWS_COLUMN_VOLUME_COUNT] = NGRAM_ROWS_VOLUME_COUNT};
  const sqlite3_uint64 one = 1;
  unsigned wanted = 0;

  for (int i = 0; i < NG_ROWS_COLUMN_PATH; i++)
    if (info->colUsed & one << i)
      wanted |= columns[i];
  return wanted;
}

/* Tell SQLite, and xFilter, what the plan uses. */
static void plan_tell(const struct plan *plan, sqlite3_index_info *info)
{
  int argv_count;

  info->idxNum = (int)(columns_wanted(info) << NG_ROWS_PLAN_COLUMNS_SHIFT);
  argv_count = ng_file_plan_tell(&plan->file, info);
  for (int use = 0; use < USES; use++) {
    int place = plan->use[use];
    int bit = place >= 0 ? bit_of(info, plan, (enum use)use) : 0;

    ng_file_plan_hand_over(info, place, bit, &argv_count);
    if (bit == NG_ROWS_PLAN_WORD_LIST || bit == NG_ROWS_PLAN_YEAR_LIST)
      ng_host_take_list(info, place);
  }
  info->orderByConsumed =
      info->nOrderBy == 1 &&
      info->aOrderBy[0].iColumn == NG_ROWS_COLUMN_POSITION &&
      !info->aOrderBy[0].desc;
}

/* Whether words will come one after the other, and can be looked up: not in a
   stream, and not without room to keep where they are. */
static bool is_lookup(const struct plan *plan, const char *path,
                      const struct ng_connection *connection,
                      sqlite3_index_info *info)
{
  uint64_t bytes;

  return plan->use[USE_WORD] >= 0 && !(info->idxNum & NG_ROWS_PLAN_WORD_LIST) &&
         !ng_host_known_value(info, plan->use[USE_WORD]) &&
         ngram_cache_limit(connection->cache) > 0 &&
         (!path || ngram_file_bytes(path, connection->root, &bytes));
}

/* A row has 20 bytes, a word 59 rows, of as many years. SQLite's unit is some
   50 ns; in that time 100 bytes of text are read, and half a row is served. */
static void plan_estimate(const struct plan *plan,
                          const struct ng_connection *connection,
                          const struct ng_argument_value *defaults,
                          sqlite3_index_info *info)
{
  const double open_cost = 1000;
  const char *path =
      ng_file_plan_path(defaults, info, plan->file.argument[NG_ROWS_PATH]);
  double text_bytes =
      ng_file_plan_text_bytes(path, connection->root, GZ_GROWTH);
  double rows = 1 + text_bytes / 20;

  if (plan->use[USE_WORD_FROM] >= 0 || plan->use[USE_WORD_TO] >= 0 ||
      plan->use[USE_WORD_LIKE] >= 0)
    rows /= 4;
  if (plan->use[USE_YEAR_FROM] >= 0 || plan->use[USE_YEAR_TO] >= 0)
    rows /= 4;
  if (plan->use[USE_YEAR] >= 0)
    rows /= info->idxNum & NG_ROWS_PLAN_YEAR_LIST ? 10 : 59;
  if (plan->use[USE_WORD] >= 0 && rows > 59)
    rows = info->idxNum & NG_ROWS_PLAN_WORD_LIST ? 590 : 59;
  info->estimatedRows = (sqlite3_int64)rows + 1;
  info->estimatedCost = open_cost + text_bytes / 100 + 2 * rows;
  if (is_lookup(plan, path, connection, info)) {
    info->estimatedRows = 1;
    info->estimatedCost = 1;
  }
}

int ng_rows_plan(sqlite3 *db, const struct ng_connection *connection,
                 const struct ng_arguments *arguments,
                 const struct ng_argument_value *defaults,
                 sqlite3_index_info *info)
{
  struct plan plan;

  plan_make(&plan, info, db);
  if (plan.file.waits)
    return SQLITE_CONSTRAINT;
  plan_tell(&plan, info);
  plan_estimate(&plan, connection, defaults, info);
  if (plan.file.argument[NG_ROWS_PATH] < 0 && !defaults[NG_ROWS_PATH].given)
    info->estimatedCost = NG_NO_PATH_COST;
  return ng_file_plan_refuse(&plan.file, arguments, NG_ROWS_COLUMN_PATH, info);
}
