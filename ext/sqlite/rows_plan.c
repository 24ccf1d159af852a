/* SPDX-License-Identifier: MIT */
/*
 * xBestIndex of ngram_rows. file_plan.c finds the arguments; this file makes a
 * filter of the constraints on word and year, with which the workers drop rows
 * before SQLite's thread sees them. The filter may be wider than the query:
 * SQLite checks each row again (omit stays 0).
 *
 * - `word =`, IN and bounds are used with the column's own collation only, and
 *   bounds not in a database of UTF-16, where words have another order.
 * - A value that differs from one row of a join to the next is used as well:
 *   words that are asked for one after the other are looked up.
 * - A host before 3.38 shows an IN as an =, with one value after the other, and
 *   each would read the file again. So there no = is used.
 * - Of several conditions of a kind the first is used.
 * - Rows come in the order of the file, which answers ORDER BY position.
 *
 * A file is read whole, for few rows as for all, and a row that is served costs
 * some ten times as much as one that is filtered out; the costs say so. A word
 * that comes from another table of a join is looked up: only the first two such
 * words have the file read whole (rows/lookups.h).
 * The plan cannot tell how many words will come: SQLite takes a table that was
 * never analyzed for a million rows, and would read all rows of the file for a
 * list of three words. So a lookup gets the lowest possible estimate: one step,
 * one row.
 */
#include "sqlite/rows_plan.h"

/* The ratio of a text to its gz. */
#define GZ_GROWTH 6.0

/* What the plan may hand to xFilter after the arguments, in the order of
   argv. */
enum use {
  USE_WORD,
  USE_WORD_FROM,
  USE_WORD_TO,
  USE_WORD_LIKE,
  USE_YEAR,
  USE_YEAR_FROM,
  USE_YEAR_TO,
  USES /* their number */
};

struct plan {
  struct ng_file_plan file;
  int use[USES]; /* positions in aConstraint, or -1 */
};

static void use_first(struct plan *plan, enum use use, int i)
{
  if (plan->use[use] < 0)
    plan->use[use] = i;
}

/* Look at a constraint on word or year. `first` is the use of its =; the uses
   of a lower and an upper bound follow. */
static void look_at_value(struct plan *plan, unsigned char op, enum use first,
                          int i)
{
  switch (op) {
  case SQLITE_INDEX_CONSTRAINT_EQ:
    if (ng_host_has(3038000)) /* on an older host it may be an IN */
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
  static const int bits[USES] = {
      [USE_WORD] = NG_WORD_CONSTRAINT_ONE,
      [USE_WORD_FROM] = NG_WORD_CONSTRAINT_FROM,
      [USE_WORD_TO] = NG_WORD_CONSTRAINT_TO,
      [USE_WORD_LIKE] = NG_WORD_CONSTRAINT_LIKE,
      [USE_YEAR] = NG_ROWS_PLAN_YEAR,
      [USE_YEAR_FROM] = NG_ROWS_PLAN_YEAR_FROM,
      [USE_YEAR_TO] = NG_ROWS_PLAN_YEAR_TO,
  };

  if (use == USE_WORD && ng_host_is_list(info, plan->use[use]))
    return NG_WORD_CONSTRAINT_LIST;
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

/* Tell SQLite and xFilter what the plan uses. */
static void plan_tell(const struct plan *plan, sqlite3_index_info *info)
{
  int argv_count;

  info->idxNum = (int)(columns_wanted(info) << NG_ROWS_PLAN_COLUMNS_SHIFT);
  argv_count = ng_file_plan_tell(&plan->file, info);
  for (int use = 0; use < USES; use++) {
    int position = plan->use[use];
    int bit = position >= 0 ? bit_of(info, plan, (enum use)use) : 0;

    ng_file_plan_hand_over(info, position, bit, &argv_count);
    if (bit == NG_WORD_CONSTRAINT_LIST || bit == NG_ROWS_PLAN_YEAR_LIST)
      ng_host_take_list(info, position);
  }
  info->orderByConsumed =
      info->nOrderBy == 1 &&
      info->aOrderBy[0].iColumn == NG_ROWS_COLUMN_POSITION &&
      !info->aOrderBy[0].desc;
}

/* Whether words will come one after the other and each can be looked up: not in
   a stream, and not without a cache to keep where the words are. */
static bool is_lookup(const struct plan *plan, const char *path,
                      const struct ng_connection *connection,
                      sqlite3_index_info *info)
{
  uint64_t bytes;

  return plan->use[USE_WORD] >= 0 &&
         !(info->idxNum & NG_WORD_CONSTRAINT_LIST) &&
         !ng_host_known_value(info, plan->use[USE_WORD]) &&
         ngram_cache_limit(connection->cache) > 0 &&
         (!path || ngram_file_bytes(path, connection->root, &bytes));
}

/* A row has about 20 bytes, and a word 59 rows, one for each year. SQLite's
   unit of cost is some 50 ns; in that time the scan reads 100 bytes of text, or
   half a row is served. */
static void plan_estimate(const struct plan *plan,
                          const struct ng_file_table *table,
                          sqlite3_index_info *info)
{
  const double open_cost = 1000;
  const char *path = ng_file_plan_path(&plan->file, table->defaults, info);
  double text_bytes =
      ng_file_plan_text_bytes(path, table->connection->root, GZ_GROWTH);
  double rows = 1 + text_bytes / 20;

  if (plan->use[USE_WORD_FROM] >= 0 || plan->use[USE_WORD_TO] >= 0 ||
      plan->use[USE_WORD_LIKE] >= 0)
    rows /= 4;
  if (plan->use[USE_YEAR_FROM] >= 0 || plan->use[USE_YEAR_TO] >= 0)
    rows /= 4;
  if (plan->use[USE_YEAR] >= 0)
    rows /= info->idxNum & NG_ROWS_PLAN_YEAR_LIST ? 10 : 59;
  if (plan->use[USE_WORD] >= 0 && rows > 59)
    rows = info->idxNum & NG_WORD_CONSTRAINT_LIST ? 590 : 59;
  info->estimatedRows = (sqlite3_int64)rows + 1;
  info->estimatedCost = open_cost + text_bytes / 100 + 2 * rows;
  if (is_lookup(plan, path, table->connection, info)) {
    info->estimatedRows = 1;
    info->estimatedCost = 1;
  }
}

int ng_rows_plan(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  const struct ng_file_table *table = (const struct ng_file_table *)vtab;
  struct plan plan;

  plan_make(&plan, info, table->db);
  if (plan.file.waits)
    return SQLITE_CONSTRAINT;
  plan_tell(&plan, info);
  plan_estimate(&plan, table, info);
  return ng_file_plan_finish(&plan.file, &table->kind->arguments,
                             table->defaults, NG_ROWS_COLUMN_PATH, info);
}
