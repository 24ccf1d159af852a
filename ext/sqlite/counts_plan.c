/* SPDX-License-Identifier: MIT */
/*
 * What xBestIndex makes of a query over a table of counts.
 *
 * - An argument that is there but not yet known (`FROM ngram_counts(t.path),
 *   t`) is SQLITE_CONSTRAINT: SQLite then tries t first. To go on without it
 *   would be to read something else than was asked for.
 * - A path that is nowhere is no error yet. SQLite plans each branch of an OR
 *   by itself, without the arguments that stand outside; an error would end
 *   the statement, so such a plan is only made too dear to be chosen. When it
 *   is chosen all the same, the path is missing indeed, and xFilter says so.
 * - `word =` a literal goes to the scan, which then counts this word only.
 *   Where the word may change from one row of a join to the next, or from one
 *   run of the statement to the next, all words are counted once and each is
 *   found in the result. Either is left to SQLite to check as well. Only the
 *   column's own collation will do.
 * - An argument counts where it is a condition of its own. Within an OR it is
 *   not shown to us, as to no table-valued function: the default is in force,
 *   and SQLite compares the rows with it.
 * - A literal bound of the words (word >= 'b', GLOB 'b*') goes to the scan in
 *   the same way. So does LIKE 'b%', whose words lie between B and what begins
 *   with b; a host whose LIKE is case-sensitive gives bounds for it by itself.
 * - ORDER BY word, or total, is answered without SQLite's sorter; so is GROUP
 *   BY, which asks for an order too. That has to be a true one:
 *   sqlite3_vtab_distinct() says that equal rows need only stand together, but
 *   an ORDER BY of the same columns is left out where it says so. No word comes
 *   twice in a scan, so what stands behind `word` in an ORDER BY decides
 *   nothing.
 * - What goes by an order of words is left to SQLite in a database of UTF-16.
 * - LIMIT and OFFSET come as constraints too, with a column number that means
 *   nothing. They are left to SQLite, as is all else; a LIMIT only tells that
 *   a few rows of an order may be enough.
 * - A file is read whole, for one word as for all. So a plan that scans once
 *   is better than one that scans for every row of a join, and the costs, from
 *   the file's size, say so.
 */
#include "sqlite/counts_kind.h"

#include "sqlite/file_table.h"

/* SQLITE_INDEX_CONSTRAINT_LIMIT, since 3.38. */
#define CONSTRAINT_LIMIT 73

/* What a plan uses: places in aConstraint, or -1. */
struct plan {
  const struct ng_counts_kind *kind;
  struct ng_file_plan file;
  int word;
  int word_kind; /* NG_COUNTS_PLAN_WORD and so on */
  int from;      /* a lower and an upper bound of the words */
  int to;
  int like;     /* a pattern that words are LIKE, in place of bounds */
  bool limited; /* by a LIMIT */
  int order;    /* an enum ngram_order and 1; 0: none */
};

/*
 * May this constraint on `word` go to the scan? Not on a host before 3.38:
 * there an IN looks like an =, and its values come one after the other, 5 and
 * '5' both, each of which may find the same row.
 */
static bool word_constraint_usable(sqlite3_index_info *info, int i)
{
  return info->aConstraint[i].usable && ng_host_compares_bytes(info, i);
}

static int word_constraint_kind(sqlite3_index_info *info, int i)
{
  if (ng_host_is_list(info, i))
    return NG_COUNTS_PLAN_WORD_LIST;
  return ng_host_known_value(info, i) ? NG_COUNTS_PLAN_WORD
                                      : NG_COUNTS_PLAN_ANY_WORD;
}

/* The fewest words are best, and those that are known: a literal, then any one,
   then a list, which may be gone through for each row of a join. */
static bool is_better_word(int kind, int than)
{
  return kind != than &&
         (kind == NG_COUNTS_PLAN_WORD || than == NG_COUNTS_PLAN_WORD_LIST);
}

/* Are the rows that pass the same in every xFilter? If they were others for
   each row of a join, the file would be read for each. */
static bool bound_is_known(sqlite3_index_info *info, int i)
{
  return word_constraint_usable(info, i) && ng_host_known_value(info, i);
}

/* The same of a pattern. Collations mean nothing to LIKE. */
static bool pattern_is_known(sqlite3_index_info *info, int i)
{
  return info->aConstraint[i].usable && ng_host_known_value(info, i);
}

/* A bound of the words, which GLOB and a case-sensitive LIKE with a fixed
   beginning give as well. */
