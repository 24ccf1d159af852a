/* SPDX-License-Identifier: MIT */
/*
 * xBestIndex of ngram_counts and word_counts. file_plan.c finds the arguments;
 * this file finds the words, the order and the columns, and estimates the cost.
 *
 * - `word =` a literal goes to the scan, which then counts this word only. If
 *   the word may change from one row of a join to the next, or from one run of
 *   the statement to the next, the scan counts all words once, and each word is
 *   found in the result. Only the column's own collation will do.
 * - A literal bound of the words (word >= 'b', GLOB 'b*') goes to the scan,
 *   too. So does LIKE 'b%', whose words lie between "B" and all that
 *   begin with "b"; a host whose LIKE is case-sensitive adds bounds itself.
 * - SQLite checks words and bounds again (omit stays 0), so they need only let
 *   enough rows pass.
 * - ORDER BY word, or total, is answered without SQLite's sorter; so is GROUP
 *   BY, which asks for an order too. It has to be a true order:
 *   sqlite3_vtab_distinct() may say that equal rows need only be adjacent, but
 *   then SQLite leaves out an ORDER BY of the same columns. No word comes twice
 *   in a result, so terms after `word` in an ORDER BY change nothing.
 * - In a database of UTF-16, BINARY is another order of words: orders and
 *   bounds of words are left to SQLite.
 * - LIMIT and OFFSET are constraints too, with a meaningless column number.
 *   They are left to SQLite, as is all else. A LIMIT only says that the first
 *   rows of an order may be enough.
 * - A file is read whole, for one word as for all. The cost grows with the
 *   file's size, so that SQLite prefers a plan that scans once to one that
 *   scans for each row of a join.
 */
#include "sqlite/counts_plan.h"

/* Members without another comment are positions in aConstraint, or -1. */
struct plan {
  const struct ng_counts_kind *kind;
  struct ng_file_plan file;
  int word;
  int word_bits; /* of idxNum: how `word` is used */
  int from;      /* a lower and an upper bound of the words */
  int to;
  int like;
  bool limited; /* there is a LIMIT */
  int order;    /* 1 + an enum ngram_order, or 0 */
};

/*
 * May this constraint on `word` go to the scan? Not on a host before 3.38: it
 * shows an IN as an = and gives its values one after the other, 5 and '5' both,
 * each of which may find the same row.
 */
static bool word_constraint_usable(sqlite3_index_info *info, int i)
{
  return info->aConstraint[i].usable && ng_host_compares_bytes(info, i);
}

static int word_constraint_bits(sqlite3_index_info *info, int i)
{
  if (ng_host_is_list(info, i))
    return NG_WORD_CONSTRAINT_LIST;
  if (ng_host_known_value(info, i))
    return NG_WORD_CONSTRAINT_ONE;
  return NG_WORD_CONSTRAINT_ONE | NG_COUNTS_PLAN_CHANGING;
}

/* A literal is best, then one word that changes, then a list, which may be
   read again for each row of a join. */
static bool is_better_word(int bits, int than)
{
  return bits != than &&
         (bits == NG_WORD_CONSTRAINT_ONE || than == NG_WORD_CONSTRAINT_LIST);
}

/* A bound that changed from row to row of a join would have the file read for
   each, so its value has to be known. */
static bool bound_is_known(sqlite3_index_info *info, int i)
{
  return word_constraint_usable(info, i) && ng_host_known_value(info, i);
}

/* The same of a pattern. LIKE ignores collations. */
static bool pattern_is_known(sqlite3_index_info *info, int i)
{
  return info->aConstraint[i].usable && ng_host_known_value(info, i);
}

/* The first bound of each kind. GLOB and a case-sensitive LIKE with a fixed
   prefix give bounds as well. */
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

  plan->limited |= ng_host_is_limit(constraint);
  if (constraint->iColumn != NG_COUNTS_COLUMN_WORD)
    return;
  plan_look_at_bound(plan, info, i);
  if (constraint->op == SQLITE_INDEX_CONSTRAINT_EQ &&
      word_constraint_usable(info, i)) {
    int bits = word_constraint_bits(info, i);

    if (plan->word < 0 || is_better_word(bits, plan->word_bits)) {
      plan->word = i;
      plan->word_bits = bits;
    }
  }
}

/*
 * Is the order only there to make equal rows adjacent, for DISTINCT, and of no
 * use to this host? From 3.53 on a host that is given the order compares each
 * row with the one before it, so an order of words pays. Older hosts look for
 * equal rows with a b-tree all the same, unless there is an ORDER BY, so an
 * order would be work in vain; and an order of totals is, on all hosts.
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

/* 1 + the enum ngram_order that the query asks for, or 0 if it asks for none or
   for another one. */
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
                    kind->file.arguments.count);
  for (int i = 0; i < info->nConstraint; i++)
    plan_look_at(plan, info, i);
}

/* The results that the statement names, as a set of enum ngram_columns. */
static unsigned columns_wanted(const struct ng_counts_kind *kind,
                               const sqlite3_index_info *info)
{
  static const unsigned columns_of[NG_COUNTS_RESULTS] = {
      [NG_COUNTS_RESULT_VOLUMES] = NGRAM_VOLUMES,
      [NG_COUNTS_RESULT_FIRST_YEAR] = NGRAM_YEARS,
      [NG_COUNTS_RESULT_LAST_YEAR] = NGRAM_YEARS,
      [NG_COUNTS_RESULT_ROW_COUNT] = NGRAM_ROW_COUNT,
  };
  size_t first = NG_COUNTS_COLUMN_PATH + kind->file.arguments.count;
  unsigned columns = 0;

  for (int i = 0; i < kind->results; i++)
    if (info->colUsed >> first >> i & 1)
      columns |= columns_of[i];
  return columns;
}

/* Tell SQLite and xFilter what the plan uses. */
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
    ng_file_plan_hand_over(info, plan->word, plan->word_bits, &argv_count);
    if (plan->word_bits == NG_WORD_CONSTRAINT_LIST)
      ng_host_take_list(info, plan->word);
    return;
  }
  ng_file_plan_hand_over(info, plan->from, NG_WORD_CONSTRAINT_FROM,
                         &argv_count);
  ng_file_plan_hand_over(info, plan->to, NG_WORD_CONSTRAINT_TO, &argv_count);
  ng_file_plan_hand_over(info, plan->like, NG_WORD_CONSTRAINT_LIKE,
                         &argv_count);
}

double ng_counts_plan_guess_bytes(const struct ng_counts_kind *kind,
                                  const char *path,
                                  const struct ngram_root *root)
{
  const double result_bytes_per_word = 64;

  return ng_file_plan_text_bytes(path, root, kind->gz_growth) /
         kind->bytes_per_word * result_bytes_per_word;
}

/* SQLite's unit of cost is about one step through a table of its own, some 50
   ns; the scan of 100 bytes of text takes as long. */
static void plan_estimate(const struct plan *plan,
                          const struct ng_file_table *table,
                          sqlite3_index_info *info)
{
  const double open_cost = 1000;
  const char *path = ng_file_plan_path(&plan->file, table->defaults, info);
  double text_bytes = ng_file_plan_text_bytes(path, table->connection->root,
                                              plan->kind->gz_growth);
  double rows = 1 + text_bytes / plan->kind->bytes_per_word;

  if (plan->from >= 0 || plan->to >= 0 || plan->like >= 0)
    rows /= 4;
  if (plan->word >= 0)
    rows = plan->word_bits == NG_WORD_CONSTRAINT_LIST ? 10 : 1;
  info->estimatedRows = (sqlite3_int64)rows;
  info->estimatedCost = open_cost + text_bytes / 100 + rows;
}

/* Leave to SQLite what depends on an order of words other than by bytes, or on
   a LIKE other than SQLite's own. */
static void plan_check_host(struct plan *plan, sqlite3_index_info *info,
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

int ng_counts_plan(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  const struct ng_file_table *table = (const struct ng_file_table *)vtab;
  struct plan plan;

  plan_make(&plan, (const struct ng_counts_kind *)table->kind, info);
  if (plan.file.waits)
    return SQLITE_CONSTRAINT;
  plan_check_host(&plan, info, table->db);
  plan_tell(&plan, info);
  plan_estimate(&plan, table, info);
  return ng_file_plan_finish(&plan.file, &table->kind->arguments,
                             table->defaults, NG_COUNTS_COLUMN_PATH, info);
}