static void plan_look_at_bound(struct plan *plan, sqlite3_index_info *info,
                               int i)
{
  switch (info->aConstraint[i].op) {
  case SQLITE_INDEX_CONSTRAINT_GE:
  case SQLITE_INDEX_CONSTRAINT_GT:
    if (plan->from < 0 && bound_is_known(info, i))
      plan->from = i;
    break;
  case SQLITE_INDEX_CONSTRAINT_LE:
  case SQLITE_INDEX_CONSTRAINT_LT:
    if (plan->to < 0 && bound_is_known(info, i))
      plan->to = i;
    break;
  case SQLITE_INDEX_CONSTRAINT_LIKE:
    if (plan->like < 0 && pattern_is_known(info, i))
      plan->like = i;
    break;
  }
}

static void plan_look_at(struct plan *plan, sqlite3_index_info *info, int i)
{
  const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];

  plan->limited |= constraint->op == CONSTRAINT_LIMIT;
  if (constraint->iColumn != NG_COUNTS_COLUMN_WORD)
    return;
  plan_look_at_bound(plan, info, i);
  if (constraint->op == SQLITE_INDEX_CONSTRAINT_EQ &&
      word_constraint_usable(info, i)) {
    int kind = word_constraint_kind(info, i);

    if (plan->word < 0 || is_better_word(kind, plan->word_kind)) {
      plan->word = i;
      plan->word_kind = kind;
    }
  }
}

/*
 * Is the order only there to find equal rows, for DISTINCT, and of no use? From
 * 3.53 on a host compares each row with the one before it when we give the
 * order, so words are put in theirs. Older ones look for equal rows by a b-tree
 * all the same (they take no virtual table's word for it, unless there is an
 * ORDER BY), and then an order is work in vain; so is one by total, always.
 */
static bool order_is_in_vain(sqlite3_index_info *info)
{
#if SQLITE_VERSION_NUMBER >= 3038000
  if (!ng_host_has(3038000) || sqlite3_vtab_distinct(info) != 2)
    return false;
  return !ng_host_has(3053000) ||
         info->aOrderBy[0].iColumn != NG_COUNTS_COLUMN_WORD;
#else
  (void)info;
  return false;
#endif
}

/* The order that is asked for, an enum ngram_order and 1, if it is one of ours;
   else 0. */
static int find_order(sqlite3_index_info *info)
{
  const struct sqlite3_index_orderby *terms = info->aOrderBy;

  if (info->nOrderBy == 0 || order_is_in_vain(info))
    return 0;
  if (terms[0].iColumn == NG_COUNTS_COLUMN_WORD)
    return 1 + (terms[0].desc ? NGRAM_BY_WORD_DESCENDING : NGRAM_BY_WORD);
  if (terms[0].iColumn == NG_COUNTS_COLUMN_TOTAL &&
      (info->nOrderBy == 1 ||
       (terms[1].iColumn == NG_COUNTS_COLUMN_WORD && !terms[1].desc)))
    return 1 + (terms[0].desc ? NGRAM_BY_TOTAL_DESCENDING : NGRAM_BY_TOTAL);
  return 0;
}

static void plan_make(struct plan *plan, const struct ng_counts_kind *kind,
                      sqlite3_index_info *info)
{
  *plan = (struct plan){.kind = kind,
                        .word = -1,
                        .from = -1,
                        .to = -1,
                        .like = -1,
                        .order = find_order(info),
                        .limited = !ng_host_has(3038000)};
  ng_file_plan_find(&plan->file, info, NG_COUNTS_COLUMN_PATH,
                    kind->arguments.count);
  for (int i = 0; i < info->nConstraint; i++)
    plan_look_at(plan, info, i);
}

/* The results beside the total that the statement names. */
static unsigned columns_wanted(const struct ng_counts_kind *kind,
                               const sqlite3_index_info *info)
{
  static const unsigned columns_of[NG_COUNTS_RESULTS] = {
      [NG_COUNTS_RESULT_VOLUMES] = NGRAM_VOLUMES,
      [NG_COUNTS_RESULT_FIRST_YEAR] = NGRAM_YEARS,
      [NG_COUNTS_RESULT_LAST_YEAR] = NGRAM_YEARS,
      [NG_COUNTS_RESULT_ROW_COUNT] = NGRAM_ROW_COUNT,
  };
  size_t first = NG_COUNTS_COLUMN_PATH + kind->arguments.count;
  unsigned columns = 0;

  for (int i = 0; i < kind->results; i++)
    if (info->colUsed >> first >> i & 1)
      columns |= columns_of[i];
  return columns;
}

/* Tell SQLite, and xFilter, what the plan uses. */
static void plan_tell(const struct plan *plan, sqlite3_index_info *info)
{
  int argv_count;

  info->idxNum =
      (int)(columns_wanted(plan->kind, info) << NG_COUNTS_PLAN_COLUMNS_SHIFT);
  argv_count = ng_file_plan_tell(&plan->file, info);
  if (plan->order > 0) {
    info->orderByConsumed = 1;
    info->idxNum |= plan->order << NG_COUNTS_PLAN_ORDER_SHIFT;
    if (plan->limited)
      info->idxNum |= NG_COUNTS_PLAN_FEW;
  }
  if (plan->word >= 0) {
    ng_file_plan_hand_over(info, plan->word, plan->word_kind, &argv_count);
    if (plan->word_kind == NG_COUNTS_PLAN_WORD_LIST)
      ng_host_take_list(info, plan->word);
    return;
  }
  ng_file_plan_hand_over(info, plan->from, NG_COUNTS_PLAN_FROM, &argv_count);
  ng_file_plan_hand_over(info, plan->to, NG_COUNTS_PLAN_TO, &argv_count);
  ng_file_plan_hand_over(info, plan->like, NG_COUNTS_PLAN_LIKE, &argv_count);
}

double ng_counts_plan_guess_bytes(const struct ng_counts_kind *kind,
                                  const char *path,
                                  const struct ngram_root *root)
{
  const double result_bytes_per_word = 64;

  return ng_file_plan_text_bytes(path, root, kind->gz_growth) /
         kind->bytes_per_word * result_bytes_per_word;
}

/*
 * SQLite's unit is about one step through a table of its own, some 50 ns; 100
 * bytes of text take as long. A file is read whole for one word too, so a plan
 * that scans once is better than one that scans for every row of a join.
 */
static void plan_estimate(const struct plan *plan,
                          const struct ngram_root *root,
                          const struct ng_argument_value *defaults,
                          sqlite3_index_info *info)
{
  const double open_cost = 1000;
  const char *path =
      ng_file_plan_path(defaults, info, plan->file.argument[NG_COUNTS_PATH]);
  double text_bytes =
      ng_file_plan_text_bytes(path, root, plan->kind->gz_growth);
  double rows = 1 + text_bytes / plan->kind->bytes_per_word;

  if (plan->from >= 0 || plan->to >= 0 || plan->like >= 0)
    rows /= 4;
  if (plan->word >= 0)
    rows = plan->word_kind == NG_COUNTS_PLAN_WORD_LIST ? 10 : 1;
  info->estimatedRows = (sqlite3_int64)rows;
  info->estimatedCost = open_cost + text_bytes / 100 + rows;
}

/* Leave to SQLite what depends on an order of words that is not ours, or on a
   LIKE that is not SQLite's. */
static void plan_check_order(struct plan *plan, sqlite3_index_info *info,
                             sqlite3 *db)
{
  bool ordered =
      plan->order > 0 && (info->aOrderBy[0].iColumn == NG_COUNTS_COLUMN_WORD ||
                          info->nOrderBy > 1);

  if (plan->word >= 0 || plan->from >= 0 || plan->to >= 0 ||
      (plan->like >= 0 && !ng_host_likes_ascii(db)))
    plan->like = -1;
  if ((!ordered && plan->from < 0 && plan->to < 0) || ng_host_compares_utf8(db))
    return;
  if (ordered)
    plan->order = 0;
  plan->from = -1;
  plan->to = -1;
}

int ng_counts_plan(sqlite3 *db, const struct ng_counts_kind *kind,
                   const struct ngram_root *root,
                   const struct ng_argument_value *defaults,
                   sqlite3_index_info *info)
{
  struct plan plan;

  plan_make(&plan, kind, info);
  if (plan.file.waits)
    return SQLITE_CONSTRAINT;
  plan_check_order(&plan, info, db);
  plan_tell(&plan, info);
  plan_estimate(&plan, root, defaults, info);
  if (plan.file.argument[NG_COUNTS_PATH] < 0 && !defaults[NG_COUNTS_PATH].given)
    info->estimatedCost = NG_NO_PATH_COST;
  return ng_file_plan_refuse(&plan.file, &kind->arguments,
                             NG_COUNTS_COLUMN_PATH, info);
}
